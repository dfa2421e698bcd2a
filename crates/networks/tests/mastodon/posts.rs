//! What only this network promises, against a server that keeps what it is sent.

use std::sync::Arc;

use bellwether_networks::mastodon::Mastodon;
use bellwether_networks::{
    Content, Draft, FailureKind, Found, MediaRef, Network as _, RemotePost, Sent, Submitted, Trace,
};
use serde_json::{Value, json};

use crate::contract::stage::Stage;
use crate::contract::{Fact, post, scene, thread, with_pictures};
use crate::facts;
use crate::server::Instance;

pub fn facts(harness: &Arc<Instance>) -> Vec<Fact> {
    facts![harness;
        limits_are_the_servers_own,
        every_choice_arrives,
        visibility_is_always_sent,
        a_poll_arrives,
        pictures_arrive_in_order_with_their_descriptions,
        a_thread_is_a_chain_and_each_part_is_found,
        a_quote_arrives,
        the_same_request_twice_is_one_post_where_keys_are_known,
        a_post_is_found_among_many,
        what_is_known_is_passed_over,
        two_that_look_like_it_are_nobodys,
        a_post_that_was_attached_by_its_link_can_be_taken_down,
        a_post_of_another_server_is_not_taken_down,
    ]
}

/// What the server says that it takes, told by whoever set it up.
pub struct Told {
    pub characters: u32,
    pub pictures: u32,
    pub picture_bytes: u64,
    pub software: &'static str,
    /// What a link counts, where that is not its length.
    pub link: Option<u32>,
    pub quotes: bool,
    /// Whether it is sent again what it does not list.
    pub resends: bool,
    pub repeat: Repeat,
}

/// What a request does that comes a second time.
#[derive(Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It gives the post of the first.
    Same,
    /// It posts nothing, and says something that leaves a doubt.
    Doubt,
    /// It posts once more.
    Another,
}

fn with(mut content: Content, options: Value) -> Content {
    content.options = serde_json::from_value(options).unwrap();
    content
}

async fn limits_are_the_servers_own(harness: Arc<Instance>) {
    let (member, _wire, _) = scene(&harness).await;
    let (limits, told) = (member.account.limits, harness.told());
    assert_eq!((limits.text.max, limits.images), (told.characters, told.pictures));
    assert_eq!(limits.image.max_bytes, told.picture_bytes);
    assert_eq!(limits.resend_after_not_seen, told.resends);
    let server = limits.server.unwrap();
    assert_eq!((server.software.as_str(), server.link), (told.software, told.link));
    assert_eq!(server.quotes, told.quotes);
    assert!(server.poll.is_some());
}

async fn every_choice_arrives(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let mut content = with(
        post("A cake, and https://example.com/a?b=c&d"),
        json!({
            "visibility": "unlisted", "content_warning": "Food", "sensitive": "yes", "who_can_quote": "nobody",
        }),
    );
    content.languages = vec!["pt-BR".into()];
    let (_, receipt) = stage.publish(&Mastodon, &content).await;
    let status = &harness.statuses(&member).await[0];
    assert_eq!(status["id"], json!(receipt.posts[0].id));
    assert_eq!(status["visibility"], "unlisted");
    assert_eq!(status["spoiler_text"], "Food");
    assert_eq!(status["sensitive"], true);
    assert_eq!(status["language"], "pt");
    assert_eq!(status["scheduled_at"], Value::Null);
}

async fn visibility_is_always_sent(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(&Mastodon, &post("Plain")).await;
    assert_eq!(frozen.request["visibility"], "public");
    stage.submit(&Mastodon, &frozen, &Value::Null).await;
    assert_eq!(harness.statuses(&member).await[0]["visibility"], "public");
}

async fn a_poll_arrives(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let options =
        json!({"poll": ["Tea", "Coffee & cake"], "poll_closes": "6h", "poll_choices": "several"});
    let content = with(post("Tea or coffee?"), options);
    let (frozen, receipt) = stage.publish(&Mastodon, &content).await;
    let status = &harness.statuses(&member).await[0];
    let titles: Vec<_> =
        status["poll"]["options"].as_array().unwrap().iter().map(|o| &o["title"]).collect();
    assert_eq!(titles, [&json!("Tea"), &json!("Coffee & cake")]);
    assert_eq!(status["poll"]["multiple"], true);
    assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::Found(receipt));
    // The same words without a poll are something else.
    let bare = stage.freeze(&Mastodon, &post("Tea or coffee?")).await;
    assert_eq!(stage.find(&Mastodon, &bare, &Value::Null).await, Found::NotSeen);
}

