//! Who asks for a page, as far as the request alone tells.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT_LANGUAGE, HeaderValue, LOCATION};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};

use super::Toast;
use super::toast;
use crate::locale::{Lang, Reader};
use crate::{Outside, cookies};

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As forms, cookies and style sheets write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme called `name`; the system's if there is none.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// A request that a page made through htmx, for a part of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hx;

/// The ids of the frame's own parts.
const FRAME: [&str; 1] = ["stopped"];

impl Hx {
    /// From the headers; nothing if the whole page is wanted.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let is = |name: &str| headers.get(name).is_some_and(|value| value == "true");
        if !is("hx-request") || is("hx-boosted") || is("hx-history-restore-request") {
            return None;
        }
        // What is wanted for a part of the frame is cut from the whole page.
        let is_frame = headers.get("hx-target").is_some_and(|id| FRAME.iter().any(|own| id == own));
        (!is_frame).then_some(Self)
    }
}

/// Anybody who asks for a page.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Language, zone and time.
    pub reader: Reader,
    /// Light or dark.
    pub theme: Theme,
    /// The part of a page that is wanted, if not all of it.
    pub hx: Option<Hx>,
    /// What the page before left to say.
    pub toasts: Vec<Toast>,
    /// Where they are.
    pub path: String,
    /// Whether cookies travel over TLS only.
    pub secure: bool,
}

impl Visitor {
    /// From the headers of a request.
    pub fn of(headers: &HeaderMap, outside: &Outside) -> Self {
        let chosen = cookies::get(headers, cookies::LANGUAGE).and_then(|tag| tag.parse().ok());
        let lang = chosen.unwrap_or_else(|| {
            let accept = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            Lang::negotiate(accept.unwrap_or_default())
        });
        let flash = cookies::get(headers, cookies::FLASH);
        Self {
            reader: Reader::new(lang, outside.clock.now()),
            theme: cookies::get(headers, cookies::THEME).map(Theme::named).unwrap_or_default(),
            hx: Hx::of(headers),
            toasts: flash.and_then(toast::from_cookie).into_iter().collect(),
            path: String::from("/"),
            secure: outside.config.secure_cookies(),
        }
    }

    /// Sends the browser to `address`, by a GET.
    pub fn go(&self, address: &impl ToString) -> Response {
        let address = address.to_string();
        if self.hx.is_some() {
            return super::hx_redirect(&address);
        }
        let location = HeaderValue::from_str(&address).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
    }

    /// Sends the browser to `address`, where a toast says `toast`.
    pub fn go_and_say(&self, address: &impl ToString, toast: &Toast) -> Response {
        let mut response = self.go(address);
        let value = toast::to_cookie(toast);
        cookies::set(&mut response, cookies::FLASH, &value, Some(60), self.secure);
        response
    }

    /// Takes the toasts off the next page, once this one has shown them.
    pub fn forget_toasts(&self, response: &mut Response) {
        if !self.toasts.is_empty() {
            cookies::set(response, cookies::FLASH, "", Some(0), self.secure);
        }
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    Arc<Outside>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let outside = Arc::<Outside>::from_ref(state);
        let mut visitor = Self::of(&parts.headers, &outside);
        if let Some(path) = parts.uri.path_and_query() {
            path.as_str().clone_into(&mut visitor.path);
        }
        Ok(visitor)
    }
}
