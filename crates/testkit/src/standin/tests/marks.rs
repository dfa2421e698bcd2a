//! Which requests began after a moment.

use std::time::Duration;

use super::*;
use crate::standin::{Kind, Seen, Verdict, Window};

async fn settled() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn a_request_after_the_mark_is_found_on_old_and_on_new_connections() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let mark = stage.server.mark();
    settled().await;
    assert!(stage.ledger.begun_after(mark).is_empty());
    ada.post(CREATE, &stage.record(&key(0), "old connection")).await;
    stage.stranger().await.get("/xrpc/_health").await;
    let kinds: Vec<_> = stage.ledger.begun_after(mark).iter().map(|entry| entry.kind()).collect();
    assert_eq!(kinds, [Some(Kind::Post), Some(Kind::Read)]);
}

#[tokio::test]
async fn what_had_begun_is_never_blamed_however_late_it_is_read() {
    let hold = |window: Window, seen: &Seen| match (window, seen.kind) {
        (Window::Arrived, Kind::Write) => Verdict::Hold(Duration::from_millis(200)),
        _ => Verdict::Go,
    };
    let stage = Stage::with_faults(Faults::directed(hold)).await;
    let mut ada = stage.ada().await;
    let request = ada.post_bytes(CREATE, &stage.record(&key(0), "first"));
    // Two at once: the second waits in the buffers while the first is held.
    ada.send(&request).await;
    ada.send(ada.head("GET", "/xrpc/_health", "").as_bytes()).await;
    // And one byte on a connection that was idle, one on a new one.
    let mut noor = stage.stranger().await;
    noor.get("/xrpc/_health").await;
    noor.send(b"G").await;
    let mut kofi = stage.stranger().await;
    kofi.send(b"G").await;
    let mark = stage.server.mark();
    settled().await;
    for client in [&mut noor, &mut kofi] {
        let head = client.head("GET", "/xrpc/_health", "");
        client.send(&head.as_bytes()[1..]).await;
        assert_eq!(client.reply().await.unwrap().status, 200);
    }
    assert_eq!(ada.reply().await.unwrap().status, 200);
    assert_eq!(ada.reply().await.unwrap().status, 200);
    assert!(stage.ledger.begun_after(mark).is_empty());
    noor.get("/xrpc/_health").await;
    assert_eq!(stage.ledger.begun_after(mark).len(), 1);
}

#[tokio::test]
async fn the_mark_is_asked_of_the_system_and_not_of_the_runtime() {
    // One thread: between sending and marking, the server cannot run at all.
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    settled().await;
    let request = ada.post_bytes(CREATE, &stage.record(&key(0), "hello"));
    ada.stream.get_mut().try_write(&request).unwrap();
    let std_client = std::net::TcpStream::connect(stage.server.address()).unwrap();
    std::io::Write::write_all(&mut &std_client, b"GET /xrpc/_health HTTP/1.1\r\n\r\n").unwrap();
    let mark = stage.server.mark();
    assert_eq!(ada.reply().await.unwrap().status, 200);
    settled().await;
    assert_eq!(stage.ledger.requests().len(), 3);
    assert!(stage.ledger.begun_after(mark).is_empty());
    ada.get("/xrpc/_health").await;
    assert_eq!(stage.ledger.begun_after(mark).len(), 1);
}

#[tokio::test]
async fn the_ledger_knows_first_bytes_effects_and_their_order() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let before = crate::standin::Stamp::now();
    for number in 0..3 {
        ada.post(CREATE, &stage.record(&key(number), "the same text")).await;
    }
    stage.pds.plant("ada.test", "the same text", "another app").unwrap();
    let posts = stage.ledger.posts(&stage.did);
    assert_eq!(posts.len(), 4);
    assert!(posts.is_sorted_by_key(|post| post.order));
    assert_eq!(posts[2].key.as_deref(), Some(key(2).as_str()));
    assert_eq!((posts[3].request, &posts[3].key), (None, &None));
    let entry = stage.ledger.find_request(posts[2].request.unwrap()).unwrap();
    assert_eq!(entry.account(), Some(stage.did.as_str()));
    assert_eq!((entry.method(), entry.path()), (Some("POST"), Some(CREATE)));
    assert_eq!((entry.text(), entry.status()), (Some("the same text"), Some(200)));
    let times = [
        before.mono,
        entry.first_byte.mono,
        entry.body_whole().unwrap().mono,
        entry.effect().unwrap().mono,
        entry.answer_begun().unwrap().mono,
    ];
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(stage.ledger.accounts(), [stage.did.clone().into()]);
}