async fn pictures_arrive_in_order_with_their_descriptions(harness: Arc<Instance>) {
    let (member, wire, stage) = scene(&harness).await;
    let pictures = vec![
        stage.media.png([200, 30, 30], "rød \"and\" 赤"),
        stage.media.png([30, 30, 200], ""),
        stage.media.png([30, 200, 30], "green\nand more"),
    ];
    let (frozen, receipt) =
        stage.publish(&Mastodon, &with_pictures("Three", pictures.clone())).await;
    let uploads = wire.writes().into_iter().filter(|path| path == "/api/v2/media").count();
    assert_eq!(uploads, 3, "each once");
    let status = &harness.statuses(&member).await[0];
    let media = status["media_attachments"].as_array().unwrap();
    let alts: Vec<_> = media.iter().map(|media| media["description"].as_str()).collect();
    assert_eq!(alts, [Some("rød \"and\" 赤"), None, Some("green\nand more")]);
    let told = &Mastodon.publish().parts(&frozen)[0].media;
    let hashes = |media: &[MediaRef]| media.iter().map(|m| m.hash.clone()).collect::<Vec<_>>();
    assert_eq!(hashes(told), hashes(&pictures));
    assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::Found(receipt));
    let bare = stage.freeze(&Mastodon, &post("Three")).await;
    assert_eq!(stage.find(&Mastodon, &bare, &Value::Null).await, Found::NotSeen);
}

/// Part by part, as the engine does it.
async fn publish_part(
    stage: &Stage,
    content: &Content,
    part: usize,
    previous: &[RemotePost],
) -> RemotePost {
    let created_at = bellwether_base::Clock::now(&stage.clock);
    let draft = Draft { content, part, previous, created_at };
    let publish = Mastodon.publish();
    let frozen = publish.freeze(&stage.cx(), &draft).await.expect("freezes");
    assert_eq!(frozen.texts, [content.parts[part].text.clone()]);
    let receipt = stage.submit(&Mastodon, &frozen, &Value::Null).await;
    assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::Found(receipt.clone()));
    receipt.posts[0].clone()
}

async fn a_thread_is_a_chain_and_each_part_is_found(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    // The same words twice: only what they answer tells them apart.
    let content = with(
        thread(&["first", "again", "again"]),
        json!({"content_warning": "Long", "poll": ["a", "b"]}),
    );
    let mut previous = Vec::new();
    for part in 0..3 {
        let post = publish_part(&stage, &content, part, &previous).await;
        previous.push(post);
    }
    let there = harness.statuses(&member).await;
    let ids: Vec<_> = there.iter().map(|status| status["id"].clone()).collect();
    assert_eq!(ids, previous.iter().map(|post| json!(post.id)).collect::<Vec<_>>());
    assert_eq!(there[0]["in_reply_to_id"], Value::Null);
    assert_eq!(there[1]["in_reply_to_id"], ids[0]);
    assert_eq!(there[2]["in_reply_to_id"], ids[1]);
    assert!(there.iter().all(|status| status["spoiler_text"] == "Long"), "in front of each part");
    assert!(there[0]["poll"].is_object() && there[1]["poll"].is_null(), "the first has the poll");
    // A part that a person attached by its link can be answered.
    let link =
        RemotePost { id: there[2]["url"].as_str().unwrap().to_owned(), url: None, version: None };
    let mut stage = stage;
    stage.account.server = member.account.server.clone();
    let next = publish_part(&stage, &post("onwards"), 0, &[link]).await;
    let last = harness.statuses(&member).await.pop().unwrap();
    assert_eq!((&last["id"], &last["in_reply_to_id"]), (&json!(next.id), &ids[2]));
}

async fn a_quote_arrives(harness: Arc<Instance>) {
    if !harness.told().quotes {
        return;
    }
    let (member, _wire, mut stage) = scene(&harness).await;
    stage.account.server = member.account.server.clone();
    let (_, quoted) = stage.publish(&Mastodon, &post("Quote me")).await;
    let options = json!({"quote": quoted.posts[0].url});
    stage.publish(&Mastodon, &with(post("What I said"), options)).await;
    let last = harness.statuses(&member).await.pop().unwrap();
    assert_eq!(last["quote"]["quoted_status"]["id"], json!(quoted.posts[0].id));
    for address in ["https://elsewhere.invalid/@ada/1", "http://localhost/@ada/999999"] {
        let gone = with(post("What who said?"), json!({"quote": address}));
        let failure = stage.try_freeze(&Mastodon, &gone).await.unwrap_err();
        let told = (failure.kind, failure.say.key.as_str());
        assert_eq!(told, (FailureKind::Rejected, "mastodon-quote-unknown"));
    }
}

