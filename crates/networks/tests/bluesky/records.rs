//! What the records look like, read past the connector.

use std::sync::Arc;
use std::time::Duration;

use bellwether_base::Clock as _;
use bellwether_networks::{FailureKind, Found, Sent};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::contract::{Fact, Harness as _, post, scene, thread, with_pictures};
use crate::facts;
use crate::pds::Pds;

pub fn facts(harness: &Arc<Pds>) -> Vec<Fact> {
    facts![harness;
        a_thread_names_its_posts_as_the_server_does,
        facets_count_bytes,
        a_handle_that_nobody_has_stays_plain_text,
        languages_labels_and_times_are_written,
        a_gate_stands_beside_the_first_post,
        a_gate_goes_with_its_post,
        pictures_are_there_with_their_descriptions,
        a_photo_loses_where_it_was_taken,
        a_picture_too_large_is_made_to_fit,
        uploads_that_grew_old_are_made_again,
        a_collected_upload_is_made_again,
        a_card_shows_what_the_page_says,
        a_card_without_a_page_still_leads_there,
        other_content_under_our_key_is_not_overwritten,
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
    let link = "https://example.com/a?b=c#d";
    assert_eq!(
        marked,
        [
            (&*mention, &json!({"$type": "app.bsky.richtext.facet#mention", "did": did})),
            (link, &json!({"$type": "app.bsky.richtext.facet#link", "uri": link})),
            ("#Tag", &json!({"$type": "app.bsky.richtext.facet#tag", "tag": "Tag"})),
        ]
    );
}

async fn a_handle_that_nobody_has_stays_plain_text(pds: Arc<Pds>) {
    let (_member, _wire, stage) = scene(&pds).await;
    let (frozen, receipt) = stage.publish(pds.network(), &post("Hi @nobodyatall.test!")).await;
    let record = pds.record(&receipt.posts[0].id).await;
    assert_eq!(record["value"]["facets"], Value::Null);
    assert_eq!(record["value"]["text"], "Hi @nobodyatall.test!");
    assert_eq!(frozen.request["notes"][0]["say"]["args"]["handle"], "nobodyatall.test");
}

async fn languages_labels_and_times_are_written(pds: Arc<Pds>) {
    let (_member, _wire, stage) = scene(&pds).await;
    let mut content = thread(&["One \r\n\r\nline  ", "two"]);
    content.languages = vec!["fr".to_owned(), "zh-Hant".to_owned()];
    content.options.insert("labels".to_owned(), json!(["graphic-media", "nudity"]));
    let (frozen, receipt) = stage.publish(pds.network(), &content).await;
    assert_eq!(frozen.texts, ["One \n\nline", "two"]);
    let mut times = Vec::new();
    for (post, text) in receipt.posts.iter().zip(&frozen.texts) {
        let value = pds.record(&post.id).await["value"].clone();
        assert_eq!(value["text"].as_str(), Some(text.as_str()));
        assert_eq!(value["langs"], json!(["fr", "zh-Hant"]));
        let labels = json!({
            "$type": "com.atproto.label.defs#selfLabels",
            "values": [{"val": "graphic-media"}, {"val": "nudity"}],
        });
        assert_eq!(value["labels"], labels);
        times.push(value["createdAt"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap());
        let key = post.id.rsplit('/').next().unwrap();
        assert_eq!(
            post.url.as_deref(),
            Some(&*format!("https://bsky.app/profile/{}/post/{key}", stage.account.remote_id))
        );
    }
    assert_eq!(times[1].as_millisecond() - times[0].as_millisecond(), 1);
    assert!(receipt.posts[0].id < receipt.posts[1].id, "keys rise");
}

fn gate_of(post: &str) -> String {
    post.replace("app.bsky.feed.post", "app.bsky.feed.threadgate")
}

async fn a_gate_stands_beside_the_first_post(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, _wire, stage) = scene(&pds).await;
    let rule = |name: &str| json!({"$type": format!("app.bsky.feed.threadgate#{name}")});
    let choices = [
        (json!("nobody"), Some(json!([]))),
        (json!(["everybody"]), None),
        (json!([]), None),
        (
            json!(["mentioned", "following", "followers"]),
            Some(json!([rule("mentionRule"), rule("followingRule"), rule("followerRule")])),
        ),
    ];
    for (choice, allow) in choices {
        let mut content = thread(&["Gated", "still gated"]);
        content.options.insert("who_can_reply".to_owned(), choice);
        let frozen = stage.freeze(network, &content).await;
        let receipt = stage.submit(network, &frozen, &Value::Null).await;
        assert_eq!(receipt.posts.len(), 2, "a gate is no post");
        let gate = pds.record(&gate_of(&receipt.posts[0].id)).await;
        match allow {
            Some(allow) => {
                assert_eq!(gate["value"]["allow"], allow);
                assert_eq!(gate["value"]["post"], receipt.posts[0].id);
            }
            None => assert_eq!(gate["error"], "RecordNotFound"),
        }
        assert_eq!(pds.record(&gate_of(&receipt.posts[1].id)).await["error"], "RecordNotFound");
        let found = stage.find(network, &frozen, &Value::Null).await;
        assert_eq!(found, Found::Found(receipt));
    }
}

async fn a_gate_goes_with_its_post(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, wire, stage) = scene(&pds).await;
    let session = pds.session_of(&stage.credential);
    for left in ["both", "gate", "post", "nothing"] {
        let mut content = post("Gated");
        content.options.insert("who_can_reply".to_owned(), json!("nobody"));
        let (_, receipt) = stage.publish(network, &content).await;
        let only = &receipt.posts[0];
        let remove = async |collection: &str| {
            let body = json!({
                "repo": stage.account.remote_id,
                "collection": collection,
                "rkey": only.id.rsplit('/').next(),
            });
            pds.call("com.atproto.repo.deleteRecord", &body, Some(&session)).await;
        };
        if left == "gate" || left == "nothing" {
            remove("app.bsky.feed.post").await;
        }
        if left == "post" || left == "nothing" {
            remove("app.bsky.feed.threadgate").await;
        }
        wire.seen();
        let deleted = network.publish().delete(&stage.cx(), only, &stage.permit()).await;
        deleted.unwrap_or_else(|failure| panic!("{left}: {failure:?}"));
        assert_eq!(wire.writes().len(), 1, "{left}");
        for uri in [only.id.clone(), gate_of(&only.id)] {
            assert_eq!(pds.record(&uri).await["error"], "RecordNotFound", "{left}");
        }
    }
}

