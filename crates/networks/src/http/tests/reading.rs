//! Answers: their size, their headers, their time.

use super::*;
use crate::Sent;

fn answer(head: &str, body: &str) -> Act {
    Act::Last(format!("HTTP/1.1 200 OK\r\n{head}\r\n{body}").into_bytes())
}

#[tokio::test]
async fn an_answer_is_as_long_as_allowed_and_no_longer() {
    let exact = "x".repeat(1000);
    let chunked = format!("3e8\r\n{exact}\r\n0\r\n\r\n");
    let shapes = [
        ("content-length: 1000\r\n", exact.clone()),
        ("transfer-encoding: chunked\r\n", chunked),
        ("", exact),
    ];
    for (head, body) in shapes {
        let server = Server::start(move |_| answer(head, &body)).await;
        let clock = Arc::new(HandClock::default());
        let http = client(&clock, Names::default());
        let whole = http.read(Request::get(server.url("/")).max_answer(1000)).await.unwrap();
        assert_eq!(whole.body.len(), 1000);
        let error = http.read(Request::get(server.url("/")).max_answer(999)).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::TooLarge, Sent::No), "{head}");
        let write = Request::new(Method::POST, server.url("/")).max_answer(999);
        let error = http.write(write, &permit(&clock)).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::TooLarge, Sent::Unknown), "{head}");
    }
}

#[tokio::test]
async fn an_answer_that_says_that_it_is_too_long_is_not_waited_for() {
    let server = Server::start(|_| {
        Act::Answer(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".to_vec())
    })
    .await;
    let error = plain_client().read(Request::get(server.url("/"))).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::TooLarge);
}

#[tokio::test]
async fn an_endless_answer_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 16]).await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
    });
    let error = plain_client().read(Request::get(url)).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::TooLarge);
}

#[tokio::test]
async fn nothing_is_unpacked() {
    let server =
        Server::start(|_| answer("content-encoding: gzip\r\n", "as it is on the wire")).await;
    let response = plain_client().read(Request::get(server.url("/"))).await.unwrap();
    assert_eq!(&response.body[..], b"as it is on the wire");
    assert!(server.requests()[0].contains("accept-encoding: identity\r\n"));
}

#[tokio::test]
async fn cookies_are_not_kept() {
    let server = Server::start(|_| answer("set-cookie: a=b\r\ncontent-length: 0\r\n", "")).await;
    let http = plain_client();
    for _ in 0..2 {
        http.read(Request::get(server.url("/"))).await.unwrap();
    }
    assert!(
        server.requests().iter().all(|request| !request.to_ascii_lowercase().contains("cookie"))
    );
}

#[tokio::test]
async fn a_request_is_what_was_asked_for() {
    let server = Server::start(|_| ok(r#"{"id":7}"#)).await;
    let request = Request::post_json(server.url("/a?b=c"), &serde_json::json!({ "text": "Hé" }))
        .bearer(&bellwether_base::Secret::new(" t0k\r\nen\n"))
        .header(http::header::ACCEPT_LANGUAGE, "fr\r\nx-injected: yes");
    let response = plain_client().read(request).await.unwrap();
    assert_eq!(response.json::<serde_json::Value>().unwrap()["id"], 7);
    let sent = &server.requests()[0];
    for line in [
        "POST /a?b=c HTTP/1.1\r\n",
        "content-type: application/json\r\n",
        "authorization: Bearer t0ken\r\n",
        "accept-language: frx-injected: yes\r\n",
        "user-agent: Bellwether/",
        "\r\n\r\n{\"text\":\"Hé\"}",
    ] {
        assert!(sent.contains(line), "{line} in {sent}");
    }
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = Instant::from_millis(784_111_770_000);
    let after = |value: &str| {
        let mut response = Response {
            status: http::StatusCode::TOO_MANY_REQUESTS,
            headers: http::HeaderMap::new(),
            body: Bytes::new(),
            url: "https://server.test/".parse().unwrap(),
        };
        response.headers.insert("retry-after", value.parse().unwrap());
        response.retry_after(now).map(|at| at.millis() - now.millis())
    };
    assert_eq!(after("120"), Some(120_000));
    assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7_000));
    assert_eq!(after("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
    assert_eq!(after("99999999999999999999"), None);
    assert_eq!(after("18446744073709551615"), Some(i64::from(u32::MAX) * 1000));
    assert_eq!(after("soon"), None);
    assert_eq!(after("-5"), None);
}

#[tokio::test]
async fn the_time_comes_from_networks_and_from_nobody_else() {
    let date = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-length: 0\r\n";
    let stale = "date: Sun, 06 Nov 1994 08:49:00 GMT\r\nage: 30\r\ncontent-length: 0\r\n";
    let server =
        Server::start(move |r| answer(if r.contains("/cached") { stale } else { date }, "")).await;
    let clock = Arc::new(HandClock::default());
    clock.wall.store(5, Ordering::SeqCst);
    let http = client(&clock, Names::default());
    http.read(Request::get(server.url("/"))).await.unwrap();
    assert_eq!(http.last_date(), None, "a page that anybody may have linked to");
    let seen = Some((Instant::from_millis(784_111_777_000), Instant::from_millis(5)));
    http.write(Request::new(Method::POST, server.url("/")), &permit(&clock)).await.unwrap();
    assert_eq!(http.last_date(), seen);
    let token = bellwether_base::Secret::new("t");
    http.read(Request::get(server.url("/cached")).bearer(&token)).await.unwrap();
    assert_eq!(http.last_date(), seen);
    clock.wall.store(9, Ordering::SeqCst);
    http.read(Request::get(server.url("/")).bearer(&token)).await.unwrap();
    assert_eq!(http.last_date().unwrap().1, Instant::from_millis(9));
}
