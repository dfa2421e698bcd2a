//! The plain network, line by line of its contract.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Client, Reply};
use crate::standin::plain::{Mode, Plain, Settings, Tokens};
use crate::standin::{Author, Faults, Ledger, Rate, Server};
use std::sync::Arc;

struct Network {
    ledger: Arc<Ledger>,
    plain: Arc<Plain>,
    server: Server,
    tokens: Tokens,
}

const POSTS: &str = "/v1/ada/posts";

impl Network {
    async fn new(mode: Mode) -> Self {
        Self::with(mode, Settings::default()).await
    }

    async fn with(mode: Mode, settings: Settings) -> Self {
        let ledger = Ledger::new();
        let plain = Plain::new(settings, ledger.clone());
        let tokens = plain.add_account("ada", "password", mode);
        let server = Server::start("127.0.0.1:0", plain.clone(), ledger.clone(), Faults::none())
            .await
            .unwrap();
        Self { ledger, plain, server, tokens }
    }

    async fn ada(&self) -> Client {
        let mut client = Client::new(self.server.address()).await;
        client.token = Some(self.tokens.access.clone());
        client
    }
}

async fn post_with_key(client: &mut Client, key: &str, body: &Value) -> Reply {
    let body = body.to_string();
    let extra = format!("Idempotency-Key: {key}\r\nContent-Length: {}\r\n", body.len());
    client.send((client.head("POST", POSTS, &extra) + &body).as_bytes()).await;
    client.reply().await.unwrap()
}

