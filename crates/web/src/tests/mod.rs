//! What every answer has in common, asked from outside; and the stories.

mod browser;
mod doubts;
mod paper;
mod refusals;
mod sent;
mod stopped;
mod stories;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, COOKIE, ETAG, IF_NONE_MATCH, LOCATION, SET_COOKIE,
};
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use bellwether_app::Error;
use bellwether_base::{Clock, Instant, Mono, Say};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::errors::Trouble;
use crate::{Outside, WebConfig, assets, dressed, open_pages, urls};

struct FrozenClock;

#[async_trait]
impl Clock for FrozenClock {
    fn now(&self) -> Instant {
        crate::views::NOW
    }

    fn mono(&self) -> Mono {
        Mono(Duration::ZERO)
    }

    async fn sleep(&self, _: Duration) {}
}

fn site() -> Router {
    let config = WebConfig { public_url: "https://desk.rive.example".parse().unwrap() };
    let outside = Arc::new(Outside { config, clock: Arc::new(FrozenClock) });
    let trouble =
        |error: fn() -> Error| get(move || async move { Err::<(), _>(Trouble::from(error())) });
    let routes = Router::new()
        .route("/write", post(|| async { "written" }))
        .route(
            "/denied",
            trouble(|| Error::NotFound(Say::new("account").with("name", "<b>Ada</b>"))),
        )
        .route(
            "/api/v1/denied",
            trouble(|| Error::NotFound(Say::new("account").with("name", "Ada"))),
        )
        .route("/busy", trouble(|| Error::TooMany { retry_after: 30 }))
        .route("/broken", trouble(|| Error::Internal("the password is hunter2".into())));
    dressed(open_pages().with_state(Arc::clone(&outside)).merge(routes), &outside)
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: impl axum::http::header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(request: axum::http::request::Builder) -> Answer {
    let response = site().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, body }
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    for path in ["/style", "/nowhere", "/denied", "/api/v1/denied"] {
        let answer = ask(Request::get(path)).await;
        let policy = answer.header(CONTENT_SECURITY_POLICY);
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'; base-uri 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header(CACHE_CONTROL), "no-store");
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
    }
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_write() {
    let write = || Request::post("/write").header("host", "desk.rive.example");
    let from = |site: &str| write().header("sec-fetch-site", site);
    assert_eq!(ask(from("same-origin")).await.body, "written");
    assert_eq!(ask(write().header("origin", "https://desk.rive.example")).await.body, "written");
    assert_eq!(ask(write()).await.body, "written", "a program without a browser");
    for request in [
        from("cross-site"),
        from("same-site"),
        write().header("origin", "https://evil.example"),
        write().header("origin", "null"),
    ] {
        let answer = ask(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.body.contains("came from elsewhere"), "{}", answer.body);
    }
}

#[tokio::test]
async fn nobody_meets_an_empty_page() {
    let lost = ask(Request::get("/nowhere").header(ACCEPT_LANGUAGE, "fr")).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.body.contains("Il n’y a rien ici"));
    assert!(lost.body.contains(r#"<html lang="fr""#));
    let wrong = ask(Request::get("/write")).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong.header("allow"), "POST");
    assert!(wrong.body.contains("cannot be done"));
}

#[tokio::test]
async fn trouble_is_a_page_a_toast_or_json_with_the_same_status() {
    let page = ask(Request::get("/denied")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("&#60;b&#62;Ada&#60;/b&#62;, your account"), "{}", page.body);
    assert!(!page.body.contains("<b>Ada"));

    let toast = ask(Request::get("/denied").header("hx-request", "true")).await;
    assert_eq!(toast.status, StatusCode::NOT_FOUND);
    assert_eq!(toast.header("bellwether-toast"), "1");
    assert!(toast.body.trim_start().starts_with("<div class=\"toast trouble\""), "{}", toast.body);

    let json = ask(Request::get("/api/v1/denied").header(ACCEPT_LANGUAGE, "ja")).await;
    assert_eq!(json.status, StatusCode::NOT_FOUND);
    assert_eq!(json.header(CONTENT_TYPE), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(
        problem,
        serde_json::json!({
            "type": "urn:bellwether:problem:not-found",
            "status": 404,
            "title": "ここには何もありません",
            "detail": "Adaさんのアカウント",
            "code": "account",
            "args": { "name": "Ada" },
        })
    );
}

#[tokio::test]
async fn waiting_is_told_to_programs_and_people() {
    let busy = ask(Request::get("/busy")).await;
    assert_eq!(busy.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(busy.header("retry-after"), "30");
    assert!(busy.body.contains("in 30 seconds"));
}

#[tokio::test]
async fn what_broke_stays_in_the_log() {
    for request in [Request::get("/broken"), Request::get("/broken").header("hx-request", "true")] {
        let answer = ask(request).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!answer.body.contains("hunter2"));
    }
}

#[tokio::test]
async fn built_files_are_kept_for_ever_and_pages_are_not() {
    let address = assets::address("styles/app.css");
    let style = ask(Request::get(&address)).await;
    assert_eq!(style.status, StatusCode::OK);
    assert_eq!(style.header(CONTENT_TYPE), "text/css; charset=utf-8");
    assert_eq!(style.header(CACHE_CONTROL), "public, max-age=31536000, immutable");
    let again = ask(Request::get(&address).header(IF_NONE_MATCH, style.header(ETAG))).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(ask(Request::get("/assets/manifest.json")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(Request::get("/assets/..%2fpackage.json")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_travel_compressed() {
    let page = ask(Request::get("/style").header(ACCEPT_ENCODING, "gzip")).await;
    assert_eq!(page.header(CONTENT_ENCODING), "gzip");
}

#[tokio::test]
async fn a_browser_remembers_the_theme_and_goes_to_no_other_site() {
    let request = Request::post(urls::Theme::new().to_string())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("theme=dark&back=//evil.example"));
    let theme = site().oneshot(request.unwrap()).await.unwrap();
    assert_eq!(theme.status(), StatusCode::SEE_OTHER);
    assert_eq!(theme.headers()[LOCATION], "/");
    assert_eq!(
        theme.headers()[SET_COOKIE],
        "theme=dark; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000; Secure"
    );
    let style = ask(Request::get("/style").header(COOKIE, "language=ko; theme=dark")).await;
    assert!(style.body.contains(r#"<html lang="ko" data-theme="dark">"#));
}

#[tokio::test]
async fn a_part_of_a_page_comes_without_its_frame() {
    let part = ask(Request::get("/style").header("hx-request", "true")).await;
    assert!(part.body.trim_start().starts_with("<div class=\"style\">"));
    assert!(!part.body.contains("<html"));
}
