//! Programs, consent and tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::*;

const CALLBACK: &str = "https://desk.example/callback";
const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";

/// A registered program: its id and secret.
async fn register(client: &mut Client, redirects: Value, scopes: &str) -> (String, String) {
    let body = json!({"client_name": "Desk", "redirect_uris": redirects, "scopes": scopes});
    let app = client.post("/api/v1/apps", &body).await;
    assert_eq!(app.status, 200, "{app:?}");
    (text(&app.json()["client_id"]), text(&app.json()["client_secret"]))
}

fn authorize(client_id: &str, redirect: &str, more: &[(&str, &str)]) -> String {
    let pairs = [("response_type", "code"), ("client_id", client_id), ("redirect_uri", redirect)];
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .extend_pairs([("scope", "read write"), ("state", "s t")])
        .extend_pairs(more)
        .finish();
    format!("/oauth/authorize?{query}")
}

fn parameter(reply: &Reply, name: &str) -> Option<String> {
    let location = Url::parse(&reply.headers["location"]).unwrap();
    location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

async fn exchange(
    client: &mut Client,
    app: &(String, String),
    code: &str,
    more: &[(&str, &str)],
) -> Reply {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("client_id", &app.0),
        ("client_secret", &app.1),
        ("code", code),
    ];
    pairs.extend(more);
    form(client, "/oauth/token", &pairs).await
}

// methods/apps/#create
#[tokio::test]
async fn a_program_is_registered_with_an_id_and_a_secret() {
    let town = Town::new().await;
    let mut client = town.stranger().await;
    let body = json!({"client_name": "Desk", "redirect_uris": [CALLBACK, "https://b.example/"],
        "scopes": "read write push", "website": "https://desk.example"});
    let app = client.post("/api/v1/apps", &body).await.json();
    assert_eq!(app["name"], "Desk");
    assert_eq!(app["scopes"], json!(["read", "write", "push"]));
    assert_eq!(app["redirect_uri"], format!("{CALLBACK}\nhttps://b.example/"));
    assert_eq!(app["redirect_uris"], json!([CALLBACK, "https://b.example/"]));
    assert_eq!(
        (&app["website"], &app["client_secret_expires_at"]),
        (&json!("https://desk.example"), &json!(0))
    );
    let bad = json!({"client_name": "Desk", "redirect_uris": "nowhere"});
    assert_eq!(
        client.post("/api/v1/apps", &bad).await.error(),
        (422, "Validation failed: Redirect URI must be an absolute URI.".to_owned())
    );
    let bad = json!({"client_name": "Desk", "redirect_uris": CALLBACK, "scopes": "everything"});
    assert_eq!(client.post("/api/v1/apps", &bad).await.status, 422);
}

// methods/oauth/#authorize, #token
#[tokio::test]
async fn who_says_yes_is_led_back_with_a_code_that_works_once() {
    let town = Town::new().await;
    let mut client = town.stranger().await;
    let app = register(&mut client, json!([CALLBACK]), "read write").await;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let pkce = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let asked = authorize(&app.0, CALLBACK, &pkce);
    let page = client.get(&asked).await;
    assert_eq!(page.status, 200);
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("Desk") && page.contains("as=ada"), "{page}");

    let back = client.get(&format!("{asked}&as=ada")).await;
    assert_eq!((back.status, parameter(&back, "state")), (302, Some("s t".to_owned())));
    assert!(back.headers["location"].starts_with(CALLBACK));
    let code = parameter(&back, "code").unwrap();
    let (uri, wrong) = (("redirect_uri", CALLBACK), ("code_verifier", "another"));
    let refused = [
        exchange(&mut client, &app, &code, &[uri]).await.error(),
        exchange(&mut client, &app, &code, &[uri, wrong]).await.error(),
        exchange(
            &mut client,
            &app,
            &code,
            &[("redirect_uri", "https://b.example/"), ("code_verifier", VERIFIER)],
        )
        .await
        .error(),
        exchange(&mut client, &(app.0.clone(), "guessed".to_owned()), &code, &[uri]).await.error(),
    ];
    let expected = [
        (400, "invalid_request"),
        (400, "invalid_grant"),
        (400, "invalid_grant"),
        (401, "invalid_client"),
    ];
    assert_eq!(refused, expected.map(|(status, error)| (status, error.to_owned())));

    let good = [uri, ("code_verifier", VERIFIER)];
    let token = exchange(&mut client, &app, &code, &good).await.json();
    assert_eq!((&token["token_type"], &token["scope"]), (&json!("Bearer"), &json!("read write")));
    assert!(token["created_at"].is_i64() && token.get("refresh_token").is_none());
    assert_eq!(exchange(&mut client, &app, &code, &good).await.error().1, "invalid_grant", "once");
    client.token = Some(text(&token["access_token"]));
    let account = client.get("/api/v1/accounts/verify_credentials").await.json();
    assert_eq!((text(&account["id"]), &account["acct"]), (town.ada.clone(), &json!("ada")));
    // `reuse_access_token` of config/initializers/doorkeeper.rb
    let back = client.get(&format!("{asked}&as=ada")).await;
    let again = exchange(&mut client, &app, &parameter(&back, "code").unwrap(), &good).await.json();
    assert_eq!(again["access_token"], token["access_token"]);
}

