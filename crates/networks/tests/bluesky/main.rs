//! Bluesky against a real server: everything that holds for all networks, and
//! what only this one promises.
//!
//! The server is the one that `BELLWETHER_TEST_PDS` names (the line of JSON
//! that `tests/targets/bluesky/run` prints), or else one that is started here
//! where it has been installed.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

mod answers;
#[path = "../contract/mod.rs"]
mod contract;
mod logins;
mod messages;
mod pds;
mod records;

use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bluesky_keeps_the_contract() {
    let Some(server) = pds::Server::start() else {
        println!("left out: Bluesky PDS (run tests/targets/bluesky/install)");
        return;
    };
    let harness = Arc::new(pds::Pds::at(&server).await);
    let mut facts = contract::all(&harness);
    facts.extend(records::facts(&harness));
    facts.extend(logins::facts(&harness));
    contract::run(facts).await;
}
