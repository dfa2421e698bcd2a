//! Who is asking: by the cookie of a browser, or by a script's token.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, RawPathParams};
use axum::http::header::{AUTHORIZATION, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse as _, Response};
use bellwether_app::people::{self, Person, Signed};
use bellwether_app::publishing::{self, Stop};
use bellwether_app::workspaces::{self, Workspace};
use bellwether_app::{App, Caller, Permission};
use bellwether_base::{PageRequest, Say, Secret, SessionId, WorkspaceId};

use crate::errors::Trouble;
use crate::page::{BrandLink, Desk, Nav, Visitor};
use crate::preferences::own_address;
use crate::publishing::{ClockStop, Pausing, Refused, Stopped};
use crate::{Operator, Web, cookies, events, urls};

/// How long the cookie lives: as long as a session can, 90 days in seconds.
const COOKIE_AGE: u32 = 90 * 24 * 3600;

/// Over TLS the name itself makes browsers refuse a cookie that another host
/// or a plain connection has set.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-bellwether" } else { "bellwether" }
}

/// Gives the browser its session.
pub fn keep(response: &mut Response, token: &Secret, secure: bool) {
    cookies::set(response, cookie_name(secure), token.expose(), Some(COOKIE_AGE), secure);
}

/// Takes the session from the browser.
pub fn forget(response: &mut Response, secure: bool) {
    cookies::set(response, cookie_name(secure), "", Some(0), secure);
}

/// The session's token in a request.
pub fn token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    cookies::get(headers, cookie_name(secure)).filter(|token| !token.is_empty())
}

/// Where a request comes from. A proxy on this machine is believed about the
/// address that it names last; nobody else is.
pub fn address(parts: &Parts) -> IpAddr {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(here, |info| info.0.ip());
    if !peer.is_loopback() {
        return peer;
    }
    let named = parts.headers.get_all("x-forwarded-for").iter().next_back();
    named
        .and_then(|list| list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok())
        .unwrap_or(peer)
}

/// Somebody who has signed in.
pub struct AtWork {
    /// Language, theme, what is wanted.
    pub visitor: Visitor,
    /// The product.
    pub app: App,
    /// As use cases take them.
    pub caller: Caller,
    /// Who.
    pub person: Person,
    /// In which browser.
    pub session: SessionId,
    /// Every brand that they may open.
    pub brands: Vec<Workspace>,
    /// Why nothing is sent anywhere, if the clock is not trusted.
    pub clock_trouble: Option<Say>,
    /// Where the stream of events goes on after what this request reads.
    pub after: String,
}

impl AtWork {
    /// Whether the person may do `permission` in every brand. For showing a
    /// control or not; use cases decide for themselves.
    pub fn may_everywhere(&self, permission: Permission) -> bool {
        self.caller.may_everywhere(permission, self.person.organization_id).is_ok()
    }

    /// The frame of a page that belongs to no brand.
    pub fn desk(&self, nav: Nav) -> Desk {
        Desk {
            person: self.person.name.clone(),
            brand: None,
            brands: self.brands.iter().map(BrandLink::of).collect(),
            stopped: Vec::new(),
            clock: self.clock_trouble.clone().map(|say| ClockStop {
                say,
                confirmation: self
                    .may_everywhere(Permission::Override)
                    .then(urls::ClockConfirmation::new),
            }),
            nav,
            after: self.after.clone(),
            may_write: false,
            pausing: None,
            may_administer: self.may_everywhere(Permission::Administer),
        }
    }
}

impl FromRequestParts<Web> for AtWork {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Ok(visitor) = Visitor::from_request_parts(parts, web).await;
        let signed = match token(&parts.headers, visitor.secure) {
            Some(token) => people::session_caller(&web.app, token).await.map_err(refuse)?,
            None => None,
        };
        let Some(Signed { caller, person, session }) = signed else {
            return Err(to_the_door(parts, &visitor));
        };
        let all = PageRequest { after: None, limit: Some(200) };
        let brands = workspaces::list(&web.app, &caller, &all).await.map_err(refuse)?.items;
        let after = events::position(&web.app, &caller, &brands).await.map_err(refuse)?;
        let clock_trouble = publishing::clock_trouble(&web.app).await.map_err(refuse)?;
        let (app, session) = (web.app.clone(), session.id);
        Ok(Self { visitor, app, caller, person, session, brands, clock_trouble, after })
    }
}

/// To sign in, and back here afterwards. What was sent is refused, not lost:
/// the page that sent it still has it.
fn to_the_door(parts: &Parts, visitor: &Visitor) -> Response {
    if parts.method != Method::GET {
        return Trouble::sign_in_then(&page_of(parts)).into_response();
    }
    visitor.go(&urls::SignIn::new().then(&visitor.path))
}

