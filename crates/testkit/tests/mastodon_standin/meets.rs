//! What a server does that a test against the vendor's own cannot bring about,
//! and texts that both sides must read alike.

use std::sync::Arc;
use std::time::Duration;

use bellwether_base::Clock as _;
use bellwether_networks::mastodon::{Mastodon, text};
use bellwether_networks::{FailureKind, Found, Network as _, Sent};
use bellwether_testkit::standin::Rate;
use bellwether_testkit::standin::mastodon::{Processing, Rates, Settings};
use serde_json::{Value, json};

use crate::contract::{Fact, post, scene, with_pictures};
use crate::facts;
use crate::server::Instance;

pub fn facts(harness: &Arc<Instance>) -> Vec<Fact> {
    facts![harness;
        every_text_is_known_again,
        both_count_alike,
        a_warning_is_known_again_and_counted,
        what_others_post_and_boost_is_not_ours,
        a_post_that_a_moderator_hides_is_found,
        a_login_that_is_taken_back_needs_a_person,
        a_login_that_may_not_read_is_not_taken,
        a_picture_that_cannot_be_read_is_told,
    ]
}

const TEXTS: &[&str] = &[
    "One\ntwo\n\n\n\nthree   four",
    "Fish & \"chips\" <3 it's <b>bold</b> &amp; &lt; 1/2",
    "See https://www.example.com/a/very/long/path/that/is/cut?q=1&r=2#x, and http://x.de.",
    "https://example.com",
    "HTTPS://EXAMPLE.COM/A and example.com/b and http://localhost/c",
    "(https://example.org/a_(b)) [https://example.org/c]",
    "パンはhttps://例え.みんな/焼き立て",
    "@kofi0 and @noor@bread.example. a@b.c #Bread #1 x#y ＃パン",
    "@kofi0@bread.example/way @a-b @a.b.c. @noor_@x-y.example-",
    "https://example.com/@ada/1?x=@b#c https://example.com/#d",
    "A :bread: and :nothing: 👩‍👩‍👧 🇳🇱 é e\u{301}",
    "مرحبا \u{200f}بالعالم #خبز",
    "zero\u{200b}width\u{feff} tab\tand\u{a0}space\u{202f}!",
    "*not bold* _x_ `code` ~~gone~~\n- a list\n1. one\n> a quote\n# a head",
    "RE: https://example.com/@ada/1\nand so on…",
    "https://example.com/shown… and https://example.com/a/way/that/is/very/long/indeed...",
    "#WEATHER #Weather_2 #été #2026 #a·b (#c) #d#e",
];

async fn every_text_is_known_again(harness: Arc<Instance>) {
    let (_member, _wire, stage) = scene(&harness).await;
    let mut sent = Vec::new();
    for words in TEXTS {
        let (frozen, receipt) = stage.publish(&Mastodon, &post(words)).await;
        sent.push((words, frozen, receipt));
    }
    for (words, frozen, receipt) in sent {
        let found = stage.find(&Mastodon, &frozen, &Value::Null).await;
        assert_eq!(found, Found::Found(receipt), "{words}");
    }
}

async fn both_count_alike(harness: Arc<Instance>) {
    let (_member, _wire, stage) = scene(&harness).await;
    for words in TEXTS {
        let left = text::measure(&format!("{words} "), &stage.account.limits).remaining;
        let left = usize::try_from(left).unwrap();
        let full = format!("{words} {}", "x".repeat(left));
        stage.publish(&Mastodon, &post(&full)).await;
        let frozen = stage.freeze(&Mastodon, &post(&format!("{full}x"))).await;
        let failure = stage.try_submit(&Mastodon, &frozen, &Value::Null).await.expect_err(words);
        assert_eq!((failure.kind, failure.sent), (FailureKind::Rejected, Sent::No), "{words}");
    }
}

