//! Ada owns Maison Lune and works through its pages.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use bellwether_app::people::team::{self, NewPerson};
use bellwether_app::people::{self, Language};
use bellwether_app::{Caller, publishing, workspaces};
use bellwether_base::{PageRequest, Secret};
use http_body_util::BodyExt as _;
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::browser::{Browser, PATIENCE, SET_UP, ada, site, with_channel};
use crate::urls;

#[tokio::test]
async fn the_first_owner_comes_in_by_a_link_that_is_good_once() {
    let site = site().await;
    let link = people::setup_link(&site.app).await.unwrap().unwrap();
    let address = urls::SetUp { link: link.expose().into() };
    let mut browser = Browser::new(&site).speaking("ja");
    browser.get(&address).await.shows("最初の設定");

    let mut weak = SET_UP;
    weak[2].1 = "short";
    let again = browser.post(&address, &weak).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.shows("Atelier Rive").shows("短すぎます").hides("\"short\"");

    let channels = browser.post_and_follow(&address, &SET_UP).await;
    assert_eq!(channels.status, StatusCode::OK);
    channels.shows("Welcome, Ada.").shows("Maison Lune");

    let late = browser.post(&address, &SET_UP).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.shows("was used already");
}

#[tokio::test]
async fn a_session_is_a_cookie_that_scripts_and_other_hosts_cannot_touch() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let posts = urls::Posts::new(brand);
    assert_eq!(browser.get(&posts).await.status, StatusCode::OK);

    browser.get(&posts).await;
    let out = browser.post(&urls::SignOut::new(), &[]).await;
    assert_eq!(out.location, "/sign-in");
    let turned_away = browser.get(&posts).await;
    assert_eq!(turned_away.status, StatusCode::SEE_OTHER);
    let door = turned_away.location;
    assert!(door.starts_with("/sign-in?next=%2Fbrands%2F"), "{door}");
    browser.get(&door).await.shows("You are signed out.");

    let next = posts.to_string();
    let typed =
        |password| [("email", "ada@rive.example"), ("password", password), ("next", next.as_str())];
    let wrong = browser.post(&urls::SignIn::new(), &typed("guess-guess")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows("do not belong together").shows("ada@rive.example").hides("guess-guess");

    let right = browser.post(&urls::SignIn::new(), &typed("croissant lune douze")).await;
    assert_eq!((right.status, right.location.as_str()), (StatusCode::SEE_OTHER, next.as_str()));
    let cookie = right.set_cookies.iter().find(|c| c.contains("bellwether")).unwrap();
    assert!(cookie.starts_with("__Host-bellwether="), "{cookie}");
    for guard in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/;"] {
        assert!(cookie.contains(guard), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn signing_in_leads_to_no_other_site() {
    let site = site().await;
    let (mut browser, _) = ada(&site).await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let address = urls::SignIn::new().then(next);
        assert_eq!(browser.get(&address).await.location, "/");
    }
}

#[tokio::test]
async fn a_brand_that_is_not_yours_does_not_exist() {
    let site = site().await;
    let (_, brand) = ada(&site).await;
    let kofi = NewPerson {
        name: "Kofi".into(),
        email: "kofi@rive.example".into(),
        password: Secret::new("a long enough one"),
        language: Language::French,
        role: None,
    };
    team::add(&site.app, &Caller::Operator, kofi).await.unwrap();
    let mut browser = Browser::new(&site);
    let typed = [("email", "kofi@rive.example"), ("password", "a long enough one")];
    let home = browser.post_and_follow(&urls::SignIn::new(), &typed).await;
    assert_eq!(home.location, "/brands");
    // His own language, whatever his browser says.
    browser.get(&urls::Brands::new()).await.shows("Aucune marque pour l’instant");
    for address in [
        urls::Posts::new(brand).to_string(),
        urls::Compose::new(brand).to_string(),
        urls::Channels::new(brand).to_string(),
    ] {
        let lost = browser.get(&address).await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND, "{address}");
        lost.hides("Maison Lune");
    }
    let pause = browser.post(&urls::Pause::new(brand), &[]).await;
    assert_eq!(pause.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn connecting_keeps_what_was_typed_but_secrets() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let connect = urls::Connect::new(brand, "paper".to_owned());
    let form = browser.get(&connect).await;
    let (state, screen) = (form.attr("[name=state]", "value"), form.attr("[name=screen]", "value"));
    let fields = [
        ("state", state.as_str()),
        ("screen", screen.as_str()),
        ("handle", "lune \"quoted\""),
        ("password", "hunter2"),
    ];
    let again = browser.post(&connect, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.attr("[name=handle]", "value"), "lune \"quoted\"");
    assert_eq!(again.attr("[name=password]", "value"), "");
    again.hides("hunter2");

    with_channel(&mut browser, brand).await;
    let list = browser.get(&urls::Channels::new(brand)).await;
    list.shows("Connected").shows(">Pa</abbr>");
}

#[tokio::test]
async fn a_post_is_written_counted_planned_and_seen_without_any_script() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let compose = urls::Compose::new(brand);
    let fields = |text: &'static str, deed: &'static str| {
        [("text", text), ("channel", channel.as_str()), ("local", "2026-03-03T18:00"), ("do", deed)]
    };

    let looked = browser.post(&compose, &fields("Ce soir #brioche <b>", "look")).await;
    assert_eq!(looked.text("#limits-1 .num"), "20 / 20");
    assert_eq!(looked.text(".preview .said mark"), "#brioche");
    looked.shows("Tue 3 Mar, 18:00").hides("<b>#");

    let two = browser.post(&compose, &fields("one", "add-part")).await;
    two.shows("Add part 3").shows("one</textarea>");

    let planned = browser.post_and_follow(&compose, &fields("Ce soir", "schedule")).await;
    planned.shows("Planned on 1 channel for Tue 3 Mar, 18:00.");
    assert_eq!(planned.text("h1"), "Ce soir");
    assert_eq!(planned.text(".outcome .state"), "Scheduled");
    assert_eq!(planned.text(".log li time"), "10:00:00");
    assert_eq!(planned.text(".log li div"), "Paper: Ada planned it for Tue 3 Mar, 18:00.");

    let list = browser.get(&urls::Posts::new(brand)).await;
    assert_eq!(list.text(".row h2"), "Ce soir");
    assert_eq!(list.text(".row .state"), "Scheduled");
}

