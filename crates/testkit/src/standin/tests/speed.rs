//! Not a test: run by hand to see how much the stand-in takes.

use std::time::{Duration, Instant};

use super::*;

const CONNECTIONS: u32 = 200;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: cargo test --release -p bellwether-testkit speed -- --ignored --nocapture"]
async fn posts_a_second_with_two_hundred_connections() {
    let stage = Arc::new(Stage::new().await);
    let until = Instant::now() + Duration::from_secs(5);
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..CONNECTIONS {
        let stage = stage.clone();
        clients.spawn(async move {
            let handle = format!("person{number}.test");
            let did = stage.pds.add_account(&handle, PASSWORD);
            let mut client = stage.stranger().await;
            let body = json!({"identifier": handle, "password": PASSWORD});
            let session = client.post(LOGIN, &body).await.json();
            client.token = Some(session["accessJwt"].as_str().unwrap().to_owned());
            let (mut count, mut slowest) = (0_u32, Duration::ZERO);
            while Instant::now() < until {
                let mut body = stage.record(
                    &key(0),
                    "one of many posts with a text of the usual length, and a bit more",
                );
                body["repo"] = json!(did);
                body.as_object_mut().unwrap().remove("rkey");
                let start = Instant::now();
                assert_eq!(client.post(CREATE, &body).await.status, 200);
                slowest = slowest.max(start.elapsed());
                count += 1;
            }
            (count, slowest)
        });
    }
    let results = clients.join_all().await;
    let count: u32 = results.iter().map(|(count, _)| count).sum();
    let slowest = results.iter().map(|(_, slowest)| slowest).max();
    let start = Instant::now();
    let snapshot = stage.ledger.requests();
    println!("{} posts a second, slowest {slowest:?}", count / 5);
    println!("a snapshot of {} requests took {:?}", snapshot.len(), start.elapsed());
}