fn contents(page: &Value) -> Vec<&str> {
    page["posts"].as_array().unwrap().iter().map(|post| post["content"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_chosen_id_is_written_once() {
    let network = Network::new(Mode::CreateOnly).await;
    let mut ada = network.ada().await;
    assert_eq!(
        ada.get("/v1/ada").await.json(),
        json!({"account": "ada", "name": "ada", "mode": "create_only"})
    );
    let body = json!({"id": "chosen-id-1", "text": "hi"});
    assert_eq!(ada.post(POSTS, &body).await.status, 201);
    let other = ada.post(POSTS, &json!({"id": "chosen-id-1", "text": "other"})).await;
    assert_eq!(other.error(), (409, "exists".to_owned()));
    assert_eq!(other.json()["post"]["content"], "<p>hi</p>");
    for (body, error) in [
        (json!({"text": "hi"}), "id_required"),
        (json!({"text": "hi", "id": "short"}), "id_malformed"),
        (json!({"text": "  \n ", "id": "chosen-id-2"}), "text_empty"),
        (json!({"text": "x".repeat(501), "id": "chosen-id-2"}), "text_too_long"),
        (json!({"text": "hi", "id": "chosen-id-2", "reply_to": "nothing"}), "reply_unknown"),
        (json!({"text": "hi", "id": "chosen-id-2", "media": ["m1"]}), "media_unknown"),
        (json!({"text": "hi", "id": "chosen-id-2", "media": vec!["m1"; 5]}), "media_too_many"),
    ] {
        assert_eq!(ada.post(POSTS, &body).await.error(), (422, error.to_owned()));
    }
    assert_eq!(ada.post(POSTS, &json!(["x"])).await.error(), (400, "body_malformed".to_owned()));
    assert_eq!(ada.try_call("DELETE", &format!("{POSTS}/chosen-id-1")).await.unwrap().status, 204);
    assert_eq!(
        ada.get(&format!("{POSTS}/chosen-id-1")).await.error(),
        (404, "post_unknown".to_owned())
    );
    assert_eq!(ada.post(POSTS, &body).await.status, 201, "the id is free again");
    assert_eq!(network.ledger.posts("ada").len(), 2);
}

#[tokio::test]
async fn an_honoured_key_gives_the_same_post_again() {
    let network = Network::new(Mode::KeysHonoured).await;
    let mut ada = network.ada().await;
    let body = json!({"text": "hi"});
    let first = post_with_key(&mut ada, "k1", &body).await;
    let again = post_with_key(&mut ada, "k1", &body).await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.json(), again.json());
    assert_eq!(post_with_key(&mut ada, "k1", &json!({"text": "x"})).await.error().1, "key_reused");
    assert_eq!(post_with_key(&mut ada, "k2", &body).await.status, 201);
    assert_eq!(
        ada.post(POSTS, &json!({"text": "hi", "id": "chosen-id"})).await.error().1,
        "id_not_taken"
    );
    let keys: Vec<_> =
        network.ledger.posts("ada").iter().map(|post| post.key.clone().unwrap()).collect();
    assert_eq!(keys, ["k1", "k2"]);
}

#[tokio::test]
async fn a_key_is_forgotten_after_its_time() {
    let settings = Settings { keys_live: Some(Duration::from_millis(30)), ..Settings::default() };
    let network = Network::with(Mode::KeysHonoured, settings).await;
    let mut ada = network.ada().await;
    let body = json!({"text": "hi"});
    assert_eq!(post_with_key(&mut ada, "k1", &body).await.status, 201);
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(post_with_key(&mut ada, "k1", &body).await.status, 201);
}

#[tokio::test]
async fn ignored_keys_make_a_post_each() {
    for mode in [Mode::KeysIgnored, Mode::Unreadable] {
        let network = Network::new(mode).await;
        let mut ada = network.ada().await;
        let id = post_with_key(&mut ada, "k1", &json!({"text": "hi"})).await.json()["id"].clone();
        assert_eq!(post_with_key(&mut ada, "k1", &json!({"text": "hi"})).await.status, 201);
        assert_eq!(network.ledger.posts("ada").len(), 2);
        let reads =
            [ada.get(POSTS).await, ada.get(&format!("{POSTS}/{}", id.as_str().unwrap())).await];
        let is_refused = reads.map(|reply| reply.status == 403);
        assert_eq!(is_refused, [mode == Mode::Unreadable; 2]);
    }
}

#[tokio::test]
async fn posts_are_listed_in_both_orders_with_foreign_ones_among_them() {
    let network = Network::new(Mode::KeysIgnored).await;
    let mut ada = network.ada().await;
    let first = ada.post(POSTS, &json!({"text": "one & only"})).await.json();
    let foreign = network.plain.plant("ada", "one & only", "another app").unwrap();
    let reply = ada.post(POSTS, &json!({"text": "three", "reply_to": first["id"]})).await.json();
    let page = ada.get(&format!("{POSTS}?limit=2")).await.json();
    assert_eq!(contents(&page), ["<p>one &amp; only</p>"; 2]);
    assert_eq!(
        (&page["posts"][0]["app"], &page["posts"][1]["app"]),
        (&json!("bellwether"), &json!("another app"))
    );
    assert_eq!(page["next"], foreign);
    let page = ada.get(&format!("{POSTS}?after={foreign}")).await.json();
    assert_eq!((contents(&page), &page["next"]), (vec!["<p>three</p>"], &Value::Null));
    assert_eq!(page["posts"][0], reply);
    let page = ada.get(&format!("{POSTS}?order=newest&limit=1")).await.json();
    assert_eq!((contents(&page), &page["next"]), (vec!["<p>three</p>"], &reply["id"]));
    ada.try_call("DELETE", &format!("{POSTS}/{foreign}")).await.unwrap();
    let page = ada.get(&format!("{POSTS}?order=newest&after={foreign}")).await.json();
    assert_eq!(contents(&page), ["<p>one &amp; only</p>"], "a deleted post keeps its place");
    assert_eq!(
        ada.get(&format!("{POSTS}?after=no")).await.error(),
        (404, "post_unknown".to_owned())
    );
    assert_eq!(
        ada.get(&format!("{POSTS}?limit=101")).await.error(),
        (400, "limit_malformed".to_owned())
    );
    assert_eq!(network.ledger.posts("ada")[1].author, Author::AnotherApp("another app".to_owned()));
}

const NEVER: Duration = Duration::from_hours(1);
const SOON: Duration = Duration::from_millis(20);

#[tokio::test]
async fn a_new_post_settles_before_it_is_listed() {
    let settings = Settings { settle: NEVER, tells_app: false, ..Settings::default() };
    let network = Network::with(Mode::KeysIgnored, settings).await;
    let mut ada = network.ada().await;
    assert_eq!(ada.get("/v1/server").await.json()["settle_ms"], 3_600_000);
    let post = ada.post(POSTS, &json!({"text": "hi"})).await.json();
    assert_eq!(post["app"], Value::Null);
    assert_eq!(ada.get(POSTS).await.json()["posts"], json!([]));
    let id = post["id"].as_str().unwrap();
    assert_eq!(
        ada.get(&format!("{POSTS}/{id}")).await.json(),
        post,
        "one by one it is there at once"
    );

    let network =
        Network::with(Mode::KeysIgnored, Settings { settle: SOON, ..Settings::default() }).await;
    let mut ada = network.ada().await;
    let post = ada.post(POSTS, &json!({"text": "hi"})).await.json();
    while ada.get(POSTS).await.json()["posts"] != json!([post]) {
        tokio::time::sleep(SOON).await;
    }
}

#[tokio::test]
async fn a_refresh_token_works_once_and_the_password_helps() {
    let network = Network::new(Mode::KeysIgnored).await;
    let mut ada = network.ada().await;
    let used = json!({"refresh_token": network.tokens.refresh});
    let next = ada.post("/v1/token/refresh", &used).await;
    assert_eq!(next.status, 200);
    assert_eq!(
        ada.post("/v1/token/refresh", &used).await.error(),
        (401, "refresh_refused".to_owned())
    );
    let next = json!({"refresh_token": next.json()["refresh_token"]});
    assert_eq!(ada.post("/v1/token/refresh", &next).await.status, 200);
    network.plain.expire_access("ada");
    assert_eq!(ada.get("/v1/ada").await.error(), (401, "token_expired".to_owned()));
    let session =
        ada.post("/v1/token", &json!({"account": "ada", "password": "password"})).await.json();
    ada.token = Some(session["access_token"].as_str().unwrap().to_owned());
    assert_eq!(ada.get("/v1/ada").await.status, 200);
    network.plain.add_account("noor", "password", Mode::KeysIgnored);
    assert_eq!(ada.get("/v1/noor").await.error(), (403, "not_yours".to_owned()));
    assert_eq!(ada.get("/v1/kofi").await.error(), (404, "account_unknown".to_owned()));
    ada.token = Some("abc".to_owned());
    assert_eq!(ada.get("/v1/ada").await.error(), (401, "token_invalid".to_owned()));
    ada.token = None;
    assert_eq!(ada.get("/v1/ada").await.error(), (401, "token_missing".to_owned()));
    let wrong = json!({"account": "ada", "password": "x"});
    assert_eq!(ada.post("/v1/token", &wrong).await.error(), (401, "login_refused".to_owned()));
}

#[tokio::test]
async fn media_is_worked_on_before_it_can_be_posted() {
    for (takes, is_ever_ready) in [(NEVER, false), (SOON, true)] {
        let settings = Settings { media_takes: takes, media_bytes: 10, ..Settings::default() };
        let network = Network::with(Mode::KeysIgnored, settings).await;
        let mut ada = network.ada().await;
        let medium = ada.upload("/v1/ada/media", "image/png", b"picture").await;
        assert_eq!((medium.status, &medium.json()["state"]), (202, &json!("processing")));
        let id = medium.json()["id"].clone();
        let path = format!("/v1/ada/media/{}", id.as_str().unwrap());
        let body = json!({"text": "hi", "media": [id]});
        if is_ever_ready {
            while ada.get(&path).await.status == 206 {
                tokio::time::sleep(SOON).await;
            }
            assert_eq!(ada.get(&path).await.json()["state"], "ready");
            assert_eq!(ada.post(POSTS, &body).await.json()["media"], json!([id]));
        } else {
            assert_eq!(ada.get(&path).await.status, 206);
            assert_eq!(ada.post(POSTS, &body).await.error(), (422, "media_not_ready".to_owned()));
        }
        assert_eq!(ada.upload("/v1/ada/media", "image/png", b"a big picture").await.error().0, 413);
        assert_eq!(ada.upload("/v1/ada/media", "text/plain", b"x").await.error().0, 415);
    }
}

#[tokio::test]
async fn posts_are_counted_where_the_server_counts() {
    let settings =
        Settings { rate: Some(Rate::new(1, Duration::from_mins(1))), ..Settings::default() };
    let network = Network::with(Mode::KeysIgnored, settings).await;
    let mut ada = network.ada().await;
    let first = ada.post(POSTS, &json!({"text": "hi"})).await;
    assert_eq!((first.status, first.headers["x-ratelimit-remaining"].as_str()), (201, "0"));
    let second = ada.post(POSTS, &json!({"text": "hi"})).await;
    assert_eq!(second.error(), (429, "rate_limited".to_owned()));
    assert_eq!(second.headers["retry-after"], "60");
    assert_eq!(network.ledger.posts("ada").len(), 1);
}
