//! Mastodon's client API: everything that holds for all networks, and what
//! only this one promises.
//!
//! The server is the one that `BELLWETHER_TEST_MASTODON` names (the line of
//! JSON that `tests/targets/mastodon/run` prints), or else one that is started
//! here where it has been installed. It is not Mastodon: what Mastodon itself
//! and its kin answer otherwise is in `answers.rs` and `lists.rs`.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

mod answers;
#[path = "../contract/mod.rs"]
mod contract;
mod kinds;
mod lists;
mod posts;
mod server;
mod uploads;

use std::sync::Arc;

use bellwether_networks::mastodon::Mastodon;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mastodon_keeps_the_contract() {
    let Some(server) = server::Server::start() else {
        println!("left out: a server of Mastodon's API (run tests/targets/mastodon/install)");
        return;
    };
    let harness = Arc::new(server::Instance::at(&server).await);
    let mut facts = contract::all(&harness);
    facts.extend(posts::facts(&harness));
    contract::run(facts).await;
}

#[test]
fn every_message_can_be_said_and_is_used() {
    contract::messages::agree(&Mastodon);
}
