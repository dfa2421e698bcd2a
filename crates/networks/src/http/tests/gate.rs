//! After the permit has closed no byte leaves, whatever closed it and
//! wherever the request was then.

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;

use super::*;
use crate::Sent;

#[tokio::test]
async fn a_closed_permit_does_not_even_look_for_the_host() {
    let clock = Arc::new(HandClock::default());
    let names = Arc::new(Names::of("server.test", &[&["127.0.0.1"]]));
    let http =
        Http::over(Arc::new(Guarded::with(config(), clock.clone(), names.clone(), |b| b).unwrap()));
    let permit = permit(&clock);
    clock.advance(10_000);
    for request in writes(&"http://server.test/".parse().unwrap()) {
        let error = http.write(request, &permit).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::PermitClosed, Sent::No));
    }
    assert_eq!(names.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn no_byte_leaves_after_a_machine_was_suspended() {
    let server = Server::start(|_| ok("")).await;
    let clock = Arc::new(HandClock::default());
    let http = client(&clock, Names::of("server.test", &[&["127.0.0.1"]]));
    let permit = permit(&clock);
    // An hour went by outside; the monotonic clock stood still.
    clock.wall.fetch_add(3_600_000, Ordering::SeqCst);
    for request in writes(&server.named("server.test", "/")) {
        let error = http.write(request, &permit).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::PermitClosed, Sent::No), "{error}");
    }
    settle().await;
    assert_eq!(server.bytes(), 0);
}

#[tokio::test]
async fn no_byte_leaves_when_the_permit_closes_while_the_host_is_looked_for() {
    let server = Server::start(|_| ok("")).await;
    for number in 0..3 {
        let clock = Arc::new(HandClock::default());
        let names = {
            let clock = clock.clone();
            let step = Box::new(move || {
                // The clock's own listeners are not told, as if the machine had slept.
                clock.millis.fetch_add(20_000, Ordering::SeqCst);
            });
            Names { on_lookup: Some(step), ..Names::of("server.test", &[&["127.0.0.1"]]) }
        };
        let http = client(&clock, names);
        let request = writes(&server.named("server.test", "/"))[number].clone();
        let error = http.write(request, &permit(&clock)).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::PermitClosed, Sent::No), "{error}");
        settle().await;
        assert_eq!(
            server.connections.load(Ordering::SeqCst),
            number + 1,
            "it got as far as connecting"
        );
        assert_eq!(server.bytes(), 0, "write {number}: {:?}", server.requests());
    }
}

#[tokio::test]
async fn no_byte_leaves_when_the_permit_closes_during_the_tls_handshake() {
    for number in 0..3 {
        let clock = Arc::new(HandClock::default());
        let (port, seen) = tls_server({
            let clock = clock.clone();
            move || {
                clock.millis.fetch_add(20_000, Ordering::SeqCst);
            }
        })
        .await;
        let http = tls_client(&clock);
        let url = format!("https://server.test:{port}/").parse().unwrap();
        let error = http.write(writes(&url)[number].clone(), &permit(&clock)).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::PermitClosed, Sent::No), "{error}");
        settle().await;
        assert_eq!(*seen.lock().unwrap(), [""], "the handshake was done and nothing was said");
    }
}

