use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{content, worlds};

#[tokio::test]
async fn a_script_writes_a_post_and_sees_what_became_of_it() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let body = json!({
            "content": {
                "parts": [{ "text": "Fresh bread #bread" }, { "text": "Open until six" }],
                "languages": ["en"],
                "options": { "audience": "friends" },
            },
            "schedule": { "channels": [channel], "when": "now" },
        });
        let made = script.post(&format!("{}/posts", world.at), &body).await;
        insta::assert_json_snapshot!("written", made.whole());
        let made_at = made.header("location").to_owned();
        assert_eq!(made.header("etag"), "\"1\"");
        let shown = script.get(&made_at).await;
        assert_eq!(shown.json()["state"], "ready");

        let delivery = made.json()["scheduled"]["deliveries"][0]["id"].clone();
        let path = format!("{}/deliveries/{}", world.at, delivery.as_str().unwrap());
        let log = world.follow(&path).await;
        insta::assert_json_snapshot!("published", log.whole());
        assert_eq!(*world.ledger.lock().unwrap(), ["Fresh bread #bread / Open until six"]);

        let all = script.get(&format!("{made_at}/deliveries")).await.good();
        assert_eq!(all["items"][0]["id"], delivery);
        let list = script.get(&format!("{}/deliveries", world.at)).await.good();
        assert_eq!(list["items"][0]["state"], "live");

        let down = script.post(&format!("{path}/delete"), &Value::Null).await;
        insta::assert_json_snapshot!("taking_down", down.whole());
        script.delete(&made_at).await.refused(409, "post-delete-was-sent");
    }
}

#[tokio::test]
async fn a_script_deletes_what_was_never_sent() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let posts = format!("{}/posts", world.at);
        let draft = json!({ "content": content("Not yet") });
        let made_at = script.post(&posts, &draft).await.header("location").to_owned();
        assert_eq!(script.delete(&made_at).await.status, 204);
        script.get(&made_at).await.refused(404, "not-found-post");
        script.delete(&made_at).await.refused(404, "not-found-post");

        let schedule = json!({ "channels": [channel], "when": { "local": "2026-03-02T19:00" } });
        let planned = json!({ "content": content("Tonight"), "schedule": schedule });
        let made = script.post(&posts, &planned).await;
        let made_at = made.header("location").to_owned();
        script.delete(&made_at).await.refused(409, "post-delete-planned");
        let delivery = made.json()["scheduled"]["deliveries"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("{}/deliveries/{delivery}", world.at);
        script.post(&format!("{path}/cancel"), &Value::Null).await.good();
        assert_eq!(script.delete(&made_at).await.status, 204);
        script.get(&path).await.refused(404, "not-found-delivery");
    }
}

#[tokio::test]
async fn what_the_network_refused_is_told_in_its_own_words() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let body = json!({
            "content": content("refuse me"),
            "schedule": { "channels": [channel], "when": "now" },
        });
        let script = world.operator();
        let made = script.post(&format!("{}/posts", world.at), &body).await.good();
        let delivery = made["scheduled"]["deliveries"][0]["id"].as_str().unwrap();
        let path = format!("{}/deliveries/{delivery}", world.at);
        let log = world.follow(&path).await;
        insta::assert_json_snapshot!("refused", log.whole());
        script.post(&format!("{path}/cancel"), &Value::Null).await.good();
        let again = script.post(&format!("{path}/cancel"), &Value::Null).await;
        again.refused(409, "delivery-already-begun");
    }
}

#[tokio::test]
async fn a_doubt_is_settled_with_a_link() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let body = json!({
            "content": content("lose me"),
            "schedule": { "channels": [channel], "when": "now" },
        });
        let script = world.operator();
        let made = script.post(&format!("{}/posts", world.at), &body).await.good();
        let delivery = made["scheduled"]["deliveries"][0]["id"].as_str().unwrap();
        let path = format!("{}/deliveries/{delivery}", world.at);
        assert_eq!(world.follow(&path).await.json()["state"], "unknown");
        let wrong = script.post(&format!("{path}/attach"), &json!({ "url": "no link" })).await;
        wrong.refused(422, "attach-not-a-link");
        let link = json!({ "url": "https://small.example/found" });
        let live = script.post(&format!("{path}/attach"), &link).await.good();
        assert_eq!(live["state"], "live");
    }
}