async fn pictures_are_there_with_their_descriptions(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, _wire, stage) = scene(&pds).await;
    let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 0]];
    let pictures = colours.map(|colour| stage.media.png(colour, &format!("colour {colour:?}")));
    let frozen = stage.freeze(network, &with_pictures("Colours", pictures.into())).await;
    let prepared = stage.prepare(network, &frozen).await;
    let receipt = stage.submit(network, &frozen, &prepared).await;
    let record = pds.record(&receipt.posts[0].id).await;
    assert_eq!(record["cid"].as_str(), receipt.posts[0].version.as_deref());
    let embed = &record["value"]["embed"];
    assert_eq!(embed["$type"], "app.bsky.embed.images");
    for (image, colour) in embed["images"].as_array().unwrap().iter().zip(colours) {
        assert_eq!(image["alt"], format!("colour {colour:?}"));
        assert_eq!(image["aspectRatio"], json!({"width": 40, "height": 30}));
        let cid = image["image"]["ref"]["$link"].as_str().unwrap();
        let file = pds.blob(&stage.account.remote_id, cid).await;
        let pixels = image::load_from_memory(&file).unwrap().to_rgb8();
        assert_eq!(pixels.get_pixel(20, 15).0, colour);
    }
    assert_eq!(embed["images"].as_array().unwrap().len(), 4);
}

/// A photo as a telephone makes it: lying on its side, with a note that says
/// so, and with another that says where.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, _| {
        image::Rgb([if x < width / 2 { 250 } else { 5 }, 120, 60])
    });
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    let place = b"48.8583N 2.2945E Noor's telephone\0";
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    // Orientation, a short: turn a quarter to the right. Make, a text.
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    tiff.extend(b"\x01\x0f\0\x02\0\0\0");
    tiff.push(u8::try_from(place.len()).unwrap());
    tiff.extend(b"\0\0\0\x26\0\0\0\0");
    tiff.extend(place);
    let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
    let segment = [b"\xff\xe1", length.as_slice(), b"Exif\0\0", &tiff].concat();
    [&jpeg[..2], &segment, &jpeg[2..]].concat()
}