async fn a_warning_is_known_again_and_counted(harness: Arc<Instance>) {
    let (_member, _wire, stage) = scene(&harness).await;
    let warning = "Food & \"drink\" <3 :bread: 👩‍👩‍👧 @kofi0@x.example https://example.com/a";
    for words in ["Bread", ""] {
        let pictures = if words.is_empty() { vec![stage.media.png([1, 2, 3], "")] } else { vec![] };
        let mut content = with_pictures(words, pictures);
        content.options.insert("content_warning".into(), json!(warning));
        let (frozen, receipt) = {
            let frozen = stage.freeze(&Mastodon, &content).await;
            let prepared = stage.prepare(&Mastodon, &frozen).await;
            let receipt = stage.submit(&Mastodon, &frozen, &prepared).await;
            (frozen, receipt)
        };
        let found = stage.find(&Mastodon, &frozen, &Value::Null).await;
        assert_eq!(found, Found::Found(receipt), "{words}");
    }
    let limits = &stage.account.limits;
    for (more, is_fine) in [(0, true), (1, false)] {
        let mut length = usize::try_from(limits.text.max).unwrap();
        let mut content = post("");
        content.options.insert("content_warning".into(), json!(warning));
        let has_error = |content: &_| {
            let problems = Mastodon.problems(content, limits);
            problems.iter().any(|one| one.weight == bellwether_networks::Weight::Error)
        };
        loop {
            content.parts[0].text = "x".repeat(length);
            if !has_error(&content) {
                break;
            }
            length -= 1;
        }
        content.parts[0].text = "x".repeat(length + more);
        let frozen = stage.freeze(&Mastodon, &content).await;
        let answer = stage.try_submit(&Mastodon, &frozen, &Value::Null).await;
        assert_eq!(answer.is_ok(), is_fine, "{more} {answer:?}");
    }
}

async fn what_others_post_and_boost_is_not_ours(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let name = harness.name(&member);
    let (_, kept) = stage.publish(&Mastodon, &post("Something else")).await;
    let frozen = stage.freeze(&Mastodon, &post("Good morning")).await;
    // The same words, by hand and as a boost.
    let theirs = harness.mastodon.plant(&name, "Good morning", "another").unwrap();
    harness.mastodon.plant_boost(&name, &theirs).unwrap();
    harness.mastodon.plant_boost(&name, &kept.posts[0].id).unwrap();
    let found = stage.find(&Mastodon, &frozen, &Value::Null).await;
    if harness.settings.tells_app {
        assert_eq!(found, Found::NotSeen, "it came from another program");
        let receipt = stage.submit(&Mastodon, &frozen, &Value::Null).await;
        assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::Found(receipt));
    }
}

async fn a_post_that_a_moderator_hides_is_found(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    harness.mastodon.silence(&harness.name(&member));
    let (frozen, receipt) = stage.publish(&Mastodon, &post("Can anybody see this?")).await;
    assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::Found(receipt));
    for visibility in ["unlisted", "private", "direct"] {
        let mut content = post(visibility);
        content.options.insert("visibility".into(), json!(visibility));
        let (frozen, receipt) = stage.publish(&Mastodon, &content).await;
        let found = stage.find(&Mastodon, &frozen, &Value::Null).await;
        assert_eq!(found, Found::Found(receipt), "{visibility}");
    }
}

