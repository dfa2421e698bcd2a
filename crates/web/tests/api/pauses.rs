use serde_json::{Value, json};

use crate::world::{content, worlds};

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
