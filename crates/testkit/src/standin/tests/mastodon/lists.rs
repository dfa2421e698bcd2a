//! methods/accounts/#statuses, api/guidelines/#pagination,
//! app/controllers/api/v1/accounts/statuses_controller.rb.

use std::time::Duration;

use super::*;
use crate::standin::Author;

fn ids(reply: &Reply) -> Vec<String> {
    reply.json().as_array().unwrap().iter().map(|status| text(&status["id"])).collect()
}

/// The path and query of a `Link`.
fn link(reply: &Reply, rel: &str) -> Option<String> {
    let links = reply.headers.get("link")?;
    let link = links.split(", ").find(|link| link.ends_with(&format!("rel=\"{rel}\"")))?;
    let url = link.split(['<', '>']).nth(1)?;
    url.strip_prefix("http://stand.in").map(ToOwned::to_owned)
}

#[tokio::test]
async fn the_latest_come_first_and_links_lead_on_both_ways() {
    let town = Town::new().await;
    let mut all: Vec<_> =
        (0..45).map(|n| town.mastodon.plant("ada", &format!("No. {n}"), "web").unwrap()).collect();
    all.reverse();
    let mut ada = town.ada().await;
    assert_eq!(ids(&ada.get(&town.list("")).await), all[..20], "20 where no limit is asked for");
    let first = ada.get(&town.list("exclude_reblogs=true&limit=80")).await;
    assert_eq!(ids(&first), all[..40], "40 at most");
    let next = link(&first, "next").unwrap();
    assert_eq!(next, town.list(&format!("exclude_reblogs=true&limit=80&max_id={}", all[39])));
    let last = ada.get(&next).await;
    assert_eq!((ids(&last), link(&last, "next")), (all[40..].to_vec(), None));
    let prev = link(&last, "prev").unwrap();
    assert!(prev.ends_with(&format!("&min_id={}", all[40])), "{prev}");
    assert_eq!(ids(&ada.get(&prev).await), all[..40]);
    assert_eq!(link(&ada.get(&town.list(&format!("min_id={}", all[0]))).await, "prev"), None);
}

#[tokio::test]
async fn since_ends_a_list_and_min_begins_it() {
    let town = Town::new().await;
    let mut all: Vec<_> =
        (0..5).map(|n| town.mastodon.plant("ada", &n.to_string(), "web").unwrap()).collect();
    all.reverse();
    let mut ada = town.ada().await;
    let mut list = async |query: String| ids(&ada.get(&town.list(&query)).await);
    let oldest = &all[4];
    assert_eq!(list(format!("limit=2&since_id={oldest}")).await, all[..2], "from the newest on");
    assert_eq!(list(format!("limit=2&min_id={oldest}")).await, all[2..4], "right behind it");
    assert_eq!(list(format!("since_id={oldest}&max_id={}", all[1])).await, all[2..4]);
    assert_eq!(list("since_id=0".to_owned()).await, all, "an id that never was is a bound as well");
    assert_eq!(list("max_id=1".to_owned()).await, [""; 0]);
}

#[tokio::test]
async fn boosts_and_answers_to_others_can_be_left_out() {
    let town = Town::new().await;
    town.mastodon.add_account("noor");
    let hers = town.mastodon.plant("noor", "Hello from Noor", "web").unwrap();
    let mut ada = town.ada().await;
    let own = id(&post(&mut ada, &hello()).await);
    let thread = id(&post(&mut ada, &json!({"status": "and", "in_reply_to_id": own})).await);
    let answer = id(&post(&mut ada, &json!({"status": "hi", "in_reply_to_id": hers})).await);
    let boost = town.mastodon.plant_boost("ada", &hers).unwrap();
    let all = ada.get(&town.list("")).await;
    assert_eq!(ids(&all), [boost, answer.clone(), thread.clone(), own.clone()]);
    assert_eq!(all.json()[0]["reblog"]["content"], "<p>Hello from Noor</p>");
    let own_words = ada.get(&town.list("exclude_reblogs=true")).await;
    assert_eq!(ids(&own_words), [answer, thread.clone(), own.clone()]);
    let alone = ada.get(&town.list("exclude_reblogs=1&exclude_replies=true")).await;
    assert_eq!(ids(&alone), [thread, own], "a thread of one's own stays whole");
    assert_eq!(town.ledger.posts("ada").len(), 3, "a boost is no post");
}

#[tokio::test]
async fn strangers_see_what_is_public() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let public = id(&post(&mut ada, &hello()).await);
    let private = id(&post(&mut ada, &json!({"status": "Psst", "visibility": "private"})).await);
    assert_eq!(ids(&ada.get(&town.list("")).await), [private, public.clone()]);
    assert_eq!(ids(&town.stranger().await.get(&town.list("")).await), [public]);
    assert_eq!(
        ada.get("/api/v1/accounts/1/statuses").await.error(),
        (404, "Record not found".to_owned())
    );
}

#[tokio::test]
async fn what_is_deleted_is_not_listed_and_what_others_posted_is() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let mine = id(&post(&mut ada, &hello()).await);
    let planted = town.mastodon.plant("ada", "Hello", "another").unwrap();
    let listed = ada.get(&town.list("")).await;
    assert_eq!(ids(&listed), [planted.clone(), mine.clone()]);
    assert_eq!(listed.json()[0]["application"]["name"], "another");
    assert_eq!(town.ledger.posts("ada")[1].author, Author::AnotherApp("another".to_owned()));
    ada.try_call("DELETE", &format!("{STATUSES}/{mine}")).await.unwrap();
    assert_eq!(ids(&ada.get(&town.list("")).await), [planted]);
}

#[tokio::test]
async fn a_replica_may_lag_behind() {
    let hour = Duration::from_hours(1);
    let town = Town::with(Settings { list_lag: hour, ..Settings::default() }).await;
    let mut ada = town.ada().await;
    let new = id(&post(&mut ada, &hello()).await);
    assert_eq!(ids(&ada.get(&town.list("")).await), [""; 0]);
    assert_eq!(
        ada.get(&format!("{STATUSES}/{new}")).await.status,
        200,
        "asked for alone it is there"
    );

    let soon = Duration::from_millis(40);
    let town = Town::with(Settings { list_lag: soon, look_lag: soon, ..Settings::default() }).await;
    let mut ada = town.ada().await;
    let new = id(&post(&mut ada, &hello()).await);
    assert_eq!(ada.get(&format!("{STATUSES}/{new}")).await.status, 404);
    while ids(&ada.get(&town.list("")).await) != [new.clone()] {
        tokio::time::sleep(soon / 4).await;
    }
    assert_eq!(ada.get(&format!("{STATUSES}/{new}")).await.status, 200);
}
