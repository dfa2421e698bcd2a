//! How a call comes in, who makes it, and how its answer goes out.

use std::sync::Arc;

use bellwether_base::{Clock as _, SystemClock};
use serde_json::json;

use super::html::Place;
use super::params::Params;
use super::settings::{Flavour, Settings};
use super::state::State;
use super::{Mastodon, about, listing, media, oauth, statuses};
use crate::standin::rates::{Buckets, Rate, Standing};
use crate::standin::{Answer, Head, Ledger, Request};

/// Why a call is refused.
#[derive(Debug)]
pub(super) struct Refused(Answer);

impl Refused {
    pub(super) fn new(status: u16, error: &str) -> Self {
        Self(Answer::json(status, &json!({"error": error})))
    }

    /// As the authorization server says it.
    pub(super) fn oauth(status: u16, error: &str, description: &str) -> Self {
        Self(Answer::json(status, &json!({"error": error, "error_description": description})))
    }

    /// What is asked for is not valid.
    pub(super) fn invalid(settings: &Settings, error: &str) -> Self {
        match settings.flavour {
            Flavour::GoToSocial => Self::new(settings.refusal, &format!("Bad Request: {error}")),
            _ => Self::new(settings.refusal, error),
        }
    }

    pub(super) fn not_found(settings: &Settings) -> Self {
        match settings.flavour {
            Flavour::GoToSocial => Self::new(404, "Not Found"),
            _ => Self::new(404, "Record not found"),
        }
    }
}

/// One call, while it is answered.
pub(super) struct Call<'a> {
    pub(super) settings: &'a Settings,
    pub(super) ledger: &'a Ledger,
    pub(super) request: &'a Request,
    pub(super) origin: String,
    pub(super) params: Params,
    mastodon: &'a Mastodon,
    standings: Vec<Standing>,
}

/// Whose token it is.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) name: Arc<str>,
    /// The program, and its website.
    pub(super) app: (String, Option<String>),
}

impl Call<'_> {
    pub(super) fn head(&self) -> &Head {
        &self.request.head
    }

    /// A new id.
    pub(super) fn id(&self) -> String {
        self.mastodon.id()
    }

    /// An id of an earlier time.
    pub(super) fn id_of(&self, then: bellwether_base::Instant) -> String {
        self.mastodon.mint.back(self.settings.ids, then)
    }

    /// Counts it, and refuses it if it is one too many.
    pub(super) fn spend(
        &mut self,
        what: &'static str,
        whose: &str,
        rate: Rate,
    ) -> Result<(), Refused> {
        let standing = self.mastodon.buckets.spend(what, whose, rate, 1);
        self.standings.push(standing);
        if standing.is_exceeded {
            let error = match self.settings.flavour {
                Flavour::GoToSocial => "rate limit reached",
                _ => "Too many requests",
            };
            return Err(Refused::new(429, error));
        }
        Ok(())
    }

    /// The user whose token this is, if it has one of these scopes.
    pub(super) fn user(&self, state: &State, scopes: &[&str]) -> Result<Caller, Refused> {
        let token = oauth::token(state, self.head())?;
        if self.settings.flavour.is_mastodon()
            && !token.scopes.iter().any(|s| scopes.contains(&s.as_str()))
        {
            return Err(Refused::new(403, "This action is outside the authorized scopes"));
        }
        let Some(name) = token.account.clone() else {
            return Err(Refused::new(422, "This method requires an authenticated user"));
        };
        Ok(Caller { name, app: token.app.clone() })
    }

    /// The same, where strangers may call too. A token that is none is refused
    /// all the same.
    pub(super) fn reader(
        &self,
        state: &State,
        scopes: &[&str],
    ) -> Result<Option<Arc<str>>, Refused> {
        match self.head().bearer() {
            Some(_) => match self.user(state, scopes) {
                Ok(caller) => Ok(Some(caller.name)),
                Err(Refused(answer)) if answer.status == 422 => Ok(None),
                Err(refused) => Err(refused),
            },
            None => Ok(None),
        }
    }

    /// How texts are shown to who calls.
    pub(super) fn place<'p>(&'p self, is_known: &'p dyn Fn(&str) -> bool) -> Place<'p> {
        Place { origin: &self.origin, flavour: self.settings.flavour, is_known }
    }

    /// What everybody who calls spends.
    fn spend_all(&mut self, state: &State) -> Result<(), Refused> {
        let Some(rates) = self.settings.rates else { return Ok(()) };
        let path = self.head().path.clone();
        if !path.starts_with("/api") {
            return Ok(());
        }
        let bearer = self.head().bearer().unwrap_or("nobody").to_owned();
        let account = state.tokens.get(&bearer).and_then(|token| token.account.clone());
        let whose = account.unwrap_or_else(|| Arc::from("nobody"));
        self.spend("calls", &bearer, rates.calls)?;
        let method = self.head().method.clone();
        if method == "POST" && path.ends_with("/media") {
            self.spend("uploads", &whose, rates.uploads)?;
        }
        if method == "DELETE" && path.starts_with("/api/v1/statuses/") {
            self.spend("deletions", &whose, rates.deletions)?;
        }
        let is_paged = ["max_id", "since_id", "min_id"]
            .iter()
            .any(|name| self.head().parameter(name).is_some());
        if is_paged {
            self.spend("paging", &whose, rates.paging)?;
        }
        Ok(())
    }

    fn told(self, mut answer: Answer) -> Answer {
        let Some(standing) = Buckets::tightest(self.standings) else { return answer };
        let reset = (SystemClock.now() + standing.resets_in).timestamp();
        answer = answer
            .with("X-RateLimit-Limit", standing.rate.points.to_string())
            .with("X-RateLimit-Remaining", standing.remaining.to_string())
            .with("X-RateLimit-Reset", format!("{reset:.6}"));
        answer
    }
}

