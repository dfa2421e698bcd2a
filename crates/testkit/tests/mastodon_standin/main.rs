//! The connector for Mastodon and the stand-in for its servers: each was
//! written from the vendor's documentation, neither from the other. What does
//! not hold here was read otherwise by one of the two.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

#[path = "../../../networks/tests/contract/mod.rs"]
#[expect(dead_code, reason = "some of it is for tests within the crate of the networks")]
mod contract;
mod meets;
#[path = "../../../networks/tests/mastodon/posts.rs"]
mod posts;
mod server;

use std::sync::Arc;
use std::time::Duration;

use bellwether_testkit::standin::mastodon::{Flavour, Keys, Processing, Settings};

async fn keeps_the_contract(settings: Settings) {
    let harness = Arc::new(server::Instance::of(settings).await);
    let mut facts = contract::all(&harness);
    facts.extend(posts::facts(&harness));
    facts.extend(meets::facts(&harness));
    contract::run(facts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_mastodon() {
    keeps_the_contract(Settings::of(Flavour::Mastodon46)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_mastodon_of_earlier_years() {
    keeps_the_contract(Settings::of(Flavour::Mastodon42)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_gotosocial() {
    keeps_the_contract(Settings::of(Flavour::GoToSocial)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_pleroma() {
    keeps_the_contract(Settings::of(Flavour::Pleroma)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_takahe() {
    keeps_the_contract(Settings::of(Flavour::Takahe)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_repeated_key_is_answered_with_an_error() {
    let keys = Keys::FailsOnRepeat { life: Duration::from_hours(1) };
    keeps_the_contract(Settings { keys, ..Settings::default() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_lists_lag_behind_and_pictures_take_a_while() {
    let settings = Settings {
        list_lag: Duration::from_millis(300),
        processing: Processing { looks: 1, fails: false, includes_pictures: true },
        ..Settings::default()
    };
    keeps_the_contract(settings).await;
}
