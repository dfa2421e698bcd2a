//! Uploads that a server goes on working on: 202, then 206, then 200.

use std::time::Duration;

use bellwether_base::Clock as _;
use bellwether_networks::mastodon::Mastodon;
use bellwether_networks::{Failure, FailureKind, Frozen, Network as _, Prepared, Sent};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::answers::{no, page, stage};
use crate::contract::stage::Stage;
use crate::contract::with_pictures;

struct Scene {
    server: MockServer,
    stage: Stage,
    frozen: Frozen,
}

impl Scene {
    /// A post with two pictures, of which the server says `upload` and then each of `looks`.
    async fn with(upload: ResponseTemplate, looks: Vec<ResponseTemplate>) -> Self {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/api/v2/media"))
            .respond_with(upload)
            .mount(&server)
            .await;
        for look in looks {
            let asked = Mock::given(method("GET")).and(path("/api/v1/media/7"));
            asked.respond_with(look).up_to_n_times(1).mount(&server).await;
        }
        let stage = stage(&server);
        let pictures = vec![stage.media.png([1, 2, 3], "one"), stage.media.png([4, 5, 6], "two")];
        let frozen = stage.freeze(&Mastodon, &with_pictures("Look", pictures)).await;
        Self { server, stage, frozen }
    }

    async fn step(&self, state: &Value) -> Result<Prepared, Failure> {
        let permit = self.stage.permit();
        Mastodon.publish().prepare(&self.stage.cx(), &self.frozen, state, &permit).await
    }

    async fn calls(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().map(|request| request.method.to_string()).collect()
    }
}

fn said(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"id": "7", "url": null}))
}

/// When to ask again, in seconds from now, and the state until then.
fn waiting(scene: &Scene, prepared: Prepared) -> (u64, Value) {
    let Prepared::Wait { until, state } = prepared else { panic!("{prepared:?}") };
    (until.since(scene.stage.clock.now()).as_secs() + 1, state)
}

#[tokio::test]
async fn a_picture_that_is_worked_on_is_waited_for_one_call_at_a_time() {
    let scene = Scene::with(said(202), vec![said(206), said(206), said(200), said(200)]).await;
    let (wait, state) = waiting(&scene, scene.step(&Value::Null).await.unwrap());
    assert!((2..=3).contains(&wait), "{wait}");
    let (_, state) = waiting(&scene, scene.step(&state).await.unwrap());
    // The longer it takes, the longer the wait, up to a minute.
    scene.stage.clock.advance(Duration::from_secs(40));
    let (wait, state) = waiting(&scene, scene.step(&state).await.unwrap());
    assert!((20..=22).contains(&wait), "{wait}");
    let is_done = |state: &Value| {
        Mastodon.publish().is_prepared(&scene.frozen, state, scene.stage.clock.now())
    };
    assert!(!is_done(&state));
    let Prepared::More(state) = scene.step(&state).await.unwrap() else { panic!("ready") };
    assert!(!is_done(&state), "the second picture is missing");
    let (_, state) = waiting(&scene, scene.step(&state).await.unwrap());
    let Prepared::More(state) = scene.step(&state).await.unwrap() else { panic!("ready") };
    assert!(is_done(&state));
    assert_eq!(scene.step(&state).await, Ok(Prepared::Ready(state.clone())));
    assert_eq!(scene.calls().await, ["POST", "GET", "GET", "GET", "POST", "GET"]);
}

#[tokio::test]
async fn an_upload_that_may_have_been_collected_is_made_again() {
    let scene = Scene::with(said(200), vec![]).await;
    let state = scene.stage.prepare(&Mastodon, &scene.frozen).await;
    let is_done = |state: &Value| {
        Mastodon.publish().is_prepared(&scene.frozen, state, scene.stage.clock.now())
    };
    assert!(is_done(&state));
    scene.stage.clock.advance(Duration::from_hours(7));
    assert!(!is_done(&state));
    scene.stage.try_prepare_from(&Mastodon, &scene.frozen, state).await.expect("again");
    assert_eq!(scene.calls().await, ["POST"; 4]);
}

#[tokio::test]
async fn an_upload_that_went_wrong_published_nothing() {
    for (upload, kind, key) in [
        (no(500, "x"), FailureKind::Transient, "server-trouble"),
        (page(200), FailureKind::Transient, "server-html"),
        (ResponseTemplate::new(200), FailureKind::Transient, "server-not-understood"),
        (
            no(422, "Validation failed: File has an invalid type"),
            FailureKind::Rejected,
            "mastodon-refused",
        ),
        (no(413, "x"), FailureKind::Rejected, "mastodon-too-large"),
        (no(401, "The access token is invalid"), FailureKind::Reconnect, "login-gone"),
    ] {
        let scene = Scene::with(upload, vec![]).await;
        let failure = scene.step(&Value::Null).await.unwrap_err();
        assert_eq!((failure.kind, failure.sent, &*failure.say.key), (kind, Sent::No, key));
    }
}

#[tokio::test]
async fn what_became_of_an_upload_has_its_meaning() {
    for (look, kind, key, is_again) in [
        (no(404, "Record not found"), FailureKind::Transient, "mastodon-picture-gone", true),
        (
            no(422, "Error processing thumbnail"),
            FailureKind::Rejected,
            "mastodon-picture-failed",
            false,
        ),
        (page(404), FailureKind::Transient, "server-html", false),
        (page(206), FailureKind::Transient, "server-html", false),
        (no(503, "x"), FailureKind::Transient, "server-trouble", false),
        (
            ResponseTemplate::new(200).set_body_json(json!({})),
            FailureKind::Transient,
            "server-not-understood",
            false,
        ),
    ] {
        let scene = Scene::with(said(202), vec![look]).await;
        let (_, state) = waiting(&scene, scene.step(&Value::Null).await.unwrap());
        let failure = scene.step(&state).await.unwrap_err();
        assert_eq!((failure.kind, failure.sent, &*failure.say.key), (kind, Sent::No, key));
        assert_eq!(failure.prepare_again, is_again, "{key}");
    }
}
