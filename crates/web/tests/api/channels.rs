use serde_json::{Value, json};

use crate::world::{content, worlds};

#[tokio::test]
async fn a_channel_is_connected_step_by_step() {
    for world in worlds().await {
        let script = world.operator();
        let path = format!("{}/channels/connect/small", world.at);
        let first = script.post(&path, &Value::Null).await;
        insta::assert_json_snapshot!("first_step", first.whole());
        let state = first.json()["state"].clone();
        let answer = |state: &Value, account: &str, password: &str| {
            json!({
                "state": state,
                "answers": { "server": "s", "account": account, "password": password },
            })
        };
        script.post(&path, &answer(&state, "ada", "wrong")).await.refused(422, "login-refused");
        script
            .post(&path, &answer(&json!("bent"), "ada", "right"))
            .await
            .refused(422, "connect-stale");
        let stateless = json!({ "answers": { "account": "ada" } });
        script.post(&path, &stateless).await.refused(422, "connect-state-missing");
        let connected = script.post(&path, &answer(&state, "ada", "right")).await;
        assert_eq!(connected.status, 201);
        assert!(!connected.text().contains("hunter2"), "a credential stays inside");
        insta::assert_json_snapshot!("connected", connected.whole());
        let id = connected.json()["id"].clone();
        let again = script.post(&path, &answer(&state, "ada", "right")).await;
        assert_eq!(again.json()["id"], id, "the same profile is the same channel");

        let choice = script.post(&path, &answer(&state, "both", "right")).await;
        insta::assert_json_snapshot!("choice", choice.whole());
        let chosen = json!({ "state": choice.json()["state"], "answers": { "choice": "noor" } });
        script.post(&path, &chosen).await.good();
        let list = script.get(&format!("{}/channels", world.at)).await.good();
        let handles: Vec<_> =
            list["items"].as_array().unwrap().iter().map(|each| &each["handle"]).collect();
        assert_eq!(handles, ["ada.small.example", "noor.small.example"]);

        let path = format!("{}/channels/{}", world.at, id.as_str().unwrap());
        let removed = script.delete(&path).await.good();
        assert_eq!(removed, json!({ "planned": "held", "deliveries": 0 }));
        assert_eq!(script.get(&path).await.good()["state"], "removed");
        let unknown = format!("{}/channels/connect/nowhere", world.at);
        script.post(&unknown, &Value::Null).await.refused(404, "not-found-network");
    }
}

#[tokio::test]
async fn a_channel_says_what_is_planned_on_it_and_what_becomes_of_that() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let mut posts = Vec::new();
        for local in ["2026-03-02T19:00", "2026-03-02T18:00"] {
            let schedule = json!({ "channels": [channel], "when": { "local": local } });
            let post = json!({ "content": content(local), "schedule": schedule });
            posts.push(script.post(&format!("{}/posts", world.at), &post).await.good());
        }
        let path = format!("{}/channels/{channel}", world.at);
        let waits = json!({ "deliveries": 2, "first_at": "2026-03-02T17:00:00.000Z" });
        assert_eq!(script.get(&path).await.good()["queue"], waits);
        let list = script.get(&format!("{}/channels", world.at)).await.good();
        assert_eq!(list["items"][0]["queue"], waits);

        assert_eq!(script.delete(&format!("{path}?planned=perhaps")).await.status, 400);
        assert_eq!(script.delete(&format!("{path}?plan=held")).await.status, 400);
        let removed = script.delete(&format!("{path}?planned=cancelled")).await.good();
        assert_eq!(removed, json!({ "planned": "cancelled", "deliveries": 2 }));
        assert_eq!(script.get(&path).await.good()["queue"], Value::Null);
        let delivery = posts[0]["scheduled"]["deliveries"][0]["id"].as_str().unwrap();
        let delivery = script.get(&format!("{}/deliveries/{delivery}", world.at)).await.good();
        assert_eq!(delivery["state"], "cancelled");
    }
}

#[tokio::test]
async fn networks_say_what_they_are_and_count_text() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let all = script.get("/api/v1/networks").await.good();
        let small = all["items"].as_array().unwrap().iter().find(|each| each["name"] == "small");
        insta::assert_json_snapshot!("network", small);
        let body = json!({ "network": "small", "text": "Hello #world" });
        let measured = script.post("/api/v1/text/measure", &body).await;
        insta::assert_json_snapshot!("measured", measured.whole());
        let text = "x".repeat(41);
        let body = json!({
            "network": "small", "text": text, "workspace": world.workspace, "channel": channel,
        });
        let measured = script.post("/api/v1/text/measure", &body).await;
        insta::assert_json_snapshot!("measured_too_long", measured.whole());
        let ask = |body: Value| async move { script.post("/api/v1/text/measure", &body).await };
        let script = world.operator();
        let _ = &script;
        ask(json!({ "network": "nowhere", "text": "" })).await.refused(404, "not-found-network");
    }
}
