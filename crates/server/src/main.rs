//! Bellwether: a social media team's whole work in one program.

use std::process::ExitCode;

use bellwether_networks::Registry;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bellwether_server::cli::main(Registry::shipped())
}
