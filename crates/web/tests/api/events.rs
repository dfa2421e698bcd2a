use axum::body::Body;
use axum::http::{Request, StatusCode};
use bellwether_web::for_operator;
use futures::StreamExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::world::{World, content, redacted, router_of, worlds};

async fn write(world: &World, text: &str) {
    let body = json!({ "content": content(text) });
    world.operator().post(&format!("{}/posts", world.at), &body).await.good();
}

#[tokio::test]
async fn what_happened_comes_page_by_page() {
    for world in worlds().await {
        write(&world, "One").await;
        let path = format!("{}/events", world.at);
        let page = world.operator().get(&path).await;
        insta::assert_json_snapshot!("events", page.whole());
        let next = page.json()["next"].as_i64().unwrap();
        write(&world, "Two").await;
        let more = world.operator().get(&format!("{path}?after={next}")).await.good();
        assert_eq!(more["items"].as_array().unwrap().len(), 1);
        assert_eq!(more["items"][0]["seq"], next + 1);
        let unfit = world.operator().get(&format!("{path}?after=x")).await;
        unfit.refused(400, "api-query-unfit");
    }
}

/// What belongs to no brand has an address too, for who administers all of it.
#[tokio::test]
async fn what_happened_in_the_organization_comes_page_by_page_and_as_a_stream() {
    for world in worlds().await {
        let operator = world.operator();
        let body = json!({ "scope": "installation" });
        let request = Request::get("/api/v1/events").header("accept", "text/event-stream");
        let response = for_operator(world.router.clone())
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let mut stream =
            Box::pin(response.into_body().into_data_stream().map(|chunk| chunk.unwrap().to_vec()));
        operator.post("/api/v1/pauses", &body).await.good();
        let (id, data) = next(&mut stream).await;
        assert_eq!(data["kind"], "publishing.paused");

        let all = operator.get("/api/v1/events").await.good();
        let items = all["items"].as_array().unwrap();
        assert_eq!(items.last().unwrap(), &data);
        assert_eq!(all["next"].to_string(), id);
        let newest = operator.get("/api/v1/events?last=1").await.good();
        assert_eq!(newest["items"], json!([data]));
        let rest = operator.get(&format!("/api/v1/events?after={id}&last=1")).await.good();
        assert_eq!(rest["items"], json!([]));
        let more = operator.get(&format!("{}/events?last=100", world.at)).await.good();
        assert!(more["items"][0]["seq"] == 1, "{more:#}");

        let body = json!({ "name": "t", "scopes": ["read", "publish"] });
        let token = operator.post("/api/v1/tokens", &body).await.good();
        let token = token["secret"].as_str().unwrap();
        world.bearer(token).get("/api/v1/events").await.refused(403, "denied-token");
        world.stranger().get("/api/v1/events").await.refused(401, "api-token-missing");
    }
}

/// The next event of a stream: its id, kind and data.
async fn next(stream: &mut (impl futures::Stream<Item = Vec<u8>> + Unpin)) -> (String, Value) {
    loop {
        let chunk = tokio::time::timeout(std::time::Duration::from_secs(10), stream.next())
            .await
            .expect("an event in time")
            .expect("the stream goes on");
        let text = String::from_utf8(chunk).unwrap();
        let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        if let (Some(id), Some(data)) = (line("id: "), line("data: ")) {
            return (id.to_owned(), serde_json::from_str(data).unwrap());
        }
    }
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    for world in worlds().await {
        write(&world, "One").await;
        let open = |last: Option<&str>| {
            let mut request =
                Request::get(format!("{}/events", world.at)).header("accept", "text/event-stream");
            if let Some(last) = last {
                request = request.header("last-event-id", last);
            }
            let router = for_operator(world.router.clone());
            async move {
                let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
                let body = response.into_body().into_data_stream();
                Box::pin(body.map(|chunk| chunk.unwrap().to_vec()))
            }
        };
        let mut stream = open(None).await;
        write(&world, "Two").await;
        let (id, data) = next(&mut stream).await;
        assert_eq!(data["kind"], "post.written");
        insta::assert_json_snapshot!("event", redacted(&data));
        drop(stream);
        write(&world, "Three").await;
        write(&world, "Four").await;
        let mut stream = open(Some(&id)).await;
        let (third, _) = next(&mut stream).await;
        let (fourth, _) = next(&mut stream).await;
        let number = |id: &str| id.parse::<i64>().unwrap();
        assert_eq!((number(&third), number(&fourth)), (number(&id) + 1, number(&id) + 2));
        let wrong = world
            .operator()
            .with("accept", "text/event-stream")
            .with("last-event-id", "x")
            .get(&format!("{}/events", world.at))
            .await;
        wrong.refused(400, "api-last-event-id-unfit");
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_token_does() {
    for world in worlds().await {
        let body = json!({ "name": "t", "scopes": ["read"] });
        let made = world.operator().post(&format!("{}/tokens", world.at), &body).await.good();
        let request = Request::get(format!("{}/events", world.at))
            .header("accept", "text/event-stream")
            .header("authorization", format!("Bearer {}", made["secret"].as_str().unwrap()));
        let response =
            world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let mut stream = response.into_body().into_data_stream();
        let id = made["id"].as_str().unwrap();
        world.operator().delete(&format!("/api/v1/tokens/{id}")).await;
        write(&world, "not for them").await;
        let mut seen = String::new();
        while let Some(chunk) =
            tokio::time::timeout(std::time::Duration::from_secs(10), stream.next()).await.unwrap()
        {
            seen.push_str(&String::from_utf8_lossy(&chunk.unwrap()));
        }
        assert!(!seen.contains("post.written"), "{seen}");
    }
}

/// Two processes of which neither hears of the other one's commits.
#[tokio::test]
async fn when_every_hint_is_lost_a_stream_looks_by_itself() {
    for mut world in worlds().await {
        world.app.lose_hints().await;
        let reads = world.app.second_node().await;
        let mut changed = reads.db.changed();
        world.router = router_of(reads);
        let request =
            Request::get(format!("{}/events", world.at)).header("accept", "text/event-stream");
        let request = request.body(Body::empty()).unwrap();
        let response = for_operator(world.router.clone()).oneshot(request).await.unwrap();
        let mut stream =
            Box::pin(response.into_body().into_data_stream().map(|chunk| chunk.unwrap().to_vec()));
        // Its first look finds nothing; beginning to listen is a hint of its own.
        let moment = std::time::Duration::from_millis(300);
        while tokio::time::timeout(moment, stream.next()).await.is_ok() {}
        while tokio::time::timeout(moment, changed.changed()).await.is_ok() {}

        world.router = router_of(world.app.second_node().await);
        write(&world, "Unheard").await;
        let early = tokio::time::timeout(moment, stream.next()).await;
        assert!(early.is_err(), "{}: {early:?}", world.app.db.engine());
        world.app.advance(std::time::Duration::from_secs(15));
        let (_, data) = next(&mut stream).await;
        assert_eq!(data["kind"], "post.written");
    }
}