/// The origin under which the client reached this server.
fn origin(head: &Head) -> String {
    format!("http://{}", head.header("host").unwrap_or("stand.in"))
}

pub(super) fn serve(mastodon: &Mastodon, request: &Request) -> Answer {
    // What the proxy in front of the server lets through.
    if request.body.len() > 99 * 1024 * 1024 {
        let page = "<html><head><title>413 Request Entity Too Large</title></head></html>";
        return Answer::typed(413, "text/html", page);
    }
    let Some(params) = Params::read(&request.head, &request.body) else {
        return Answer::json(400, &json!({"error": "Error parsing the request body"}));
    };
    let mut call = Call {
        settings: &mastodon.settings,
        ledger: &mastodon.ledger,
        request,
        origin: origin(&request.head),
        params,
        mastodon,
        standings: Vec::new(),
    };
    let mut state = mastodon.state();
    let result = match call.spend_all(&state) {
        Ok(()) => dispatch(&mut call, &mut state),
        Err(refused) => Err(refused),
    };
    drop(state);
    let answer = result.unwrap_or_else(|Refused(answer)| answer);
    call.told(answer)
}

fn dispatch(call: &mut Call<'_>, state: &mut State) -> Result<Answer, Refused> {
    let path = call.head().path.clone();
    let method = call.head().method.clone();
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    match (method.as_str(), parts.as_slice()) {
        ("GET", [".well-known", what]) => about::well_known(call, what),
        ("GET", ["nodeinfo", "2.0"]) => Ok(about::nodeinfo(call, state)),
        ("GET", ["api", "v1", "instance"]) => Ok(about::instance_v1(call, state)),
        ("GET", ["api", "v2", "instance"]) => Ok(about::instance_v2(call, state)),
        ("POST", ["api", "v1", "apps"]) => oauth::register(call, state),
        ("GET", ["api", "v1", "apps", "verify_credentials"]) => oauth::verify_app(call, state),
        ("GET", ["oauth", "authorize"]) => oauth::authorize(call, state),
        ("GET", ["oauth", "authorize", "native"]) => Ok(oauth::native(call)),
        ("POST", ["oauth", "token"]) => oauth::exchange(call, state),
        ("POST", ["oauth", "revoke"]) => oauth::revoke(call, state),
        ("GET", ["api", "v1", "accounts", "verify_credentials"]) => about::verify(call, state),
        ("GET", ["api", "v1", "accounts", id]) => about::account(call, state, id),
        ("GET", ["api", "v1", "accounts", id, "statuses"]) => listing::list(call, state, id),
        ("POST", ["api", version @ ("v1" | "v2"), "media"]) => media::upload(call, state, version),
        ("GET", ["api", "v1", "media", id]) => media::show(call, state, id),
        ("PUT", ["api", "v1", "media", id]) => media::update(call, state, id),
        ("DELETE", ["api", "v1", "media", id]) => media::delete(call, state, id),
        ("GET", ["media", id, ..]) => media::file(call, state, id),
        ("POST", ["api", "v1", "statuses"]) => statuses::create(call, state),
        ("GET", ["api", "v1", "statuses", id]) => statuses::show(call, state, id),
        ("GET", ["api", "v1", "statuses", id, "source"]) => statuses::source(call, state, id),
        ("PUT", ["api", "v1", "statuses", id]) => statuses::edit(call, state, id),
        ("DELETE", ["api", "v1", "statuses", id]) => statuses::delete(call, state, id),
        _ if path.starts_with("/api") => Err(Refused::new(404, "Not Found")),
        _ => Ok(Answer::typed(
            404,
            "text/html; charset=utf-8",
            "<h1>The page you are looking for isn't here.</h1>",
        )),
    }
}
