//! Chaos, short: every window is struck, on SQLite and on PostgreSQL with two
//! workers. The full run is `make chaos`.

use std::path::Path;
use std::sync::Arc;

use bellwether_testkit::chaos::plan::{Progress, Size, run, scenes, shortfall};
use bellwether_testkit::chaos::{Postgres, Programs};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_doubled_or_stuck() {
    let seed = match std::env::var("CHAOS_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => 21,
    };
    println!("CHAOS_SEED={seed}");
    let programs = Programs::beside(Path::new(env!("CARGO_BIN_EXE_chaos-node"))).unwrap();
    let postgres = Postgres::start().unwrap().map(Arc::new);
    let mut progress = Progress::open(None, seed).unwrap();
    let scenes = scenes(Size::Short, seed, postgres.as_ref());
    run(scenes, &programs, &mut progress).await.unwrap();
    let sum = progress.sum();
    assert!(sum.is_clean(), "CHAOS_SEED={seed}\n{sum}");
    let short = shortfall(Size::Short, &sum);
    assert!(short.is_empty(), "CHAOS_SEED={seed} {short:?}\n{sum}");
}