async fn a_login_that_is_taken_back_needs_a_person(harness: Arc<Instance>) {
    let (member, _wire, stage) = scene(&harness).await;
    let frozen = stage.freeze(&Mastodon, &post("Too late")).await;
    let pictures = vec![stage.media.png([1, 2, 3], "one")];
    let pictured = stage.freeze(&Mastodon, &with_pictures("Look", pictures)).await;
    let (_, receipt) = stage.publish(&Mastodon, &post("In time")).await;
    harness.mastodon.revoke_tokens(&harness.name(&member));
    let (cx, permit) = (stage.cx(), stage.permit());
    let publish = Mastodon.publish();
    for failure in [
        publish.submit(&cx, &frozen, &Value::Null, &permit).await.map(|_| ()),
        publish.prepare(&cx, &pictured, &Value::Null, &permit).await.map(|_| ()),
        publish.find(&cx, &frozen, &Value::Null, &stage.trace()).await.map(|_| ()),
        publish.newest(&cx).await.map(|_| ()),
        publish.delete(&cx, &receipt.posts[0], &stage.permit()).await,
    ] {
        let failure = failure.unwrap_err();
        assert_eq!((failure.kind, failure.sent), (FailureKind::Reconnect, Sent::No));
        assert_eq!(failure.say.key, "login-gone");
    }
}

async fn a_login_that_may_not_read_is_not_taken(harness: Arc<Instance>) {
    if !harness.is_mastodon() {
        // Others do not look at scopes.
        return;
    }
    for (scopes, key) in [
        ("write", Some("mastodon-scope-missing")),
        ("profile write", Some("mastodon-scope-missing")),
        ("read:accounts write", Some("mastodon-scope-missing")),
        ("read:accounts read:statuses write:statuses write:media", None),
        ("read", None),
    ] {
        let failure = harness.try_member(scopes).await.err().map(|failure| failure.say.key);
        assert_eq!(failure.as_deref(), key, "{scopes}");
    }
    // What cannot be known before is told when it is tried.
    let member = harness.try_member("read").await.unwrap();
    let stage = crate::contract::stage::Stage::of(&member);
    let frozen = stage.freeze(&Mastodon, &post("May I?")).await;
    let failure = stage.try_submit(&Mastodon, &frozen, &Value::Null).await.unwrap_err();
    assert_eq!(failure.say.key, "mastodon-scope-missing");
    assert_eq!((failure.kind, failure.sent), (FailureKind::Reconnect, Sent::No));
}

async fn a_picture_that_cannot_be_read_is_told(harness: Arc<Instance>) {
    let (_member, _wire, stage) = scene(&harness).await;
    let pictures = vec![stage.media.png([1, 2, 3], "one")];
    let frozen = stage.freeze(&Mastodon, &with_pictures("Look", pictures)).await;
    let before = harness.settings.processing;
    harness.mastodon.set_processing(Processing { looks: 0, fails: true, includes_pictures: true });
    let failure = stage.try_prepare(&Mastodon, &frozen).await.unwrap_err();
    harness.mastodon.set_processing(before);
    assert_eq!(failure.say.key, "mastodon-picture-failed");
    assert_eq!((failure.kind, failure.sent), (FailureKind::Rejected, Sent::No));
}

/// A server tells what is left, and when there is more.
#[tokio::test]
async fn too_many_posts_are_told_with_when_it_goes_on() {
    let statuses = Rate::new(2, Duration::from_hours(3));
    let rates = Some(Rates { statuses, ..Rates::published() });
    let harness = Arc::new(Instance::of(Settings { rates, ..Settings::default() }).await);
    let (_member, _wire, stage) = scene(&harness).await;
    for words in ["One", "Two"] {
        stage.publish(&Mastodon, &post(words)).await;
    }
    let frozen = stage.freeze(&Mastodon, &post("Three")).await;
    let failure = stage.try_submit(&Mastodon, &frozen, &Value::Null).await.unwrap_err();
    assert_eq!(failure.sent, Sent::No);
    let FailureKind::RateLimited { until } = failure.kind else { panic!("{failure:?}") };
    let wait = until.since(stage.clock.now()).as_secs();
    assert!((10_700..=10_800).contains(&wait), "{wait}");
    assert_eq!(stage.find(&Mastodon, &frozen, &Value::Null).await, Found::NotSeen);
    let told = stage.readings.take();
    assert!(told.iter().any(|one| one.limit == 2 && one.remaining == 0), "{told:?}");
}
