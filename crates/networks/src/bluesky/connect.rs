//! Login with a handle and an app password.
//!
//! The server is asked what it is before it is given a password, so that a
//! mistyped address does not get one.

use std::net::IpAddr;

use async_trait::async_trait;
use bellwether_base::Say;
use serde_json::{Value, json};
use url::Url;

use super::refusal::Refusal;
use super::session::Session;
use super::xrpc::Xrpc;
use super::{Bluesky, PROFILE, SPEC, limits};
use crate::connect::{ConnectCx, Refreshed};
use crate::effect::{Effect, unreadable};
use crate::{
    Answer, Connect, ConnectStep, Connected, Cx, Failure, FailureKind, Field, FieldKind, Permit,
};

#[async_trait]
impl Connect for Bluesky {
    fn begin(&self) -> ConnectStep {
        let field = |name, label, kind, default: Option<&str>| Field {
            name,
            label,
            kind,
            default: default.map(str::to_owned),
            required: true,
        };
        ConnectStep::Ask {
            fields: vec![
                field("server", "bluesky-server", FieldKind::Server, Some("https://bsky.social")),
                field("identifier", "bluesky-identifier", FieldKind::Text, None),
                field("password", "bluesky-app-password", FieldKind::Secret, None),
            ],
            state: Value::Null,
        }
    }

    async fn next(
        &self,
        cx: &ConnectCx<'_>,
        _state: Value,
        answer: &Answer,
    ) -> Result<ConnectStep, Failure> {
        let service = server_address(cx, answer.text("server"))?;
        let typed = identifier(answer.text("identifier"));
        let password = answer.text("password");
        if typed.is_empty() || password.is_empty() {
            return Err(Failure::rejected(Say::new("login-incomplete")));
        }

        let server = Xrpc::open(cx.http, cx.clock, &service);
        let description = describe(&server).await.map_err(for_good)?;
        let identifier = complete(typed, &description);
        let body = json!({"identifier": identifier, "password": password});
        let session = server.log_in(&body).await?.map_err(|refusal| refused(refusal, password))?;
        check_active(&session)
            .map_err(|failure| Failure { kind: FailureKind::Rejected, ..failure })?;

        let (Some(did), Some(stored)) =
            (text(&session, "did"), Session::new(service.clone(), password, &session))
        else {
            return Err(unreadable(Effect::Read));
        };
        let handle = text(&session, "handle").unwrap_or(did).to_owned();
        let home = session.get("didDoc").and_then(|doc| pds(doc, &service)).unwrap_or(service);
        let (display_name, avatar) = profile(cx, &home, did).await;
        Ok(ConnectStep::Done(Box::new(Connected {
            remote_id: did.to_owned(),
            display_name: display_name.unwrap_or_else(|| handle.clone()),
            handle,
            avatar,
            server: home,
            credential: stored.seal()?,
            expires_at: stored.access_until,
            // The app password opens sessions for as long as it is there.
            login_ends_at: None,
            limits: limits(),
        })))
    }

    /// A refresh token that the server will not take any more answers
    /// [`Reconnect`](FailureKind::Reconnect): [`reopen`](Connect::reopen) may
    /// still help.
    async fn refresh(&self, cx: &Cx<'_>, permit: &Permit) -> Result<Refreshed, Failure> {
        let session = Session::open(cx.credential)?;
        let answer = Xrpc::of(cx)
            .with(&session.refresh)
            .tell("com.atproto.server.refreshSession", None, permit)
            .await?
            .map_err(|refusal| {
                let mut failure = refusal.failure();
                if failure.kind == FailureKind::Expired {
                    failure.kind = FailureKind::Reconnect;
                    failure.say = Say::new("login-gone");
                }
                failure
            })?;
        Session::new(session.service, &session.password, &answer)
            .ok_or_else(|| unreadable(Effect::Write))?
            .refreshed()
    }

    async fn reopen(&self, cx: &Cx<'_>, permit: &Permit) -> Result<Option<Refreshed>, Failure> {
        let session = Session::open(cx.credential)?;
        // The account's own id, because a handle may have changed since.
        let did = &cx.account.remote_id;
        let body = json!({"identifier": did, "password": session.password});
        let answer = Xrpc::open(cx.http, cx.clock, &session.service)
            .log_in_again(&body, permit)
            .await?
            .map_err(|refusal| scrubbed(refusal.failure(), &session.password))?;
        check_active(&answer)?;
        if text(&answer, "did") != Some(did) {
            return Err(Failure::reconnect(Say::new("login-gone")));
        }
        Session::new(session.service, &session.password, &answer)
            .ok_or_else(|| unreadable(Effect::Harmless))?
            .refreshed()
            .map(Some)
    }
}

