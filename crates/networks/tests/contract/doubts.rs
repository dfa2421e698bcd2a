//! Failures: what to do, and whether it may have happened all the same.

use std::sync::Arc;
use std::time::Duration;

use bellwether_base::Clock as _;
use bellwether_networks::{Failure, FailureKind, FindBy, Found, Sent};

use super::wire::{Fault, PAGE};
use super::{Harness, post, scene};

/// Where nobody listens.
async fn nowhere() -> url::Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap()
}

fn is(failure: &Failure, kind: &FailureKind, sent: Sent) {
    assert_eq!((&failure.kind, failure.sent), (kind, sent), "{failure:?}");
}

pub async fn a_refused_connection_is_certain<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, mut stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("Nobody home")).await;
    let prepared = stage.prepare(network, &frozen).await;
    stage.account.server = nowhere().await;
    let failure = stage.try_submit(network, &frozen, &prepared).await.unwrap_err();
    is(&failure, &FailureKind::Transient, Sent::No);
    assert!(harness.posts(&member).await.is_empty());
}

/// Submits with the line broken once and gives what the connector says.
async fn broken<H: Harness>(harness: &Arc<H>, fault: Fault, text: &str) -> (Failure, usize) {
    let network = harness.network();
    let (member, wire, stage) = scene(harness).await;
    let frozen = stage.freeze(network, &post(text)).await;
    let prepared = stage.prepare(network, &frozen).await;
    wire.break_write(fault);
    let timeout = stage.permit_of(Duration::from_secs(2));
    let submitted = network.publish().submit(&stage.cx(), &frozen, &prepared, &timeout).await;
    let failure = submitted.expect_err("the line was broken");
    // What looking says must be what is there.
    let there = harness.posts(&member).await.len();
    match stage.find(network, &frozen, &prepared).await {
        Found::Found(_) => assert_eq!(there, 1),
        Found::Absent | Found::NotSeen => assert_eq!(there, 0),
        Found::CannotTell => assert_ne!(network.spec().find_by, FindBy::Handle),
    }
    // After "absent" the same request goes again, and nothing is there twice.
    if network.spec().find_by == FindBy::Handle {
        stage.submit(network, &frozen, &prepared).await;
        assert_eq!(harness.posts(&member).await.len(), 1);
    }
    (failure, there)
}

pub async fn an_answer_cut_after_the_write_is_a_doubt_that_looking_ends<H: Harness>(
    harness: Arc<H>,
) {
    let (failure, there) = broken(&harness, Fault::CutAfter, "Cut after").await;
    is(&failure, &FailureKind::Transient, Sent::Unknown);
    assert_eq!(there, 1);
}

pub async fn a_request_cut_before_it_arrived_is_looked_for_and_sent_again<H: Harness>(
    harness: Arc<H>,
) {
    let (failure, there) = broken(&harness, Fault::CutBefore, "Cut before").await;
    is(&failure, &FailureKind::Transient, Sent::Unknown);
    assert_eq!(there, 0);
}

pub async fn an_answer_that_never_comes_is_a_doubt<H: Harness>(harness: Arc<H>) {
    let (failure, there) = broken(&harness, Fault::Stall, "Stalled").await;
    is(&failure, &FailureKind::Transient, Sent::Unknown);
    assert_eq!(there, 1);
}

