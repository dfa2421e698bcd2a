use bellwether_app::Caller;
use bellwether_app::idempotency::{self, Claimed, Wish};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::world::{Answer, World, content, worlds};

async fn send(world: &World, key: &str, path: &str, body: &Value) -> Answer {
    world.operator().with("idempotency-key", key).post(path, body).await
}

async fn count(world: &World) -> usize {
    let posts = world.operator().get(&format!("{}/posts", world.at)).await.good();
    posts["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn the_same_request_with_the_same_key_has_one_effect() {
    for world in worlds().await {
        let path = format!("{}/posts", world.at);
        let body = json!({ "content": content("Once") });
        let first = send(&world, "k1", &path, &body).await;
        assert_eq!(first.status, 201);
        assert_eq!(first.header("idempotency-replayed"), "");
        let again = send(&world, "k1", &path, &body).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.header("etag"), first.header("etag"));
        assert_eq!(again.header("content-type"), "application/json");
        assert_eq!(count(&world).await, 1);

        let other = json!({ "content": content("Twice") });
        let problem = send(&world, "k1", &path, &other).await;
        problem.refused(422, "idempotency-other-request");
        let elsewhere = format!("{}/posts/check", world.at);
        send(&world, "k1", &elsewhere, &body).await.refused(422, "idempotency-other-request");

        // Another caller's key is another key.
        let token = world.token(&["read", "write"]).await;
        let theirs = world.bearer(&token).with("idempotency-key", "k1");
        assert_eq!(theirs.post(&path, &body).await.status, 201);
        assert_eq!(count(&world).await, 2);

        world.app.advance(idempotency::KEPT + std::time::Duration::from_secs(1));
        assert_eq!(send(&world, "k1", &path, &body).await.header("idempotency-replayed"), "");
        assert_eq!(count(&world).await, 3);
    }
}

#[tokio::test]
async fn a_refusal_is_kept_and_what_may_end_otherwise_is_not() {
    for world in worlds().await {
        let path = format!("{}/channels/connect/small", world.at);
        let step = world.operator().post(&path, &Value::Null).await.good();
        let answer = |account: &str| {
            json!({
                "state": step["state"],
                "answers": { "server": "s", "account": account, "password": "right" },
            })
        };
        // A network that was not to be had.
        for _ in 0..2 {
            let away = send(&world, "k", &path, &answer("away")).await;
            assert_eq!(away.header("idempotency-replayed"), "");
            away.refused(502, "server-not-answering");
        }
        let post = json!({ "content": content(&"x".repeat(100_001)) });
        let path = format!("{}/posts", world.at);
        send(&world, "k2", &path, &post).await.refused(422, "post-part-too-long");
        let again = send(&world, "k2", &path, &post).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        again.refused(422, "post-part-too-long");
    }
}

#[tokio::test]
async fn a_key_must_be_one_short_word() {
    for world in worlds().await {
        let path = format!("{}/posts", world.at);
        let body = json!({ "content": content("Hello") });
        for wrong in ["", "two words", &"x".repeat(256), "späti"] {
            let answer = send(&world, wrong, &path, &body).await;
            answer.refused(400, "idempotency-key-unfit");
        }
        let twice = world.operator().with("idempotency-key", "a").with("idempotency-key", "b");
        twice.post(&path, &body).await.refused(400, "idempotency-key-unfit");
        assert_eq!(count(&world).await, 0);
        let nobody = world.stranger().with("idempotency-key", "a");
        nobody.post(&path, &body).await.refused(401, "api-token-missing");
    }
}

/// What another process would have written down for this request.
fn request(world: &World, what: &str, body: &Value) -> [u8; 32] {
    let target = format!("/v1/workspaces/{}/{what}", world.workspace);
    let (body, kind) = match body {
        Value::Null => (String::new(), ""),
        body => (body.to_string(), "application/json"),
    };
    let mut hash = Sha256::new();
    for piece in ["POST", &target, kind, &body] {
        hash.update((piece.len() as u64).to_be_bytes());
        hash.update(piece);
    }
    hash.finalize().into()
}

/// A process takes a request on, and dies before it answers.
async fn die(world: &World, key: &str, what: &str, body: &Value) -> Claimed {
    let wish = Wish {
        caller: &Caller::Operator,
        key,
        request: request(world, what, body),
        worker: "a process that is gone",
    };
    idempotency::claim(&world.app, &wish).await.unwrap()
}

#[tokio::test]
async fn a_post_whose_answer_was_lost_with_its_process_is_written_once() {
    for world in worlds().await {
        let body = json!({ "content": content("Once") });
        let Claimed::New { subject } = die(&world, "k", "posts", &body).await else { panic!() };
        // Whoever owns the database knows that the other one is gone; over a
        // shared one it is given time.
        world.app.advance(std::time::Duration::from_mins(6));
        let path = format!("{}/posts", world.at);
        let made = send(&world, "k", &path, &body).await;
        assert_eq!(made.json()["id"], subject.to_string(), "before the effect");
        assert_eq!(count(&world).await, 1);

        let Claimed::New { subject } = die(&world, "k2", "posts", &body).await else { panic!() };
        let again = world.operator().post(&path, &body).await.good();
        assert_ne!(again["id"], subject.to_string());
        rename(&world, again["id"].as_str().unwrap(), subject).await;
        world.app.advance(std::time::Duration::from_mins(6));
        let found = send(&world, "k2", &path, &body).await;
        assert_eq!((found.status.as_u16(), &found.json()["id"]), (201, &json!(subject)));
        assert_eq!(count(&world).await, 2, "after the effect");
    }
}

/// As if the process that died had written this post.
async fn rename(world: &World, id: &str, to: bellwether_base::uuid::Uuid) {
    let mut tx = world.app.db.begin().await.unwrap();
    tx.sql("update posts set id = $1 where id = $2")
        .bind(to)
        .bind(id.parse::<bellwether_base::uuid::Uuid>().unwrap())
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn any_other_request_of_a_dead_process_is_never_carried_out_again() {
    for world in worlds().await {
        let body = json!({ "scope": "workspace" });
        die(&world, "k", "pauses", &body).await;
        world.app.advance(std::time::Duration::from_mins(6));
        let path = format!("{}/pauses", world.at);
        for _ in 0..2 {
            let answer = send(&world, "k", &path, &body).await;
            answer.refused(409, "idempotency-outcome-unknown");
        }
        let pauses = world.operator().get(&path).await.good();
        assert_eq!(pauses["items"], json!([]));
    }
}

#[tokio::test]
async fn while_it_is_under_way_it_is_not_begun_again() {
    for world in worlds().await {
        let path = format!("{}/posts", world.at);
        let body = json!({ "content": content("Once") });
        let asked = (0..8).map(|_| send(&world, "k", &path, &body));
        let answers = futures::future::join_all(asked).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert!(made >= 1);
        for answer in answers {
            if answer.status != 201 {
                assert_eq!(answer.header("retry-after"), "1");
                answer.refused(409, "idempotency-running");
            }
        }
        assert_eq!(count(&world).await, 1);
    }
}
