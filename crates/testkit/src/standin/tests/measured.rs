//! Every answer here was given by the reference server, 0.5.35.

use serde_json::{Value, json};

use super::*;

fn changed(mut record: Value, key: &str, value: Value) -> Value {
    record[key] = value;
    record
}

#[tokio::test]
async fn creating_the_same_key_again_is_a_500_and_keeps_the_first() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let first = ada.post(CREATE, &stage.record(&key(0), "hi")).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.json()["cid"], "bafyreieofm4efcffoiechngfa3g2babpefuqgle3eoemx5xv6fn43omzli");
    assert_eq!(first.json()["validationStatus"], "valid");
    assert!(first.json()["commit"]["rev"].is_string());
    for text in ["hi", "other"] {
        let again = ada.post(CREATE, &stage.record(&key(0), text)).await;
        assert_eq!(again.status, 500);
        assert_eq!(
            again.json(),
            json!({"error": "InternalServerError", "message": "Internal Server Error"})
        );
    }
    let found = stage.find(&key(0)).await;
    assert_eq!((found.status, &found.json()["value"]), (200, &post("hi")));
    assert_eq!(stage.texts(), ["hi"]);
}

#[tokio::test]
async fn putting_the_same_content_again_is_no_write() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let body = stage.record(&key(0), "hi");
    let first = ada.post(PUT, &body).await.json();
    let again = ada.post(PUT, &body).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["cid"], first["cid"]);
    assert!(again.json().get("commit").is_none());
    assert_eq!(stage.ledger.effects().iter().filter(|effect| effect.request.is_some()).count(), 2);
}

#[tokio::test]
async fn putting_other_content_overwrites_silently() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    ada.post(PUT, &stage.record(&key(0), "hi")).await;
    let other = ada.post(PUT, &stage.record(&key(0), "other")).await;
    assert_eq!(other.status, 200);
    assert!(other.json()["commit"].is_object());
    assert_eq!(stage.find(&key(0)).await.json()["value"]["text"], "other");
    assert_eq!(stage.texts(), ["hi"], "one post, and the ledger tells that it was overwritten");
    assert!(stage.ledger.posts(&stage.did)[0].overwritten().is_some());
}

#[tokio::test]
async fn a_create_only_put_stores_once() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let body = changed(stage.record(&key(0), "hi"), "swapRecord", Value::Null);
    assert!(ada.post(PUT, &body).await.json()["commit"].is_object());
    let same = ada.post(PUT, &body).await;
    assert_eq!((same.status, same.json().get("commit")), (200, None));
    let other = changed(stage.record(&key(0), "other"), "swapRecord", Value::Null);
    let other = ada.post(PUT, &other).await;
    assert_eq!(other.error(), (400, "InvalidSwap".to_owned()));
    let cid = same.json()["cid"].as_str().unwrap().to_owned();
    assert_eq!(other.json()["message"], format!("Record was at {cid}"));
    assert_eq!(stage.texts(), ["hi"]);
}

#[tokio::test]
async fn a_put_with_a_swap_replaces_only_what_was_meant() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let first = ada.post(PUT, &stage.record(&key(0), "hi")).await.json();
    let swap = |rkey: &str, text: &str| {
        changed(stage.record(rkey, text), "swapRecord", first["cid"].clone())
    };
    assert_eq!(ada.post(PUT, &swap(&key(0), "second")).await.status, 200);
    assert_eq!(ada.post(PUT, &swap(&key(0), "third")).await.error().1, "InvalidSwap");
    let absent = ada.post(PUT, &swap(&key(1), "third")).await;
    assert_eq!(absent.json(), json!({"error": "InvalidSwap", "message": "Record was at null"}));
    let garbled = changed(stage.record(&key(1), "x"), "swapRecord", json!("xyz"));
    assert_eq!(
        ada.post(PUT, &garbled).await.json()["message"],
        "Invalid CID string (got \"xyz\") at $.swapRecord"
    );
}

fn creates(numbers: &[(u32, &str)]) -> Vec<Value> {
    let create = |(number, text): &(u32, &str)| json!({"$type": "com.atproto.repo.applyWrites#create", "collection": POSTS, "rkey": key(*number), "value": post(text)});
    numbers.iter().map(create).collect()
}

