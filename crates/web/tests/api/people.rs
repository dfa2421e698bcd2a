use serde_json::{Value, json};

use crate::world::{World, worlds};

fn kofi() -> Value {
    json!({
        "name": "Kofi", "email": "Kofi@Rive.example", "password": "a few words in a row",
        "language": "en", "role": "writer",
    })
}

async fn events(world: &World) -> Vec<String> {
    use bellwether_app::events::{Scope, after};
    let mut tx = world.app.db.read().await.unwrap();
    let workspace = world.workspace.parse().unwrap();
    let caller = bellwether_app::Caller::Operator;
    let own = bellwether_app::workspaces::get(&world.app, &caller, workspace).await.unwrap();
    let all = after(&mut tx, Scope::Organization(own.organization_id), 0, 100).await.unwrap();
    all.into_iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn a_team_is_made_and_changed() {
    for world in worlds().await {
        let script = world.operator();
        world.app.advance(std::time::Duration::from_secs(1));
        let made = script.post("/api/v1/people", &kofi()).await;
        assert_eq!(made.status, 201);
        assert!(!made.text().contains("words in a row"));
        insta::assert_json_snapshot!("person", made.whole());
        let id = made.json()["id"].as_str().unwrap().to_owned();
        script.post("/api/v1/people", &kofi()).await.refused(409, "email-taken");
        for (member, wrong, code) in [
            ("email", "nobody", "email-unfit"),
            ("password", "short", "password-too-short"),
            ("language", "tlh", "language-not-ours"),
            ("role", "king", "role-unknown"),
            ("name", " ", "name-missing"),
        ] {
            let mut body = kofi();
            body[member] = json!(wrong);
            script.post("/api/v1/people", &body).await.refused(422, code);
        }
        let list = script.get("/api/v1/people?limit=1").await.good();
        assert_eq!(list["items"][0]["role"], "owner");
        let next = format!("/api/v1/people?after={}", list["next"].as_str().unwrap());
        assert_eq!(script.get(&next).await.good()["items"][0]["id"], json!(id));

        let at = format!("/api/v1/people/{id}");
        let role = format!("{at}/role");
        assert_eq!(script.put(&role, &json!({ "role": "editor" })).await.good()["role"], "editor");
        let none = script.put(&role, &json!({ "role": null })).await.good();
        assert!(none.get("role").is_none());
        script.put(&role, &json!({})).await.refused(422, "api-json-unfit");

        let member = format!("{}/members/{id}", world.at);
        assert_eq!(script.put(&member, &json!({ "role": "writer" })).await.status, 204);
        let members = script.get(&format!("{}/members", world.at)).await;
        insta::assert_json_snapshot!("members", members.whole());
        script
            .put(&member, &json!({ "role": "owner" }))
            .await
            .refused(422, "role-owner-everywhere");
        assert_eq!(script.delete(&member).await.status, 204);
        script.delete(&member).await.refused(404, "not-found-person");

        let out = script.post(&format!("{at}/deactivate"), &Value::Null).await.good();
        assert_eq!(out["is_active"], false);
        let back = script.post(&format!("{at}/activate"), &Value::Null).await.good();
        assert_eq!(back["is_active"], true);
        assert_eq!(
            events(&world).await,
            [
                "organization.founded",
                "person.added",
                "person.added",
                "person.role_set",
                "person.role_set",
                "member.placed",
                "member.displaced",
                "person.deactivated",
                "person.activated",
            ]
        );
    }
}

#[tokio::test]
async fn only_who_administers_everything_changes_the_team() {
    for world in worlds().await {
        let made = world.operator().post("/api/v1/people", &kofi()).await.good();
        let at = format!("/api/v1/people/{}", made["id"].as_str().unwrap());
        let token = world.token(&["read", "write", "admin"]).await;
        let brand_only = world.bearer(&token);
        for path in ["/api/v1/people".to_owned(), format!("{at}/sessions")] {
            brand_only.get(&path).await.refused(403, "denied-token");
        }
        brand_only.post("/api/v1/people", &kofi()).await.refused(403, "denied-token");
        let role = json!({ "role": "admin" });
        brand_only.put(&format!("{at}/role"), &role).await.refused(403, "denied-token");
        for deed in ["activate", "deactivate"] {
            let path = format!("{at}/{deed}");
            brand_only.post(&path, &Value::Null).await.refused(403, "denied-token");
        }
        brand_only.delete(&format!("{at}/sessions")).await.refused(403, "denied-token");
        let new = json!({ "email": "kofi@rive.example", "password": "a few other words" });
        brand_only.post("/api/v1/password-resets", &new).await.refused(403, "denied-operator-only");
        brand_only
            .post("/api/v1/logins/reseal", &Value::Null)
            .await
            .refused(403, "denied-operator-only");
        brand_only.post("/api/v1/clock/trust", &Value::Null).await.refused(403, "denied-token");
        let stranger = world.stranger().get("/api/v1/people").await;
        stranger.refused(401, "api-token-missing");
    }
}

#[tokio::test]
async fn somebody_is_signed_out_and_gets_another_password() {
    use bellwether_app::people::{SignIn, session_caller, sign_in};
    use bellwether_base::Secret;
    for world in worlds().await {
        let script = world.operator();
        let made = script.post("/api/v1/people", &kofi()).await.good();
        let at = format!("/api/v1/people/{}/sessions", made["id"].as_str().unwrap());
        let sign = |password: &'static str| {
            let with = SignIn {
                email: "kofi@rive.example".into(),
                password: Secret::new(password),
                address: [192, 0, 2, 1].into(),
                user_agent: "Firefox".into(),
            };
            sign_in(&world.app, with)
        };
        let (one, two) = (
            sign("a few words in a row").await.unwrap(),
            sign("a few words in a row").await.unwrap(),
        );
        let list = script.get(&at).await;
        insta::assert_json_snapshot!("sessions", list.whole());
        let path = format!("{at}/{}", one.session.id);
        assert_eq!(script.delete(&path).await.status, 204);
        script.delete(&path).await.refused(404, "not-found-session");
        let is_open = |token: String| {
            let app = world.app.app.clone();
            async move { session_caller(&app, &token).await.unwrap().is_some() }
        };
        assert!(!is_open(one.token.expose().to_owned()).await);
        assert!(is_open(two.token.expose().to_owned()).await);
        assert_eq!(script.delete(&at).await.status, 204);
        assert!(!is_open(two.token.expose().to_owned()).await);

        let new = json!({ "email": "kofi@rive.example", "password": "four other words here" });
        let set = script.post("/api/v1/password-resets", &new).await;
        assert_eq!((set.status.as_u16(), &set.json()["person"]), (201, &made["id"]));
        assert!(sign("a few words in a row").await.is_err());
        assert!(sign("four other words here").await.is_ok());
        let nobody = json!({ "email": "nobody@rive.example", "password": "four other words" });
        script.post("/api/v1/password-resets", &nobody).await.refused(404, "not-found-person");
        let told = events(&world).await;
        for kind in ["session.ended", "person.signed_out", "person.password_reset"] {
            assert!(told.iter().any(|told| told == kind), "{kind}: {told:?}");
        }
    }
}

