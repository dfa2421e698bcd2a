use std::sync::Arc;

use axum::http::Method;
use bellwether_app::Parts;
use bellwether_app::networks::Http;
use bellwether_app::networks::http::HttpConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::world::{World, content, worlds, worlds_with};

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
            ("empty", Vec::new(), 400, "api-json-empty"),
            ("too deep", text(&deep), 422, "api-json-unfit"),
            ("two values", text(r#"{"content":{"parts":[]}} {}"#), 400, "api-json-malformed"),
            ("wrong type", text(r#"{"content": 5}"#), 422, "api-json-unfit"),
            ("a member we do not know", text(r#"{"content":{"parts":[],"colour":1}}"#), 422, "api-json-unfit"),
            ("a zero", text(r#"{"content":{"parts":[{"text":"a\u0000b"}]}}"#), 422, "api-json-zero"),
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
            let answer = script.send(Method::POST, &posts, "application/json", body.clone()).await;
            let problem = answer.refused(status, code);
            let detail = problem["detail"].as_str().unwrap();
            said.insert(name.to_owned(), json!(detail.chars().take(300).collect::<String>()));
            in_every_language(&world, &posts, body, &problem).await;
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

/// The same refusal for everybody, each in their own words.
async fn in_every_language(world: &World, path: &str, body: Vec<u8>, english: &Value) {
    for language in ["fr", "ja", "ko", "zh-Hans"] {
        let script = world.operator().with("accept-language", language);
        let answer = script.send(Method::POST, path, "application/json", body.clone()).await;
        let status = u16::try_from(english["status"].as_u64().unwrap()).unwrap();
        let problem = answer.refused(status, english["code"].as_str().unwrap());
        for part in ["title", "detail"] {
            assert_ne!(problem[part], english[part], "{language}: {part} of {}", problem["code"]);
        }
    }
}

#[tokio::test]
async fn a_server_that_is_none_leaves_nothing_behind() {
    let outside = |parts: &mut Parts| {
        let allow = vec!["127.0.0.0/8".parse().unwrap()];
        let config = HttpConfig { allow, ..HttpConfig::default() };
        parts.http = Http::guarded(config, Arc::clone(&parts.clock)).unwrap();
    };
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\
        connection: close\r\n\r\n<html></html>";
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (web_page, silence) = (server(html).await, server("").await);
    for world in worlds_with(outside).await {
        let script = world.operator();
        let path = format!("{}/channels/connect/bluesky", world.at);
        let state = script.post(&path, &Value::Null).await.good()["state"].clone();
        for (address, status, code) in [
            (web_page.clone(), 502, "server-html"),
            (silence.clone(), 502, "server-cut-asked"),
            (format!("http://{gone}"), 502, "server-not-answering"),
            ("https://10.1.2.3".to_owned(), 422, "server-private-address"),
            ("https://169.254.169.254/latest".to_owned(), 422, "server-private-address"),
            ("https://[::1]".to_owned(), 422, "server-private-address"),
            ("ftp://bsky.social".to_owned(), 422, "server-bad-address"),
            ("https://ada:secret@bsky.social".to_owned(), 422, "server-bad-address"),
            ("no address at all".to_owned(), 422, "server-bad-address"),
        ] {
            let answers = json!({ "server": address, "identifier": "ada", "password": "hunter2" });
            let body = json!({ "state": state, "answers": answers });
            let answer = script.post(&path, &body).await;
            assert!(!answer.text().contains("hunter2"), "{}", answer.text());
            let problem = answer.refused(status, code);
            // Nobody was asked where there is no address.
            let kind = if code == "server-bad-address" { "invalid" } else { "network" };
            assert_eq!(problem["type"], format!("urn:bellwether:problem:{kind}"), "{address}");
            let bytes = body.to_string().into_bytes();
            in_every_language(&world, &path, bytes, &problem).await;
        }
        let empty = json!({ "state": state, "answers": { "server": "https://10.1.2.3" } });
        script.post(&path, &empty).await.refused(422, "login-incomplete");
        let channels = script.get(&format!("{}/channels", world.at)).await.good();
        assert_eq!(channels["items"], json!([]));
    }
}

/// A server that answers every request with `answer`, and its address.
async fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    address
}

#[tokio::test]
async fn a_channel_that_lost_its_login_takes_plans_with_a_warning_and_holds_them() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let mut tx = world.app.db.begin().await.unwrap();
        tx.sql("update channels set state = 'needs_login'").execute().await.unwrap();
        tx.commit().await.unwrap();
        let body = json!({
            "content": content("Hello"),
            "schedule": { "channels": [channel], "when": "now" },
        });
        let script = world.operator();
        let made = script.post(&format!("{}/posts", world.at), &body).await.good();
        let warning = &made["scheduled"]["warnings"][0];
        assert_eq!(
            (&warning["code"], &warning["weight"]),
            (&json!("channel-needs-login"), &json!("warning"))
        );
        let delivery = made["scheduled"]["deliveries"][0]["id"].as_str().unwrap();
        let held = world.follow(&format!("{}/deliveries/{delivery}", world.at)).await.json();
        assert_eq!((&held["state"], &held["held_reason"]), (&json!("held"), &json!("login")));
        assert_eq!(held["told"]["code"], "channel-needs-login");
        assert!(held["told"]["text"].as_str().unwrap().contains("Connect it again"));
        assert!(world.ledger.lock().unwrap().is_empty(), "nothing was sent");
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
