use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{content, worlds};

#[tokio::test]
async fn what_belongs_to_another_brand_is_not_there() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let script = world.operator();
        let body = json!({
            "content": content("Hello"),
            "schedule": { "channels": [channel], "when": { "local": "2026-12-24T18:00" } },
        });
        let made = script.post(&format!("{}/posts", world.at), &body).await.good();
        let post = made["id"].as_str().unwrap();
        let delivery = made["scheduled"]["deliveries"][0]["id"].as_str().unwrap();
        let other = format!("/api/v1/workspaces/{}", world.other_brand().await);
        let there = |path: String| format!("{other}/{path}");
        script.get(&there(format!("posts/{post}"))).await.refused(404, "not-found-post");
        script
            .get(&there(format!("deliveries/{delivery}")))
            .await
            .refused(404, "not-found-delivery");
        for deed in ["retry", "drop", "cancel", "delete", "release", "let-through"] {
            let path = there(format!("deliveries/{delivery}/{deed}"));
            script.post(&path, &Value::Null).await.refused(404, "not-found-delivery");
        }
        let plan = json!({ "channels": [channel], "when": "now" });
        let path = there(format!("posts/{post}/schedule"));
        script.post(&path, &plan).await.refused(404, "not-found-post");
        let body =
            json!({ "content": content("a"), "versions": { channel.clone(): content("b") } });
        script.post(&there("posts".into()), &body).await.refused(404, "not-found-channel");
        let body = json!({ "scope": "channel", "channel": channel });
        script.post(&there("pauses".into()), &body).await.refused(404, "not-found-channel");
        script
            .delete(&there(format!("channels/{channel}")))
            .await
            .refused(404, "not-found-channel");
    }
}
