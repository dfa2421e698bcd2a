//! Programs, consent and tokens.
//!
//! Consent is given without a browser: `GET /oauth/authorize` as a client
//! sends people there shows a page; with `as=<account>` more it is the click
//! on “Authorize”, with an empty `as` the click on “Deny”.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bellwether_base::{Clock as _, Mono, SystemClock};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::call::{Call, Refused};
use super::html::escape;
use super::state::State;
use crate::standin::token::random_name;
use crate::standin::{Answer, Head, What};

/// Where there is no address to be led back to.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
const CODE_LIFE: std::time::Duration = std::time::Duration::from_mins(10);

/// A registered program.
#[derive(Debug, Clone)]
pub(super) struct App {
    id: String,
    name: String,
    website: Option<String>,
    redirects: Vec<String>,
    scopes: Vec<String>,
    secret: String,
}

/// A code that was not exchanged yet.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    client: String,
    pub(super) account: Arc<str>,
    redirect: String,
    scopes: Vec<String>,
    challenge: Option<String>,
    given: Mono,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) app: (String, Option<String>),
    pub(super) client: String,
    /// None for a program that acts for itself.
    pub(super) account: Option<Arc<str>>,
    pub(super) scopes: Vec<String>,
    pub(super) created: i64,
    pub(super) is_revoked: bool,
}

const PARENTS: [&str; 4] = ["read", "write", "follow", "push"];
const CHILDREN: [&str; 18] = [
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write:accounts",
    "write:blocks",
    "write:conversations",
    "write:favourites",
    "write:media",
    "write:mutes",
    "write:statuses",
];

/// Those that this server knows.
pub(super) fn known_scopes(has_new: bool) -> Vec<&'static str> {
    let mut scopes: Vec<_> = PARENTS.into_iter().chain(CHILDREN).collect();
    if has_new {
        scopes.push("profile");
    }
    scopes
}

fn split(scopes: &str) -> Vec<String> {
    scopes.split([' ', '+']).filter(|s| !s.is_empty()).map(ToOwned::to_owned).collect()
}

/// The token of the `Authorization` header.
pub(super) fn token<'a>(state: &'a State, head: &Head) -> Result<&'a Token, Refused> {
    let token = head.bearer().and_then(|token| state.tokens.get(token));
    match token {
        Some(token) if token.is_revoked => Err(Refused::new(401, "The access token was revoked")),
        Some(token) => Ok(token),
        None => Err(Refused::new(401, "The access token is invalid")),
    }
}

pub(super) fn register(call: &mut Call<'_>, state: &mut State) -> Result<Answer, Refused> {
    let failed = |why: &str| Refused::invalid(call.settings, &format!("Validation failed: {why}"));
    let name = call.params.filled("client_name").ok_or_else(|| failed("Name can't be blank"))?;
    let mut redirects = split_lines(&call.params.text("redirect_uris").unwrap_or_default());
    if call.settings.has_new_oauth {
        redirects.extend(call.params.list("redirect_uris"));
    }
    if redirects.is_empty() {
        return Err(failed("Redirect URI can't be blank"));
    }
    if redirects.iter().any(|uri| uri != OUT_OF_BAND && Url::parse(uri).is_err()) {
        return Err(failed("Redirect URI must be an absolute URI."));
    }
    let mut scopes = split(&call.params.text("scopes").unwrap_or_default());
    if scopes.is_empty() {
        scopes.push("read".to_owned());
    }
    let known = known_scopes(call.settings.has_new_oauth);
    let is_mastodon = call.settings.flavour.is_mastodon();
    if is_mastodon && !scopes.iter().all(|scope| known.contains(&scope.as_str())) {
        return Err(failed("Scopes doesn't match configured on the server."));
    }
    let app = App {
        id: (state.apps.len() + 1).to_string(),
        name,
        website: call.params.filled("website"),
        redirects,
        scopes,
        secret: random_name(),
    };
    let client_id = random_name();
    let mut body = app_entity(&app);
    body["client_id"] = json!(client_id);
    body["client_secret"] = json!(app.secret);
    if call.settings.has_new_oauth {
        body["client_secret_expires_at"] = json!(0);
    }
    state.apps.insert(client_id.clone(), app);
    call.ledger.happened(&Arc::from(""), Some(call.request.number), What::Wrote(client_id));
    Ok(Answer::json(200, &body))
}

/// A program that somebody made on the page for developers: it goes by its
/// name, and its secret is nobody's.
pub(super) fn register_by_hand(state: &mut State, name: &str, scopes: &[String]) {
    let id = (state.apps.len() + 1).to_string();
    state.apps.entry(name.to_owned()).or_insert_with(|| App {
        id,
        name: name.to_owned(),
        website: None,
        redirects: vec![OUT_OF_BAND.to_owned()],
        scopes: scopes.to_owned(),
        secret: random_name(),
    });
}