#[tokio::test]
async fn who_plans_more_than_a_network_takes_is_told_before_and_after() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let compose = urls::Compose::new(brand);
    let fields = |local: &'static str, deed: &'static str| {
        [("text", "Ce soir"), ("channel", channel.as_str()), ("local", local), ("do", deed)]
    };
    let told = "More is planned around that time than the network takes: 4 is the most.";
    let evening = "2026-03-03T18:00";
    for _ in 0..4 {
        browser.post_and_follow(&compose, &fields(evening, "schedule")).await.hides(told);
    }
    let looked = browser.post(&compose, &fields(evening, "look")).await;
    assert!(looked.text(".previewed .issue").starts_with(told), "{}", looked.html);
    browser.post(&compose, &fields("2026-03-03T19:00", "look")).await.hides(told);
    let planned = browser.post_and_follow(&compose, &fields(evening, "schedule")).await;
    let toast = "Planned on 1 channel for Tue 3 Mar, 18:00. ";
    assert!(planned.text(".toast").starts_with(&format!("{toast}{told}")), "{}", planned.html);
}

#[tokio::test]
async fn a_text_that_the_network_refuses_is_kept_and_named() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let long = "far more than twenty characters </textarea><script>alert(1)</script>";
    let fields = [
        ("text", long),
        ("channel", channel.as_str()),
        ("local", "2026-03-03T18:00"),
        ("do", "schedule"),
    ];
    let again = browser.post(&urls::Compose::new(brand), &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.text("textarea"), long);
    again.shows("characters too many").hides("<script>alert");
    // It is saved; the form goes on as an edit of it.
    let action = again.attr("#compose", "action");
    assert!(action.ends_with("/edit"), "{action}");
    let seen = again.attr("[name=seen]", "value");
    let fields = [("text", "short"), ("seen", seen.as_str()), ("do", "save")];
    let saved = browser.post_and_follow(&action, &fields).await;
    assert_eq!(saved.text("h1"), "short");
    saved.shows("Nothing is planned yet.");
    assert_eq!(
        browser.get(&urls::Posts::new(brand)).await.html.matches("class=\"row\"").count(),
        1
    );
}