/// What a person typed as a server. The address of the app is taken for that
/// of the service behind it.
fn server_address(cx: &ConnectCx<'_>, typed: &str) -> Result<Url, Failure> {
    let bad = || Failure::rejected(Say::new("server-bad-address"));
    let full = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let mut url: Url = full.parse().map_err(|_| bad())?;
    // The client refuses what else is wrong with an address.
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad());
    }
    let app = cx.endpoints.get(&SPEC, "app");
    if app.is_some_and(|app| app.host_str() == url.host_str()) {
        url = cx.endpoints.get(&SPEC, "service").ok_or_else(bad)?;
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// A handle or mail address without what comes along when it is copied: a
/// leading `@` and invisible marks of writing direction.
fn identifier(typed: &str) -> String {
    let visible: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .collect();
    visible.trim_start_matches('@').to_lowercase()
}

/// A bare name belongs to the server's own domain.
fn complete(identifier: String, description: &Value) -> String {
    let domain = description["availableUserDomains"][0].as_str();
    match domain {
        Some(domain) if !identifier.contains(['.', '@', ':']) => format!("{identifier}{domain}"),
        _ => identifier,
    }
}

/// Makes sure that this is a server of this kind.
async fn describe(server: &Xrpc<'_>) -> Result<Value, Failure> {
    match server.ask("com.atproto.server.describeServer", &[]).await? {
        Ok(description) if description.get("availableUserDomains").is_some() => Ok(description),
        Ok(_) => Err(Failure::rejected(Say::new("bluesky-not-a-server"))),
        Err(refusal) if refusal.is_definite() => {
            Err(Failure::rejected(Say::new("bluesky-not-a-server")))
        }
        Err(refusal) => Err(refusal.failure()),
    }
}

/// An address that we never call is to be mended by whoever typed it.
fn for_good(mut failure: Failure) -> Failure {
    if matches!(failure.say.key.as_str(), "server-bad-address" | "server-private-address") {
        failure.kind = FailureKind::Rejected;
    }
    failure
}

/// A refused login, told apart from a login that was lost later.
fn refused(refusal: Refusal, password: &str) -> Failure {
    let is_definite = refusal.is_definite();
    let mut failure = scrubbed(refusal.failure(), password);
    if is_definite && failure.kind == FailureKind::Reconnect {
        failure.kind = FailureKind::Rejected;
        if failure.say.key == "login-gone" {
            failure.say = Say::new("login-refused");
        }
    }
    failure
}

fn scrubbed(mut failure: Failure, password: &str) -> Failure {
    if !password.is_empty() {
        failure.vendor = failure.vendor.map(|words| words.replace(password, "…"));
    }
    failure
}

/// A session may be opened on an account that cannot publish.
fn check_active(session: &Value) -> Result<(), Failure> {
    if session.get("active").and_then(Value::as_bool) != Some(false) {
        return Ok(());
    }
    let key = match text(session, "status") {
        Some("takendown" | "suspended") => "bluesky-account-taken-down",
        _ => "bluesky-account-deactivated",
    };
    Err(Failure::reconnect(Say::new(key)))
}

/// The server that holds the account, by its identity document. An encrypted
/// login is not continued unencrypted.
fn pds(document: &Value, service: &Url) -> Option<Url> {
    let endpoint = document.get("service")?.as_array()?.iter().find_map(|entry| {
        let is_pds = text(entry, "id").is_some_and(|id| id.ends_with("#atproto_pds"))
            && text(entry, "type") == Some("AtprotoPersonalDataServer");
        if is_pds { text(entry, "serviceEndpoint") } else { None }
    })?;
    let mut url: Url = endpoint.parse().ok()?;
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && service.scheme() == "http");
    let is_plain = url.has_host() && url.username().is_empty() && url.password().is_none();
    // An identity document that names a bare address is no reason to call it.
    let is_named = url.host_str().is_some_and(|host| {
        host.trim_matches(['[', ']']).parse::<IpAddr>().is_err() || service.scheme() == "http"
    });
    if !(is_safe && is_plain && is_named) {
        return None;
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// Name and picture as they are in the repository. A profile that cannot be
/// read is no reason to refuse a login.
async fn profile(cx: &ConnectCx<'_>, home: &Url, did: &str) -> (Option<String>, Option<Url>) {
    let query = [("repo", did), ("collection", PROFILE), ("rkey", "self")];
    let server = Xrpc::open(cx.http, cx.clock, home);
    let Ok(Ok(answer)) = server.ask("com.atproto.repo.getRecord", &query).await else {
        return (None, None);
    };
    let name = answer["value"]["displayName"].as_str().map(str::trim);
    let avatar = answer["value"]["avatar"]["ref"]["$link"].as_str().and_then(|cid| {
        let mut url = home.join("xrpc/com.atproto.sync.getBlob").ok()?;
        url.query_pairs_mut().append_pair("did", did).append_pair("cid", cid);
        Some(url)
    });
    (name.filter(|name| !name.is_empty()).map(str::to_owned), avatar)
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}