async fn a_photo_loses_where_it_was_taken(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, _wire, stage) = scene(&pds).await;
    let bytes = photo(120, 80);
    assert!(bytes.windows(7).any(|seven| seven == b"48.8583"));
    let mut picture = stage.media.put(bytes, "image/jpeg", (80, 120), "A tower");
    // Facts may be unknown; what is written is what the picture is.
    picture.facts = None;
    let (_, receipt) = stage.publish(network, &with_pictures("Guess where", vec![picture])).await;
    let record = pds.record(&receipt.posts[0].id).await;
    let image = &record["value"]["embed"]["images"][0];
    assert_eq!(image["aspectRatio"], json!({"width": 80, "height": 120}), "upright");
    let cid = image["image"]["ref"]["$link"].as_str().unwrap();
    let file = pds.blob(&stage.account.remote_id, cid).await;
    for hidden in [&b"Exif"[..], b"48.8583", b"telephone"] {
        assert!(!file.windows(hidden.len()).any(|bytes| bytes == hidden));
    }
    let upright = image::load_from_memory(&file).unwrap().to_rgb8();
    assert_eq!(upright.dimensions(), (80, 120));
    assert!(upright.get_pixel(40, 10).0[0] > 200 && upright.get_pixel(40, 110).0[0] < 60);
}

async fn a_picture_too_large_is_made_to_fit(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, _wire, stage) = scene(&pds).await;
    let mut noise = 1_u32;
    let picture = image::RgbImage::from_fn(2600, 1300, |_, _| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, a, b, c] = noise.to_be_bytes();
        image::Rgb([a, b, c])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    assert!(bytes.len() > 5_242_880, "more than the server takes");
    let picture = stage.media.put(bytes, "image/png", (2600, 1300), "Noise");
    let content = with_pictures("Large", vec![picture]);
    assert_eq!(network.problems(&content, &stage.account.limits), []);
    let (_, receipt) = stage.publish(network, &content).await;
    let record = pds.record(&receipt.posts[0].id).await;
    let image = &record["value"]["embed"]["images"][0];
    assert!(image["image"]["size"].as_u64().unwrap() <= 1_000_000);
    let side = |name: &str| image["aspectRatio"][name].as_u64().unwrap();
    assert_eq!(side("width"), 2 * side("height"));
}

async fn uploads_that_grew_old_are_made_again(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, wire, stage) = scene(&pds).await;
    let pictures = vec![stage.media.png([1, 2, 3], "a"), stage.media.png([3, 2, 1], "b")];
    let frozen = stage.freeze(network, &with_pictures("Slow", pictures)).await;
    let prepared = stage.prepare(network, &frozen).await;
    assert_eq!(wire.writes().len(), 2);
    stage.clock.advance(Duration::from_mins(9));
    stage.try_prepare_from(network, &frozen, prepared.clone()).await.unwrap();
    assert_eq!(wire.writes().len(), 0, "still fresh");
    let is_prepared = || network.publish().is_prepared(&frozen, &prepared, stage.clock.now());
    assert!(is_prepared());
    stage.clock.advance(Duration::from_mins(2));
    assert!(!is_prepared());
    let fresh = stage.try_prepare_from(network, &frozen, prepared.clone()).await.unwrap();
    assert_eq!(wire.writes().len(), 2, "too old");
    stage.submit(network, &frozen, &fresh).await;
}

async fn a_collected_upload_is_made_again(pds: Arc<Pds>) {
    let network = pds.network();
    let (member, _wire, stage) = scene(&pds).await;
    let pictures = vec![stage.media.png([7, 7, 7], "grey")];
    let frozen = stage.freeze(network, &with_pictures("Collected", pictures)).await;
    let prepared = stage.prepare(network, &frozen).await;
    // A reference to a file that the server does not have.
    let text = prepared.to_string();
    let start = text.find("bafkrei").expect("a reference");
    let gone = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    let text = format!("{}{gone}{}", &text[..start], &text[start + gone.len()..]);
    let collected = serde_json::from_str(&text).unwrap();
    for state in [collected, Value::Null] {
        let failure = stage.try_submit(network, &frozen, &state).await.unwrap_err();
        assert_eq!((failure.kind, failure.sent), (FailureKind::Transient, Sent::No));
        assert!(failure.prepare_again);
    }
    assert!(pds.posts(&member).await.is_empty());
    stage.submit(network, &frozen, &prepared).await;
}

