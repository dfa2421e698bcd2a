//! What every page says when nothing goes out; and the browsers of one person.

use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use bellwether_app::people::team::{self, NewPerson};
use bellwether_app::people::{self, Language, Role};
use bellwether_app::publishing::{self, Engine, Health};
use bellwether_app::{Caller, upkeep};
use bellwether_base::{Say, Secret, WorkspaceId};
use http_body_util::BodyExt as _;
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::browser::{Browser, PATIENCE, SET_UP, Site, ada, site, with_channel};
use crate::urls;

#[tokio::test]
async fn a_clock_that_is_not_trusted_is_told_on_every_page_until_somebody_vouches_for_it() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let stop = serde_json::to_string(&Say::new("clock-jumped").with("seconds", 3600)).unwrap();
    let mut tx = site.app.db.begin().await.unwrap();
    tx.sql("insert into installation (id, created_at, dispatch_stop) values (1, 0, $1)")
        .bind(stop)
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let account = urls::Account::new().to_string();
    for address in [urls::Posts::new(brand).to_string(), account.clone()] {
        let page = browser.get(&address).await;
        page.shows("the clock may be wrong").shows("3600 seconds");
        assert_eq!(page.attr("form[action='/clock/confirmation'] [name=back]", "value"), address);
    }
    let back = [("back", account.as_str())];
    let on = browser.post_and_follow(&urls::ClockConfirmation::new(), &back).await;
    on.shows("Sending goes on.").shows("Your account").hides("the clock may be wrong");
}

#[tokio::test]
async fn a_pause_says_who_and_what_it_holds_and_leads_back_to_the_page_it_was_pressed_on() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    with_channel(&mut browser, brand).await;
    let channels = urls::Channels::new(brand).to_string();
    let pause = urls::Pause::new(brand);
    let sent = browser.post(&pause, &[("back", channels.as_str())]).await;
    assert_eq!(sent.location, channels);
    let stopped = browser.get(&channels).await;
    stopped
        .shows("Stopped by Ada.")
        .shows("Nothing is on hold yet.")
        .shows("Nothing was on its way.");
    assert_eq!(stopped.attr(&format!("form[action='{pause}']"), "method"), "", "no second pause");
    let elsewhere = browser.post(&pause, &[("back", "https://evil.example")]).await;
    assert_eq!(elsewhere.location, "/");
}

#[tokio::test]
async fn everything_that_can_be_stopped_is_stopped_from_a_page_and_listed_on_one() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let pauses = urls::Pauses::new(brand);
    let fresh = browser.get(&pauses).await;
    fresh.shows("Nothing is paused.").shows("A pause stops only what Bellwether sends.");

    let pause = urls::Pause::new(brand);
    let channel = format!("channel:{channel}");
    for (place, level, told) in [
        (channel.as_str(), "replies", "Only @lune. Planned posts and replies wait."),
        ("network:paper", "everything", "Paper, in all brands. Everything waits."),
        ("workspace", "planned", "This brand. Planned posts wait."),
        ("installation", "everything", "All brands. Everything waits."),
    ] {
        let offered = fresh.attr(&format!("option[value='{place}']"), "value");
        assert_eq!(offered, place, "it is offered");
        let fields = [("place", place), ("level", level), ("back", "/brands")];
        browser.post(&pause, &fields).await;
        browser.get(&urls::Posts::new(brand)).await.shows(told).shows(&pauses.to_string());
        browser.get(&pauses).await.shows(told).shows("Stopped by Ada.");
    }
    let list = browser.get(&pauses).await;
    assert_eq!(list.html.matches("name=\"reason\"").count(), 4, "each can be ended, and once");

    // A reason that is missing is said here, at the pause that it was for.
    let back = pauses.to_string();
    let fields = [("scope", "installation"), ("reason", " "), ("back", back.as_str())];
    let again = browser.post(&urls::Resumption::new(brand), &fields).await;
    assert_eq!(again.status.as_u16(), 422);
    again.shows("Resuming needs a reason").shows("Pause more");
    let fields = [("scope", "installation"), ("reason", "over"), ("back", back.as_str())];
    let on = browser.post_and_follow(&urls::Resumption::new(brand), &fields).await;
    on.hides("All brands. Everything waits.").shows("This brand. Planned posts wait.");

    for place in ["channel:nothing", "elsewhere:x", "network:nothing"] {
        let refused = browser.post(&pause, &[("place", place)]).await;
        assert_eq!(refused.status.as_u16(), 404, "{place}");
    }
}

#[tokio::test]
async fn nobody_is_offered_a_pause_that_is_not_theirs() {
    let site = site().await;
    let (_, brand) = ada(&site).await;
    let pauses = urls::Pauses::new(brand);
    let mut kofi = of_team(&site, brand, Role::Writer).await;
    let seen = kofi.get(&pauses).await;
    seen.shows("Nothing is paused.")
        .shows("A pause stops only")
        .hides("<select class=\"input\" id=\"pause-place\"");
    let mut noor = of_team(&site, brand, Role::Admin).await;
    let seen = noor.get(&pauses).await;
    seen.shows("value=\"workspace\"").hides("value=\"installation\"").hides("value=\"network:");
    let everywhere = [("place", "installation")];
    let refused = noor.post(&urls::Pause::new(brand), &everywhere).await;
    assert_eq!(refused.status.as_u16(), 403);
}