pub async fn a_server_error_is_a_doubt<H: Harness>(harness: Arc<H>) {
    let answers: [(u16, &'static str); 3] = [
        (500, r#"{"error":"InternalServerError","message":"Internal Server Error"}"#),
        (502, "<html>Bad gateway</html>"),
        (503, ""),
    ];
    for (status, body) in answers {
        let fault = Fault::Answer { status, headers: "", body };
        let (failure, _) = broken(&harness, fault, "Trouble").await;
        is(&failure, &FailureKind::Transient, Sent::Unknown);
    }
}

pub async fn a_web_page_instead_of_an_answer_is_a_doubt<H: Harness>(harness: Arc<H>) {
    let (failure, _) = broken(&harness, PAGE, "A page").await;
    is(&failure, &FailureKind::Transient, Sent::Unknown);
}

pub async fn looking_at_a_web_page_is_a_failure_and_no_absence<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if network.spec().find_by == FindBy::Nothing {
        return;
    }
    let (_member, wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("Look")).await;
    let prepared = stage.prepare(network, &frozen).await;
    let missing = Fault::Answer { status: 404, headers: "", body: "<html>Not found</html>" };
    for fault in [PAGE, missing, Fault::CutAfter] {
        wire.break_read(fault.clone());
        let publish = network.publish();
        let looked = publish.find(&stage.cx(), &frozen, &prepared, &stage.trace()).await;
        let failure = looked.expect_err("no answer is no absence");
        is(&failure, &FailureKind::Transient, Sent::No);
    }
}

pub async fn too_many_calls_are_certain_and_say_when<H: Harness>(harness: Arc<H>) {
    let now = bellwether_base::SystemClock.now();
    let fault = Fault::Answer {
        status: 429,
        headers: "Retry-After: 90\r\n",
        body: r#"{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}"#,
    };
    let (failure, _) = broken(&harness, fault, "Too many").await;
    assert_eq!(failure.sent, Sent::No);
    let FailureKind::RateLimited { until } = failure.kind else { panic!("{failure:?}") };
    let wait = until.since(now).as_secs();
    assert!((85..=120).contains(&wait), "{wait}");
}

pub async fn an_expired_login_is_renewed_without_a_person<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, mut stage) = scene(&harness).await;
    let Some(expired) = harness.expired(&member) else { return };
    let frozen = stage.freeze(network, &post("Late")).await;
    let prepared = stage.prepare(network, &frozen).await;
    stage.credential = expired;
    let failure = stage.try_submit(network, &frozen, &prepared).await.unwrap_err();
    is(&failure, &FailureKind::Expired, Sent::No);
    let permit = stage.permit();
    let renewed = network.connect().refresh(&stage.cx(), &permit).await.expect("renews");
    stage.credential = renewed.credential;
    stage.submit(network, &frozen, &prepared).await;
    assert_eq!(harness.posts(&member).await.len(), 1);
}

pub async fn a_forged_login_needs_a_person<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, mut stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("Not me")).await;
    let prepared = stage.prepare(network, &frozen).await;
    stage.credential = harness.forged(&member);
    let failure = stage.try_submit(network, &frozen, &prepared).await.unwrap_err();
    is(&failure, &FailureKind::Reconnect, Sent::No);
    assert!(harness.posts(&member).await.is_empty());
}

pub async fn a_text_too_long_is_rejected_for_good<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, stage) = scene(&harness).await;
    let max = stage.account.limits.text.max as usize;
    let frozen = stage.freeze(network, &post(&"x".repeat(max + 1))).await;
    let prepared = stage.prepare(network, &frozen).await;
    let failure = stage.try_submit(network, &frozen, &prepared).await.unwrap_err();
    is(&failure, &FailureKind::Rejected, Sent::No);
    assert!(failure.vendor.is_some(), "what the network said is kept");
    assert!(harness.posts(&member).await.is_empty());
    stage.publish(network, &post(&"x".repeat(max))).await;
    assert_eq!(harness.posts(&member).await.len(), 1);
}

pub async fn a_failure_carries_no_secret<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, mut stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("Whisper")).await;
    let prepared = stage.prepare(network, &frozen).await;
    let mut failures = Vec::new();
    for credential in [harness.expired(&member), Some(harness.forged(&member))] {
        let Some(credential) = credential else { continue };
        stage.credential = credential.clone();
        let failure = stage.try_submit(network, &frozen, &prepared).await.unwrap_err();
        failures.push((failure, credential));
    }
    for (failure, credential) in failures {
        let shown = format!("{failure} {failure:?} {}", serde_json::to_string(&failure).unwrap());
        for secret in harness.secrets(&credential) {
            assert!(!shown.contains(&secret), "a secret in {}", failure.say.key);
        }
    }
}
