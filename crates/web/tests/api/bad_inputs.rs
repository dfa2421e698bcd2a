use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{content, worlds};

#[tokio::test]
async fn every_mistake_is_named() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let other = world.other_brand().await;
        let ghost = "018f0000-0000-7000-8000-000000000000";
        let posts = format!("{}/posts", world.at);
        let planned = |when: Value| {
            json!({
                "content": content("Hello"),
                "schedule": { "channels": [channel], "when": when },
            })
        };
        let at = |local: &str, zone: &str| planned(json!({ "local": local, "zone": zone }));
        let text = |text: &str| text.as_bytes().to_vec();
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
            ("malformed", text("{\"content\": "), 400, "api-json-malformed"),
            ("not text", vec![b'"', 0xff, 0xfe, b'"'], 400, "api-json-malformed"),
            ("empty", Vec::new(), 400, "api-json-malformed"),
            ("too deep", text(&deep), 422, "api-json-unfit"),
            ("two values", text(r#"{"content":{"parts":[]}} {}"#), 400, "api-json-malformed"),
            ("wrong type", text(r#"{"content": 5}"#), 422, "api-json-unfit"),
            ("a member we do not know", text(r#"{"content":{"parts":[],"colour":1}}"#), 422, "api-json-unfit"),
            ("a member twice", text(r#"{"content":{"parts":[]},"content":{"parts":[]}}"#), 422, "api-json-unfit"),
            ("a channel that is no id", text(r#"{"content":{"parts":[]},"versions":{"x":{"parts":[]}}}"#), 422, "api-json-unfit"),
            ("unknown when", planned(json!("soon")).to_string().into(), 422, "api-json-unfit"),
            ("a when with more", planned(json!({"local": "2026-12-24T18:00", "tz": "UTC"})).to_string().into(), 422, "api-json-unfit"),
            ("unknown zone", at("2026-12-24T18:00", "Europe/Atlantis").to_string().into(), 422, "zone-unknown"),
            ("no time", at("tomorrow", "Europe/Paris").to_string().into(), 422, "time-malformed"),
            ("the past", at("2020-01-01T00:00", "Europe/Paris").to_string().into(), 422, "time-past"),
            ("the end of time", at("9999-12-31T23:59", "America/New_York").to_string().into(), 422, "time-out-of-range"),
            ("no channel", json!({"content": content("a"), "schedule": {"channels": [], "when": "now"}}).to_string().into(), 422, "schedule-no-channel"),
            ("a channel that is not there", json!({"content": content("a"), "schedule": {"channels": [ghost], "when": "now"}}).to_string().into(), 404, "not-found-channel"),
            ("too long for the network", json!({"content": content(&"x".repeat(41)), "schedule": {"channels": [channel], "when": "now"}}).to_string().into(), 422, "content"),
            ("too long for anybody", json!({"content": content(&"x".repeat(100_001))}).to_string().into(), 422, "post-part-too-long"),
            ("a picture that is not there", json!({"content": {"parts": [{"media": [{"hash": "00"}]}]}}).to_string().into(), 404, "not-found-media"),
            ("too large", vec![b' '; 1024 * 1024 + 1], 413, "api-json-too-large"),
        ];
        let script = world.operator();
        let mut said = serde_json::Map::new();
        for (name, body, status, code) in cases {
            let answer = script.send(Method::POST, &posts, "application/json", body).await;
            let problem = answer.refused(status, code);
            let detail = problem["detail"].as_str().unwrap();
            said.insert(name.to_owned(), json!(detail.chars().take(300).collect::<String>()));
        }
        insta::assert_json_snapshot!("mistakes", said);
        let answer = script.send(Method::POST, &posts, "text/plain", text("{}")).await;
        answer.refused(415, "api-media-type");
        let answer = script.send(Method::POST, &posts, "", text("{}")).await;
        answer.refused(415, "api-media-type");
        assert_eq!(script.get(&posts).await.good()["items"], json!([]), "nothing was kept");

        for (path, status, code) in [
            ("/api/v1/nothing".to_owned(), 404, "not-found"),
            ("/api/v2/workspaces".to_owned(), 404, "not-found"),
            ("/api/".to_owned(), 404, "not-found"),
            ("/api/v1/workspaces/nonsense".to_owned(), 404, "not-found-thing"),
            (format!("/api/v1/workspaces/{ghost}"), 404, "not-found-workspace"),
            (format!("{posts}/{ghost}"), 404, "not-found-post"),
            (format!("{posts}/{ghost}/deliveries"), 404, "not-found-post"),
            (format!("{}/deliveries/{ghost}", world.at), 404, "not-found-delivery"),
            (format!("{}/channels/{ghost}", world.at), 404, "not-found-channel"),
            (format!("{}/media/{ghost}", world.at), 404, "not-found-media"),
            (format!("/api/v1/workspaces/{other}/channels/{channel}"), 404, "not-found-channel"),
        ] {
            script.get(&path).await.refused(status, code);
        }
    }
}

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