#[tokio::test]
async fn two_people_do_not_overwrite_each_other() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let compose = urls::Compose::new(brand);
    let post = browser.post(&compose, &[("text", "first"), ("do", "save")]).await.location;
    let edit = format!("{post}/edit");
    let change = |text: &'static str| [("text", text), ("seen", "1"), ("do", "save")];
    assert_eq!(browser.post(&edit, &change("Ada's")).await.status, StatusCode::SEE_OTHER);
    let late = browser.post(&edit, &change("Noor's")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.shows("Noor&#39;s</textarea>").shows("Somebody changed this post");
    assert_eq!(browser.get(&post).await.text("h1"), "Ada's");
}

#[tokio::test]
async fn counters_follow_the_typing() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let fields = [("text", "too long for twenty characters"), ("channel", channel.as_str())];
    let part = browser.post_part(&urls::Measure::new(brand), &fields).await;
    assert_eq!(part.status, StatusCode::OK);
    part.shows("30 / 20").shows("10 too many").hides("<html").shows("id=\"previews\"");
    part.shows("hx-swap-oob=\"outerHTML:#limits-1\"").shows("hx-swap-oob=\"outerHTML:#send\"");
}

#[tokio::test]
async fn pausing_takes_one_click_and_resuming_a_reason() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let posts = urls::Posts::new(brand);
    let stopped = browser.post_and_follow(&urls::Pause::new(brand), &[]).await;
    stopped.shows("Stopped since 10:00").shows("Nothing was on its way.");

    let resumption = urls::Resumption::new(brand);
    let mute = browser.post(&resumption, &[("scope", "workspace"), ("reason", " ")]).await;
    assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY);
    mute.shows("Resuming needs a reason");
    browser.get(&posts).await.shows("Stopped since");

    let fields = [("scope", "workspace"), ("reason", "the storm is over"), ("look", "first")];
    let on = browser.post_and_follow(&resumption, &fields).await;
    on.shows("waits for your look").hides("Stopped since");
}

