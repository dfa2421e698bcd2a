//! What the records look like, and what only this network promises.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::contract::{Fact, Harness as _, post, scene, thread};
use crate::facts;
use crate::pds::Pds;

pub fn facts(harness: &Arc<Pds>) -> Vec<Fact> {
    facts![harness;
        a_thread_names_its_posts_as_the_server_does,
        facets_count_bytes,
    ]
}

async fn a_thread_names_its_posts_as_the_server_does(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, _wire, stage) = scene(&pds).await;
    let (_, receipt) = stage.publish(network, &thread(&["One 🧵", "two é", "three"])).await;
    let mut names = Vec::new();
    for post in &receipt.posts {
        let record = pds.record(&post.id).await;
        assert_eq!(record["cid"].as_str(), post.version.as_deref());
        names.push(json!({"uri": post.id, "cid": record["cid"]}));
        let reply = &record["value"]["reply"];
        match names.len() {
            1 => assert_eq!(reply, &Value::Null),
            count => assert_eq!(reply, &json!({"root": names[0], "parent": names[count - 2]})),
        }
    }
}

async fn facets_count_bytes(pds: Arc<Pds>) {
    let network = pds.network();
    let (member, _wire, stage) = scene(&pds).await;
    let handle = &member.account.handle;
    // A family of seven scalar values, a letter with a mark of its own, an ideograph.
    let before = "👨‍👩‍👧‍👦 cafe\u{301} 日";
    let text = format!("{before} @{handle} sees https://example.com/a?b=c#d and #Tag");
    let (_, receipt) = stage.publish(network, &post(&text)).await;
    let record = pds.record(&receipt.posts[0].id).await;
    let facets = record["value"]["facets"].as_array().expect("facets").clone();
    let marked: Vec<(&str, &Value)> = facets
        .iter()
        .map(|facet| {
            let end = |name: &str| usize::try_from(facet["index"][name].as_u64().unwrap()).unwrap();
            (&text[end("byteStart")..end("byteEnd")], &facet["features"][0])
        })
        .collect();
    let mention = format!("@{handle}");
    let did = &member.account.remote_id;
    assert_eq!(
        marked,
        [
            (&*mention, &json!({"$type": "app.bsky.richtext.facet#mention", "did": did})),
            (
                "https://example.com/a?b=c#d",
                &json!({"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/a?b=c#d"})
            ),
            ("#Tag", &json!({"$type": "app.bsky.richtext.facet#tag", "tag": "Tag"})),
        ]
    );
}
