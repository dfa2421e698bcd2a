//! Posts that are deleted.

use bellwether_base::{DeliveryId, PostId};

use super::pictures::{outlasts_collecting, with_picture};
use super::world::{NOOR, Scene, World, worlds};
use crate::networks::FailureKind;
use crate::publishing::{
    self, DeliveryState, When, cancel, deliveries_of, discard, is_discardable,
};
use crate::{Error, Result, posts};

async fn post_of(w: &World, id: DeliveryId) -> PostId {
    w.delivery(id).await.post_id
}

/// Deletes it, and sees that the page would have offered just that.
async fn try_discard(w: &World, post: PostId) -> Result<()> {
    let logs = deliveries_of(&w.app, &NOOR, w.ws, post).await.unwrap();
    let done = discard(&w.app, &NOOR, w.ws, post).await;
    assert_eq!(is_discardable(&logs), done.is_ok());
    done
}

fn is_conflict(done: &Result<()>, key: &str) -> bool {
    matches!(done, Err(Error::Conflict(say)) if say.key == key)
}

#[tokio::test]
async fn a_post_of_which_nothing_was_sent_is_deleted_with_all_that_hangs_on_it() {
    for w in worlds().await {
        let draft = w.write(&["Brouillon"]).await;
        try_discard(&w, draft.id).await.unwrap();
        let gone = posts::get(&w.app, &NOOR, w.ws, draft.id).await;
        assert!(matches!(gone, Err(Error::NotFound(_))));

        let tonight = When::At { local: "2026-03-02T18:00".into(), zone: None };
        let planned = w.plan(&["1/2", "2/2"], &tonight).await;
        let post = post_of(&w, planned).await;
        assert!(is_conflict(&try_discard(&w, post).await, "post-delete-planned"));
        assert_eq!(w.state(planned).await, DeliveryState::Scheduled);
        cancel(&w.app, &NOOR, w.ws, planned).await.unwrap();
        try_discard(&w, post).await.unwrap();
        let gone = publishing::delivery(&w.app, &NOOR, w.ws, planned).await;
        assert!(matches!(gone, Err(Error::NotFound(_))));
    }
}

#[tokio::test]
async fn what_was_sent_keeps_its_record() {
    for w in worlds().await {
        let live = w.now("Sorti").await;
        w.turn().await;
        w.script.next(Scene::Fails(FailureKind::Rejected));
        let refused = w.now("Refusé").await;
        w.turn().await;
        assert_eq!(w.state(refused).await, DeliveryState::Refused);
        for id in [live, refused] {
            let post = post_of(&w, id).await;
            assert!(is_conflict(&try_discard(&w, post).await, "post-delete-was-sent"));
            w.log(id).await;
        }
    }
}

#[tokio::test]
async fn the_pictures_of_a_deleted_post_are_collected() {
    for w in worlds().await {
        let (post, hash) = with_picture(&w).await;
        assert!(outlasts_collecting(&w, &hash).await);

        try_discard(&w, post.id).await.unwrap();
        assert!(!outlasts_collecting(&w, &hash).await);
    }
}
