//! What every page says when nothing goes out; and the browsers of one person.

use bellwether_base::Say;

use super::browser::{Browser, SET_UP, ada, site, with_channel};
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