#[tokio::test]
async fn the_clock_is_trusted_again_by_a_person_who_looked() {
    for world in worlds().await {
        let script = world.operator();
        let path = "/api/v1/clock/trust";
        script.post(path, &Value::Null).await.refused(409, "clock-not-stopped");
        let mut tx = world.app.db.begin().await.unwrap();
        let why = r#"{"key":"clock-jumped","args":{"seconds":"3600"}}"#;
        tx.sql("update installation set dispatch_stop = $1").bind(why).execute().await.unwrap();
        tx.commit().await.unwrap();
        let health = script.get("/api/v1/health").await.good();
        assert_eq!(health["stopped"]["code"], "clock-jumped");
        assert_eq!(script.post(path, &Value::Null).await.status, 204);
        let health = script.get("/api/v1/health").await.good();
        assert!(health.get("stopped").is_none(), "{health}");
        assert!(events(&world).await.contains(&"clock.trusted".to_owned()));
    }
}

#[tokio::test]
async fn a_channel_shows_what_was_asked_of_its_network() {
    use bellwether_app::calls;
    use bellwether_app::networks::http::{Call, Observer as _, OnBehalf, Trouble};
    for world in worlds().await {
        let channel = world.channel("ada").await;
        let whom = OnBehalf {
            workspace: world.workspace.parse().unwrap(),
            channel: Some(channel.parse().unwrap()),
        };
        let (recorder, mut queue) = calls::queue(std::sync::Arc::new(world.app.clock.clone()), 10);
        for (status, trouble) in [(Some(200), None), (None, Some(Trouble::Timeout))] {
            recorder.called(&Call {
                method: axum::http::Method::POST,
                host: "pds.example".into(),
                path: "/xrpc/com.atproto.repo.applyWrites".into(),
                status: status.map(|status: u16| status.try_into().unwrap()),
                millis: 40,
                trouble,
                on_behalf: Some(whom),
            });
            world.app.advance(std::time::Duration::from_secs(1));
        }
        queue.flush(&world.app).await;
        let path = format!("{}/channels/{channel}/calls", world.at);
        let shown = world.operator().get(&path).await;
        insta::assert_json_snapshot!("calls", shown.whole());
        let other = world.other_brand().await;
        let elsewhere = format!("/api/v1/workspaces/{other}/channels/{channel}/calls");
        world.operator().get(&elsewhere).await.refused(404, "not-found-channel");
        let checks = world.operator().get("/api/v1/checks").await.good();
        let calls = checks["items"].as_array().unwrap();
        let calls: Vec<_> = calls.iter().filter(|each| each["check"] == "calls").collect();
        assert_eq!(calls.len(), 2, "{checks:#}");
    }
}
