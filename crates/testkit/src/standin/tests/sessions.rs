//! Tokens: how they live, and how a refresh can go wrong.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::standin::pds::{Limits, RefreshReuse};

fn expired(reply: &Reply) -> bool {
    reply.error() == (400, "ExpiredToken".to_owned())
}

async fn login(stage: &Stage) -> (Client, Value) {
    let mut client = stage.stranger().await;
    let session =
        client.post(LOGIN, &json!({"identifier": "ada.test", "password": PASSWORD})).await.json();
    (client, session)
}

async fn refresh(client: &mut Client, pair: &Value) -> Reply {
    client.token = Some(pair["refreshJwt"].as_str().unwrap().to_owned());
    client.try_call("POST", REFRESH).await.unwrap()
}

async fn session(client: &mut Client, pair: &Value) -> Reply {
    client.token = Some(pair["accessJwt"].as_str().unwrap().to_owned());
    client.get(SESSION).await
}

#[tokio::test]
async fn a_session_opens_with_handle_or_did_and_the_app_password() {
    let stage = Stage::new().await;
    let (mut client, pair) = login(&stage).await;
    assert_eq!((&pair["did"], &pair["handle"]), (&json!(stage.did), &json!("ada.test")));
    assert_eq!(session(&mut client, &pair).await.json()["did"], stage.did);
    let by_did = json!({"identifier": stage.did, "password": PASSWORD});
    assert_eq!(client.post(LOGIN, &by_did).await.status, 200);
    for body in [
        json!({"identifier": "ada.test", "password": "x"}),
        json!({"identifier": "nobody.test", "password": PASSWORD}),
    ] {
        let refused = client.post(LOGIN, &body).await;
        assert_eq!(
            (refused.status, refused.json()),
            (
                401,
                json!({"error": "AuthenticationRequired", "message": "Invalid identifier or password"})
            )
        );
    }
}

#[tokio::test]
async fn a_bad_token_is_a_400_and_no_token_a_401() {
    let stage = Stage::new().await;
    let (mut client, pair) = login(&stage).await;
    client.token = None;
    assert_eq!(client.get(SESSION).await.error(), (401, "AuthMissing".to_owned()));
    for (token, message) in [
        ("abc", "Token could not be verified"),
        (pair["refreshJwt"].as_str().unwrap(), "Token could not be verified"),
        ("a b", "Malformed authorization header"),
    ] {
        client.token = Some(token.to_owned());
        let refused = client.get(SESSION).await;
        assert_eq!(
            (refused.error().1.as_str(), refused.json()["message"].as_str()),
            ("InvalidToken", Some(message))
        );
    }
    client.token = Some(pair["accessJwt"].as_str().unwrap().to_owned());
    assert_eq!(
        client.try_call("POST", REFRESH).await.unwrap().error(),
        (400, "InvalidToken".to_owned())
    );
}

#[tokio::test]
async fn an_access_token_expires() {
    let settings = Settings { access_life: Duration::from_secs(1), ..Settings::default() };
    let stage = Stage::with(settings, Faults::none()).await;
    let (mut client, pair) = login(&stage).await;
    loop {
        let reply = session(&mut client, &pair).await;
        if reply.status != 200 {
            assert!(expired(&reply));
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_refresh_renews_what_has_expired() {
    let stage = Stage::new().await;
    let (mut client, pair) = login(&stage).await;
    stage.pds.expire_access("ada.test");
    assert!(expired(&session(&mut client, &pair).await));
    let next = refresh(&mut client, &pair).await.json();
    assert_eq!(session(&mut client, &next).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let stage = Stage::new().await;
    let (mut client, pair) = login(&stage).await;
    let next = refresh(&mut client, &pair).await;
    assert_eq!(next.status, 200);
    let again = refresh(&mut client, &pair).await;
    assert_eq!(again.json(), json!({"error": "ExpiredToken", "message": "Token has been revoked"}));
    assert_eq!(refresh(&mut client, &next.json()).await.status, 200, "the chain goes on");
}

#[tokio::test]
async fn within_its_grace_a_used_refresh_token_leads_to_the_same_next_one() {
    let reuse = RefreshReuse::Within(Duration::from_hours(2));
    let settings = Settings { refresh_reuse: reuse, ..Settings::default() };
    let stage = Stage::with(settings, Faults::none()).await;
    let (mut client, pair) = login(&stage).await;
    let id = |pair: &Value| {
        crate::standin::token::peek(pair["refreshJwt"].as_str().unwrap()).unwrap()["jti"].clone()
    };
    let first = refresh(&mut client, &pair).await.json();
    let second = refresh(&mut client, &pair).await.json();
    assert_eq!(id(&first), id(&second));
    assert_ne!(id(&first), id(&pair));
}

#[tokio::test]
async fn a_refresh_takes_no_body() {
    let stage = Stage::new().await;
    let (mut client, pair) = login(&stage).await;
    client.token = Some(pair["refreshJwt"].as_str().unwrap().to_owned());
    let refused = client.post(REFRESH, &json!({})).await;
    assert_eq!(refused.json()["message"], "A request body was provided when none was expected");
    assert_eq!(refresh(&mut client, &pair).await.status, 200, "and nothing was rotated");
}

#[tokio::test]
async fn removing_the_app_password_ends_refreshing_but_not_the_access_token() {
    let stage = Stage::new().await;
    let (mut client, pair) = login(&stage).await;
    stage.pds.remove_passwords("ada.test");
    assert!(expired(&refresh(&mut client, &pair).await));
    assert_eq!(session(&mut client, &pair).await.status, 200);
    let body = json!({"identifier": "ada.test", "password": PASSWORD});
    assert_eq!(client.post(LOGIN, &body).await.status, 401);
}

#[tokio::test]
async fn limits_are_told_and_kept() {
    let limits =
        Limits { login: super::super::Rate::new(2, Duration::from_mins(5)), ..Limits::published() };
    let settings = Settings { limits: Some(limits), ..Settings::default() };
    let stage = Stage::with(settings, Faults::none()).await;
    let mut client = stage.stranger().await;
    let body = json!({"identifier": "ada.test", "password": "wrong"});
    let first = client.post(LOGIN, &body).await;
    assert_eq!(first.headers["ratelimit-policy"], "2;w=300");
    assert_eq!(first.headers["ratelimit-remaining"], "1");
    client.post(LOGIN, &body).await;
    let over = client.post(LOGIN, &body).await;
    assert_eq!(over.status, 429);
    assert_eq!(
        over.json(),
        json!({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"})
    );
    assert_eq!(over.headers["retry-after"], "300");
    let other = json!({"identifier": "noor.test", "password": "wrong"});
    assert_eq!(client.post(LOGIN, &other).await.status, 401);
}
