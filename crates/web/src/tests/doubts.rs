//! A post of which nobody but a person can say whether it is out.

use super::browser::{ada, site, with_channel};
use crate::urls;

#[tokio::test]
async fn whoever_has_to_look_is_led_to_where_it_would_be() {
    let site = site().await;
    let (mut browser, brand) = ada(&site).await;
    let channel = with_channel(&mut browser, brand).await;
    let fields = [("text", "Ce soir"), ("channel", channel.as_str()), ("do", "now")];
    let post = browser.post(&urls::Compose::new(brand), &fields).await.location;
    let profile = "https://paper.example/lune";
    browser.get(&post).await.hides(profile);

    let mut tx = site.app.db.begin().await.unwrap();
    for sql in [
        "update acts set state = 'unknown', next_at = null",
        "update deliveries set state = 'unknown', told_at = created_at",
    ] {
        tx.sql(sql).execute().await.unwrap();
    }
    tx.commit().await.unwrap();
    let page = browser.get(&post).await;
    page.shows("Please look").shows("It is there: keep the link");
    assert_eq!(page.attr(".asks .brass", "href"), profile, "the one thing to do next");
    assert_eq!(page.attr(".asks .brass", "rel"), "noopener noreferrer");
}
