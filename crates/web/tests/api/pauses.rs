use serde_json::{Value, json};

use crate::world::{content, worlds};

#[tokio::test]
async fn a_pause_holds_and_a_resume_lets_go_what_somebody_looked_at() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let pauses = format!("{}/pauses", world.at);
        let paused = script.post(&pauses, &json!({ "scope": "workspace" })).await;
        insta::assert_json_snapshot!("paused", paused.whole());
        let listed = script.get(&pauses).await.good();
        assert_eq!(listed["items"][0]["scope"], "workspace");

        let body = json!({
            "content": content("Later"),
            "schedule": { "channels": [channel], "when": "now" },
        });
        let made = script.post(&format!("{}/posts", world.at), &body).await.good();
        let delivery = made["scheduled"]["deliveries"][0]["id"].as_str().unwrap();
        let path = format!("{}/deliveries/{delivery}", world.at);
        let held = world.follow(&path).await.json();
        assert_eq!((&held["state"], &held["held_reason"]), (&json!("held"), &json!("paused")));

        let resume = format!("{pauses}/resume");
        let speechless = json!({ "scope": "workspace", "reason": " " });
        script.post(&resume, &speechless).await.refused(422, "pause-reason-missing");
        let reason = json!({ "scope": "workspace", "reason": "all clear", "look_first": true });
        assert_eq!(script.post(&resume, &reason).await.status, 204);
        script.post(&resume, &reason).await.refused(409, "pause-not-on");
        let held = world.follow(&path).await.json();
        assert_eq!(held["held_reason"], "look_first");
        script.post(&format!("{path}/release"), &Value::Null).await.good();
        assert_eq!(world.follow(&path).await.json()["state"], "live");
    }
}

#[tokio::test]
async fn every_scope_can_be_paused_and_nonsense_cannot() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let at = format!("{}/pauses", world.at);
        for (path, scope) in [
            (at.as_str(), json!({ "scope": "channel", "channel": channel })),
            ("/api/v1/pauses", json!({ "scope": "network", "network": "small" })),
            ("/api/v1/pauses", json!({ "scope": "installation" })),
        ] {
            let mut body = scope.clone();
            body["level"] = json!("everything");
            let paused = script.post(path, &body).await.good();
            assert_eq!(paused["pause"]["level"], "everything");
            assert_eq!(paused["pause"]["scope"], scope["scope"]);
        }
        let concerns = script.get(&at).await.good();
        assert_eq!(concerns["items"].as_array().unwrap().len(), 3);
        for (path, wrong, status, code) in [
            (at.as_str(), json!({ "scope": "installation" }), 422, "api-json-unfit"),
            (&at, json!({ "scope": "channel" }), 422, "pause-scope-unfit"),
            (&at, json!({ "scope": "workspace", "channel": channel }), 422, "pause-scope-unfit"),
            (&at, json!({ "scope": "workspace", "level": "a bit" }), 422, "api-json-unfit"),
            ("/api/v1/pauses", json!({ "scope": "network" }), 422, "pause-scope-unfit"),
            (
                "/api/v1/pauses",
                json!({ "scope": "network", "network": "x?" }),
                404,
                "not-found-network",
            ),
        ] {
            script.post(path, &wrong).await.refused(status, code);
        }
        let resume = json!({ "scope": "network", "network": "small", "reason": "done" });
        assert_eq!(script.post("/api/v1/pauses/resume", &resume).await.status, 204);
    }
}
