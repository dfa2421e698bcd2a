//! methods/media, entities/MediaAttachment.

use super::*;
use crate::standin::What;
use crate::standin::mastodon::{Limits, Processing};

const GIF: &[u8] = b"GIF89a\x02\0\x03\0";

#[tokio::test]
async fn a_small_picture_is_ready_at_once() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let medium = upload(&mut ada, "image/png", PIXEL, "A pixel").await;
    assert_eq!(medium.status, 200);
    let medium = medium.json();
    assert_eq!((&medium["type"], &medium["description"]), (&json!("image"), &json!("A pixel")));
    assert_eq!(
        medium["meta"]["original"],
        json!({"width": 1, "height": 1, "size": "1x1", "aspect": 1.0})
    );
    let path = text(&medium["url"]);
    let bytes = town.stranger().await.get(path.strip_prefix("http://stand.in").unwrap()).await;
    assert_eq!(bytes.body, PIXEL);
    let path = format!("/api/v1/media/{}", text(&medium["id"]));
    assert_eq!(ada.get(&path).await.json(), medium);
    assert!(
        town.ledger
            .effects()
            .iter()
            .any(|e| matches!(&e.what, What::Uploaded(id) if path.ends_with(id)))
    );
    assert_eq!(ada.get("/api/v1/media/1").await.error(), (404, "Record not found".to_owned()));
}

#[tokio::test]
async fn what_moves_is_worked_on_before_it_can_be_posted() {
    let town = Town::with(Settings {
        processing: Processing { looks: 2, ..Processing::default() },
        ..Settings::default()
    })
    .await;
    let mut ada = town.ada().await;
    let medium = upload(&mut ada, "image/gif", GIF, "").await;
    assert_eq!(
        (medium.status, &medium.json()["url"], &medium.json()["type"]),
        (202, &Value::Null, &json!("gifv"))
    );
    let path = format!("/api/v1/media/{}", id(&medium));
    let body = json!({"status": "Look", "media_ids": [id(&medium)]});
    let early = "Cannot attach files that have not finished processing. Try again in a moment!";
    assert_eq!(post(&mut ada, &body).await.error(), (422, early.to_owned()));
    let looks =
        [ada.get(&path).await.status, ada.get(&path).await.status, ada.get(&path).await.status];
    assert_eq!(looks, [206, 206, 200]);
    assert!(ada.get(&path).await.json()["url"].is_string());
    assert_eq!(post(&mut ada, &body).await.json()["media_attachments"][0]["id"], id(&medium));
    // methods/media/#v1: it answers when all is done
    assert_eq!(upload_to(&mut ada, "/api/v1/media", "image/gif", GIF, "").await.status, 200);
}

#[tokio::test]
async fn work_may_fail_and_stills_may_take_long_too() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    town.mastodon.set_processing(Processing { looks: 1, fails: true, includes_pictures: true });
    let medium = upload(&mut ada, "image/png", PIXEL, "").await;
    let path = format!("/api/v1/media/{}", id(&medium));
    assert_eq!((medium.status, ada.get(&path).await.status), (202, 206));
    let failed = (422, "Error processing thumbnail for uploaded media".to_owned());
    assert_eq!(ada.get(&path).await.error(), failed);
    assert_eq!(put(&mut ada, &path, &json!({"description": "x"})).await.error(), failed);
    assert_eq!(
        post(&mut ada, &json!({"status": "x", "media_ids": [id(&medium)]})).await.status,
        422
    );
}

// methods/media/#v2: 422
#[tokio::test]
async fn types_sizes_and_descriptions_have_limits() {
    let limits =
        Limits { image_bytes: 100, image_pixels: 1, description: 5, ..Settings::default().limits };
    let town = Town::with(Settings { limits, ..Settings::default() }).await;
    let mut ada = town.ada().await;
    let wide = [&PIXEL[..19], b"\x02", &PIXEL[20..]].concat();
    for (mime, bytes, description, what) in [
        (
            "text/plain",
            PIXEL.to_vec(),
            "",
            "Validation failed: File content type is invalid, File is invalid",
        ),
        (
            "image/png",
            b"no picture".to_vec(),
            "",
            "File type of uploaded media could not be verified",
        ),
        (
            "image/png",
            [PIXEL, &[0; 100]].concat(),
            "",
            "Validation failed: File file size must be less than 0 MB",
        ),
        ("image/png", wide, "", "2x1 images are not supported"),
        (
            "image/png",
            PIXEL.to_vec(),
            "A pixel",
            "Validation failed: Description is too long (maximum is 5 characters)",
        ),
    ] {
        assert_eq!(
            upload(&mut ada, mime, &bytes, description).await.error(),
            (422, what.to_owned())
        );
    }
    let nothing = form(&mut ada, "/api/v2/media", &[("description", "x")]).await;
    assert_eq!(nothing.error(), (422, "Validation failed: File can't be blank".to_owned()));
}

// methods/media/#update, #delete
#[tokio::test]
async fn a_medium_is_described_or_removed_until_it_is_posted() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let one = id(&upload(&mut ada, "image/png", PIXEL, "").await);
    let path = format!("/api/v1/media/{one}");
    let described =
        put(&mut ada, &path, &json!({"description": "A pixel", "focus": "-0.5,1"})).await.json();
    assert_eq!(
        (&described["description"], &described["meta"]["focus"]),
        (&json!("A pixel"), &json!({"x": -0.5, "y": 1.0}))
    );
    post(&mut ada, &json!({"status": "Look", "media_ids": [one]})).await;
    assert_eq!(
        ada.get(&path).await.status,
        404,
        "app/controllers/api/v1/media_controller.rb: `where(status_id: nil)`"
    );
    assert_eq!(put(&mut ada, &path, &json!({"description": "x"})).await.status, 404);
    assert_eq!(ada.try_call("DELETE", &path).await.unwrap().status, 422);
    let two = format!("/api/v1/media/{}", id(&upload(&mut ada, "image/png", PIXEL, "").await));
    assert_eq!(ada.try_call("DELETE", &two).await.unwrap().json(), json!({}));
    assert_eq!(ada.get(&two).await.status, 404);
}

// config/locales/en.yml: media_attachments.validations.images_and_video
#[tokio::test]
async fn a_video_stands_alone() {
    let town =
        Town::with(Settings { processing: Processing::default(), ..Settings::default() }).await;
    let mut ada = town.ada().await;
    let video = id(&upload(&mut ada, "video/mp4", b"any", "").await);
    let picture = id(&upload(&mut ada, "image/png", PIXEL, "").await);
    let both = json!({"status": "x", "media_ids": [picture, video]});
    let what = "Cannot attach a video to a post that already contains images";
    assert_eq!(post(&mut ada, &both).await.error(), (422, what.to_owned()));
    assert_eq!(post(&mut ada, &json!({"status": "x", "media_ids": [video]})).await.status, 200);
}

// mastodon#31681
#[tokio::test]
async fn before_4_4_media_that_is_not_there_is_left_out_in_silence() {
    let town = Town::of(Flavour::Mastodon42).await;
    let mut ada = town.ada().await;
    let status = post(&mut ada, &json!({"status": "Look", "media_ids": ["1"]})).await;
    assert_eq!((status.status, &status.json()["media_attachments"]), (200, &json!([])));
}
