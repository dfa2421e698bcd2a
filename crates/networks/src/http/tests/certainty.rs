//! Each way to fail, with what is known about the write; and nothing is sent twice.

use super::*;
use crate::Sent;

async fn write_to(url: Url, names: Names) -> Vec<(Trouble, Sent)> {
    let clock = Arc::new(HandClock::default());
    write_with(&client(&clock, names), url, &permit(&clock)).await
}

async fn write_with(http: &Http, url: Url, permit: &Permit) -> Vec<(Trouble, Sent)> {
    let mut troubles = Vec::new();
    for request in writes(&url) {
        let error = http.write(request, permit).await.unwrap_err();
        troubles.push((error.trouble, error.sent));
    }
    troubles
}

#[tokio::test]
async fn nobody_there() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = format!("http://{free}/").parse().unwrap();
    assert_eq!(write_to(url, Names::default()).await, [(Trouble::NoConnection, Sent::No); 3]);
}

#[tokio::test]
async fn no_such_host() {
    let url = "http://nobody.invalid/".parse().unwrap();
    assert_eq!(write_to(url, Names::default()).await, [(Trouble::NoSuchHost, Sent::No); 3]);
}

#[tokio::test]
async fn a_host_that_is_not_found_in_time() {
    let url = "http://slow.test/".parse().unwrap();
    let names = Names { never: true, ..Names::default() };
    let clock = Arc::new(HandClock::default());
    let config = HttpConfig { connect_timeout: Duration::from_millis(100), ..config() };
    let http = client_with(config, &clock, names);
    let troubles = write_with(&http, url, &permit(&clock)).await;
    assert_eq!(troubles, [(Trouble::NoConnection, Sent::No); 3]);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls() {
    let server = Server::start(|_| ok("")).await;
    let url = format!("https://{}/", server.address).parse().unwrap();
    let clock = Arc::new(HandClock::default());
    let request = Request::new(Method::POST, url);
    let config = HttpConfig { connect_timeout: Duration::from_millis(300), ..config() };
    let http = client_with(config, &clock, Names::default());
    let error = http.write(request, &permit(&clock)).await.unwrap_err();
    assert_eq!((error.trouble, error.sent), (Trouble::NoConnection, Sent::No), "{error}");
}

#[tokio::test]
async fn a_server_that_closes_after_reading_is_asked_once() {
    let server = Server::start(|_| Act::Close).await;
    assert_eq!(
        write_to(server.url("/"), Names::default()).await,
        [(Trouble::Cut, Sent::Unknown); 3]
    );
    settle().await;
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_kept_connection_that_closes_on_a_write_is_asked_once() {
    for number in 0..3 {
        let server =
            Server::start(|request| if request.contains("/first") { ok("") } else { Act::Close })
                .await;
        let clock = Arc::new(HandClock::default());
        let http = client(&clock, Names::default());
        http.write(Request::new(Method::POST, server.url("/first")), &permit(&clock))
            .await
            .unwrap();
        let request = writes(&server.url("/second"))[number].clone();
        let error = http.write(request, &permit(&clock)).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::Cut, Sent::Unknown));
        settle().await;
        assert_eq!(server.requests().len(), 2);
        assert_eq!(
            server.connections.load(Ordering::SeqCst),
            1,
            "the second went over the kept connection"
        );
    }
}

#[tokio::test]
async fn reads_are_not_sent_again_either() {
    let server = Server::start(|_| Act::Close).await;
    let error = plain_client().read(Request::get(server.url("/"))).await.unwrap_err();
    assert_eq!((error.trouble, error.sent), (Trouble::Cut, Sent::No));
    settle().await;
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_not_used() {
    let server =
        Server::start(|_| Act::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()))
            .await;
    let clock = Arc::new(HandClock::default());
    let http = client(&clock, Names::default());
    for _ in 0..5 {
        http.write(Request::new(Method::POST, server.url("/")), &permit(&clock)).await.unwrap();
        settle().await;
    }
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let server = Server::start(|_| Act::Hang).await;
    let clock = Arc::new(HandClock::default());
    let permit = impatient_permit(&clock, Duration::from_millis(300));
    let troubles = write_with(&client(&clock, Names::default()), server.url("/"), &permit).await;
    assert_eq!(troubles, [(Trouble::Timeout, Sent::Unknown); 3]);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn answers_that_break_off() {
    let heads =
        ["", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"];
    for head in heads {
        let server = Server::start(|_| Act::Last(head.into())).await;
        assert_eq!(
            write_to(server.url("/"), Names::default()).await,
            [(Trouble::Cut, Sent::Unknown); 3],
            "{head}"
        );
    }
    let server = Server::start(|_| Act::Last(b"no protocol of ours\r\n\r\n".to_vec())).await;
    assert_eq!(
        write_to(server.url("/"), Names::default()).await,
        [(Trouble::Cut, Sent::Unknown); 3]
    );
}

#[tokio::test]
async fn a_large_body_that_is_cut_in_the_middle() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut chunk = [0; 1024];
        stream.read_exact(&mut chunk).await.unwrap();
    });
    let clock = Arc::new(HandClock::default());
    let request = Request::post_bytes(url, "image/png", bytes_of(8 << 20));
    let error = client(&clock, Names::default()).write(request, &permit(&clock)).await.unwrap_err();
    assert_eq!((error.trouble, error.sent), (Trouble::Cut, Sent::Unknown), "{error}");
}

#[tokio::test]
async fn a_write_that_is_too_long_for_a_head_is_not_begun() {
    let server = Server::start(|_| ok("")).await;
    let clock = Arc::new(HandClock::default());
    let long = "x".repeat(70_000);
    let request = Request::new(Method::POST, server.url("/")).header(http::header::REFERER, &long);
    let error = client(&clock, Names::default()).write(request, &permit(&clock)).await.unwrap_err();
    assert_eq!((error.trouble, error.sent), (Trouble::BadAddress, Sent::No));
    assert_eq!(server.bytes(), 0);
}

#[tokio::test]
async fn two_hundred_at_once_arrive_once_each_and_share_connections() {
    let server = Server::start(|_| ok("")).await;
    let clock = Arc::new(HandClock::default());
    let http = client(&clock, Names::default());
    let mut writing = tokio::task::JoinSet::new();
    for number in 0..2_000 {
        let (http, permit, url) =
            (http.clone(), permit(&clock), server.url(&format!("/{number}.")));
        writing.spawn(async move { http.write(Request::new(Method::POST, url), &permit).await });
        if writing.len() >= 200 {
            writing.join_next().await.unwrap().unwrap().unwrap();
        }
    }
    while let Some(outcome) = writing.join_next().await {
        outcome.unwrap().unwrap();
    }
    let mut paths: Vec<_> =
        server.requests().iter().map(|r| r.split(' ').nth(1).unwrap().to_owned()).collect();
    paths.sort();
    paths.dedup();
    assert_eq!((paths.len(), server.requests().len()), (2_000, 2_000));
    let connections = server.connections.load(Ordering::SeqCst);
    assert!(connections < 1_000, "{connections} connections for 2,000 writes");
}
