//! Answers that are not the service's own, answers that come strangely, and
//! requests that come strangely.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::standin::{Answer, Ending, Kind, Manner, Seen, Verdict, Window};

fn at(window: Window, verdict: impl Fn() -> Verdict + Send + Sync + 'static) -> Arc<Faults> {
    Faults::directed(move |now: Window, seen: &Seen| {
        let is_post = matches!(seen.kind, Kind::Write | Kind::Post);
        if now == window && is_post { verdict() } else { Verdict::Go }
    })
}

fn busy() -> Answer {
    Answer::json(503, &json!({"error": "Busy", "message": "later"})).with("Retry-After", "7")
}

#[tokio::test]
async fn another_status_before_the_effect_leaves_nothing() {
    for window in [Window::Arrived, Window::HalfBody] {
        let stage = Stage::with_faults(at(window, || Verdict::Status(busy()))).await;
        let mut ada = stage.ada().await;
        let reply = ada.post(CREATE, &stage.record(&key(0), "hello")).await;
        assert_eq!((reply.status, reply.headers["retry-after"].as_str()), (503, "7"));
        assert!(stage.texts().is_empty());
        assert_eq!(ada.get("/xrpc/_health").await.status, 200, "the connection stays in step");
    }
}

#[tokio::test]
async fn another_status_after_the_effect_lies() {
    for (window, verdict) in [
        (Window::Arrived, (|| Verdict::StatusAfter(busy())) as fn() -> Verdict),
        (Window::Stored, || Verdict::StatusAfter(busy())),
        (Window::Stored, || Verdict::Status(busy())),
    ] {
        let stage = Stage::with_faults(at(window, verdict)).await;
        let reply = stage.ada().await.post(CREATE, &stage.record(&key(0), "hello")).await;
        assert_eq!(reply.status, 503);
        assert_eq!(stage.texts(), ["hello"]);
        assert_eq!(stage.last_entry().await.status(), Some(503));
    }
}

#[tokio::test]
async fn an_answer_is_doubled_and_the_write_is_not() {
    for is_last in [true, false] {
        let manner = Manner { is_last, ..Manner::doubled() };
        let stage =
            Stage::with_faults(at(Window::Stored, move || Verdict::Answering(manner))).await;
        let mut ada = stage.ada().await;
        let first = ada.post(CREATE, &stage.record(&key(0), "hello")).await;
        let second = ada.reply().await.unwrap();
        assert_eq!((first.status, first.body), (second.status, second.body));
        assert_eq!(stage.texts(), ["hello"]);
        assert_eq!(first.headers["connection"] == "close", is_last);
        assert_eq!(ada.try_call("GET", "/xrpc/_health").await.is_none(), is_last);
    }
}

#[tokio::test]
async fn an_answer_comes_in_slow_pieces() {
    let manner = Manner::slow(10, Duration::from_millis(10));
    let stage = Stage::with_faults(at(Window::Stored, move || Verdict::Answering(manner))).await;
    let mut ada = stage.ada().await;
    assert_eq!(ada.post(CREATE, &stage.record(&key(0), "hello")).await.status, 200);
    let entry = stage.last_entry().await;
    let sent = entry.ended().unwrap().0.mono.since(entry.answer_begun().unwrap().mono);
    assert!(sent >= Duration::from_millis(100), "{sent:?}");
}