#[tokio::test]
async fn a_draft_is_edited_only_over_the_revision_that_was_read() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let body = json!({ "content": content("First") });
        let made = script.post(&format!("{}/posts", world.at), &body).await;
        assert!(made.json().get("scheduled").is_none());
        let path = made.header("location").to_owned();
        let edit = json!({
            "content": content("Second"),
            "versions": { channel.clone(): content("Second, for Ada") },
        });
        script.put(&path, &edit).await.refused(428, "api-revision-missing");
        let first = world.operator().with("if-match", "\"1\"");
        let edited = first.put(&path, &edit).await;
        assert_eq!(edited.header("etag"), "\"2\"");
        insta::assert_json_snapshot!("edited", edited.whole());
        first.put(&path, &edit).await.refused(412, "post-changed-meanwhile");
        let mut stale = edit.clone();
        stale["revision"] = json!(1);
        script.put(&path, &stale).await.refused(409, "post-changed-meanwhile");
        stale["revision"] = json!(2);
        // What a client was shown, it can send back.
        stale["content"] = edited.json()["content"].clone();
        assert_eq!(script.put(&path, &stale).await.good()["revision"], 3);
    }
}

#[tokio::test]
async fn lists_come_in_pages_whose_cursors_tell_nothing() {
    for world in worlds().await {
        let script = world.operator();
        for number in 1..=5 {
            world.app.advance(std::time::Duration::from_secs(1));
            let body = json!({ "content": content(&format!("Post {number}")) });
            script.post(&format!("{}/posts", world.at), &body).await.good();
        }
        let mut texts = Vec::new();
        let mut path = format!("{}/posts?limit=2", world.at);
        loop {
            let page = script.get(&path).await.good();
            for post in page["items"].as_array().unwrap() {
                texts.push(post["content"]["parts"][0]["text"].as_str().unwrap().to_owned());
            }
            let Some(next) = page["next"].as_str() else { break };
            path = format!("{}/posts?limit=2&after={next}", world.at);
        }
        assert_eq!(texts, ["Post 5", "Post 4", "Post 3", "Post 2", "Post 1"]);
        let foreign = script.get(&format!("{}/posts?after=xyz", world.at)).await;
        foreign.refused(422, "cursor-unknown");
        let unknown = script.get(&format!("{}/posts?page=2", world.at)).await;
        unknown.refused(400, "api-query-unfit");
    }
}

#[tokio::test]
async fn a_check_writes_nothing() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let body = json!({ "content": content(&"x".repeat(50)), "channels": [channel] });
        let found = script.post(&format!("{}/posts/check", world.at), &body).await;
        insta::assert_json_snapshot!("checked", found.whole());
        let posts = script.get(&format!("{}/posts", world.at)).await.good();
        assert_eq!(posts["items"], json!([]));
    }
}

#[tokio::test]
async fn local_times_that_the_clocks_skip_or_repeat_come_with_a_warning() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let plan = |local: &str| {
            json!({
                "content": content("At night"),
                "schedule": { "channels": [channel], "when": { "local": local } },
            })
        };
        let path = format!("{}/posts", world.at);
        let gap = world.operator().post(&path, &plan("2026-03-29T02:30")).await;
        insta::assert_json_snapshot!("gap", gap.whole()["body"]["scheduled"]);
        let overlap = world.operator().with("accept-language", "fr");
        let overlap = overlap.post(&path, &plan("2026-10-25T02:30")).await;
        let scheduled = &overlap.json()["scheduled"];
        assert_eq!(scheduled["shift"], "overlap");
        insta::assert_json_snapshot!("overlap", scheduled["warnings"]);
        let id = scheduled["deliveries"][0]["id"].as_str().unwrap();
        let path = format!("{}/deliveries/{id}/reschedule", world.at);
        let when = json!({ "when": { "local": "2026-12-24T18:00", "zone": "Asia/Seoul" } });
        let moved = world.operator().post(&path, &when).await.good();
        assert_eq!(moved["planned_at"], "2026-12-24T09:00:00.000Z");
        assert_eq!(moved["warnings"], json!([]));
    }
}

#[tokio::test]
async fn an_unfit_plan_writes_no_post_either() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let body = json!({
            "content": content(&"x".repeat(50)),
            "schedule": { "channels": [channel], "when": "now" },
        });
        let script = world.operator();
        let refused = script.post(&format!("{}/posts", world.at), &body).await;
        insta::assert_json_snapshot!("unfit", refused.whole());
        let posts = script.get(&format!("{}/posts", world.at)).await.good();
        assert_eq!(posts["items"], json!([]));
        let wrong =
            script.send(Method::PATCH, &format!("{}/posts", world.at), "", Vec::new()).await;
        assert_eq!(wrong.header("allow"), "GET,HEAD,POST");
        wrong.refused(405, "method");
    }
}