#[tokio::test]
async fn an_open_permit_passes_tls() {
    let clock = Arc::new(HandClock::default());
    let (port, seen) = tls_server(|| {}).await;
    let url = format!("https://server.test:{port}/").parse().unwrap();
    for request in writes(&url) {
        tls_client(&clock).write(request, &permit(&clock)).await.unwrap();
    }
    assert_eq!(seen.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_write_that_waits_gives_up_when_the_permit_closes() {
    let clock = Arc::new(HandClock::default());
    let http = client(&clock, Names { never: true, ..Names::default() });
    let permit = permit(&clock);
    let writing = tokio::spawn(async move {
        http.write(Request::new(Method::POST, "http://server.test/".parse().unwrap()), &permit)
            .await
    });
    settle().await;
    clock.advance(10_000);
    let error = writing.await.unwrap().unwrap_err();
    assert_eq!((error.trouble, error.sent), (Trouble::PermitClosed, Sent::No));
}

#[tokio::test]
async fn whatever_moment_the_permit_closes_at_the_answer_is_true() {
    let server = Server::start(|_| ok("")).await;
    let clock = Arc::new(HandClock::default());
    let http = client(&clock, Names::default());
    let (mut sent, mut kept) = (0, 0);
    for readings in 0..8 {
        for request in writes(&server.url("/")) {
            let before = (server.bytes(), server.requests().len());
            let now = clock.millis.load(Ordering::SeqCst);
            clock.per_reading.store(1, Ordering::SeqCst);
            let permit = Permit::new(
                clock.clone(),
                Mono(Duration::from_millis(now + readings)),
                Duration::from_secs(30),
            );
            let outcome = http.write(request, &permit).await;
            clock.per_reading.store(0, Ordering::SeqCst);
            settle().await;
            let after = (server.bytes(), server.requests().len());
            match outcome {
                Ok(_) => {
                    sent += 1;
                    assert_eq!(after.1, before.1 + 1);
                }
                Err(error) => {
                    kept += 1;
                    assert_eq!(
                        (error.trouble, error.sent),
                        (Trouble::PermitClosed, Sent::No),
                        "{error}"
                    );
                    assert_eq!(after, before, "closed after {readings} readings");
                }
            }
        }
    }
    assert!(sent > 3 && kept > 3, "{sent} sent, {kept} kept");
}

#[tokio::test]
async fn a_write_nobody_waits_for_never_leaves() {
    let clock = Arc::new(HandClock::default());
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let (port, seen) = tls_server(move || {
        let _ = wait.lock().unwrap().recv_timeout(Duration::from_secs(2));
    })
    .await;
    let http = tls_client(&clock);
    let url: Url = format!("https://server.test:{port}/").parse().unwrap();
    let writing = tokio::spawn({
        let permit = permit(&clock);
        async move { http.write(Request::new(Method::DELETE, url), &permit).await }
    });
    settle().await;
    writing.abort();
    release.send(()).unwrap();
    settle().await;
    settle().await;
    assert!(seen.lock().unwrap().iter().all(String::is_empty));
}

#[test]
fn a_sender_that_goes_away_locks_its_gate() {
    use super::super::gate::{GatedBody, Sender};
    for bytes in [Bytes::new(), bytes_of(1)] {
        let sender = Sender::new(permit(&Arc::default()));
        let gate = sender.gate().clone();
        drop(sender);
        let mut body = std::pin::pin!(GatedBody::new(gate, bytes));
        assert!(!http_body::Body::is_end_stream(&*body));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let polled = http_body::Body::poll_frame(body.as_mut(), &mut context);
        assert!(matches!(polled, std::task::Poll::Ready(Some(Err(_)))));
    }
}

#[tokio::test]
async fn a_clock_that_stands_still_does_not_stop_a_write() {
    struct Frozen;
    #[async_trait]
    impl Clock for Frozen {
        fn now(&self) -> Instant {
            Instant::EPOCH
        }
        fn mono(&self) -> Mono {
            Mono(Duration::ZERO)
        }
        async fn sleep(&self, _: Duration) {}
    }
    let server = Server::start(|_| {
        Act::After(
            Duration::from_millis(20),
            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec(),
        )
    })
    .await;
    let permit =
        Permit::new(Arc::new(Frozen), Mono(Duration::from_secs(1)), Duration::from_secs(30));
    plain_client().write(Request::new(Method::POST, server.url("/")), &permit).await.unwrap();
}

#[test]
fn a_gate_is_passed_or_locked_and_never_both() {
    for _ in 0..2_000 {
        let clock = Arc::new(HandClock::default());
        let gate = super::super::gate::Gate::new(permit(&clock));
        let body = super::super::gate::GatedBody::new(gate.clone(), Bytes::new());
        let passing = std::thread::spawn(move || {
            http_body::Body::is_end_stream(&body);
            http_body::Body::size_hint(&body).exact() == Some(0)
        });
        let locked = gate.lock();
        assert_ne!(passing.join().unwrap(), locked);
    }
}

#[tokio::test]
async fn an_empty_write_says_that_it_is_empty() {
    let server = Server::start(|_| ok("")).await;
    let clock = Arc::new(HandClock::default());
    let http = client(&clock, Names::default());
    for request in writes(&server.url("/")) {
        // Lengths that callers set are not believed.
        let request = request
            .header(http::header::CONTENT_LENGTH, "7")
            .header(http::header::TRANSFER_ENCODING, "chunked");
        http.write(request, &permit(&clock)).await.unwrap();
    }
    let lengths: Vec<_> = server
        .requests()
        .iter()
        .map(|request| {
            assert!(!request.contains("transfer-encoding"), "{request}");
            request
                .split("content-length: ")
                .skip(1)
                .map(|l| l.lines().next().unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(lengths, [["16"], ["0"], ["0"]]);
}

#[tokio::test]
async fn a_method_without_a_body_cannot_write() {
    let server = Server::start(|_| ok("")).await;
    let clock = Arc::new(HandClock::default());
    for method in [Method::GET, Method::HEAD, Method::TRACE, Method::CONNECT] {
        let request = Request::new(method, server.url("/"));
        let error =
            client(&clock, Names::default()).write(request, &permit(&clock)).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::BadAddress, Sent::No));
    }
    assert_eq!(server.bytes(), 0);
}

/// A TLS server that does `before` between the TCP connection and the
/// handshake, then answers; and what it was told on each connection.
async fn tls_server(before: impl Fn() + Send + Sync + 'static) -> (u16, Arc<Mutex<Vec<String>>>) {
    let certificate = rustls::pki_types::CertificateDer::from(CERTIFICATE);
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(KEY);
    let tls = rustls::ServerConfig::builder_with_provider(
        rustls::crypto::aws_lc_rs::default_provider().into(),
    )
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(vec![certificate], key.into())
    .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = seen.clone();
    let before = Arc::new(before);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (before, acceptor, told) = (before.clone(), acceptor.clone(), told.clone());
            tokio::spawn(async move {
                tokio::task::spawn_blocking(move || before()).await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut chunk = [0; 4096];
                let count = stream.read(&mut chunk).await.unwrap_or(0);
                told.lock().unwrap().push(String::from_utf8_lossy(&chunk[..count]).into_owned());
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            });
        }
    });
    (port, seen)
}