#[tokio::test]
async fn writes_that_belong_together_are_stored_together_or_not_at_all() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let thread = json!({"repo": stage.did, "writes": creates(&[(0, "one"), (1, "two")])});
    let stored = ada.post(APPLY, &thread).await;
    assert_eq!(stored.status, 200);
    assert_eq!(stored.json()["results"][1]["$type"], "com.atproto.repo.applyWrites#createResult");
    assert_eq!(stored.json()["results"][1]["validationStatus"], "valid");
    for writes in [
        creates(&[(2, "three"), (1, "two"), (3, "four")]),
        creates(&[(0, "one"), (1, "two")]),
        creates(&[(4, "twice"), (4, "twice")]),
        vec![
            json!({"$type": "com.atproto.repo.applyWrites#delete", "collection": POSTS, "rkey": key(9)}),
        ],
        vec![
            json!({"$type": "com.atproto.repo.applyWrites#update", "collection": POSTS, "rkey": key(9), "value": post("x")}),
        ],
    ] {
        let refused = ada.post(APPLY, &json!({"repo": stage.did, "writes": writes})).await;
        assert_eq!(refused.error(), (500, "InternalServerError".to_owned()));
    }
    assert_eq!(stage.find(&key(2)).await.error(), (400, "RecordNotFound".to_owned()));
    assert_eq!(stage.texts(), ["one", "two"]);
}

#[tokio::test]
async fn a_change_and_a_removal_go_in_one_commit() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    ada.post(APPLY, &json!({"repo": stage.did, "writes": creates(&[(0, "one"), (1, "two")])}))
        .await;
    let writes = json!([
        {"$type": "com.atproto.repo.applyWrites#update", "collection": POSTS, "rkey": key(0), "value": post("new")},
        {"$type": "com.atproto.repo.applyWrites#delete", "collection": POSTS, "rkey": key(1)},
    ]);
    let done = ada.post(APPLY, &json!({"repo": stage.did, "writes": writes})).await.json();
    assert_eq!(done["results"][0]["$type"], "com.atproto.repo.applyWrites#updateResult");
    assert_eq!(done["results"][1], json!({"$type": "com.atproto.repo.applyWrites#deleteResult"}));
    assert_eq!(stage.find(&key(0)).await.json()["value"]["text"], "new");
    assert_eq!(stage.find(&key(1)).await.status, 400);
}

#[tokio::test]
async fn deleting_twice_is_fine_and_frees_the_key() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    ada.post(CREATE, &stage.record(&key(0), "hi")).await;
    let delete = json!({"repo": stage.did, "collection": POSTS, "rkey": key(0)});
    let first = ada.post(DELETE, &delete).await;
    assert!(first.status == 200 && first.json()["commit"].is_object());
    let second = ada.post(DELETE, &delete).await;
    assert_eq!((second.status, second.json()), (200, json!({})));
    assert_eq!(ada.post(CREATE, &stage.record(&key(0), "hi")).await.status, 200);
    let posts = stage.ledger.posts(&stage.did);
    assert!(posts[0].deleted().is_some() && posts[1].deleted().is_none());
}

#[tokio::test]
async fn an_absent_record_is_a_400_that_says_so() {
    let stage = Stage::new().await;
    let absent = stage.find(&key(0)).await;
    assert_eq!(absent.status, 400);
    assert_eq!(
        absent.json(),
        json!({
            "error": "RecordNotFound",
            "message": format!("Could not locate record: at://{}/{POSTS}/{}", stage.did, key(0)),
        })
    );
}