async fn a_card_shows_what_the_page_says(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, wire, stage) = scene(&pds).await;
    let site = MockServer::start().await;
    let page = r#"<head><meta property="og:title" content="Kofi&#39;s shop">
        <meta property="og:description" content="Open again">
        <meta property="og:image" content="/front.png"></head>"#;
    let picture = stage.media.png([10, 200, 10], "");
    let picture =
        bellwether_networks::MediaSource::read(&stage.media, &picture.hash).await.unwrap();
    for (at, answer) in [
        ("/news", ResponseTemplate::new(302).insert_header("Location", "/shop")),
        ("/shop", ResponseTemplate::new(200).set_body_raw(page, "text/html; charset=utf-8")),
        ("/front.png", ResponseTemplate::new(200).set_body_raw(picture.to_vec(), "image/png")),
    ] {
        Mock::given(path(at)).respond_with(answer).mount(&site).await;
    }
    let address = format!("{}/news", site.uri());
    let frozen = stage.freeze(network, &post(&format!("See {address} now"))).await;
    assert!(wire.writes().is_empty());
    let prepared = stage.prepare(network, &frozen).await;
    let receipt = stage.submit(network, &frozen, &prepared).await;
    let record = pds.record(&receipt.posts[0].id).await;
    assert_eq!(record["cid"].as_str(), receipt.posts[0].version.as_deref());
    let external = &record["value"]["embed"]["external"];
    assert_eq!(external["uri"], address);
    assert_eq!(external["title"], "Kofi's shop");
    assert_eq!(external["description"], "Open again");
    let cid = external["thumb"]["ref"]["$link"].as_str().expect("a picture");
    let file = pds.blob(&stage.account.remote_id, cid).await;
    assert!(image::load_from_memory(&file).is_ok());
}

async fn a_card_without_a_page_still_leads_there(pds: Arc<Pds>) {
    let network = pds.network();
    let (_member, _wire, stage) = scene(&pds).await;
    let site = MockServer::start().await;
    let page = r#"<title>Half</title><meta property="og:image" content="/gone.png">"#;
    Mock::given(path("/half"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(page, "text/html"))
        .mount(&site)
        .await;
    let card = async |text: &str, chosen: Option<String>| {
        let mut content = post(text);
        content.parts[0].card = chosen;
        let (_, receipt) = stage.publish(network, &content).await;
        pds.record(&receipt.posts[0].id).await["value"]["embed"]["external"].clone()
    };
    let half = card("Chosen", Some(format!("{}/half", site.uri()))).await;
    assert_eq!((&half["title"], &half["thumb"]), (&json!("Half"), &Value::Null));
    let dead = card("Dead", Some("http://127.0.0.1:9/x".to_owned())).await;
    assert_eq!(dead["title"], "127.0.0.1");
    assert_eq!(dead["uri"], "http://127.0.0.1:9/x");
    let private = card("Inside http://10.1.2.3/wiki", None).await;
    assert_eq!(private["title"], "10.1.2.3");
    let none = card("No card for http://127.0.0.1:9/", Some(String::new())).await;
    assert_eq!(none, Value::Null);
}

async fn other_content_under_our_key_is_not_overwritten(pds: Arc<Pds>) {
    let network = pds.network();
    let (member, _wire, stage) = scene(&pds).await;
    let frozen = stage.freeze(network, &post("Ours")).await;
    let body = json!({
        "repo": stage.account.remote_id,
        "collection": "app.bsky.feed.post",
        "rkey": frozen.handles[0].rsplit('/').next(),
        "record": {
            "$type": "app.bsky.feed.post",
            "text": "Somebody else's",
            "createdAt": "2026-01-01T00:00:00Z",
        },
    });
    let session = pds.session_of(&stage.credential);
    let put = pds.call("com.atproto.repo.putRecord", &body, Some(&session)).await;
    assert_eq!(put["uri"], frozen.handles[0]);
    let failure = stage.try_submit(network, &frozen, &Value::Null).await.unwrap_err();
    assert_eq!((failure.kind, failure.sent), (FailureKind::Transient, Sent::Unknown));
    let there = pds.posts(&member).await;
    assert_eq!(there.len(), 1);
    assert_eq!(there[0].text, "Somebody else's");
    let found = stage.find(network, &frozen, &Value::Null).await;
    assert!(matches!(found, Found::Found(_)), "{found:?}");
}
