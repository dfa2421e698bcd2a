//! A browser without a window: it keeps cookies, follows where it is sent,
//! and sends what a browser sends.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Method, Request, StatusCode};
use bellwether_app::people;
use bellwether_app::testing::{TestApp, TestClock, app_over, app_with};
use bellwether_db::MigrationSet;
use bellwether_db::testing::{TestDb, sqlite};
use http_body_util::BodyExt as _;
use scraper::{Html, Selector};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::paper;
use crate::{WebConfig, router_until, urls};

/// An installation.
pub struct Site {
    pub app: TestApp,
    pub router: Router,
    pub stop: CancellationToken,
    database: TestDb,
}

impl Site {
    /// Another process over the same database, of whose commits this one hears no hint.
    pub async fn beside(&self) -> TestApp {
        app_over(self.database.open_again().await)
    }
}

pub async fn site() -> Site {
    let clock = TestClock::at(bellwether_app::testing::START);
    let database = sqlite(MigrationSet::MAIN, Arc::new(clock)).await;
    let app = app_with(database.clone(), |parts| {
        parts.registry = parts.registry.clone().with(paper::registered());
    });
    let config = WebConfig { public_url: "https://desk.rive.example".parse().unwrap() };
    let stop = CancellationToken::new();
    let router = router_until(app.app.clone(), config, stop.clone());
    Site { app, router, stop, database }
}

/// One person's browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    language: &'static str,
}

/// What came back.
pub struct Shown {
    pub status: StatusCode,
    pub location: String,
    pub set_cookies: Vec<String>,
    pub html: String,
}

impl Shown {
    /// The text of the first element that `selector` finds.
    pub fn text(&self, selector: &str) -> String {
        let document = Html::parse_document(&self.html);
        let selector = Selector::parse(selector).unwrap();
        let found = document.select(&selector).next();
        let text: String = found.map(|element| element.text().collect()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The attribute `name` of the first element that `selector` finds.
    pub fn attr(&self, selector: &str, name: &str) -> String {
        let document = Html::parse_document(&self.html);
        let selector = Selector::parse(selector).unwrap();
        let found = document.select(&selector).next();
        found.and_then(|element| element.value().attr(name)).unwrap_or_default().to_owned()
    }

    /// Fails with the whole page.
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.html.contains(text), "{text:?} is not on\n{}", self.html);
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{text:?} is on\n{}", self.html);
        self
    }
}

impl Browser {
    pub fn new(site: &Site) -> Self {
        Self { router: site.router.clone(), cookies: BTreeMap::new(), language: "en" }
    }

    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    pub async fn get(&mut self, address: &impl ToString) -> Shown {
        self.ask(Method::GET, &address.to_string(), Vec::new(), FORM, false).await
    }

    pub async fn post(&mut self, address: &impl ToString, fields: &[(&str, &str)]) -> Shown {
        self.ask(Method::POST, &address.to_string(), encode(fields), FORM, false).await
    }

    /// As htmx asks.
    pub async fn post_part(&mut self, address: &impl ToString, fields: &[(&str, &str)]) -> Shown {
        self.ask(Method::POST, &address.to_string(), encode(fields), FORM, true).await
    }

    /// With a file in the field `picture-0`, as a browser sends it.
    pub async fn post_file(
        &mut self,
        address: &impl ToString,
        fields: &[(&str, &str)],
        file: &[u8],
    ) -> Shown {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        let head = "--cut\r\nContent-Disposition: form-data; name=\"picture-0\"; \
                    filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
        body.extend([head.as_bytes(), file, b"\r\n--cut--\r\n"].concat());
        let kind = "multipart/form-data; boundary=cut";
        self.ask(Method::POST, &address.to_string(), body, kind, false).await
    }

    /// Posts, and looks at the page that follows.
    pub async fn post_and_follow(
        &mut self,
        address: &impl ToString,
        fields: &[(&str, &str)],
    ) -> Shown {
        let sent = self.post(address, fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
        self.get(&sent.location).await
    }

    /// A request with this browser's cookies.
    pub fn request(&self, method: Method, address: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(address)
            .header("host", "desk.rive.example")
            .header("sec-fetch-site", "same-origin")
            .header("accept-language", self.language)
            .header(COOKIE, cookies.join("; "))
    }

    async fn ask(
        &mut self,
        method: Method,
        address: &str,
        body: Vec<u8>,
        kind: &str,
        is_htmx: bool,
    ) -> Shown {
        let mut request = self.request(method, address).header(CONTENT_TYPE, kind);
        if is_htmx {
            request = request.header("hx-request", "true");
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let header = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
        let set_cookies: Vec<String> =
            response.headers().get_all(SET_COOKIE).iter().map(header).collect();
        for cookie in &set_cookies {
            let (pair, _) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if cookie.contains("Max-Age=0;") || cookie.ends_with("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let location = response.headers().get(LOCATION).map(header).unwrap_or_default();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let html = String::from_utf8_lossy(&bytes).into_owned();
        Shown { status, location, set_cookies, html }
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn encode(fields: &[(&str, &str)]) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

/// Ada, who owns Maison Lune, in her browser.
pub async fn ada(site: &Site) -> (Browser, bellwether_base::WorkspaceId) {
    let mut browser = Browser::new(site);
    let link = people::setup_link(&site.app).await.unwrap().unwrap();
    let address = urls::SetUp { link: link.expose().into() };
    let done = browser.post(&address, &SET_UP).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    let brand = done.location.split('/').nth(2).unwrap().parse().unwrap();
    (browser, brand)
}

/// What Ada types at the first door.
pub const SET_UP: [(&str, &str); 7] = [
    ("name", "Ada"),
    ("email", "ada@rive.example"),
    ("password", "croissant lune douze"),
    ("language", "en"),
    ("organization", "Atelier Rive"),
    ("workspace", "Maison Lune"),
    ("time_zone", "Europe/Paris"),
];

/// Connects Ada's brand to the network of these stories.
pub async fn with_channel(ada: &mut Browser, brand: bellwether_base::WorkspaceId) -> String {
    let connect = urls::Connect::new(brand, "paper".to_owned());
    let form = ada.get(&connect).await;
    let (state, screen) = (form.attr("[name=state]", "value"), form.attr("[name=screen]", "value"));
    let fields =
        [("state", &*state), ("screen", &*screen), ("handle", "lune"), ("password", "open")];
    let list = ada.post_and_follow(&connect, &fields).await;
    list.shows("@lune");
    ada.get(&urls::Compose::new(brand)).await.attr("[name=channel]", "value")
}

/// Long enough for everything that waits.
pub const PATIENCE: Duration = Duration::from_secs(20);
