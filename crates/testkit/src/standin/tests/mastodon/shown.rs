//! What the server says of itself, and how statuses are shown.

use super::*;

// entities/Instance
#[tokio::test]
async fn the_limits_are_told_in_both_versions() {
    let town = Town::new().await;
    let mut client = town.stranger().await;
    let v2 = client.get("/api/v2/instance").await.json();
    assert_eq!((&v2["domain"], &v2["version"]), (&json!("stand.in"), &json!("4.6.8")));
    let configuration = &v2["configuration"];
    assert_eq!(
        configuration["statuses"],
        json!({"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23})
    );
    assert_eq!(configuration["media_attachments"]["description_limit"], 1500);
    assert_eq!(configuration["media_attachments"]["image_size_limit"], 16 * 1024 * 1024);
    assert_eq!(
        configuration["polls"],
        json!({"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746})
    );
    let v1 = client.get("/api/v1/instance").await.json();
    assert_eq!(
        (&v1["uri"], &v1["configuration"]["statuses"]),
        (&json!("stand.in"), &configuration["statuses"])
    );
}

#[tokio::test]
async fn each_software_gives_its_name() {
    for (flavour, software, version) in [
        (Flavour::Mastodon42, "mastodon", "4.2."),
        (Flavour::GoToSocial, "gotosocial", "0."),
        (Flavour::Pleroma, "pleroma", "2.7.2 (compatible; Pleroma "),
        (Flavour::Pixelfed, "pixelfed", "3.5.3 (compatible; Pixelfed "),
        (Flavour::Takahe, "takahe", "takahe/"),
    ] {
        let town = Town::of(flavour).await;
        let mut client = town.stranger().await;
        let links = client.get("/.well-known/nodeinfo").await.json();
        assert_eq!(links["links"][0]["href"], "http://stand.in/nodeinfo/2.0");
        assert_eq!(client.get("/nodeinfo/2.0").await.json()["software"]["name"], software);
        let told = text(&client.get("/api/v1/instance").await.json()["version"]);
        assert!(told.starts_with(version), "{told}");
    }
}

// entities/status, api/guidelines
#[tokio::test]
async fn a_status_is_shown_as_html_with_what_stands_in_it() {
    let town = Town::new().await;
    let noor = town.mastodon.add_account("noor");
    let mut ada = town.ada().await;
    let body = json!({"status": "  Fish & chips, @noor :bread:\nhttps://www.example.org/a/very/long/way/to/the/oven #Bread\n\n\nBye  ",
        "language": "en", "spoiler_text": "Food"});
    let status = post(&mut ada, &body).await.json();
    assert_eq!(
        status["content"],
        "<p>Fish &amp; chips, <span class=\"h-card\" translate=\"no\"><a href=\"http://stand.in/@noor\" \
         class=\"u-url mention\">@<span>noor</span></a></span> :bread:<br />\
         <a href=\"https://www.example.org/a/very/long/way/to/the/oven\" target=\"_blank\" \
         rel=\"nofollow noopener\" translate=\"no\"><span class=\"invisible\">https://www.</span>\
         <span class=\"ellipsis\">example.org/a/very/long/way/to</span>\
         <span class=\"invisible\">/the/oven</span></a> <a href=\"http://stand.in/tags/Bread\" \
         class=\"mention hashtag\" rel=\"tag\">#<span>Bread</span></a></p><p>Bye</p>"
    );
    assert_eq!(
        status["mentions"],
        json!([{"id": noor, "username": "noor", "acct": "noor", "url": "http://stand.in/@noor"}])
    );
    assert_eq!(status["tags"], json!([{"name": "bread", "url": "http://stand.in/tags/bread"}]));
    assert_eq!(status["emojis"][0]["shortcode"], "bread");
    assert_eq!((&status["sensitive"], &status["spoiler_text"]), (&json!(true), &json!("Food")));
    assert_eq!(status["application"], json!({"name": "bellwether", "website": null}));
    assert_eq!((&status["visibility"], &status["edited_at"]), (&json!("public"), &Value::Null));
    let id = text(&status["id"]);
    assert_eq!(status["url"], format!("http://stand.in/@ada/{id}"));
    assert_eq!(ada.get(&format!("{STATUSES}/{id}")).await.json(), status);
    // methods/statuses/#source
    let source = ada.get(&format!("{STATUSES}/{id}/source")).await.json();
    let text = body["status"].as_str().unwrap().trim();
    assert_eq!(source, json!({"id": id, "text": text, "spoiler_text": "Food"}));
}

#[tokio::test]
async fn a_program_may_be_kept_from_strangers_but_not_from_the_author() {
    let town = Town::with(Settings { tells_app: false, ..Settings::default() }).await;
    let mut ada = town.ada().await;
    let status = post(&mut ada, &hello()).await.json();
    assert_eq!(status["application"]["name"], "bellwether");
    let seen =
        town.stranger().await.get(&format!("{STATUSES}/{}", text(&status["id"]))).await.json();
    assert!(seen.get("application").is_none());
}

// methods/statuses/#get
#[tokio::test]
async fn private_statuses_are_for_their_author_here() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let status = post(&mut ada, &json!({"status": "Psst", "visibility": "private"})).await;
    let path = format!("{STATUSES}/{}", id(&status));
    assert_eq!(ada.get(&path).await.status, 200);
    let gone = (404, "Record not found".to_owned());
    assert_eq!(town.stranger().await.get(&path).await.error(), gone);
    assert_eq!(ada.get(&format!("{STATUSES}/1")).await.error(), gone);
}

// app/services/post_status_service.rb: `if @visibility == :public && @account.silenced?`
#[tokio::test]
async fn what_a_silenced_account_posts_is_unlisted_in_silence() {
    let town = Town::new().await;
    town.mastodon.silence("ada");
    let mut ada = town.ada().await;
    let status = post(&mut ada, &json!({"status": "Hello", "visibility": "public"})).await.json();
    assert_eq!(status["visibility"], "unlisted");
}