/// The page from which something was sent: its own address, as the browser tells it.
fn page_of(parts: &Parts) -> String {
    let referer = parts.headers.get(REFERER).and_then(|referer| referer.to_str().ok());
    let url: Option<url::Url> = referer.and_then(|referer| referer.parse().ok());
    url.map_or_else(|| urls::Home::new().to_string(), |url| own_address(url.path()))
}

fn refuse(error: bellwether_app::Error) -> Response {
    Trouble::from(error).into_response()
}

/// Somebody who has signed in and has opened a brand.
pub struct InBrand {
    /// Who.
    pub at_work: AtWork,
    /// The brand.
    pub brand: Workspace,
    /// What is paused that concerns it.
    pub stops: Vec<Stop>,
    /// An end of one of them that was just refused.
    pub refused: Option<Refused>,
}

impl InBrand {
    /// Whether the person may do `permission` here. For showing a control or
    /// not; use cases decide for themselves.
    pub fn may(&self, permission: Permission) -> bool {
        let organization = self.brand.organization_id;
        self.at_work.caller.may(permission, organization, self.brand.id).is_ok()
    }

    /// The frame of a page of this brand.
    pub async fn desk(&self, nav: Nav) -> Result<Desk, Trouble> {
        let mut stopped = Vec::with_capacity(self.stops.len());
        for stop in &self.stops {
            stopped.push(Stopped::of(self, stop).await?);
        }
        Ok(Desk {
            brand: Some(BrandLink::of(&self.brand)),
            stopped,
            may_write: self.may(Permission::Write),
            pausing: Pausing::of(self).await?,
            ..self.at_work.desk(nav)
        })
    }
}

impl std::ops::Deref for InBrand {
    type Target = AtWork;

    fn deref(&self) -> &AtWork {
        &self.at_work
    }
}

impl FromRequestParts<Web> for InBrand {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let mut at_work = AtWork::from_request_parts(parts, web).await?;
        let params = RawPathParams::from_request_parts(parts, web)
            .await
            .map_err(|_| Trouble::no_page().into_response())?;
        let id = params.iter().find(|(name, _)| *name == "workspace").map(|(_, id)| id);
        let id: WorkspaceId =
            id.and_then(|id| id.parse().ok()).ok_or_else(|| Trouble::no_page().into_response())?;
        let brand = workspaces::get(&web.app, &at_work.caller, id).await.map_err(refuse)?;
        let stops = publishing::stops(&web.app, &at_work.caller, id).await.map_err(refuse)?;
        at_work.visitor.reader = at_work.visitor.reader.in_zone(&brand.time_zone);
        Ok(Self { at_work, brand, stops, refused: None })
    }
}

/// Whoever asks the API: a script with a token, a person's browser, or
/// whoever has the machine.
pub struct ApiCaller(pub Caller);

impl FromRequestParts<Web> for ApiCaller {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        if parts.extensions.get::<Operator>().is_some() {
            return Ok(Self(Caller::Operator));
        }
        let caller = if let Some(header) = parts.headers.get(AUTHORIZATION) {
            // A bad token is refused even where a good cookie comes with it.
            match header.to_str().ok().and_then(bearer) {
                Some(token) => people::token_caller(&web.app, token).await?,
                None => None,
            }
        } else {
            let secure = web.outside.config.secure_cookies();
            match token(&parts.headers, secure) {
                Some(token) => {
                    people::session_caller(&web.app, token).await?.map(|signed| signed.caller)
                }
                None => None,
            }
        };
        caller.map(Self).ok_or_else(Trouble::sign_in)
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Where a request comes from, for handlers.
pub struct From(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(address(parts)))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn asked_by(peer: &str, forwarded: &[&str]) -> IpAddr {
        let mut request = Request::builder();
        for list in forwarded {
            request = request.header("x-forwarded-for", *list);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        address(&parts)
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed_and_only_about_the_last_address() {
        assert_eq!(asked_by("203.0.113.9", &["198.51.100.1"]).to_string(), "203.0.113.9");
        assert_eq!(asked_by("127.0.0.1", &["10.0.0.1, 198.51.100.1"]).to_string(), "198.51.100.1");
        assert_eq!(asked_by("::1", &["1.1.1.1", "2.2.2.2"]).to_string(), "2.2.2.2");
        assert_eq!(asked_by("127.0.0.1", &["nonsense"]).to_string(), "127.0.0.1");
        assert_eq!(asked_by("127.0.0.1", &[]).to_string(), "127.0.0.1");
    }

    #[test]
    fn a_bearer_token_is_taken_in_any_case_of_its_scheme() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("abc"), None);
    }
}
