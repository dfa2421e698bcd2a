//! What must change nothing.

use std::sync::Arc;

use bellwether_base::Clock as _;
use bellwether_networks::{Content, FailureKind, Found, Frozen, Sent, Weight};
use serde_json::Value;

use super::{Harness, post, scene, thread, with_pictures};

pub async fn freezing_writes_nothing<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, wire, stage) = scene(&harness).await;
    let handle = &member.account.handle;
    let contents = [
        post("Plain"),
        post(&format!("With @{handle} and https://example.invalid/page and #tag")),
        thread(&["a", "b", "c"]),
    ];
    for content in contents {
        stage.freeze(network, &content).await;
    }
    let writes = wire.writes();
    assert!(writes.is_empty(), "{writes:?}");
    assert!(harness.posts(&member).await.is_empty());
}

pub async fn a_frozen_request_survives_storage<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("Stored 🗃️ and read back")).await;
    let stored = serde_json::to_string(&frozen).unwrap();
    let read: Frozen = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, frozen);
    let prepared = stage.prepare(network, &read).await;
    let receipt = stage.submit(network, &read, &prepared).await;
    assert_eq!(harness.posts(&member).await[0].id, receipt.posts[0].id);
}

pub async fn a_frozen_request_carries_no_secret<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, stage) = scene(&harness).await;
    let mut content = post("Nothing to hide");
    if harness.takes_pictures() {
        content = with_pictures("Nothing to hide", vec![stage.media.png([9, 9, 9], "dark")]);
    }
    let frozen = stage.freeze(network, &content).await;
    let prepared = stage.prepare(network, &frozen).await;
    let shown = format!("{frozen:?} {} {prepared}", serde_json::to_string(&frozen).unwrap());
    let secrets = harness.secrets(&member.credential);
    assert!(!secrets.is_empty());
    for secret in secrets {
        assert!(!shown.contains(&secret));
    }
}

pub async fn preparing_publishes_nothing_and_may_be_repeated<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if !harness.takes_pictures() {
        return;
    }
    let (member, _wire, stage) = scene(&harness).await;
    let pictures =
        vec![stage.media.png([200, 30, 30], "red"), stage.media.png([30, 30, 200], "blue")];
    let frozen = stage.freeze(network, &with_pictures("Two pictures", pictures)).await;
    // As after a crash: from the start, from the start again, and to the end.
    let publish = network.publish();
    for _ in 0..2 {
        let permit = stage.permit();
        publish.prepare(&stage.cx(), &frozen, &Value::Null, &permit).await.expect("one step");
    }
    let once = stage.prepare(network, &frozen).await;
    let twice = stage.prepare(network, &frozen).await;
    let is_prepared = |state| publish.is_prepared(&frozen, state, stage.clock.now());
    assert!(!is_prepared(&Value::Null) && is_prepared(&once) && is_prepared(&twice));
    assert!(harness.posts(&member).await.is_empty());
    stage.submit(network, &frozen, &once).await;
    assert_eq!(harness.posts(&member).await.len(), 1);
    assert!(matches!(stage.find(network, &frozen, &twice).await, Found::Found(_)));
}

pub async fn a_closed_permit_sends_nothing<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("Too late")).await;
    let prepared = stage.prepare(network, &frozen).await;
    wire.seen();
    let closed = stage.closed_permit();
    let submitted = network.publish().submit(&stage.cx(), &frozen, &prepared, &closed).await;
    let failure = submitted.expect_err("the permit had run out");
    assert_eq!((failure.kind, failure.sent), (FailureKind::Transient, Sent::No));
    let renewed = network.connect().refresh(&stage.cx(), &closed).await;
    assert_eq!(renewed.expect_err("the permit had run out").sent, Sent::No);
    let writes = wire.writes();
    assert!(writes.is_empty(), "{writes:?}");
    assert!(harness.posts(&member).await.is_empty());
}

pub async fn problems_are_found_before_the_network_finds_them<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let limits = (network.spec().limits)();
    let has_error = |content: &Content| {
        network.problems(content, &limits).iter().any(|problem| problem.weight == Weight::Error)
    };
    assert!(!has_error(&post("Fine")));
    assert!(has_error(&Content::default()), "no parts");
    assert!(has_error(&post("")), "an empty part");
    assert!(has_error(&post(" \n\t ")), "nothing to see");
    assert!(has_error(&post(&"x".repeat(limits.text.max as usize + 1))), "too long");
    let many = vec!["x"; limits.parts as usize + 1];
    assert!(has_error(&thread(&many)), "too many parts");
    let mut odd = post("Odd");
    odd.options.insert("no such option".to_owned(), Value::Bool(true));
    assert!(has_error(&odd), "an option that there is not");
}