#[tokio::test]
async fn a_set_up_link_that_is_over_says_so_on_its_page() {
    let site = site().await;
    let link = people::setup_link(&site.app).await.unwrap().unwrap();
    let address = urls::SetUp { link: link.expose().into() };
    let mut browser = Browser::new(&site);
    browser.get(&address).await.shows("within 24 hours");
    site.app.advance(Duration::from_hours(24));
    let over = browser.get(&address).await;
    assert_eq!(over.status.as_u16(), 409);
    over.shows("older than 24 hours").shows("This link opens nothing").hides("Load the page again");
    let sent = browser.post(&address, &SET_UP).await;
    assert_eq!(sent.status.as_u16(), 409);
    sent.shows("older than 24 hours");
}

#[tokio::test]
async fn one_browser_ends_all_others_and_stays() {
    let site = site().await;
    let (mut here, _) = ada(&site).await;
    let account = urls::Account::new();
    here.get(&account).await.hides("Sign out all others");
    let mut others = Vec::new();
    for _ in 0..3 {
        let mut other = Browser::new(&site);
        let typed = [("email", SET_UP[1].1), ("password", SET_UP[2].1)];
        other.post_and_follow(&urls::SignIn::new(), &typed).await;
        others.push(other);
    }
    let list = here.get(&account).await;
    list.shows("Sign out all others");
    assert_eq!(list.html.matches("/end\"").count(), 4, "three, and all of them at once");
    let one = list.attr("form[action^='/account/sessions/']", "action");
    here.post_and_follow(&one, &[]).await.shows("That browser is signed out.");
    let ended = here.post_and_follow(&urls::OtherSessionsEnd::new(), &[]).await;
    ended.shows("You are signed out everywhere but here.").hides("Sign out all others");
    for other in &mut others {
        assert_eq!(other.get(&account).await.location, "/sign-in?next=%2Faccount");
    }
}

#[tokio::test]
async fn whoever_has_a_page_open_hears_at_once_that_the_clock_stopped_everything() {
    let site = site().await;
    upkeep::begin(&site.app).await.unwrap();
    let (_, brand) = ada(&site).await;
    let mut kofi = writer_of(&site, brand).await;
    let posts = urls::Posts::new(brand);
    let page = kofi.get(&posts).await;
    let topics = page.attr("#stopped", "data-refresh-on");
    assert!(topics.split(' ').any(|topic| topic == "clock"), "{topics}");
    let address = format!("/events?after={}", page.attr("body", "data-after"));
    let request = kofi.request(Method::GET, &address).body(Body::empty()).unwrap();
    let mut stream = site.router.clone().oneshot(request).await.unwrap().into_body();
    let mut hears = async || {
        let frame = timeout(PATIENCE, stream.frame()).await.unwrap().unwrap().unwrap();
        let told = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
        told.lines().find_map(|line| line.strip_prefix("data: ")).unwrap().to_owned()
    };

    // That something is with the clock, and not a word more.
    let clock = r#"{"topic":"clock","workspace":null}"#;
    let engine = Engine::new(site.app.app.clone(), "one".to_owned());
    let running = tokio::spawn({
        let stop = site.stop.clone();
        async move { engine.run(stop).await }
    });
    until_it_beats(&site).await;
    site.app.clock.set_wall(site.app.now() + Duration::from_hours(1));
    site.app.advance(Duration::from_secs(10));
    assert_eq!(hears().await, clock);
    kofi.get(&posts).await.shows("the clock may be wrong").hides("/clock/confirmation");
    publishing::trust_clock(&site.app, &Caller::Operator).await.unwrap();
    assert_eq!(hears().await, clock);
    kofi.get(&posts).await.hides("the clock may be wrong");

    site.stop.cancel();
    timeout(PATIENCE, running).await.unwrap().unwrap();
}

/// Kofi, who writes for `brand` and for nobody else, in his browser.
async fn writer_of(site: &Site, brand: WorkspaceId) -> Browser {
    of_team(site, brand, Role::Writer).await
}

/// Somebody who has `role` for `brand` and none elsewhere, in their browser.
async fn of_team(site: &Site, brand: WorkspaceId, role: Role) -> Browser {
    let (email, password) = (format!("{role:?}@rive.example"), "a long enough one");
    let kofi = NewPerson {
        name: "Kofi".into(),
        email: email.clone(),
        password: Secret::new(password),
        language: Language::English,
        role: None,
    };
    let kofi = team::add(&site.app, &Caller::Operator, kofi).await.unwrap();
    team::place(&site.app, &Caller::Operator, brand, kofi.id, role).await.unwrap();
    let mut browser = Browser::new(site);
    let typed = [("email", email.as_str()), ("password", password)];
    browser.post_and_follow(&urls::SignIn::new(), &typed).await;
    browser
}

/// Waits until the engine has looked at the clock for the first time.
async fn until_it_beats(site: &Site) {
    let beats = async {
        while Health::read(&site.app).await.unwrap().heartbeat_at.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, beats).await.unwrap();
}
