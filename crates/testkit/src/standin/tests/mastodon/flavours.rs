//! Servers that speak the same API and are not Mastodon.

use super::*;
use crate::standin::mastodon::Settings;

// internal/api/client/statuses/statuscreate.go, internal/processing/status/create.go
#[tokio::test]
async fn gotosocial_refuses_with_400_counts_scalars_and_backdates() {
    let town = Town::of(Flavour::GoToSocial).await;
    let mut ada = town.ada().await;
    let status = post(&mut ada, &hello()).await.json();
    assert_eq!((&status["visibility"], text(&status["id"]).len()), (&json!("unlisted"), 26));
    let link = format!("https://bread.example/{}", "x".repeat(4978));
    assert_eq!(post(&mut ada, &json!({"status": link})).await.status, 200, "5000, link or not");
    let long = post(&mut ada, &json!({"status": format!("{link}x")})).await;
    assert_eq!(
        long.error(),
        (400, "Bad Request: status too long, 5001 characters provided (including spoiler/content warning) but limit is 5000".to_owned())
    );
    assert_eq!(
        post(&mut ada, &json!({"status": "x", "in_reply_to_id": "1"})).await.error(),
        (404, "Not Found".to_owned())
    );
    assert_eq!(
        post(&mut ada, &json!({"status": "x", "media_ids": ["1"]})).await.error(),
        (400, "Bad Request: media 1 not found".to_owned())
    );
    let back = post(&mut ada, &json!({"status": "Then", "scheduled_at": "2020-01-02T03:04:05Z"}))
        .await
        .json();
    assert_eq!(back["created_at"], "2020-01-02T03:04:05.000Z");
    let listed = ada.get(&town.list("")).await.json();
    let texts: Vec<_> = listed.as_array().unwrap().iter().map(|s| text(&s["id"])).collect();
    assert_eq!(texts.last(), Some(&text(&back["id"])), "its id is as old");
}

// docs/development/API/differences_in_mastoapi_responses.md
#[tokio::test]
async fn pleroma_has_ids_of_its_own_and_no_cap_on_media() {
    let town = Town::of(Flavour::Pleroma).await;
    let mut ada = town.ada().await;
    let mut media = Vec::new();
    for _ in 0..6 {
        media.push(id(&upload(&mut ada, "image/png", PIXEL, "").await));
    }
    let status = post(&mut ada, &json!({"status": "a\nb", "media_ids": media})).await.json();
    assert_eq!(status["media_attachments"].as_array().unwrap().len(), 6);
    assert_eq!(status["content"], "a<br>b");
    assert_eq!(text(&status["id"]).len(), 18);
    let empty = post(&mut ada, &json!({"status": " "})).await;
    assert_eq!(empty.error(), (422, "Cannot post an empty status without attachments".to_owned()));
}

#[tokio::test]
async fn pixelfed_wants_a_picture_and_knows_no_direct_posts() {
    let town = Town::of(Flavour::Pixelfed).await;
    let mut ada = town.ada().await;
    assert_eq!(post(&mut ada, &hello()).await.status, 403);
    let picture = id(&upload(&mut ada, "image/png", PIXEL, "").await);
    let body =
        |visibility: &str| json!({"status": "x", "media_ids": [picture], "visibility": visibility});
    assert_eq!(post(&mut ada, &body("direct")).await.status, 422);
    let status = post(&mut ada, &body("unlisted")).await;
    let answer = json!({"status": "and", "in_reply_to_id": id(&status)});
    assert_eq!(post(&mut ada, &answer).await.status, 200, "an answer needs none");
    assert_eq!(upload(&mut ada, "video/mp4", b"any", "").await.status, 422);
}

#[tokio::test]
async fn takahe_posts_at_once_what_should_wait() {
    let town = Town::of(Flavour::Takahe).await;
    let mut ada = town.ada().await;
    let status =
        post(&mut ada, &json!({"status": "Later", "scheduled_at": "2999-01-01T00:00:00Z"}))
            .await
            .json();
    assert_eq!(status["content"], "<p>Later</p>");
    assert_eq!(town.texts(), ["Later"]);
}

#[test]
fn each_flavour_has_a_name_and_settings_of_its_own() {
    for flavour in Flavour::ALL {
        assert_eq!(Settings::of(flavour).flavour, flavour);
        let same: Vec<_> = Flavour::ALL.iter().filter(|f| f.name() == flavour.name()).collect();
        assert_eq!(same.len(), 1);
    }
}