#[tokio::test]
async fn records_are_listed_from_the_greatest_key_in_pages() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    for (number, text) in [(2, "two"), (0, "zero"), (1, "one")] {
        ada.post(CREATE, &stage.record(&key(number), text)).await;
    }
    let path = format!("/xrpc/com.atproto.repo.listRecords?repo={}&collection={POSTS}", stage.did);
    let texts = |page: &Value| -> Vec<String> {
        let records = page["records"].as_array().unwrap().iter();
        records.map(|record| record["value"]["text"].as_str().unwrap().to_owned()).collect()
    };
    let page = ada.get(&format!("{path}&limit=2")).await.json();
    assert_eq!((texts(&page), &page["cursor"]), (vec!["two".into(), "one".into()], &json!(key(1))));
    let page = ada.get(&format!("{path}&limit=2&cursor={}", key(1))).await.json();
    assert_eq!((texts(&page), &page["cursor"]), (vec!["zero".into()], &json!(key(0))));
    let page = ada.get(&format!("{path}&cursor={}", key(0))).await.json();
    assert_eq!(page, json!({"records": []}));
    assert_eq!(
        texts(&ada.get(&format!("{path}&reverse=true")).await.json()),
        ["zero", "one", "two"]
    );
    assert_eq!(
        ada.get(&format!("{path}&limit=101")).await.json()["message"],
        "Invalid com.atproto.repo.listRecords params: integer too big (maximum 100, got 101)"
    );
}

#[tokio::test]
async fn only_ones_own_repository_can_be_written() {
    let stage = Stage::new().await;
    let noor = stage.pds.add_account("noor.test", PASSWORD);
    let mut ada = stage.ada().await;
    let of = |repo: &str| changed(stage.record(&key(0), "hi"), "repo", json!(repo));
    assert_eq!(
        ada.post(CREATE, &of(&noor)).await.error(),
        (401, "AuthenticationRequired".to_owned())
    );
    let unknown = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    assert_eq!(ada.post(CREATE, &of(unknown)).await.error(), (403, "AccountNotFound".to_owned()));
    assert_eq!(
        ada.post(CREATE, &of("???")).await.json()["message"],
        "Invalid AT identifier (got \"???\") at $.repo"
    );
    assert_eq!(ada.post(CREATE, &of("ada.test")).await.status, 200);
}

#[tokio::test]
async fn a_stale_commit_is_not_swapped() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let commit =
        ada.post(CREATE, &stage.record(&key(0), "a")).await.json()["commit"]["cid"].clone();
    let body = |number| changed(stage.record(&key(number), "b"), "swapCommit", commit.clone());
    assert_eq!(ada.post(CREATE, &body(1)).await.status, 200);
    assert_eq!(ada.post(CREATE, &body(2)).await.error(), (400, "InvalidSwap".to_owned()));
}

#[tokio::test]
async fn a_second_like_takes_the_place_of_the_first() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let post = ada.post(CREATE, &stage.record(&key(0), "a")).await.json();
    let like = json!({"repo": stage.did, "collection": "app.bsky.feed.like", "record": {
        "subject": {"uri": post["uri"], "cid": post["cid"]}, "createdAt": "2026-01-02T03:04:05.678Z",
    }});
    ada.post(CREATE, &like).await;
    let second = ada.post(CREATE, &like).await.json();
    let path = "/xrpc/com.atproto.repo.listRecords?repo=ada.test&collection=app.bsky.feed.like";
    let likes = ada.get(path).await.json();
    assert_eq!(likes["records"].as_array().unwrap().len(), 1);
    assert_eq!(likes["records"][0]["uri"], second["uri"]);
}

#[tokio::test]
async fn the_server_tells_about_itself() {
    let stage = Stage::new().await;
    let mut client = stage.stranger().await;
    assert_eq!(client.get("/xrpc/_health").await.json()["version"], "0.5.35");
    let about = client.get("/xrpc/com.atproto.server.describeServer").await.json();
    assert_eq!(about["blobUploadLimit"], 5_242_880);
    let resolve = "/xrpc/com.atproto.identity.resolveHandle?handle=";
    assert_eq!(client.get(&format!("{resolve}ada.test")).await.json()["did"], stage.did);
    assert_eq!(
        client.get(&format!("{resolve}nobody.test")).await.error(),
        (400, "HandleNotFound".to_owned())
    );
    let document = client.get(&format!("/{}", stage.did)).await.json();
    assert_eq!(document["service"][0]["serviceEndpoint"], "http://stand.in");
    let view = "/xrpc/app.bsky.actor.getProfile?actor=ada.test";
    assert_eq!(client.get(view).await.error(), (401, "AuthMissing".to_owned()));
    assert_eq!(stage.ada().await.get(view).await.error(), (502, "UpstreamFailure".to_owned()));
    assert_eq!(
        client.get(CREATE).await.json()["message"],
        "Incorrect HTTP method (GET) expected POST"
    );
}