async fn the_same_request_twice_is_one_post_where_keys_are_known(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(&Mastodon, &post("Once")).await;
    let first = stage.submit(&Mastodon, &frozen, &Value::Null).await;
    let again = stage.try_submit(&Mastodon, &frozen, &Value::Null).await;
    let repeat = match again {
        Ok(Submitted::Done(receipt)) if receipt == first => Repeat::Same,
        Ok(_) => Repeat::Another,
        Err(failure) => {
            assert_eq!(failure.sent, Sent::Unknown, "{failure:?}");
            Repeat::Doubt
        }
    };
    assert_eq!(repeat, harness.told().repeat);
    let there = harness.statuses(&member).await.len();
    assert_eq!(there, if repeat == Repeat::Another { 2 } else { 1 });
    // Another request with the same words is another post.
    stage.publish(&Mastodon, &post("Once")).await;
    assert_eq!(harness.statuses(&member).await.len(), there + 1);
}

async fn a_post_is_found_among_many(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(&Mastodon, &post("Among many")).await;
    let newest = Mastodon.publish().newest(&stage.cx()).await.unwrap();
    assert_eq!(newest, None);
    let receipt = stage.submit(&Mastodon, &frozen, &Value::Null).await;
    for number in 0..45 {
        harness.post(&member, &json!({"status": format!("Post {number}")})).await;
    }
    assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::Found(receipt.clone()));
    // From a place after it the list is complete without it.
    stage.settle().await;
    let newest = Mastodon.publish().newest(&stage.cx()).await.unwrap();
    let last = harness.statuses(&member).await.pop().unwrap();
    assert_eq!(newest.as_deref(), last["id"].as_str());
    let trace = Trace { newest_before: newest, ..stage.trace() };
    let found = Mastodon.publish().find(&stage.cx(), &frozen, &Value::Null, &trace).await;
    assert_eq!(found, Ok(Found::NotSeen));
}

async fn what_is_known_is_passed_over(harness: Arc<Instance>) {
    let (_member, _wire, stage) = scene(&harness).await;
    let (_, earlier) = stage.publish(&Mastodon, &post("Good morning")).await;
    let frozen = stage.freeze(&Mastodon, &post("Good morning")).await;
    let find = async |known: &str| {
        let trace = Trace { known: vec![known.to_owned()], ..stage.trace() };
        stage.settle().await;
        Mastodon.publish().find(&stage.cx(), &frozen, &Value::Null, &trace).await.unwrap()
    };
    let (id, url) = (earlier.posts[0].id.clone(), earlier.posts[0].url.clone().unwrap());
    assert_eq!(find(&id).await, Found::NotSeen);
    assert_eq!(find(&url).await, Found::NotSeen, "attached by its link");
    let receipt = stage.submit(&Mastodon, &frozen, &Value::Null).await;
    assert_eq!(find(&id).await, Found::Found(receipt));
}

async fn two_that_look_like_it_are_nobodys(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(&Mastodon, &post("Twins")).await;
    for _ in 0..2 {
        harness.post(&member, &json!({"status": "Twins"})).await;
    }
    assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::CannotTell);
}

async fn a_post_that_was_attached_by_its_link_can_be_taken_down(harness: Arc<Instance>) {
    let (member, _wire, mut stage) = scene(&harness).await;
    stage.account.server = member.account.server.clone();
    let (_, receipt) = stage.publish(&Mastodon, &post("By hand")).await;
    let link = receipt.posts[0].url.clone().unwrap();
    for id in [format!("{link}/?x#y"), link] {
        let post = RemotePost { id, url: None, version: None };
        Mastodon.publish().delete(&stage.cx(), &post, &stage.permit()).await.expect("takes down");
        assert!(harness.statuses(&member).await.is_empty());
    }
}

async fn a_post_of_another_server_is_not_taken_down(harness: Arc<Instance>) {
    let (_member, wire, stage) = scene(&harness).await;
    for id in ["", "1/../2", "https://elsewhere.invalid/@kofi/1", "https://elsewhere.invalid/"] {
        let post = RemotePost { id: id.to_owned(), url: None, version: None };
        let deleted = Mastodon.publish().delete(&stage.cx(), &post, &stage.permit()).await;
        assert_eq!(deleted.unwrap_err().say.key, "not-our-post", "{id}");
    }
    assert!(wire.writes().is_empty());
}