fn tls_client(clock: &Arc<HandClock>) -> Http {
    let names: Arc<dyn Lookup> = Arc::new(Names::of("server.test", &[&["127.0.0.1"]]));
    let root = reqwest::Certificate::from_der(CERTIFICATE).unwrap();
    Http::over(Arc::new(
        Guarded::with(config(), clock.clone(), names, |b| b.tls_certs_only([root])).unwrap(),
    ))
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_named_and_nothing_left() {
    let clock = Arc::new(HandClock::default());
    let (port, seen) = tls_server(|| {}).await;
    let http = client(&clock, Names::of("server.test", &[&["127.0.0.1"]]));
    let url = format!("https://server.test:{port}/").parse().unwrap();
    for request in writes(&url) {
        let error = http.write(request, &permit(&clock)).await.unwrap_err();
        assert_eq!((error.trouble, error.sent), (Trouble::Certificate, Sent::No), "{error}");
    }
    settle().await;
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_certificate_for_another_name_is_named() {
    let clock = Arc::new(HandClock::default());
    let (port, _) = tls_server(|| {}).await;
    let names: Arc<dyn Lookup> = Arc::new(Names::of("other.test", &[&["127.0.0.1"]]));
    let root = reqwest::Certificate::from_der(CERTIFICATE).unwrap();
    let http = Http::over(Arc::new(
        Guarded::with(config(), clock.clone(), names, |b| b.tls_certs_only([root])).unwrap(),
    ));
    let url = format!("https://other.test:{port}/").parse().unwrap();
    let error = http.read(Request::get(url)).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Certificate, "{error}");
}

/// Made for these tests: self-signed, `server.test`, good for a hundred years.
const CERTIFICATE: &[u8] = include_bytes!("fixtures/server.test.der");
const KEY: &[u8] = include_bytes!("fixtures/server.test.key.der");
