//! What traces, the observer, errors and `Debug` tell.

use bellwether_base::Secret;

use super::*;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Default)]
struct Notes(Mutex<Vec<Call>>);

impl Observer for Notes {
    fn called(&self, call: &Call) {
        self.0.lock().unwrap().push(call.clone());
    }
}

fn secretive(method: Method, url: &Url) -> Request {
    let mut request = Request::post_json(url.clone(), &serde_json::json!({ "password": "h1dden" }))
        .bearer(&Secret::new("h1dden"))
        .header(http::header::COOKIE, "h1dden");
    request.method = method;
    request
}

#[test]
fn nothing_secret_is_told() {
    alone("secrets::tells_everything_it_can", &[]);
}

#[tokio::test]
#[ignore = "started by nothing_secret_is_told"]
async fn tells_everything_it_can() {
    let sink = Sink::default();
    let writer = sink.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let notes = Arc::new(Notes::default());
    let config = HttpConfig { observer: Some(notes.clone()), ..config() };
    let clock = Arc::new(HandClock::default());
    let names: Arc<dyn Lookup> = Arc::new(Names::default());
    let http = Http::over(Arc::new(Guarded::with(config, clock.clone(), names, |b| b).unwrap()));

    let good = Server::start(|_| ok(r#"{"accessJwt":"h1dden"}"#)).await;
    let bad = Server::start(|_| Act::Close).await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let gone: Url = format!("http://{gone}/path?key=h1dden").parse().unwrap();
    let urls = [good.url("/path?key=h1dden#h1dden"), bad.url("/path?key=h1dden"), gone];
    let mut told = Vec::new();
    for url in &urls {
        let request = secretive(Method::POST, url);
        told.push(format!("{request:?}"));
        match http.write(request, &permit(&clock)).await {
            Ok(response) => told.push(format!("{response:?}")),
            Err(error) => told.push(format!("{error} {error:?}")),
        }
        if let Err(error) = http.read(secretive(Method::GET, url)).await {
            told.push(format!("{error} {error:?}"));
        }
    }
    let private: Url = "https://10.0.0.1/path?key=h1dden".parse().unwrap();
    told.push(format!("{:?}", http.read(secretive(Method::GET, &private)).await));
    told.push(format!("{:?}", notes.0.lock().unwrap()));
    let told = told.concat();
    let trace = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    assert!(trace.contains("http{method=POST host=\"127.0.0.1\" path=\"/path\"}"), "{trace}");
    assert!(!trace.contains("h1dden"), "{trace}");
    assert!(!told.contains("h1dden"), "{told}");

    let calls = notes.0.lock().unwrap();
    let seen: Vec<_> = calls
        .iter()
        .map(|c| (c.method.as_str(), c.status.map(|s| s.as_u16()), c.trouble))
        .collect();
    assert_eq!(
        seen,
        [
            ("POST", Some(200), None),
            ("GET", Some(200), None),
            ("POST", None, Some(Trouble::Cut)),
            ("GET", None, Some(Trouble::Cut)),
            ("POST", None, Some(Trouble::NoConnection)),
            ("GET", None, Some(Trouble::NoConnection)),
            ("GET", None, Some(Trouble::Private)),
        ]
    );
    assert!(calls.iter().all(|call| call.path == "/path"));
}

#[tokio::test]
async fn keys_in_a_path_are_not_told_and_each_hop_is() {
    let server =
        Server::start(|r| if r.contains("/landed") { ok("") } else { see("/landed") }).await;
    let notes = Arc::new(Notes::default());
    let config = HttpConfig { observer: Some(notes.clone()), ..config() };
    let http = Http::guarded(config.clone(), Arc::new(HandClock::default())).unwrap();
    for path in [
        "/bot123456:AAbbccddeeffgghh/sendMessage",
        "/api/webhooks/1234567890123456789/AAbb11ccddeeffgghh",
    ] {
        http.read(Request::get(server.url(path))).await.unwrap();
    }
    let slow = Server::start(|_| Act::Hang).await;
    let config = HttpConfig { timeout: Duration::from_millis(200), ..config };
    let http = Http::guarded(config, Arc::new(HandClock::default())).unwrap();
    http.read(Request::get(slow.url("/xrpc/com.atproto.repo.createRecord"))).await.unwrap_err();
    let calls = notes.0.lock().unwrap();
    let paths: Vec<_> = calls.iter().map(|call| (call.path.as_str(), call.trouble)).collect();
    assert_eq!(
        paths,
        [
            ("/…/sendMessage", None),
            ("/landed", None),
            ("/api/webhooks/1234567890123456789/…", None),
            ("/landed", None),
            ("/xrpc/com.atproto.repo.createRecord", Some(Trouble::Timeout)),
        ]
    );
}

/// For whom a call is made is told here, and to no server.
#[tokio::test]
async fn each_hop_is_told_for_whom_it_was() {
    let server = Server::start(|request| {
        assert!(!request.contains("018f"), "{request}");
        if request.contains("/landed") { ok("") } else { see("/landed") }
    })
    .await;
    let notes = Arc::new(Notes::default());
    let config = HttpConfig { observer: Some(notes.clone()), ..config() };
    let http = Http::guarded(config, Arc::new(HandClock::default())).unwrap();
    let whom = crate::http::OnBehalf {
        workspace: "018f0000-0000-7000-8000-000000000001".parse().unwrap(),
        channel: "018f0000-0000-7000-8000-000000000002".parse().ok(),
    };
    http.on_behalf_of(whom).read(Request::get(server.url("/"))).await.unwrap();
    http.read(Request::get(server.url("/landed"))).await.unwrap();
    let told: Vec<_> = notes.0.lock().unwrap().iter().map(|call| call.on_behalf).collect();
    assert_eq!(told, [Some(whom), Some(whom), None]);
}