// methods/oauth/#authorize; RFC 6749, 4.1.2.1
#[tokio::test]
async fn who_says_no_is_led_back_with_that() {
    let town = Town::new().await;
    let mut client = town.stranger().await;
    let app = register(&mut client, json!([CALLBACK]), "read write").await;
    let back = client.get(&authorize(&app.0, CALLBACK, &[("as", "")])).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "state").as_deref(), Some("s t"));
    let app = register(&mut client, json!([CALLBACK]), "read").await;
    let back = client.get(&authorize(&app.0, CALLBACK, &[("as", "ada")])).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_scope"));
    let lost = client.get(&authorize(&app.0, "https://thief.example/", &[("as", "ada")])).await;
    assert_eq!(lost.status, 400, "nobody is led to an address that was not registered");
}

// methods/oauth/#authorize: `urn:ietf:wg:oauth:2.0:oob`
#[tokio::test]
async fn without_an_address_the_code_is_shown() {
    let town = Town::new().await;
    let mut client = town.stranger().await;
    let oob = "urn:ietf:wg:oauth:2.0:oob";
    let app = register(&mut client, json!(oob), "read write").await;
    let back = client.get(&authorize(&app.0, oob, &[("as", "ada")])).await;
    let location = Url::parse(&back.headers["location"]).unwrap();
    let code = parameter(&back, "code").unwrap();
    let page = client.get(&format!("{}?{}", location.path(), location.query().unwrap())).await;
    assert!(String::from_utf8(page.body).unwrap().contains(&code));
    assert_eq!(exchange(&mut client, &app, &code, &[("redirect_uri", oob)]).await.status, 200);
}

#[tokio::test]
async fn a_harness_can_consent_without_a_client() {
    let town = Town::new().await;
    let mut client = town.stranger().await;
    let app = register(&mut client, json!(CALLBACK), "read write").await;
    let page = format!("{}{}", town.server.url(), &authorize(&app.0, CALLBACK, &[])[1..]);
    let refused = town.mastodon.consent(&page, None).unwrap();
    assert!(refused.contains("error=access_denied"), "{refused}");
    let back = Url::parse(&town.mastodon.consent(&page, Some("ada")).unwrap()).unwrap();
    let code = back.query_pairs().find(|(key, _)| key == "code").unwrap().1.into_owned();
    let good = [("redirect_uri", CALLBACK)];
    assert_eq!(exchange(&mut client, &app, &code, &good).await.status, 200);
    let lost = page.replace(&app.0, "nobody");
    assert_eq!(town.mastodon.consent(&lost, Some("ada")), None);
}

// methods/apps/#verify_credentials: any valid token will do
#[tokio::test]
async fn a_program_of_a_token_without_ceremony_is_known_too() {
    let town = Town::new().await;
    let app = town.ada().await.get("/api/v1/apps/verify_credentials").await.json();
    assert_eq!(app["name"], "bellwether");
    let again = town.with_scopes("read").await.get("/api/v1/apps/verify_credentials").await.json();
    assert_eq!(again, app, "one program, however many tokens it has");
}