fn split_lines(text: &str) -> Vec<String> {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

fn app_entity(app: &App) -> Value {
    json!({
        "id": app.id,
        "name": app.name,
        "website": app.website,
        "scopes": app.scopes,
        "redirect_uri": app.redirects.join("\n"),
        "redirect_uris": app.redirects,
    })
}

pub(super) fn verify_app(call: &Call<'_>, state: &State) -> Result<Answer, Refused> {
    let token = token(state, call.head())?;
    let app = state.apps.get(&token.client);
    let app = app.ok_or_else(|| Refused::not_found(call.settings))?;
    Ok(Answer::json(200, &app_entity(app)))
}

/// What was wrong with it, as the page says it.
fn page(status: u16, words: &str) -> Answer {
    Answer::typed(
        status,
        "text/html; charset=utf-8",
        format!("<!DOCTYPE html><html><body>{words}</body></html>"),
    )
}

pub(super) fn authorize(call: &Call<'_>, state: &mut State) -> Result<Answer, Refused> {
    let parameter = |name: &str| call.head().parameter(name);
    let client = parameter("client_id").unwrap_or_default();
    let Some(app) = state.apps.get(&client) else {
        return Ok(page(
            401,
            "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
        ));
    };
    let redirect = parameter("redirect_uri").unwrap_or_default();
    if !app.redirects.contains(&redirect) {
        return Ok(page(
            400,
            "The requested redirect uri is malformed or doesn't match client redirect URI.",
        ));
    }
    let back =
        |pairs: &[(&str, &str)]| led_back(&call.origin, &redirect, pairs, parameter("state"));
    let refused =
        |error, description| Ok(back(&[("error", error), ("error_description", description)]));
    if parameter("response_type").as_deref() != Some("code") {
        return refused(
            "unsupported_response_type",
            "The authorization server does not support this response type.",
        );
    }
    let scopes = split(&parameter("scope").unwrap_or_else(|| "read".to_owned()));
    if !scopes.iter().all(|scope| app.scopes.contains(scope)) {
        return refused("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
    }
    let challenge = parameter("code_challenge").filter(|_| call.settings.has_new_oauth);
    if challenge.is_some() && parameter("code_challenge_method").as_deref() != Some("S256") {
        return refused("invalid_code_challenge_method", "The code challenge method must be S256.");
    }
    let Some(name) = parameter("as") else { return Ok(form(call, state, app)) };
    let Some(account) = state.accounts.get(&name).map(|account| account.name.clone()) else {
        return refused(
            "access_denied",
            "The resource owner or authorization server denied the request.",
        );
    };
    let code = random_name();
    let grant = Grant {
        client,
        account,
        redirect: redirect.clone(),
        scopes,
        challenge,
        given: SystemClock.mono(),
    };
    state.grants.insert(code.clone(), grant);
    Ok(back(&[("code", &code)]))
}

fn led_back(origin: &str, redirect: &str, pairs: &[(&str, &str)], state: Option<String>) -> Answer {
    let target = if redirect == OUT_OF_BAND {
        format!("{origin}/oauth/authorize/native")
    } else {
        redirect.to_owned()
    };
    let Ok(mut url) = Url::parse(&target) else { return page(400, "no address") };
    url.query_pairs_mut().extend_pairs(pairs);
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", &state);
    }
    Answer::empty(302).with("Location", url.to_string())
}

/// A link for each account, and one to say no.
fn form(call: &Call<'_>, state: &State, app: &App) -> Answer {
    let mut words = String::from("<h1>Authorization required</h1><p>");
    escape(&app.name, &mut words);
    words.push_str("</p>");
    let mut names: Vec<_> = state.accounts.keys().map(String::as_str).collect();
    names.sort_unstable();
    names.push("");
    for name in names {
        let label =
            if name.is_empty() { "Deny".to_owned() } else { format!("Authorize as {name}") };
        words.push_str("<p><a href=\"/oauth/authorize?");
        escape(&call.head().query, &mut words);
        words.push_str(&format!("&amp;as={name}\">{label}</a></p>"));
    }
    page(200, &words)
}

pub(super) fn native(call: &Call<'_>) -> Answer {
    let code = call.head().parameter("code").unwrap_or_default();
    let mut words = String::from("<input class=\"oauth-code\" readonly value=\"");
    escape(&code, &mut words);
    words.push_str("\">");
    page(200, &words)
}

/// The program that calls, with its client id.
fn client<'a>(call: &Call<'_>, state: &'a State) -> Result<(String, &'a App), Refused> {
    let basic = call.head().header("authorization").and_then(|value| value.strip_prefix("Basic "));
    let basic = basic.and_then(|value| STANDARD.decode(value).ok());
    let basic = basic.and_then(|bytes| String::from_utf8(bytes).ok());
    let (id, secret) = match basic.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((id, secret)) => (id.to_owned(), secret.to_owned()),
        None => (
            call.params.text("client_id").unwrap_or_default(),
            call.params.text("client_secret").unwrap_or_default(),
        ),
    };
    match state.apps.get(&id).filter(|app| app.secret == secret) {
        Some(app) => Ok((id, app)),
        None => Err(Refused::oauth(
            401,
            "invalid_client",
            "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
        )),
    }
}

