//! Whatever is wrong with what somebody sends: the sentence stands at the
//! field, in their language, and what they typed is still there.

use axum::http::StatusCode;
use bellwether_app::Caller;
use bellwether_app::publishing::{self, PauseLevel, PauseScope};
use bellwether_base::WorkspaceId;

use super::browser::{Browser, SET_UP, Shown, Site, ada, site, with_channel};
use crate::urls;

/// `again` says `words` at the field `name`, and the field says so.
#[track_caller]
fn stands_at(again: &Shown, name: &str, words: &str) {
    assert!(again.status.is_client_error(), "{}", again.html);
    let said = again.text(&format!("#{name}-error"));
    assert!(said.contains(words), "{said:?} at {name}, not {words:?}");
    assert_eq!(again.attr(&format!("[name={name}]"), "aria-invalid"), "true", "{name}");
    let described = again.attr(&format!("[name={name}]"), "aria-describedby");
    assert!(described.contains(&format!("{name}-error")), "{described}");
    assert_eq!(again.html.matches("role=\"alert\"").count(), 1, "it is said once");
}

#[tokio::test]
async fn each_field_of_the_first_door_says_what_is_wrong_with_it() {
    let site = site().await;
    let link = bellwether_app::people::setup_link(&site.app).await.unwrap().unwrap();
    let address = urls::SetUp { link: link.expose().into() };
    let mut browser = Browser::new(&site).speaking("ja");
    for (field, typed, words) in [
        ("name", " ", "名前"),
        ("email", "no address", "メールアドレス"),
        ("password", "short", "短すぎます"),
        ("organization", "  ", "名前"),
        ("workspace", "", "名前"),
        ("time_zone", "Europe/Nowhere", "Europe/Nowhere"),
    ] {
        let mut fields = SET_UP;
        fields[3].1 = "ja";
        let at = fields.iter().position(|(name, _)| *name == field).unwrap();
        fields[at].1 = typed;
        let again = browser.post(&address, &fields).await;
        stands_at(&again, field, words);
        for (name, typed) in
            fields.iter().filter(|(name, _)| !["password", "language"].contains(name))
        {
            assert_eq!(&again.attr(&format!("[name={name}]"), "value"), typed, "{field}: {name}");
        }
        again.hides("croissant lune douze");
    }
}

#[tokio::test]
async fn the_team_the_account_and_the_brands_say_it_at_the_field() {
    let site = site().await;
    let (mut browser, _) = ada(&site).await;
    let person = |email: &'static str, password: &'static str| {
        [
            ("name", "Noor"),
            ("email", email),
            ("password", password),
            ("language", "ko"),
            ("role", "writer"),
        ]
    };
    let again = browser.post(&urls::People::new(), &person("noor", "long enough for it")).await;
    stands_at(&again, "email", "not an e-mail address");
    assert_eq!(again.attr("#email", "value"), "noor");
    assert_eq!(again.attr("#role option[selected]", "value"), "writer");
    let taken =
        browser.post(&urls::People::new(), &person("ada@rive.example", "long enough for it")).await;
    stands_at(&taken, "email", "on the team already");
    let weak = browser.post(&urls::People::new(), &person("noor@rive.example", "weak")).await;
    stands_at(&weak, "password", "too short");

    let passwords = |current: &'static str, new: &'static str| [("current", current), ("new", new)];
    let wrong =
        browser.post(&urls::Account::new(), &passwords("guess", "long enough for it")).await;
    wrong.shows("id=\"current-error\"").shows("That is not your current password").hides("guess");
    let weak = browser.post(&urls::Account::new(), &passwords("croissant lune douze", "x")).await;
    weak.shows("id=\"password-error\"").shows("too short");

    let brand = [("workspace", "Kitahama"), ("time_zone", "Asia/Nowhere")];
    let again = browser.post(&urls::Brands::new(), &brand).await;
    stands_at(&again, "time_zone", "There is no time zone called “Asia/Nowhere”");
    assert_eq!(again.attr("#workspace", "value"), "Kitahama");

    let token = [("name", "Backup"), ("days", "30")];
    let again = browser.post(&urls::Tokens::new(), &token).await;
    again.shows("id=\"scope-error\"").shows("value=\"Backup\"");
}

