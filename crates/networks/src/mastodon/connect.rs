//! Login with a token that the person made on the server's own page.
//!
//! The server is asked what it is before it is given the token, so that a
//! mistyped address does not get one.

use async_trait::async_trait;
use bellwether_base::Say;
use serde_json::Value;
use url::Url;

use super::Mastodon;
use super::api::{Api, Said};
use super::facts;
use super::refusal::Refusal;
use super::session::Session;
use crate::connect::{ConnectCx, Refreshed};
use crate::effect::{Effect, unreadable};
use crate::{
    Answer, Connect, ConnectStep, Connected, Cx, Failure, FailureKind, Field, FieldKind, Permit,
};

#[async_trait]
impl Connect for Mastodon {
    fn begin(&self) -> ConnectStep {
        let field = |name, label, kind| Field { name, label, kind, default: None, required: true };
        ConnectStep::Ask {
            fields: vec![
                field("server", "mastodon-server", FieldKind::Server),
                field("token", "mastodon-token", FieldKind::Secret),
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
        let typed = answer.text("server");
        let token = answer.text("token").trim_start_matches("Bearer ").trim();
        if typed.is_empty() || token.is_empty() {
            return Err(Failure::rejected(Say::new("login-incomplete")));
        }
        let server = server_address(typed)?;
        let nobody = Api::open(cx.http, cx.clock, &server);
        let instance = facts::ask(&nobody, &server).await.map_err(for_good)?;
        let api = Api::open(cx.http, cx.clock, &server).with(token);
        let account = told(api.ask("/api/v1/accounts/verify_credentials", &[]).await?)?;
        let (Some(id), Some(name)) = (text(&account, "id"), text(&account, "username")) else {
            return Err(unreadable(Effect::Read));
        };
        // A doubt is settled by reading back, so a token must be able to.
        told(api.ask(&format!("/api/v1/accounts/{id}/statuses"), &[("limit", "1")]).await?)?;
        let session = Session { token: token.to_owned(), program: program(&api).await };
        let handle = format!("{name}@{}", instance.domain);
        let shown = text(&account, "display_name").unwrap_or_default().trim();
        Ok(ConnectStep::Done(Box::new(Connected {
            remote_id: remote_id(id, &server),
            display_name: if shown.is_empty() { handle.clone() } else { shown.to_owned() },
            handle,
            avatar: text(&account, "avatar").and_then(|url| url.parse().ok()),
            credential: session.seal()?,
            // A token lives until the person takes it back.
            expires_at: None,
            login_ends_at: None,
            limits: instance.limits,
            server,
        })))
    }

    /// There is nothing to renew a token with.
    async fn refresh(&self, _: &Cx<'_>, _: &Permit) -> Result<Refreshed, Failure> {
        Err(Failure::reconnect(Say::new("login-gone")))
    }

    async fn reopen(&self, _: &Cx<'_>, _: &Permit) -> Result<Option<Refreshed>, Failure> {
        Ok(None)
    }
}

/// The account's id with its server's name: servers count from one each.
fn remote_id(id: &str, server: &Url) -> String {
    format!("{id}@{}", server.authority())
}

/// What a person typed as a server. Their whole name will do, and so will the
/// address of their profile.
fn server_address(typed: &str) -> Result<Url, Failure> {
    let bad = || Failure::rejected(Say::new("server-bad-address"));
    let full = if typed.contains("://") {
        typed.to_owned()
    } else {
        let host = typed.split('/').next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        format!("https://{host}")
    };
    let mut url: Url = full.parse().map_err(|_| bad())?;
    // The client refuses what else is wrong with an address.
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad());
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// An address that we never call is to be mended by whoever typed it.
fn for_good(mut failure: Failure) -> Failure {
    if matches!(failure.say.key.as_str(), "server-bad-address" | "server-private-address") {
        failure.kind = FailureKind::Rejected;
    }
    failure
}

/// What a server told with the token, or why not. A refused token is told
/// apart from a login that was lost later.
fn told(answer: Result<Said, Refusal>) -> Result<Value, Failure> {
    answer.map(|said| said.body).map_err(|refusal| {
        let mut failure = refusal.failure();
        if failure.kind == FailureKind::Reconnect {
            failure.kind = FailureKind::Rejected;
            if failure.say.key == "login-gone" {
                failure.say = Say::new("mastodon-token-refused");
            }
        }
        failure
    })
}

/// The name of the program that the token was made for. Only some servers tell.
async fn program(api: &Api<'_>) -> Option<String> {
    let told = api.ask("/api/v1/apps/verify_credentials", &[]).await.ok()?.ok()?.body;
    text(&told, "name").map(str::to_owned).filter(|name| !name.is_empty())
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_names_the_server_will_do() {
        let told = |typed: &str| server_address(typed).map(String::from).map_err(|f| f.say.key);
        for typed in [
            "social.example",
            "https://social.example",
            "https://social.example/@lune",
            "social.example/@lune",
            "@lune@social.example",
            "lune@social.example",
        ] {
            assert_eq!(told(typed).as_deref(), Ok("https://social.example/"), "{typed}");
        }
        assert_eq!(told("http://localhost:3000/x?y#z").as_deref(), Ok("http://localhost:3000/"));
        for odd in ["not an address", "ftp://social.example", "javascript:alert(1)", "@"] {
            assert_eq!(told(odd), Err("server-bad-address".to_owned()), "{odd}");
        }
    }
}
