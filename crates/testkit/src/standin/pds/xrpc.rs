//! How a call comes in and how its answer or refusal goes out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use bellwether_base::{Clock as _, SystemClock};
use ipld_core::ipld::Ipld;
use serde_json::{Value, json};

use super::account::Account;
use super::schema::Schema;
use super::{Pds, blobs, cbor, reads, sessions, writes};
use crate::standin::rates::{Buckets, Rate, Standing};
use crate::standin::{Answer, Request};

/// An error as the protocol tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    status: u16,
    error: &'static str,
    message: String,
}

impl Refused {
    pub(super) fn new(status: u16, error: &'static str, message: impl Into<String>) -> Self {
        Self { status, error, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::named("InvalidRequest", message)
    }

    /// A 400 of this name.
    pub(super) fn named(error: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, error, message)
    }

    pub(super) fn internal() -> Self {
        Self::new(500, "InternalServerError", "Internal Server Error")
    }

    fn missing_auth() -> Self {
        Self::new(401, "AuthMissing", "Authentication Required")
    }

    fn answer(&self) -> Answer {
        Answer::json(self.status, &json!({"error": self.error, "message": self.message}))
    }
}

/// Who may make a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Auth {
    Anybody,
    Access,
    Refresh,
}

type Handler = fn(&Pds, &Call<'_>) -> Result<Answer, Refused>;

const METHODS: &[(&str, &str, Auth, Handler)] = &[
    ("com.atproto.identity.resolveHandle", "GET", Auth::Anybody, reads::resolve_handle),
    ("com.atproto.repo.applyWrites", "POST", Auth::Access, writes::apply_writes),
    ("com.atproto.repo.createRecord", "POST", Auth::Access, writes::create_record),
    ("com.atproto.repo.deleteRecord", "POST", Auth::Access, writes::delete_record),
    ("com.atproto.repo.describeRepo", "GET", Auth::Anybody, reads::describe_repo),
    ("com.atproto.repo.getRecord", "GET", Auth::Anybody, reads::get_record),
    ("com.atproto.repo.listRecords", "GET", Auth::Anybody, reads::list_records),
    ("com.atproto.repo.putRecord", "POST", Auth::Access, writes::put_record),
    ("com.atproto.repo.uploadBlob", "POST", Auth::Access, blobs::upload_blob),
    ("com.atproto.server.createSession", "POST", Auth::Anybody, sessions::create_session),
    ("com.atproto.server.deleteSession", "POST", Auth::Refresh, sessions::delete_session),
    ("com.atproto.server.describeServer", "GET", Auth::Anybody, reads::describe_server),
    ("com.atproto.server.getSession", "GET", Auth::Access, sessions::get_session),
    ("com.atproto.server.refreshSession", "POST", Auth::Refresh, sessions::refresh_session),
];

/// One call on its way.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request,
    pub(super) nsid: &'static str,
    /// Who calls; always there where the method asks for a token.
    pub(super) account: Option<Arc<Account>>,
    /// The claims of the token.
    pub(super) claims: Value,
    standings: RefCell<Vec<Standing>>,
    buckets: &'a Buckets,
}

/// Answers a request for `/xrpc/{nsid}`.
pub(super) fn dispatch(pds: &Pds, request: &Request, nsid: &str) -> Answer {
    let Some((nsid, verb, auth, handler)) = METHODS.iter().find(|(name, ..)| *name == nsid) else {
        return proxied(pds, request).answer();
    };
    if request.head.method != *verb {
        let message = format!("Incorrect HTTP method ({}) expected {verb}", request.head.method);
        return Refused::invalid(message).answer();
    }
    let mut call = Call {
        request,
        nsid,
        account: None,
        claims: Value::Null,
        standings: RefCell::default(),
        buckets: &pds.buckets,
    };
    let result = (|| {
        if let Some(rate) = pds.settings.limits.and_then(|limits| limits.per_address) {
            call.spend("address", "", rate, 1)?;
        }
        if *auth != Auth::Anybody {
            (call.account, call.claims) = authenticate(pds, request, *auth)?;
        }
        handler(pds, &call)
    })();
    let is_exceeded = matches!(&result, Err(refused) if refused.status == 429);
    let answer = result.unwrap_or_else(|refused| refused.answer());
    let Some(standing) = Buckets::tightest(call.standings.take()) else { return answer };
    let reset = SystemClock.now() + standing.resets_in;
    let answer = answer
        .with("RateLimit-Limit", standing.rate.points.to_string())
        .with("RateLimit-Reset", (reset.millis() / 1000).to_string())
        .with("RateLimit-Remaining", standing.remaining.to_string())
        .with(
            "RateLimit-Policy",
            format!("{};w={}", standing.rate.points, standing.rate.window.as_secs()),
        );
    if is_exceeded { answer.with("Retry-After", standing.seconds().to_string()) } else { answer }
}

