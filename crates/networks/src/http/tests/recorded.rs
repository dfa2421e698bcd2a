//! A recording replays what happened, without the secrets.

use bellwether_base::Secret;

use super::*;

#[tokio::test]
async fn a_recording_replays_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.s1gnature";
    let body =
        format!(r#"{{"accessJwt":"{jwt}","did":"did:plc:a","inner":[{{"token":"h1dden"}}]}}"#);
    let server = Server::start(move |request| {
        let body =
            if request.contains("/picture") { "\u{fffd}PNG".to_owned() } else { body.clone() };
        let head = format!(
            "HTTP/1.1 200 OK\r\nset-cookie: h1dden\r\nx-limit: 5\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Act::Answer((head + &body).into_bytes())
    })
    .await;
    let live: Arc<dyn Transport> = Arc::new(
        Guarded::with(config(), Arc::new(HandClock::default()), Arc::new(Names::default()), |b| b)
            .unwrap(),
    );
    let recording = Http::over(Arc::new(Recording::record(live, &path)));
    let login = Request::post_json(
        server.url("/login?token=h1dden&page=2"),
        &serde_json::json!({ "password": "h1dden" }),
    )
    .bearer(&Secret::new("h1dden"));
    let form = Request::post_bytes(
        server.url("/form"),
        "application/x-www-form-urlencoded",
        Bytes::from_static(b"client_secret=h1dden&grant=code"),
    );
    let upload =
        Request::post_bytes(server.url("/picture"), "image/png", Bytes::from_static(&[0xff, 0xd8]));
    for request in [&login, &form, &upload] {
        recording.read(request.clone()).await.unwrap();
    }

    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("h1dden") && !text.contains("s1gnature"), "{text}");
    assert!(
        text.contains("did:plc:a") && text.contains("page=2") && text.contains("x-limit"),
        "{text}"
    );

    let replay = Arc::new(Recording::replay(&path).unwrap());
    let http = Http::over(replay.clone());
    let answer: serde_json::Value = http.read(login.clone()).await.unwrap().json().unwrap();
    assert_eq!(answer["accessJwt"], "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.scrubbed");
    assert_eq!(replay.unused().len(), 2);
    let picture = http.read(upload).await.unwrap();
    assert_eq!(
        (&picture.body[..], picture.header("x-limit")),
        ("\u{fffd}PNG".as_bytes(), Some("5"))
    );
    http.read(form).await.unwrap();
    assert!(replay.unused().is_empty());
    assert!(http.read(login).await.is_err(), "each exchange answers once");
}
