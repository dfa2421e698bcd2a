//! What the reference server takes as a record, and how it complains.

use serde_json::{Value, json};

use super::*;

const FAMILY: &str = "👨‍👩‍👧‍👦";

async fn try_record(
    stage: &Stage,
    ada: &mut Client,
    number: u32,
    record: Value,
) -> Result<Value, String> {
    let body =
        json!({"repo": stage.did, "collection": POSTS, "rkey": key(number), "record": record});
    let reply = ada.post(CREATE, &body).await;
    match reply.status {
        200 => Ok(reply.json()),
        400 => Err(reply.json()["message"]
            .as_str()
            .unwrap()
            .replace("Invalid app.bsky.feed.post record: ", "")),
        status => Err(status.to_string()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it reads better where it is called")]
fn with(extra: Value) -> Value {
    let mut record = post("hi");
    for (key, value) in extra.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

fn without(key: &str) -> Value {
    let mut record = post("hi");
    record.as_object_mut().unwrap().remove(key);
    record
}

#[tokio::test]
async fn good_records_are_taken() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let good = [
        post(&"x".repeat(300)),
        post(&FAMILY.repeat(119)),
        post(""),
        without("$type"),
        with(json!({"createdAt": "2026-01-02T03:04:05+02:00"})),
        with(json!({"extra": {"b": [true, false, -5], "aa": "z"}})),
        with(json!({"facets": [{"index": {"byteStart": 0, "byteEnd": 500}, "features": [
            {"$type": "app.bsky.richtext.facet#link", "uri": "https://x.org"}, {"$type": "com.x#y", "a": 1}]}]})),
        with(json!({"embed": {"$type": "com.x.y", "a": 1}})),
        with(
            json!({"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}}),
        ),
    ];
    for (number, record) in (0..).zip(good) {
        let stored = try_record(&stage, &mut ada, number, record.clone()).await;
        assert_eq!(stored.unwrap()["validationStatus"], "valid", "{record}");
    }
}

#[tokio::test]
async fn bad_records_are_refused_in_the_servers_words() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let reference = json!({"uri": format!("at://{}/{POSTS}/{}", stage.did, key(0)), "cid": "x"});
    let link = |index: Value, feature: Value| {
        with(json!({"facets": [{"index": index, "features": [feature]}]}))
    };
    let here = json!({"byteStart": 0, "byteEnd": 1});
    for (record, complaint) in [
        (post(&"x".repeat(301)), "grapheme too big (maximum 300, got 301) at $.record.text"),
        (post(&"é".repeat(1501)), "string too big (maximum 3000, got 3002) at $.record.text"),
        (without("createdAt"), "Missing required key \"createdAt\" at $.record"),
        (without("text"), "Missing required key \"text\" at $.record"),
        (
            with(json!({"$type": "app.bsky.feed.like"})),
            "Invalid $type: expected app.bsky.feed.post, got app.bsky.feed.like",
        ),
        (with(json!({"text": 5})), "Expected string value type (got 5) at $.record.text"),
        (with(json!({"text": null})), "Expected string value type (got null) at $.record.text"),
        (
            with(json!({"createdAt": "2026-01-02"})),
            "Invalid datetime (got \"2026-01-02\") at $.record.createdAt",
        ),
        (
            with(json!({"extra": 1.5})),
            "Expected one of null, boolean, integer, string, cid, bytes, array or object value type (got 1.5) at $.record.extra",
        ),
        (
            with(json!({"langs": ["en", "fr", "de", "ja"]})),
            "array too big (maximum 3, got 4) at $.record.langs",
        ),
        (with(json!({"langs": ["!!"]})), "Invalid language (got \"!!\") at $.record.langs[0]"),
        (with(json!({"tags": vec!["a"; 9]})), "array too big (maximum 8, got 9) at $.record.tags"),
        (
            with(json!({"tags": ["a".repeat(65)]})),
            "grapheme too big (maximum 64, got 65) at $.record.tags[0]",
        ),
        (
            link(json!({"byteStart": -1, "byteEnd": 5}), json!({"$type": "com.x#y"})),
            "integer too small (minimum 0, got -1) at $.record.facets[0].index.byteStart",
        ),
        (
            link(here.clone(), json!({"$type": "app.bsky.richtext.facet#link", "uri": "x"})),
            "Invalid uri (got \"x\") at $.record.facets[0].features[0].uri",
        ),
        (
            link(here, json!({"$type": "app.bsky.richtext.facet#mention", "did": "x"})),
            "Invalid DID (got \"x\") at $.record.facets[0].features[0].did",
        ),
        (
            with(json!({"reply": {"parent": reference}})),
            "Missing required key \"root\" at $.record.reply",
        ),
        (
            with(json!({"reply": {"root": reference, "parent": reference}})),
            "Invalid CID string (got \"x\") at $.record.reply.root.cid",
        ),
        (
            with(json!({"embed": {"images": []}})),
            "Expected an object which includes the \"$type\" property value type (got {\"images\": ...}) at $.record.embed",
        ),
        (with(json!({"extra": 9_007_199_254_740_993_i64})), "500"),
    ] {
        assert_eq!(try_record(&stage, &mut ada, 0, record).await.unwrap_err(), complaint);
    }
    assert!(stage.texts().is_empty());
}

#[tokio::test]
async fn record_keys_have_their_form() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    for (rkey, complaint) in [
        ("a b", "Invalid record key (got \"a b\") at $.rkey"),
        ("..", "Invalid record key (got \"..\") at $.rkey"),
        (
            "self",
            "Invalid record key for app.bsky.feed.post: Invalid TID string (got \"self\") at $",
        ),
        (&"a".repeat(513), "string too big (maximum 512, got 513) at $.rkey"),
    ] {
        assert_eq!(ada.post(CREATE, &stage.record(rkey, "hi")).await.json()["message"], complaint);
    }
    let chosen = json!({"repo": stage.did, "collection": POSTS, "record": post("hi")});
    let uri = ada.post(CREATE, &chosen).await.json()["uri"].as_str().unwrap().to_owned();
    assert_eq!(uri.rsplit('/').next().unwrap().len(), 13);
}

#[tokio::test]
async fn what_has_no_lexicon_is_taken_unless_it_must_be_checked() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let mut body = json!({"repo": stage.did, "collection": "com.example.thing", "rkey": "self", "record": {"x": 1}});
    assert_eq!(ada.post(CREATE, &body).await.json()["validationStatus"], "unknown");
    body["rkey"] = json!("other");
    body["validate"] = json!(true);
    assert_eq!(
        ada.post(CREATE, &body).await.json()["message"],
        "Unknown lexicon type: com.example.thing"
    );
    let mut body = stage.record(&key(0), &"x".repeat(301));
    body["validate"] = json!(false);
    assert!(ada.post(CREATE, &body).await.json().get("validationStatus").is_none());
}

#[tokio::test]
async fn a_body_that_is_none_is_refused() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    assert_eq!(
        ada.post(CREATE, &json!({"repo": stage.did, "collection": POSTS})).await.json()["message"],
        "Missing required key \"record\" at $"
    );
    assert_eq!(ada.upload(CREATE, "application/json", b"{x").await.error().1, "SyntaxError");
    assert_eq!(
        ada.upload(CREATE, "text/plain", b"{}").await.json()["message"],
        "Wrong request encoding (Content-Type): text/plain"
    );
    let long = stage.record(&key(0), &"x".repeat(1_100_000));
    assert_eq!(ada.post(CREATE, &long).await.error(), (413, "PayloadTooLargeError".to_owned()));
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn images(blob: &Value) -> Value {
    with(
        json!({"embed": {"$type": "app.bsky.embed.images", "images": [{"image": blob, "alt": "a"}]}}),
    )
}

fn changed(blob: &Value, key: &str, value: Value) -> Value {
    let mut blob = blob.clone();
    blob[key] = value;
    blob
}

#[tokio::test]
async fn blobs_are_checked_when_they_are_first_used() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let blob = ada.upload(UPLOAD, "image/jpeg", PNG).await.json()["blob"].clone();
    assert_eq!(blob["mimeType"], "image/png", "the bytes are believed, not the header");
    assert_eq!(blob["size"], PNG.len());
    for (blob, complaint) in [
        (
            changed(&blob, "size", json!(1)),
            format!("Referenced Size does not match stored blob. Expected: {}, Got: 1", PNG.len()),
        ),
        (
            changed(&blob, "mimeType", json!("image/jpeg")),
            "Referenced Mimetype does not match stored blob. Expected: image/png, Got: image/jpeg"
                .to_owned(),
        ),
        (
            changed(&blob, "mimeType", json!("text/plain")),
            "Expected \"image/*\" (got \"text/plain\") at $.record.embed.images[0].image.mimeType"
                .to_owned(),
        ),
        (
            changed(&blob, "size", json!(2_000_001)),
            "blob too big (maximum 2000000, got 2000001) at $.record.embed.images[0].image"
                .to_owned(),
        ),
        (
            json!("x"),
            "Expected blob value type (got \"x\") at $.record.embed.images[0].image".to_owned(),
        ),
    ] {
        assert_eq!(try_record(&stage, &mut ada, 0, images(&blob)).await.unwrap_err(), complaint);
    }
    assert!(try_record(&stage, &mut ada, 0, images(&blob)).await.is_ok());
    let lying = changed(&blob, "size", json!(1));
    assert!(try_record(&stage, &mut ada, 1, images(&lying)).await.is_ok(), "no second look");
}

#[tokio::test]
async fn a_blob_that_is_gone_is_not_found() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let blob = ada.upload(UPLOAD, "image/png", PNG).await.json()["blob"].clone();
    stage.pds.forget_unused_blobs("ada.test");
    let body =
        json!({"repo": stage.did, "collection": POSTS, "rkey": key(0), "record": images(&blob)});
    assert_eq!(ada.post(CREATE, &body).await.error(), (400, "BlobNotFound".to_owned()));
    ada.upload(UPLOAD, "image/png", PNG).await;
    assert_eq!(ada.post(CREATE, &body).await.status, 200);
    stage.pds.forget_unused_blobs("ada.test");
    ada.post(DELETE, &json!({"repo": stage.did, "collection": POSTS, "rkey": key(0)})).await;
    assert_eq!(
        ada.post(CREATE, &body).await.error().1,
        "BlobNotFound",
        "it goes with its last record"
    );
}

#[tokio::test]
async fn an_upload_is_limited_and_needs_a_type() {
    let stage = Stage::new().await;
    let mut ada = stage.ada().await;
    let big = vec![0; 5 * 1024 * 1024 + 1];
    assert_eq!(
        ada.upload(UPLOAD, "image/png", &big).await.error(),
        (413, "PayloadTooLarge".to_owned())
    );
    assert_eq!(
        ada.upload(UPLOAD, "", b"x").await.json()["message"],
        "Request encoding (Content-Type) required but not provided"
    );
    let mut stranger = stage.stranger().await;
    assert_eq!(
        stranger.upload(UPLOAD, "image/png", PNG).await.error(),
        (401, "AuthMissing".to_owned())
    );
}
