//! Pictures, as long as a request may still need them.

use std::time::Duration;

use futures::stream;

use super::floor::a_picture;
use super::world::{NOOR, Scene, World, worlds};
use crate::media;
use crate::networks::{Content, Found, MediaRef, Part};
use crate::posts::{self, Post, Written};
use crate::publishing::{self, DeliveryState, When, retry};

/// A post with a picture, and that picture's name.
pub async fn with_picture(w: &World) -> (Post, String) {
    let file = stream::iter([Ok::<_, std::io::Error>(a_picture())]);
    let medium = media::upload(&w.app, &NOOR, w.ws, "gris.png", file).await.unwrap();
    let shown = MediaRef { hash: medium.hash.clone(), alt: "Gris".into(), facts: None };
    let part = Part { text: "Gris".into(), media: vec![shown], ..Part::default() };
    let content = Content { parts: vec![part], ..Content::default() };
    let written = Written { content, ..Written::default() };
    (posts::write(&w.app, &NOOR, w.ws, written).await.unwrap(), medium.hash)
}

/// Whether it is there yet when two days have gone by since somebody let go of it.
pub async fn outlasts_collecting(w: &World, hash: &str) -> bool {
    w.app.advance(Duration::from_hours(49));
    media::collect(&w.app).await.unwrap();
    media::get(&w.app, &NOOR, w.ws, hash).await.is_ok()
}

#[tokio::test]
async fn a_picture_stays_as_long_as_its_request_may_go_again() {
    for w in worlds().await {
        let (post, hash) = with_picture(&w).await;
        w.script.next(Scene::IsLost);
        w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
        let on = [w.channel];
        let planned =
            publishing::schedule(&w.app, &NOOR, w.ws, post.id, &on, &When::Now).await.unwrap();
        let id = planned.deliveries[0].id;
        w.turn().await;
        w.after(Duration::from_secs(1)).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);

        // The post does without it now; the request, if it goes again, does not.
        let post = posts::get(&w.app, &NOOR, w.ws, post.id).await.unwrap();
        let mut content = post.content.clone();
        content.parts[0].media.clear();
        let written = Written { content, ..Written::default() };
        crate::publishing::edit(&w.app, &NOOR, w.ws, post.id, post.revision, written)
            .await
            .unwrap();
        assert!(outlasts_collecting(&w, &hash).await);

        retry(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert!(!outlasts_collecting(&w, &hash).await, "nobody needs it any more");
    }
}
