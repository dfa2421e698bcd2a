//! Statuses: made, refused, edited, taken down.

use std::time::Duration;

use bellwether_base::{Clock as _, SystemClock};

use super::*;
use crate::standin::{Author, What};

// methods/statuses/#create
#[tokio::test]
async fn a_form_asks_for_the_same_as_json() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let (one, two) = (
        upload(&mut ada, "image/png", PIXEL, "").await,
        upload(&mut ada, "image/png", PIXEL, "").await,
    );
    let pairs = [
        ("status", "Hello"),
        ("media_ids[]", &id(&two)),
        ("media_ids[]", &id(&one)),
        ("sensitive", "true"),
        ("visibility", "unlisted"),
        ("language", "fr"),
    ];
    let status = form(&mut ada, STATUSES, &pairs).await.json();
    assert_eq!(
        (&status["sensitive"], &status["visibility"], &status["language"]),
        (&json!(true), &json!("unlisted"), &json!("fr"))
    );
    let media: Vec<_> =
        status["media_attachments"].as_array().unwrap().iter().map(|m| text(&m["id"])).collect();
    assert_eq!(media, [id(&two), id(&one)], "in the order that was asked for");
    let posts = town.ledger.posts("ada");
    assert_eq!((posts[0].text.as_str(), &posts[0].content["media_count"]), ("Hello", &json!(2)));
    assert_eq!((&posts[0].author, posts[0].id.clone()), (&Author::Client, text(&status["id"])));
}

// methods/statuses/#create: `in_reply_to_id`; app/controllers/api/v1/statuses_controller.rb
#[tokio::test]
async fn a_thread_is_made_of_answers_to_what_is_there() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let first = id(&post(&mut ada, &hello()).await);
    let second = post(&mut ada, &json!({"status": "and", "in_reply_to_id": first})).await.json();
    assert_eq!(
        (text(&second["in_reply_to_id"]), text(&second["in_reply_to_account_id"])),
        (first.clone(), town.ada.clone())
    );
    assert_eq!(ada.get(&format!("{STATUSES}/{first}")).await.json()["replies_count"], 1);
    assert_eq!(town.ledger.posts("ada")[1].reply_to.as_ref(), Some(&first));
    let missing = (404, "The post you are trying to reply to does not appear to exist.".to_owned());
    assert_eq!(
        post(&mut ada, &json!({"status": "x", "in_reply_to_id": "1"})).await.error(),
        missing
    );
    ada.try_call("DELETE", &format!("{STATUSES}/{first}")).await.unwrap();
    assert_eq!(
        post(&mut ada, &json!({"status": "x", "in_reply_to_id": first})).await.error(),
        missing
    );
}

// app/validators/status_length_validator.rb, config/locales/en.yml
#[tokio::test]
async fn characters_are_counted_as_people_see_them_and_links_as_23() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let link = "https://bread.example/a/very/long/way/that/leads/to/the/oven";
    let fits = [
        "é".repeat(500),
        "👩‍👩‍👧".repeat(500),
        format!("{link} {}", "x".repeat(476)),
        format!("@noor@a.very.long.domain.example {}", "x".repeat(494)),
    ];
    for text in &fits {
        assert_eq!(post(&mut ada, &json!({"status": text})).await.status, 200, "{text}");
        let longer = json!({"status": format!("{text}x")});
        let refused = (422, "Validation failed: Text character limit of 500 exceeded".to_owned());
        assert_eq!(post(&mut ada, &longer).await.error(), refused, "{text}");
    }
    let warned = json!({"status": "x".repeat(496), "spoiler_text": "Bread"});
    assert_eq!(post(&mut ada, &warned).await.status, 422, "the warning counts too");
    let bare = json!({"status": format!("bread.example/{}", "x".repeat(487))});
    assert_eq!(post(&mut ada, &bare).await.status, 422, "no scheme, no link");
    assert_eq!(town.ledger.posts("ada").len(), 4);
}