fn invalid_grant() -> Refused {
    Refused::oauth(
        400,
        "invalid_grant",
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    )
}

pub(super) fn exchange(call: &Call<'_>, state: &mut State) -> Result<Answer, Refused> {
    let (client, app) = client(call, state)?;
    let app = app.clone();
    let (account, scopes) = match call.params.text("grant_type").as_deref() {
        Some("client_credentials") => {
            let mut scopes = split(&call.params.text("scope").unwrap_or_default());
            if scopes.is_empty() {
                scopes.push("read".to_owned());
            }
            if !scopes.iter().all(|scope| app.scopes.contains(scope)) {
                return Err(Refused::oauth(
                    400,
                    "invalid_scope",
                    "The requested scope is invalid, unknown, or malformed.",
                ));
            }
            (None, scopes)
        }
        Some("authorization_code") => {
            let code = call.params.text("code").unwrap_or_default();
            let grant = state.grants.get(&code).ok_or_else(invalid_grant)?;
            check_grant(call, grant, &client)?;
            let grant = state.grants.remove(&code).ok_or_else(invalid_grant)?;
            (Some(grant.account), grant.scopes)
        }
        Some(_) => {
            return Err(Refused::oauth(
                400,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            ));
        }
        None => {
            return Err(Refused::oauth(
                400,
                "invalid_request",
                "Missing required parameter: grant_type.",
            ));
        }
    };
    if let Some(account) = &account {
        call.ledger.happened(account, Some(call.request.number), What::LoggedIn);
    }
    let name = open(state, &client, (app.name, app.website), account, scopes);
    let token = &state.tokens[&name];
    Ok(Answer::json(
        200,
        &json!({
            "access_token": name,
            "token_type": "Bearer",
            "scope": token.scopes.join(" "),
            "created_at": token.created,
        }),
    ))
}

fn check_grant(call: &Call<'_>, grant: &Grant, client: &str) -> Result<(), Refused> {
    let is_old = SystemClock.mono().since(grant.given) >= CODE_LIFE;
    let redirect = call.params.text("redirect_uri").unwrap_or_default();
    if is_old || grant.client != client || grant.redirect != redirect {
        return Err(invalid_grant());
    }
    let Some(challenge) = &grant.challenge else { return Ok(()) };
    let Some(verifier) = call.params.text("code_verifier") else {
        return Err(Refused::oauth(
            400,
            "invalid_request",
            "Missing required parameter: code_verifier.",
        ));
    };
    if *challenge != URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) {
        return Err(invalid_grant());
    }
    Ok(())
}

/// A token; one that is there already for the same is given again.
pub(super) fn open(
    state: &mut State,
    client: &str,
    app: (String, Option<String>),
    account: Option<Arc<str>>,
    scopes: Vec<String>,
) -> String {
    let same = state.tokens.iter().find(|(_, token)| {
        !token.is_revoked
            && token.client == client
            && token.account == account
            && token.scopes == scopes
    });
    if let Some((name, _)) = same {
        return name.clone();
    }
    let name = random_name();
    let created = SystemClock.now().millis() / 1000;
    let client = client.to_owned();
    let token = Token { app, client, account, scopes, created, is_revoked: false };
    state.tokens.insert(name.clone(), token);
    name
}

pub(super) fn revoke(call: &Call<'_>, state: &mut State) -> Result<Answer, Refused> {
    let name = call.params.text("token").unwrap_or_default();
    let unauthorized = || {
        Refused::oauth(403, "unauthorized_client", "You are not authorized to revoke this token")
    };
    let (client, _) = client(call, state).map_err(|_| unauthorized())?;
    if let Some(token) = state.tokens.get_mut(&name) {
        if token.client != client {
            return Err(unauthorized());
        }
        token.is_revoked = true;
    }
    call.ledger.happened(&Arc::from(""), Some(call.request.number), What::Wrote(name));
    Ok(Answer::json(200, &json!({})))
}