#[tokio::test]
async fn a_deed_is_done_before_its_verdict() {
    static IS_KILLED: AtomicBool = AtomicBool::new(false);
    let deed = || {
        Verdict::then(async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            IS_KILLED.store(true, Ordering::SeqCst);
            Verdict::Cut
        })
    };
    let stage = Stage::with_faults(at(Window::Stored, deed)).await;
    let mut ada = stage.ada().await;
    assert!(ada.try_post(CREATE, &stage.record(&key(0), "hello")).await.is_none());
    assert!(IS_KILLED.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_chunked_body_is_read_and_has_its_half() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let body = stage.record(&key(0), "hello").to_string();
    let (first, second) = body.split_at(50);
    let head = ada.head(
        "POST",
        CREATE,
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
    );
    let chunks = format!(
        "{:x}\r\n{first}\r\n{:x};note=1\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    ada.send(format!("{head}{chunks}").as_bytes()).await;
    assert_eq!(ada.reply().await.unwrap().status, 200);
    assert_eq!(stage.texts(), ["hello"]);
    assert_eq!(ada.get("/xrpc/_health").await.status, 200);
    assert_eq!(stage.server.counts().passed(Window::HalfBody), 2, "the login has a body too");
}

#[tokio::test]
async fn a_request_that_comes_in_drops_is_one_request() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    for byte in ada.post_bytes(CREATE, &stage.record(&key(0), "hello")) {
        ada.send(&[byte]).await;
    }
    assert_eq!(ada.reply().await.unwrap().status, 200);
}

#[tokio::test]
async fn requests_that_come_at_once_are_answered_in_order() {
    let stage = Stage::new().await;
    let mut client = stage.stranger().await;
    let health = client.head("GET", "/xrpc/_health", "");
    let nothing = client.head("GET", "/nothing", "");
    client.send(format!("{health}{nothing}{health}").as_bytes()).await;
    for status in [200, 404, 200] {
        assert_eq!(client.reply().await.unwrap().status, status);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_halfway_has_asked_nothing() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let request = ada.post_bytes(CREATE, &stage.record(&key(0), "hello"));
    ada.send(&request[..request.len() - 1]).await;
    drop(ada);
    assert_eq!(stage.entry(1).await.ended().unwrap().1, Ending::ClientGone);
    assert!(stage.texts().is_empty());
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let stage = Stage::new().await;
    let mut client = stage.stranger().await;
    client.send(b"GARBAGE\r\n\r\n").await;
    assert_eq!(client.rest().await.0, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    assert!(matches!(stage.last_entry().await.ended().unwrap().1, Ending::Malformed(_)));
}

#[tokio::test]
async fn a_client_that_wants_to_close_is_let_go() {
    let stage = Stage::new().await;
    let mut client = stage.stranger().await;
    let head = client.head("GET", "/xrpc/_health", "Connection: close\r\n");
    client.send(head.as_bytes()).await;
    let (text, is_reset) = client.rest().await;
    assert!(text.contains("Connection: close") && text.ends_with('}') && !is_reset);
}

#[tokio::test]
async fn the_date_is_told_and_can_be_moved() {
    use bellwether_base::jiff::fmt::rfc2822;
    let faults = Faults::none();
    let stage = Stage::with_faults(faults.clone()).await;
    let mut client = stage.stranger().await;
    let date =
        |reply: &Reply| rfc2822::parse(&reply.headers["date"]).unwrap().timestamp().as_second();
    let now = date(&client.get("/xrpc/_health").await);
    faults.set_date_offset(3_600_000);
    let moved = date(&client.get("/xrpc/_health").await);
    assert!((3600..3660).contains(&(moved - now)), "{now} {moved}");
}

#[tokio::test]
async fn a_server_stops_in_the_middle_and_comes_back_at_the_same_address() {
    let hold = || Verdict::Hold(Duration::from_mins(1));
    let stage = Stage::with_faults(at(Window::Stored, hold)).await;
    let mut ada = stage.ada().await;
    let request = ada.post_bytes(CREATE, &stage.record(&key(0), "hello"));
    ada.send(&request).await;
    while stage.texts().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let Stage { ledger, pds, server, .. } = stage;
    let address = server.address();
    server.stop().await;
    assert!(ada.reply().await.is_none());
    assert!(TcpStream::connect(address).await.is_err());
    let again = Server::start(&address.to_string(), pds, ledger, Faults::none()).await.unwrap();
    assert_eq!(again.address(), address);
    assert_eq!(Client::new(address).await.get("/xrpc/_health").await.status, 200);
}