// methods/statuses/#create: 422
#[tokio::test]
async fn what_is_not_valid_is_refused_and_leaves_nothing() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let picture = id(&upload(&mut ada, "image/png", PIXEL, "").await);
    let poll = json!({"options": ["a", "b"], "expires_in": 300});
    let refused = |what: &str| (422, what.to_owned());
    for (body, what) in [
        (json!({"status": "  \n "}), "Validation failed: Text can't be blank"),
        (
            json!({"status": "x", "visibility": "secret"}),
            "Validation failed: Visibility is not included in the list",
        ),
        (json!({"status": "x", "media_ids": vec!["1"; 5]}), "Cannot attach more than 4 files"),
        (
            json!({"status": "x", "media_ids": [picture], "poll": poll}),
            "Cannot attach more than 4 files",
        ),
        (
            json!({"status": "x", "media_ids": ["1", picture, "2"]}),
            "Media 1, 2 not found or already attached to another post",
        ),
    ] {
        assert_eq!(post(&mut ada, &body).await.error(), refused(what), "{body}");
    }
    let refused = send(&mut ada, "POST", STATUSES, "application/json", b"{", "").await.unwrap();
    assert_eq!(refused.status, 400);
    assert!(town.texts().is_empty());
    assert_eq!(
        id(&post(&mut ada, &json!({"media_ids": [picture]})).await).len(),
        18,
        "a picture needs no words"
    );
    assert_eq!(post(&mut ada, &json!({"media_ids": [picture]})).await.status, 422, "it is used");
}

// methods/statuses/#create: `poll`; app/validators/poll_options_validator.rb
#[tokio::test]
async fn a_poll_keeps_to_its_limits() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let pairs = [
        ("status", "Which?"),
        ("poll[options][]", "Rye"),
        ("poll[options][]", "Oat"),
        ("poll[expires_in]", "86400"),
        ("poll[multiple]", "true"),
    ];
    let poll = form(&mut ada, STATUSES, &pairs).await.json()["poll"].clone();
    assert_eq!(
        poll["options"],
        json!([{"title": "Rye", "votes_count": 0}, {"title": "Oat", "votes_count": 0}])
    );
    assert_eq!((&poll["multiple"], &poll["expired"]), (&json!(true), &json!(false)));
    let long = "x".repeat(51);
    for (options, seconds, what) in [
        (json!(["a"]), 300, "Poll options must have more than one item"),
        (json!(["a", "b", "c", "d", "e"]), 300, "Poll options can't contain more than 4 items"),
        (json!(["a", "a"]), 300, "Poll options contain duplicate items"),
        (json!(["a", long]), 300, "Poll options cannot be longer than 50 characters each"),
        (json!(["a", "b"]), 299, "Poll expires at is too soon"),
        (json!(["a", "b"]), 2_629_747, "Poll expires at is too far into the future"),
    ] {
        let body = json!({"status": "?", "poll": {"options": options, "expires_in": seconds}});
        assert_eq!(
            post(&mut ada, &body).await.error(),
            (422, format!("Validation failed: {what}"))
        );
    }
}

// methods/statuses/#create: `quoted_status_id`, entities/Quote
#[tokio::test]
async fn what_is_quoted_is_shown_and_linked() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let quoted = id(&post(&mut ada, &hello()).await);
    let status = post(
        &mut ada,
        &json!({"status": "Well", "quoted_status_id": quoted, "quote_approval_policy": "nobody"}),
    )
    .await
    .json();
    assert_eq!(
        (&status["quote"]["state"], text(&status["quote"]["quoted_status"]["id"])),
        (&json!("accepted"), quoted.clone())
    );
    let content = text(&status["content"]);
    assert!(
        content.starts_with("<p class=\"quote-inline\">RE: <a href=\"http://stand.in/@ada/"),
        "{content}"
    );
    assert_eq!(status["quote_approval"]["automatic"], json!([]));
    let missing = post(&mut ada, &json!({"status": "x", "quoted_status_id": "1"})).await;
    assert_eq!(
        missing.error(),
        (404, "The post you are trying to quote does not appear to exist.".to_owned())
    );
    let old = Town::of(Flavour::Mastodon42).await;
    let status = post(&mut old.ada().await, &json!({"status": "x", "quoted_status_id": "1"})).await;
    assert_eq!((status.status, status.json().get("quote")), (200, None), "not known before 4.5");
}