#[tokio::test]
async fn a_token_is_shown_once() {
    let site = site().await;
    let (mut browser, _) = ada(&site).await;
    let tokens = urls::Tokens::new();
    let nothing = browser.post(&tokens, &[("name", "Backup")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    nothing.shows("value=\"Backup\"");

    let fields = [("name", "Backup"), ("scope", "read"), ("scope", "write"), ("days", "30")];
    let made = browser.post(&tokens, &fields).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let secret = made.text("#secret");
    assert!(secret.len() > 40, "{secret}");
    let caller = people::token_caller(&site.app, &secret).await.unwrap();
    assert!(matches!(caller, Some(Caller::Token { .. })));

    let later = browser.get(&tokens).await;
    later.shows("Backup").hides(&secret);
    let revocation = later.attr(".lines form", "action");
    browser.post_and_follow(&revocation, &[]).await.shows("The token has ended.");
    assert!(people::token_caller(&site.app, &secret).await.unwrap().is_none());
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_post() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let compose = urls::Compose::new(brand);
    let form = browser.get(&compose).await;
    let id = form.attr("input[name=id]", "value");
    let fields = [
        ("id", id.as_str()),
        ("text", "Une seule fois"),
        ("channel", channel.as_str()),
        ("do", "now"),
    ];
    let first = browser.post(&compose, &fields).await;
    let second = browser.post(&compose, &fields).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(second.location, first.location);
    let page = PageRequest::default();
    let all = publishing::list(&site.app, &Caller::Operator, brand, publishing::Which::All, &page)
        .await
        .unwrap();
    assert_eq!(all.items.len(), 1);

    // Back in the browser, something else typed, and sent again: nothing is
    // lost, nothing goes out unseen.
    let changed = [fields[0], ("text", "Autre chose"), fields[2], fields[3]];
    let asked = browser.post(&compose, &changed).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    asked.shows("Autre chose").shows("You sent this before");
    assert_ne!(asked.attr("input[name=id]", "value"), id);
}

#[tokio::test]
async fn a_language_goes_with_the_person_to_other_browsers() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let choice = [("language", "ko"), ("back", "/tokens")];
    let chosen = browser.post_and_follow(&urls::Language::new(), &choice).await;
    assert_eq!(chosen.text("h1"), "토큰");

    let mut other = Browser::new(&site).speaking("fr");
    let typed = [("email", "ada@rive.example"), ("password", "croissant lune douze")];
    other.post(&urls::SignIn::new(), &typed).await;
    assert_eq!(other.get(&urls::Posts::new(brand)).await.text("h1"), "게시물");
}

#[tokio::test]
async fn ada_adds_kofi_gives_him_a_role_and_shuts_the_door_again() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let people = urls::People::new();
    let kofi = [
        ("name", "Kofi"),
        ("email", "kofi@rive.example"),
        ("password", "a long enough one"),
        ("language", "en"),
        ("role", "writer"),
    ];
    browser.post_and_follow(&people, &kofi).await.shows("Kofi is on the team");
    let twice = browser.post(&people, &kofi).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    twice.shows("on the team already").hides("a long enough one");

    let mut his = Browser::new(&site);
    let typed = [("email", "kofi@rive.example"), ("password", "a long enough one")];
    his.post(&urls::SignIn::new(), &typed).await;
    let posts = urls::Posts::new(brand);
    his.get(&posts).await.shows("Write the first post").hides(">Pause<");
    assert_eq!(his.get(&people).await.status, StatusCode::FORBIDDEN);
    assert_eq!(his.post(&urls::Pause::new(brand), &[]).await.status, StatusCode::FORBIDDEN);

    let list = browser.get(&people).await;
    let access = list.attr(".lines li:nth-child(2) form.last", "action");
    let shut = browser.post_and_follow(&access, &[("active", "no")]).await;
    shut.shows("Kofi cannot sign in any more");
    assert_eq!(his.get(&posts).await.status, StatusCode::SEE_OTHER);

    // For oneself the page has no such button; who sends it all the same is told why not.
    assert_eq!(list.attr(".lines li:nth-child(1) form.last", "action"), "");
    let role = list.attr(".lines li:nth-child(1) form", "action");
    let own = role.replace("/role", "/access");
    browser.post_and_follow(&own, &[("active", "no")]).await.shows("the last owner");
}

#[tokio::test]
async fn a_new_password_ends_the_other_browsers() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let mut other = Browser::new(&site);
    let typed = [("email", "ada@rive.example"), ("password", "croissant lune douze")];
    other.post(&urls::SignIn::new(), &typed).await;
    let account = urls::Account::new();
    let wrong = [("current", "guess-guess"), ("new", "galette des rois")];
    let refused = browser.post(&account, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("not your current password").hides("galette").hides("guess-guess");

    let right = [("current", "croissant lune douze"), ("new", "galette des rois")];
    browser.post_and_follow(&account, &right).await.shows("Your password is changed");
    let posts = urls::Posts::new(brand);
    assert_eq!(browser.get(&posts).await.status, StatusCode::OK);
    assert_eq!(other.get(&posts).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_picture_comes_along_keeps_its_words_and_is_shown_small() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    with_channel(&mut browser, brand).await;
    let compose = urls::Compose::new(brand);
    let refused = browser.post_file(&compose, &[("text", "kept")], b"no picture").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("kept</textarea>").shows("not a picture");

    let fields = [("text", "kept"), ("do", "add-pictures")];
    let shown = browser.post_file(&compose, &fields, &dot()).await;
    assert_eq!(shown.status, StatusCode::OK);
    shown.shows("kept</textarea>");
    let hash = shown.attr("[name=media-0]", "value");
    let alt = format!("alt-0-{hash}");
    let fields = [("text", "kept"), ("media-0", &*hash), (&*alt, "A \"dot\""), ("do", "save")];
    let post = browser.post_and_follow(&compose, &fields).await;
    let picture = post.attr("article img", "src");
    assert_eq!(post.attr("article img", "alt"), "A \"dot\"");

    let view = browser.get(&picture).await;
    assert_eq!(view.status, StatusCode::OK);
    assert!(view.html.contains("PNG"), "a picture");
    assert_eq!(browser.get(&picture.replace("view", "huge")).await.status, StatusCode::NOT_FOUND);
    let mut stranger = Browser::new(&site);
    assert_eq!(stranger.get(&picture).await.status, StatusCode::SEE_OTHER);
}

/// One grey pixel.
fn dot() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000\
               000a49444154789c636800000082008177cd72b60000000049454e44ae426082";
    let hex: String = hex.chars().filter(char::is_ascii_hexdigit).collect();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn a_toast_is_said_once() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let fields = [("text", "x"), ("do", "save")];
    let post = browser.post(&urls::Compose::new(brand), &fields).await.location;
    browser.get(&post).await.shows("Saved.");
    browser.get(&post).await.hides("Saved.");
}

