//! api/rate-limits, config/initializers/rack_attack.rb.

use std::time::Duration;

use super::*;
use crate::standin::Rate;
use crate::standin::mastodon::Rates;

fn headers(reply: &Reply) -> (&str, &str) {
    (&reply.headers["x-ratelimit-limit"], &reply.headers["x-ratelimit-remaining"])
}

#[tokio::test]
async fn the_limit_that_is_nearest_is_told_with_a_time() {
    let town =
        Town::with(Settings { rates: Some(Rates::published()), ..Settings::default() }).await;
    let mut ada = town.ada().await;
    let listed = ada.get(&town.list("")).await;
    assert_eq!(headers(&listed), ("300", "299"));
    let reset = &listed.headers["x-ratelimit-reset"];
    assert!(reset.ends_with('Z') && reset.len() == "2026-01-02T03:04:05.678901Z".len(), "{reset}");
    assert_eq!(headers(&upload(&mut ada, "image/png", PIXEL, "").await), ("30", "29"));
    let status = post(&mut ada, &hello()).await;
    assert_eq!(headers(&status), ("300", "297"));
    let deleted = ada.try_call("DELETE", &format!("{STATUSES}/{}", id(&status))).await.unwrap();
    assert_eq!(headers(&deleted), ("30", "29"));
    assert!(
        !Town::new()
            .await
            .stranger()
            .await
            .get("/api/v1/instance")
            .await
            .headers
            .contains_key("x-ratelimit-limit")
    );
}

#[tokio::test]
async fn one_too_many_is_429_and_does_nothing() {
    let few = Rate::new(1, Duration::from_millis(200));
    let rates = Rates { uploads: few, statuses: few, ..Rates::published() };
    let town = Town::with(Settings { rates: Some(rates), ..Settings::default() }).await;
    let mut ada = town.ada().await;
    let many = (429, "Too many requests".to_owned());
    assert_eq!(upload(&mut ada, "image/png", PIXEL, "").await.status, 200);
    assert_eq!(upload(&mut ada, "image/png", PIXEL, "").await.error(), many);
    assert_eq!(with_key(&mut ada, "k1", &hello()).await.status, 200);
    assert_eq!(
        with_key(&mut ada, "k1", &hello()).await.status,
        200,
        "a repeat makes nothing and costs nothing"
    );
    let refused = with_key(&mut ada, "k2", &hello()).await;
    assert_eq!((headers(&refused), refused.error()), (("1", "0"), many));
    assert_eq!(town.texts().len(), 1);
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!(with_key(&mut ada, "k2", &hello()).await.status, 200, "later it goes");
}