// methods/statuses/#edit; `update` of statuses_controller.rb sends every key
#[tokio::test]
async fn an_edit_replaces_all_but_the_visibility() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let picture = id(&upload(&mut ada, "image/png", PIXEL, "A pixel").await);
    let body = json!({"status": "Helo", "media_ids": [picture], "spoiler_text": "Hi", "visibility": "unlisted"});
    let status = post(&mut ada, &body).await.json();
    let path = format!("{STATUSES}/{}", text(&status["id"]));
    assert_eq!(
        put(&mut ada, &path, &body).await.json()["edited_at"],
        Value::Null,
        "nothing changed"
    );
    let attributes = json!([{"id": picture, "description": "One pixel"}]);
    let body = json!({"status": "Hello", "media_ids": [picture], "media_attributes": attributes, "visibility": "public"});
    let edited = put(&mut ada, &path, &body).await.json();
    assert_eq!(
        (&edited["content"], &edited["visibility"]),
        (&json!("<p>Hello</p>"), &json!("unlisted"))
    );
    assert_eq!(edited["media_attachments"][0]["description"], "One pixel");
    assert_eq!((&edited["spoiler_text"], edited["edited_at"].is_string()), (&json!(""), true));
    assert_eq!(edited["created_at"], status["created_at"]);
    let bare = put(&mut ada, &path, &json!({"status": "Hello"})).await.json();
    assert_eq!(bare["media_attachments"], json!([]), "what is not sent again goes");
    assert_eq!(put(&mut ada, &path, &json!({"status": ""})).await.status, 422);
    let overwrote =
        town.ledger.effects().iter().filter(|e| matches!(e.what, What::Overwrote(..))).count();
    assert_eq!((overwrote, town.ledger.posts("ada").len()), (2, 1));
    town.mastodon.add_account("noor");
    let planted = town.mastodon.plant("noor", "mine", "web").unwrap();
    assert_eq!(put(&mut ada, &format!("{STATUSES}/{planted}"), &hello()).await.status, 404);
}

// methods/statuses/#delete
#[tokio::test]
async fn what_is_taken_down_comes_back_as_it_was_written() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let picture = id(&upload(&mut ada, "image/png", PIXEL, "").await);
    let body = json!({"status": "Fish & chips", "media_ids": [picture]});
    let path = format!("{STATUSES}/{}", id(&post(&mut ada, &body).await));
    let deleted = ada.try_call("DELETE", &path).await.unwrap();
    assert_eq!((deleted.status, &deleted.json()["text"]), (200, &json!("Fish & chips")));
    assert!(deleted.json().get("content").is_none());
    assert_eq!(deleted.json()["media_attachments"][0]["id"], picture);
    assert_eq!(ada.get(&path).await.status, 404);
    assert_eq!(
        ada.try_call("DELETE", &path).await.unwrap().error(),
        (404, "Record not found".to_owned())
    );
    assert!(town.ledger.posts("ada")[0].deleted().is_some());
    let again = post(&mut ada, &body).await;
    assert_eq!(again.status, 200, "its media can be posted again");
    let path = format!("{STATUSES}/{}?delete_media=true", id(&again));
    assert_eq!(ada.try_call("DELETE", &path).await.unwrap().status, 200);
    assert_eq!(post(&mut ada, &body).await.status, 422, "unless it went with it");
}

fn ahead(seconds: u64) -> String {
    (SystemClock.now() + Duration::from_secs(seconds)).to_rfc3339()
}

// methods/statuses/#create: `scheduled_at`
#[tokio::test]
async fn what_is_scheduled_waits() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let body = |at: &str| json!({"status": "Later", "scheduled_at": at});
    let waiting = post(&mut ada, &body(&ahead(3600))).await.json();
    assert_eq!((waiting.get("content"), &waiting["params"]["text"]), (None, &json!("Later")));
    assert!(town.texts().is_empty());
    assert_eq!(post(&mut ada, &body(&ahead(60))).await.status, 422, "five minutes at least");
    assert_eq!(
        post(&mut ada, &body("2020-01-01T00:00:00Z")).await.json()["content"],
        "<p>Later</p>"
    );
    assert_eq!(post(&mut ada, &body("soon")).await.status, 422);
    assert_eq!(town.texts(), ["Later"]);
    let old = Town::of(Flavour::Mastodon42).await;
    let status = post(&mut old.ada().await, &body(&ahead(60))).await.json();
    assert_eq!(status["content"], "<p>Later</p>", "MIN_SCHEDULE_OFFSET of post_status_service.rb");
}