#[tokio::test]
async fn a_time_that_is_past_is_said_at_the_clock_and_the_text_stays() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let fields = |local: &'static str, text: &'static str| {
        [("text", text), ("channel", channel.as_str()), ("local", local), ("do", "schedule")]
    };
    let compose = urls::Compose::new(brand);
    let past = browser.post(&compose, &fields("2020-01-01T09:00", "Ce soir")).await;
    stands_at(&past, "local", "is past already");
    assert_eq!(past.text("textarea"), "Ce soir");
    assert_eq!(past.attr("[name=local]", "value"), "2020-01-01T09:00");
    assert_eq!(past.attr("#compose", "data-arrived"), "", "no form was named");

    let none = browser.post(&compose, &[("text", "Ce soir"), ("do", "schedule")]).await;
    none.shows("id=\"channel-error\"").shows("No channel is chosen");

    let long =
        browser.post(&compose, &fields("2026-03-03T18:00", "far more than twenty letters")).await;
    assert!(long.text("#wrong-1").contains("too many"), "{}", long.html);
    assert_eq!(long.attr("#text-1", "aria-invalid"), "true");
}

#[tokio::test]
async fn what_the_clocks_do_at_that_time_is_said_before_and_changes_nothing_that_was_typed() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let compose = urls::Compose::new(brand);
    // Paris, 2026: on 29 March there is no 02:30, on 25 October there are two.
    for (local, words, goes_out) in [
        ("2026-03-29T02:30", "The clocks go forward", "Sun 29 Mar, 03:30"),
        ("2026-10-25T02:30", "The clocks go back", "Sun 25 Oct, 02:30"),
    ] {
        let fields = |deed: &'static str| {
            [("text", "Ce soir"), ("channel", channel.as_str()), ("local", local), ("do", deed)]
        };
        let looked = browser.post(&compose, &fields("look")).await;
        looked.shows(words).shows(goes_out);
        assert_eq!(looked.attr("[name=local]", "value"), local);
        let planned = browser.post_and_follow(&compose, &fields("schedule")).await;
        planned.shows(goes_out);
    }
}

#[tokio::test]
async fn a_picture_that_is_none_takes_no_word_along() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    browser.post(&urls::Language::new(), &[("language", "fr"), ("back", "/")]).await;
    let compose = urls::Compose::new(brand);
    let fields = [("text", "Ce soir"), ("local", "2026-03-03T18:00"), ("do", "schedule")];
    let again = browser.post_file(&compose, &fields, b"this is no picture").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text("[role=alert]").contains("n’est pas une image"), "{}", again.html);
    assert_eq!(again.text("textarea"), "Ce soir");
    assert_eq!(again.attr("[name=local]", "value"), "2026-03-03T18:00");
}

#[tokio::test]
async fn a_reason_that_is_too_long_is_still_there() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    browser.post(&urls::Pause::new(brand), &[]).await;
    let long = "because ".repeat(80);
    let fields = [("scope", "workspace"), ("reason", long.as_str()), ("look", "")];
    let again = browser.post(&urls::Resumption::new(brand), &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text("#why-1-error").contains("longer than 500"), "{}", again.html);
    assert_eq!(again.attr("#why-1", "value"), long);
    again.shows("Stopped by Ada.");
}

#[tokio::test]
async fn a_form_of_somebody_who_is_signed_out_leads_back_to_its_page() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    browser.cookies.clear();
    let sent = browser.post(&urls::Compose::new(brand), &[("text", "x"), ("do", "save")]).await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
    sent.shows("kept on this device").shows("/sign-in?next=");
}

/// A delivery that waits for `brand`'s pause to end.
async fn planned(site: &Site, browser: &mut Browser, brand: WorkspaceId) -> String {
    let channel = with_channel(browser, brand).await;
    let scope = PauseScope::Workspace { workspace: brand };
    publishing::pause(&site.app, &Caller::Operator, scope, PauseLevel::Planned).await.unwrap();
    let fields = [
        ("text", "Ce soir"),
        ("channel", &*channel),
        ("local", "2026-03-03T18:00"),
        ("do", "schedule"),
    ];
    browser.post(&urls::Compose::new(brand), &fields).await.location
}

#[tokio::test]
async fn a_new_time_that_cannot_be_comes_back_where_it_was_typed() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let post = planned(&site, &mut browser, brand).await;
    let plan = browser.get(&post).await.attr("form[action$='/plan']", "action");
    let again = browser.post(&plan, &[("local", "2020-01-01T09:00")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.attr("form[action$='/plan'] input", "value"), "2020-01-01T09:00");
    again.shows("is past already");
    let moved = browser.post_and_follow(&plan, &[("local", "2026-03-04T18:00")]).await;
    moved.shows("Ada moved it to Wed 4 Mar, 18:00.");
}
