//! A post that was changed after it was sent: its page and its composer do not
//! pretend that the network shows the change.

use bellwether_base::{Say, WorkspaceId};

use super::browser::{Browser, Site, ada, site, with_channel};
use crate::urls;

const SENT: &str = "Ce soir à 18 h";

/// A post that its network was asked for, in `state`.
async fn sent(site: &Site, browser: &mut Browser, brand: WorkspaceId, state: [&str; 2]) -> String {
    let channel = with_channel(browser, brand).await;
    let fields = [("text", SENT), ("channel", channel.as_str()), ("do", "now")];
    let post = browser.post(&urls::Compose::new(brand), &fields).await.location;
    let frozen = serde_json::json!({ "request": null, "handles": [], "texts": [SENT] });
    let mut tx = site.app.db.begin().await.unwrap();
    tx.sql("update acts set state = $1, next_at = null, frozen = $2, frozen_revision = 1")
        .bind(state[0].to_owned())
        .bind(frozen.to_string())
        .execute()
        .await
        .unwrap();
    let sql = "update deliveries set state = $1";
    tx.sql(sql).bind(state[1].to_owned()).execute().await.unwrap();
    tx.commit().await.unwrap();
    post
}

#[tokio::test]
async fn what_went_out_is_shown_beside_what_the_post_says_now() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let post = sent(&site, &mut browser, brand, ["done", "live"]).await;
    browser.get(&post).await.hides("What went out here");

    let edit = format!("{post}/edit");
    let told = "What is there stays as it is";
    browser.get(&edit).await.shows(told);
    let fields = [("text", "Demain <b>"), ("seen", "1"), ("do", "save")];
    let saved = browser.post_and_follow(&edit, &fields).await;
    saved.shows("What was sent already stays as it was.").shows("What went out here");
    assert_eq!(saved.text("h1"), "Demain <b>");
    assert_eq!(saved.text(".sent .said"), SENT);
    browser.get(&edit).await.shows(told);
}

#[tokio::test]
async fn what_is_on_its_way_is_shown_as_it_was_asked_for() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let post = sent(&site, &mut browser, brand, ["checking", "checking"]).await;
    let fields = [("text", "Demain"), ("seen", "1"), ("do", "save")];
    let saved = browser.post_and_follow(&format!("{post}/edit"), &fields).await;
    saved.shows("What was sent here").hides("What went out here");
    assert_eq!(saved.text(".sent .said"), SENT);
}

#[tokio::test]
async fn an_edit_of_what_was_never_sent_says_nothing_of_that() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let fields = [
        ("text", "Ce soir"),
        ("channel", channel.as_str()),
        ("local", "2026-03-03T18:00"),
        ("do", "schedule"),
    ];
    let post = browser.post(&urls::Compose::new(brand), &fields).await.location;
    let edit = format!("{post}/edit");
    browser.get(&edit).await.hides("stays as it is");
    let fields = [("text", "Demain"), ("seen", "1"), ("do", "save")];
    let saved = browser.post_and_follow(&edit, &fields).await;
    saved.shows("Saved.").hides("What was sent");
}

#[tokio::test]
async fn a_refusal_of_our_own_check_is_not_put_on_the_network() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let post = sent(&site, &mut browser, brand, ["refused", "refused"]).await;
    let say = Say::new("text-too-long").with("over", 3).with("limit", 20).with("unit", "graphemes");
    let refuse = async |say: Say| {
        let mut tx = site.app.db.begin().await.unwrap();
        let sql = "update deliveries set say = $1, told_at = created_at";
        let said = serde_json::to_string(&say).unwrap();
        tx.sql(sql).bind(said).execute().await.unwrap();
        tx.commit().await.unwrap();
    };
    refuse(say.clone()).await;
    browser.get(&post).await.shows("Paper said no").hides("Our own check");
    refuse(say.with("own_check", true)).await;
    let page = browser.get(&post).await;
    page.shows("Our own check before sending").shows("3 characters too many").hides("said no");
    let list = browser.get(&urls::Posts::new(brand)).await;
    assert_eq!(list.text(".row .state"), "Failed: does not fit Paper");
}

#[tokio::test]
async fn a_link_card_is_chosen_in_the_composer_and_stays_chosen() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let fields = [
        ("text", "https://rive.example"),
        ("card-0", "none"),
        ("text", "two"),
        ("card-1", "own"),
        ("card-address-1", "https://rive.example/b"),
        ("do", "save"),
    ];
    let compose = urls::Compose::new(brand);
    let fresh = browser.get(&compose).await;
    assert_eq!(fresh.attr("[name=card-0][checked]", "value"), "first");
    let post = browser.post(&compose, &fields).await.location;
    let edit = browser.get(&format!("{post}/edit")).await;
    assert_eq!(edit.attr("[name=card-0][checked]", "value"), "none");
    assert_eq!(edit.attr("[name=card-1][checked]", "value"), "own");
    assert_eq!(edit.attr("[name=card-address-1]", "value"), "https://rive.example/b");
}
