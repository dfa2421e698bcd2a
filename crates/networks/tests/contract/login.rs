//! Logging in and staying logged in.

use std::sync::Arc;

use bellwether_base::SystemRng;
use bellwether_networks::connect::ConnectCx;
use bellwether_networks::{
    Answer, ConnectStep, Connected, Endpoints, Failure, FailureKind, FieldKind, Network, Sent,
};

use super::stage::Hands;
use super::wire::{Fault, Wire, client};
use super::{Harness, post, scene};

/// Gives an answer to the first screen.
pub async fn log_in<H: Harness>(harness: &H, answer: &Answer) -> Result<Connected, Failure> {
    log_in_at(harness.network(), &Endpoints::default(), answer).await
}

/// The same, with central services somewhere else.
pub async fn log_in_at(
    network: &dyn Network,
    endpoints: &Endpoints,
    answer: &Answer,
) -> Result<Connected, Failure> {
    let (http, clock) = (client(), Hands::default());
    let cx = ConnectCx { http: &http, clock: &clock, rng: &SystemRng, endpoints };
    let connect = network.connect();
    let ConnectStep::Ask { state, .. } = connect.begin() else { panic!("asks first") };
    match connect.next(&cx, state, answer).await? {
        ConnectStep::Done(connected) => Ok(*connected),
        _ => panic!("one screen is enough here"),
    }
}

pub async fn a_renewed_login_works<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if !harness.renews() {
        return;
    }
    let (member, wire, mut stage) = scene(&harness).await;
    let before = harness.secrets(&stage.credential);
    let renewed = network.connect().refresh(&stage.cx(), &stage.permit()).await.expect("renews");
    assert_eq!(wire.writes().len(), 1, "one call uses the token up");
    assert_ne!(harness.secrets(&renewed.credential), before);
    stage.credential = renewed.credential;
    stage.publish(network, &post("Renewed")).await;
    assert_eq!(harness.posts(&member).await.len(), 1);
}

pub async fn a_reopened_login_works<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (member, _wire, mut stage) = scene(&harness).await;
    stage.credential = harness.forged(&member);
    let reopened = network.connect().reopen(&stage.cx(), &stage.permit()).await.expect("asks");
    let Some(reopened) = reopened else { return };
    stage.credential = reopened.credential;
    stage.publish(network, &post("Reopened")).await;
    assert_eq!(harness.posts(&member).await.len(), 1);
}

pub async fn a_lost_renewal_is_a_doubt<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if !harness.renews() {
        return;
    }
    for fault in [Fault::CutAfter, super::wire::PAGE] {
        let (_member, wire, stage) = scene(&harness).await;
        wire.break_write(fault);
        let lost = network.connect().refresh(&stage.cx(), &stage.permit()).await;
        let failure = lost.expect_err("the answer was lost");
        assert_eq!((failure.kind, failure.sent), (FailureKind::Transient, Sent::Unknown));
        assert_eq!(wire.writes().len(), 1, "never tried twice");
    }
}

pub async fn a_wrong_password_is_told_from_a_wrong_server<H: Harness>(harness: Arc<H>) {
    let right = harness.server();
    let wire = Wire::before(&right).await;
    let behind = wire.url();
    let mut keys = Vec::new();
    let mut fails = async |answer: Answer| {
        let failure = log_in(&*harness, &answer).await.expect_err("must not work");
        assert_eq!(failure.sent, Sent::No);
        let shown = format!("{failure:?}");
        assert!(!shown.contains("wrong-wrong"), "a password in {shown}");
        keys.push(failure.say.key);
    };
    fails(harness.login(right.as_str(), Some("wrong-wrong")).await).await;
    for fault in [super::wire::PAGE, Fault::Answer { status: 503, headers: "", body: "" }] {
        wire.break_read(fault.clone());
        wire.break_write(fault);
        fails(harness.login(behind.as_str(), None).await).await;
        wire.seen();
    }
    let nobody = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    fails(harness.login(&nobody, None).await).await;
    fails(harness.login("not an address", None).await).await;
    let mut distinct = keys.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), keys.len(), "each says something else: {keys:?}");
}

pub async fn a_login_screen_says_what_it_needs<H: Harness>(harness: Arc<H>) {
    let ConnectStep::Ask { fields, .. } = harness.network().connect().begin() else { return };
    assert!(!fields.is_empty());
    for field in &fields {
        let is_hidden = field.kind == FieldKind::Secret;
        assert!(!(is_hidden && field.default.is_some()), "{} has a default", field.name);
    }
    let empty = log_in(&*harness, &Answer::default()).await;
    assert_eq!(empty.expect_err("nothing was typed").kind, FailureKind::Rejected);
}