#[tokio::test]
async fn an_open_page_hears_what_others_do_and_misses_nothing() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let after = browser.get(&urls::Posts::new(brand)).await.attr("body", "data-after");
    // Before the stream is open.
    browser.post(&urls::Compose::new(brand), &[("text", "x"), ("do", "save")]).await;

    let open = async |address: &str, last: Option<&str>| {
        let mut request = browser.request(Method::GET, address);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = site.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(response.headers().get("content-encoding").is_none());
        response.into_body()
    };
    let mut body = open(&format!("/events?after={after}"), None).await;
    let mut next = async || {
        let frame = timeout(PATIENCE, body.frame()).await.unwrap().unwrap().unwrap();
        String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
    };
    let told = next().await;
    assert!(told.contains(r#""topic":"post""#), "{told}");
    assert!(told.contains(&brand.to_string()), "{told}");

    // While it is open.
    let name = "Maison Lune et Soleil";
    workspaces::rename(&site.app, &Caller::Operator, brand, name).await.unwrap();
    let told = next().await;
    assert!(told.contains(r#""topic":"workspace""#), "{told}");
    let last = told.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();

    // The connection broke; meanwhile the brand is paused.
    drop(body);
    let mut quiet = browser.clone();
    quiet.post(&urls::Pause::new(brand), &[]).await;
    let mut body = open("/events", Some(&last)).await;
    let frame = timeout(PATIENCE, body.frame()).await.unwrap().unwrap().unwrap();
    let told = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
    assert!(told.contains(r#""topic":"publishing""#), "{told}");

    site.stop.cancel();
    let end = timeout(PATIENCE, body.frame()).await.unwrap();
    assert!(end.is_none(), "a server that stops ends its streams");
}

#[tokio::test]
async fn an_open_page_that_gets_no_hint_looks_by_itself() {
    let site = site().await;
    let (browser, brand) = ada(&site).await;
    let request = browser.request(Method::GET, "/events").body(Body::empty()).unwrap();
    let mut body = site.router.clone().oneshot(request).await.unwrap().into_body();
    let moment = Duration::from_millis(200);
    assert!(timeout(moment, body.frame()).await.is_err(), "nothing is new");
    let name = "Maison Lune et Soleil";
    let beside = site.beside().await;
    workspaces::rename(&beside, &Caller::Operator, brand, name).await.unwrap();
    assert!(timeout(moment, body.frame()).await.is_err(), "nobody told it");
    site.app.advance(Duration::from_secs(15));
    let frame = timeout(PATIENCE, body.frame()).await.unwrap().unwrap().unwrap();
    let told = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
    assert!(told.contains(r#""topic":"workspace""#), "{told}");
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let site = site().await;
    let (mut browser, _) = ada(&site).await;
    let request = browser.request(Method::GET, "/events").body(Body::empty()).unwrap();
    let mut body = site.router.clone().oneshot(request).await.unwrap().into_body();
    let ended = tokio::spawn(async move {
        while let Some(frame) = body.frame().await {
            frame.unwrap();
        }
    });
    browser.post(&urls::SignOut::new(), &[]).await;
    for _ in 0..100 {
        site.app.advance(Duration::from_secs(16));
        tokio::time::sleep(Duration::from_millis(20)).await;
        if ended.is_finished() {
            break;
        }
    }
    timeout(PATIENCE, ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn another_site_cannot_use_a_session() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let address = urls::Pause::new(brand).to_string();
    let mut request = browser.request(Method::POST, &address);
    request.headers_mut().unwrap().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let refused = site.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    browser.get(&urls::Posts::new(brand)).await.hides("Stopped since");
}