/// What the server would hand on to an application view, which is not there.
fn proxied(pds: &Pds, request: &Request) -> Refused {
    match authenticate(pds, request, Auth::Access) {
        Ok(_) => Refused::new(502, "UpstreamFailure", "Upstream service unreachable"),
        Err(refused) => refused,
    }
}

type Authenticated = (Option<Arc<Account>>, Value);

fn authenticate(pds: &Pds, request: &Request, auth: Auth) -> Result<Authenticated, Refused> {
    let invalid = |message: String| Refused::named("InvalidToken", message);
    let Some(header) = request.head.header("authorization") else {
        return Err(Refused::missing_auth());
    };
    let words: Vec<_> = header.split(' ').collect();
    let &[scheme, token] = words.as_slice() else {
        return Err(invalid("Malformed authorization header".to_owned()));
    };
    match scheme.to_ascii_uppercase().as_str() {
        "BEARER" => sessions::verify(pds, token, auth == Auth::Refresh),
        "BASIC" | "DPOP" if auth == Auth::Refresh => Err(Refused::missing_auth()),
        "BASIC" => Err(invalid("Unexpected authorization type".to_owned())),
        _ => Err(invalid(format!("Unsupported authorization type: {scheme}"))),
    }
}

impl Call<'_> {
    /// Counts against a limit.
    pub(super) fn spend(
        &self,
        name: &'static str,
        whose: &str,
        rate: Rate,
        points: u32,
    ) -> Result<(), Refused> {
        let standing = self.buckets.spend(name, whose, rate, points);
        self.standings.borrow_mut().push(standing);
        if standing.is_exceeded {
            return Err(Refused::new(429, "RateLimitExceeded", "Rate Limit Exceeded"));
        }
        Ok(())
    }

    /// Who calls. Only for methods that ask for a token.
    pub(super) fn account(&self) -> Result<&Arc<Account>, Refused> {
        self.account.as_ref().ok_or_else(Refused::missing_auth)
    }

    /// The body as the method's input.
    pub(super) fn input(&self, schema: &Schema, limit: usize) -> Result<Input, Refused> {
        let mime = self.encoding()?;
        if mime != "application/json" {
            return Err(Refused::invalid(format!("Wrong request encoding (Content-Type): {mime}")));
        }
        if self.request.body.len() > limit {
            return Err(Refused::new(413, "PayloadTooLargeError", "request entity too large"));
        }
        let body: Value = serde_json::from_slice(&self.request.body)
            .map_err(|error| Refused::named("SyntaxError", error.to_string()))?;
        let body = cbor::from_json(&body);
        schema.check(&body, "$").map_err(Refused::invalid)?;
        match body {
            Ipld::Map(map) => Ok(Input(map)),
            _ => Err(Refused::invalid("Expected object value type at $")),
        }
    }

    /// The `Content-Type` without its parameters.
    pub(super) fn encoding(&self) -> Result<String, Refused> {
        let header = self.request.head.header("content-type").unwrap_or_default();
        let mime = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if mime.is_empty() {
            return Err(Refused::invalid(
                "Request encoding (Content-Type) required but not provided",
            ));
        }
        Ok(mime)
    }

    /// A parameter of the query that must be there.
    pub(super) fn parameter(&self, name: &str) -> Result<String, Refused> {
        self.request.head.parameter(name).ok_or_else(|| {
            Refused::invalid(format!(
                "Invalid {} params: Missing required key \"{name}\"",
                self.nsid
            ))
        })
    }
}

/// The input of a method; it was checked against the method's schema.
pub(super) struct Input(BTreeMap<String, Ipld>);

impl Input {
    /// Part of an input, checked with the whole.
    pub(super) fn part(value: &Ipld) -> Self {
        match value {
            Ipld::Map(map) => Self(map.clone()),
            _ => Self(BTreeMap::new()),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Ipld> {
        self.0.get(key)
    }

    pub(super) fn find_text(&self, key: &str) -> Option<&str> {
        match self.0.get(key) {
            Some(Ipld::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A text that the schema requires.
    pub(super) fn text(&self, key: &str) -> &str {
        self.find_text(key).unwrap_or_default()
    }

    pub(super) fn find_flag(&self, key: &str) -> Option<bool> {
        match self.0.get(key) {
            Some(Ipld::Bool(flag)) => Some(*flag),
            _ => None,
        }
    }
}
