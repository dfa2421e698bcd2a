//! Once: not twice, and not nowhere.

use std::sync::Arc;

use bellwether_networks::{FindBy, Found, ThreadKind};

use super::{Harness, There, post, scene, thread};

pub async fn what_is_submitted_is_there_once<H: Harness>(harness: Arc<H>) {
    let (member, _wire, stage) = scene(&harness).await;
    let (frozen, receipt) = stage.publish(harness.network(), &post("Kofi opens the shop")).await;
    let [only] = receipt.posts.as_slice() else { panic!("one part makes one post") };
    assert_eq!(frozen.texts, ["Kofi opens the shop"]);
    let there = There { id: only.id.clone(), text: frozen.texts[0].clone() };
    assert_eq!(harness.posts(&member).await, [there]);
    assert!(only.url.is_some());
}

pub async fn a_second_submit_of_the_same_request_makes_no_second_post<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if network.spec().find_by != FindBy::Handle {
        return;
    }
    let (member, _wire, stage) = scene(&harness).await;
    for content in [post("Once"), thread(&["One", "two", "three"])] {
        if content.parts.len() > 1 && network.spec().thread != ThreadKind::Atomic {
            continue;
        }
        let before = harness.posts(&member).await.len();
        let frozen = stage.freeze(network, &content).await;
        let prepared = stage.prepare(network, &frozen).await;
        stage.submit(network, &frozen, &prepared).await;
        let again = stage.try_submit(network, &frozen, &prepared).await;
        assert_eq!(harness.posts(&member).await.len(), before + content.parts.len());
        // It may say "done" or "I do not know", but never "certainly not".
        if let Err(failure) = again {
            assert_eq!(failure.sent, bellwether_networks::Sent::Unknown, "{failure:?}");
        }
        let found = stage.find(network, &frozen, &prepared).await;
        assert!(matches!(found, Found::Found(_)), "{found:?}");
    }
}

pub async fn looking_says_absent_before_and_found_after<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    let (_member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("Is it there?")).await;
    let prepared = stage.prepare(network, &frozen).await;
    let before = stage.find(network, &frozen, &prepared).await;
    let expected = match network.spec().find_by {
        FindBy::Handle => Found::Absent,
        FindBy::ReadingBack => Found::NotSeen,
        FindBy::Nothing => Found::CannotTell,
    };
    assert_eq!(before, expected);
    stage.submit(network, &frozen, &prepared).await;
    let after = stage.find(network, &frozen, &prepared).await;
    if network.spec().find_by != FindBy::Nothing {
        assert!(matches!(after, Found::Found(_)), "{after:?}");
    }
}

pub async fn looking_gives_the_same_receipt_as_submitting<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if network.spec().find_by == FindBy::Nothing {
        return;
    }
    let (_member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(network, &post("The same twice")).await;
    let prepared = stage.prepare(network, &frozen).await;
    let receipt = stage.submit(network, &frozen, &prepared).await;
    assert_eq!(stage.find(network, &frozen, &prepared).await, Found::Found(receipt.clone()));
    if network.spec().find_by == FindBy::Handle {
        let ids: Vec<_> = receipt.posts.iter().map(|post| post.id.clone()).collect();
        assert_eq!(frozen.handles, ids);
    }
}

pub async fn taking_down_twice_is_taking_down<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if !network.spec().features.delete {
        return;
    }
    let (member, _wire, stage) = scene(&harness).await;
    let (_, kept) = stage.publish(network, &post("This stays")).await;
    let (frozen, receipt) = stage.publish(network, &post("This goes")).await;
    let publish = network.publish();
    publish.delete(&stage.cx(), &receipt.posts[0], &stage.permit()).await.expect("takes down");
    let left: Vec<_> = harness.posts(&member).await.into_iter().map(|there| there.id).collect();
    assert_eq!(left, [kept.posts[0].id.clone()]);
    if network.spec().features.delete_repeatable {
        publish.delete(&stage.cx(), &receipt.posts[0], &stage.permit()).await.expect("again");
    }
    if network.spec().find_by == FindBy::Handle {
        let prepared = serde_json::Value::Null;
        assert_eq!(stage.find(network, &frozen, &prepared).await, Found::Absent);
    }
}

pub async fn a_thread_is_there_in_order<H: Harness>(harness: Arc<H>) {
    let network = harness.network();
    if network.spec().thread != ThreadKind::Atomic {
        return;
    }
    let (member, _wire, stage) = scene(&harness).await;
    let (_, receipt) = stage.publish(network, &thread(&["first", "second", "third"])).await;
    let there = harness.posts(&member).await;
    let texts: Vec<_> = receipt
        .posts
        .iter()
        .filter_map(|post| there.iter().find(|there| there.id == post.id))
        .map(|there| there.text.as_str())
        .collect();
    assert_eq!(texts, ["first", "second", "third"]);
    assert_eq!(there.len(), 3);
}
