use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{World, content, redacted, worlds};

#[tokio::test]
async fn nobody_in_particular_is_told_how_to_say_who_they_are() {
    for world in worlds().await {
        let answer = world.stranger().get("/api/v1/workspaces").await;
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        insta::assert_json_snapshot!("stranger", answer.whole());
        let french = world.stranger().with("accept-language", "fr-CA, en;q=0.5");
        let problem = french.get("/api/v1/workspaces").await.refused(401, "api-token-missing");
        assert_eq!(problem["title"], "Connectez-vous pour continuer");
        for wrong in ["bw_wrong", "nonsense", "bw_"] {
            let answer = world.bearer(wrong).get("/api/v1/workspaces").await;
            answer.refused(401, "api-token-not-good");
        }
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_where_it_is_good() {
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let other = world.other_brand().await;
        let reads = world.token(&["read"]).await;
        let reads = world.bearer(&reads);
        let brands = reads.get("/api/v1/workspaces").await;
        insta::assert_json_snapshot!("brands", brands.whole());
        reads.get(&format!("{}/posts", world.at)).await.good();
        let post = json!({ "content": content("Hello") });
        let problem = reads.post(&format!("{}/posts", world.at), &post).await;
        insta::assert_json_snapshot!("denied", problem.refused(403, "denied-token"));
        reads.get(&format!("/api/v1/workspaces/{other}")).await.refused(404, "not-found-workspace");

        let writes = world.token(&["read", "write"]).await;
        let writes = world.bearer(&writes);
        let made = writes.post(&format!("{}/posts", world.at), &post).await.good();
        let path = format!("{}/posts/{}/schedule", world.at, made["id"].as_str().unwrap());
        let plan = json!({ "channels": [channel], "when": "now" });
        writes.post(&path, &plan).await.refused(403, "denied-token");
        let at_once = json!({ "content": content("Hello"), "schedule": plan });
        writes.post(&format!("{}/posts", world.at), &at_once).await.refused(403, "denied-token");
        let pause = json!({ "scope": "workspace" });
        writes.post(&format!("{}/pauses", world.at), &pause).await.refused(403, "denied-token");
        let pause = json!({ "scope": "installation" });
        writes.post("/api/v1/pauses", &pause).await.refused(403, "denied-token");
        let token = json!({ "name": "more", "scopes": ["admin"] });
        writes.post(&format!("{}/tokens", world.at), &token).await.refused(403, "denied-token");
        writes.post("/api/v1/owner", &owner()).await.refused(403, "denied-operator-only");
    }
}

fn owner() -> Value {
    json!({
        "name": "Eve", "email": "eve@rive.example", "password": "correct horse battery staple",
        "language": "en", "organization": "Eve", "workspace": "Eve", "time_zone": "UTC",
    })
}

#[tokio::test]
async fn there_is_one_first_owner() {
    for world in worlds().await {
        let again = world.operator().post("/api/v1/owner", &owner()).await;
        again.refused(409, "setup-already-done");
        let mut wrong = owner();
        wrong["language"] = json!("tlh");
        world.operator().post("/api/v1/owner", &wrong).await.refused(422, "language-not-ours");
    }
}

async fn made(world: &World, body: &Value) -> Value {
    world.operator().post(&format!("{}/tokens", world.at), body).await.good()
}

#[tokio::test]
async fn a_token_that_ended_or_was_revoked_is_no_good() {
    for world in worlds().await {
        let forever = made(&world, &json!({ "name": "forever", "scopes": ["read"] })).await;
        insta::assert_json_snapshot!("made_token", redacted(&forever));
        let hour = json!({
            "name": "hour", "scopes": ["read"], "expires_at": "2026-03-02T10:00:00Z",
        });
        let hour = made(&world, &hour).await;
        let ask = |token: &Value| {
            let script = world.bearer(token["secret"].as_str().unwrap());
            let path = world.at.clone();
            async move { script.get(&path).await }
        };
        ask(&hour).await.good();
        world.app.advance(Duration::from_hours(1));
        ask(&hour).await.refused(401, "api-token-not-good");
        ask(&forever).await.good();
        let path = format!("/api/v1/tokens/{}", forever["id"].as_str().unwrap());
        assert_eq!(world.operator().delete(&path).await.status, 204);
        ask(&forever).await.refused(401, "api-token-not-good");
        assert_eq!(world.operator().delete(&path).await.status, 204, "again does no harm");

        let list = world.operator().get(&format!("{}/tokens", world.at)).await;
        assert!(!list.text().contains("secret"), "{}", list.text());
        insta::assert_json_snapshot!("tokens", list.whole());
        let past = json!({ "name": "p", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z" });
        let path = format!("{}/tokens", world.at);
        world.operator().post(&path, &past).await.refused(422, "token-over-already");
        let unknown = json!({ "name": "p", "scopes": ["fly"] });
        world.operator().post(&path, &unknown).await.refused(422, "token-unknown-scope");
        let unfit = json!({ "name": "p", "scopes": ["read"], "expires_at": "tomorrow" });
        world.operator().post(&path, &unfit).await.refused(422, "api-json-unfit");
    }
}

#[tokio::test]
async fn health_is_for_callers_and_probes_are_for_everybody() {
    for world in worlds().await {
        world.stranger().get("/api/v1/health").await.refused(401, "api-token-missing");
        let health = world.operator().get("/api/v1/health").await;
        insta::assert_json_snapshot!("health", health.whole());
        assert_eq!(world.stranger().get("/healthz").await.text(), "ok\n");
        assert_eq!(world.stranger().get("/readyz").await.good(), json!({ "is_ready": true }));
        let document = world.stranger().get("/api/v1/openapi.json").await.good();
        assert_eq!(document["openapi"], "3.1.0");
    }
}