// client/token/#flow, methods/oauth/#revoke
#[tokio::test]
async fn a_program_has_a_token_of_its_own_and_can_give_tokens_back() {
    let town = Town::new().await;
    let mut client = town.stranger().await;
    let app = register(&mut client, json!(CALLBACK), "read write").await;
    let pair = [("client_id", app.0.as_str()), ("client_secret", app.1.as_str())];
    let own = [&pair[..], &[("grant_type", "client_credentials"), ("scope", "read")]].concat();
    let token = text(&form(&mut client, "/oauth/token", &own).await.json()["access_token"]);
    client.token = Some(token.clone());
    assert_eq!(client.get("/api/v1/apps/verify_credentials").await.json()["name"], "Desk");
    assert_eq!(
        client.get("/api/v1/accounts/verify_credentials").await.error(),
        (422, "This method requires an authenticated user".to_owned())
    );
    let other = [("client_id", "x"), ("client_secret", "y"), ("token", &token)];
    assert_eq!(
        form(&mut client, "/oauth/revoke", &other).await.error(),
        (403, "unauthorized_client".to_owned())
    );
    let back = [&pair[..], &[("token", token.as_str())]].concat();
    for _ in 0..2 {
        let reply = form(&mut client, "/oauth/revoke", &back).await;
        assert_eq!((reply.status, reply.json()), (200, json!({})), "as often as one likes");
    }
    assert_eq!(
        client.get("/api/v1/apps/verify_credentials").await.error(),
        (401, "The access token was revoked".to_owned())
    );
}

// methods/oauth (4.3.0 - added); app/presenters/oauth_metadata_presenter.rb
#[tokio::test]
async fn the_metadata_says_where_everything_is() {
    let town = Town::new().await;
    let path = "/.well-known/oauth-authorization-server";
    let metadata = town.stranger().await.get(path).await.json();
    assert_eq!(metadata["issuer"], "http://stand.in/");
    assert_eq!(metadata["app_registration_endpoint"], "http://stand.in/api/v1/apps");
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert!(metadata["scopes_supported"].as_array().unwrap().contains(&json!("profile")));
}

#[tokio::test]
async fn a_server_before_4_3_has_no_metadata_and_ignores_pkce() {
    let town = Town::of(Flavour::Mastodon42).await;
    let mut client = town.stranger().await;
    assert_eq!(client.get("/.well-known/oauth-authorization-server").await.status, 404);
    let list = json!({"client_name": "Desk", "redirect_uris": [CALLBACK], "scopes": "read"});
    assert_eq!(client.post("/api/v1/apps", &list).await.status, 422, "lists came with 4.3");
    let profile = json!({"client_name": "Desk", "redirect_uris": CALLBACK, "scopes": "profile"});
    assert_eq!(client.post("/api/v1/apps", &profile).await.status, 422, "and so did this scope");
    let app = register(&mut client, json!(CALLBACK), "read write").await;
    let asked = [("code_challenge", "x"), ("code_challenge_method", "S256"), ("as", "ada")];
    let back = client.get(&authorize(&app.0, CALLBACK, &asked)).await;
    let code = parameter(&back, "code").unwrap();
    let pairs = [("redirect_uri", CALLBACK), ("code_verifier", "whatever")];
    assert_eq!(exchange(&mut client, &app, &code, &pairs).await.status, 200);
    let unused = register(&mut client, json!(CALLBACK), "read write").await;
    town.mastodon.forget_unused_apps();
    assert_eq!(
        client.get(&authorize(&unused.0, CALLBACK, &[])).await.status,
        401,
        "methods/apps/#create: vacuumed"
    );
    assert_eq!(client.get(&authorize(&app.0, CALLBACK, &[])).await.status, 200);
}

// app/controllers/api/base_controller.rb, api/oauth-scopes
#[tokio::test]
async fn a_token_is_good_for_its_scopes_and_until_it_is_taken_back() {
    let town = Town::new().await;
    let mut reader = town.with_scopes("read:statuses").await;
    let outside = (403, "This action is outside the authorized scopes".to_owned());
    assert_eq!(post(&mut reader, &hello()).await.error(), outside);
    assert_eq!(reader.get("/api/v1/accounts/verify_credentials").await.error(), outside);
    let mut writer = town.with_scopes("write:statuses profile").await;
    assert_eq!(post(&mut writer, &hello()).await.status, 200);
    assert_eq!(writer.get("/api/v1/accounts/verify_credentials").await.status, 200);
    assert_eq!(upload(&mut writer, "image/png", PIXEL, "").await.error(), outside);
    let invalid = (401, "The access token is invalid".to_owned());
    assert_eq!(post(&mut town.stranger().await, &hello()).await.error(), invalid);
    town.mastodon.revoke_tokens("ada");
    assert_eq!(
        post(&mut writer, &hello()).await.error(),
        (401, "The access token was revoked".to_owned())
    );
    assert_eq!(town.texts(), ["Hello"]);
}
