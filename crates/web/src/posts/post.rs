//! One post: what it says, where it is, and the log of how it got there.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bellwether_app::posts::{self, Post};
use bellwether_app::publishing::{self, DeliveryLog, DeliveryState as State, HeldReason};
use bellwether_app::{Permission, channels};
use bellwether_base::{Instant, Say};

use crate::channels::face::Face;
use crate::errors::Trouble;
use crate::media::shot::Shot;
use crate::page::badge::Badge;
use crate::page::{Nav, Page, filters};
use crate::publishing::badges;
use crate::publishing::log::{self, Entry};
use crate::session::InBrand;
use crate::urls;

/// The page.
#[derive(Template)]
#[template(path = "posts/post.html")]
pub struct PostPage {
    here: urls::Post,
    parts: Vec<Shown>,
    language: Option<String>,
    own: Option<Badge>,
    updated_at: Instant,
    outcomes: Vec<Outcome>,
    entries: Vec<Entry>,
    edit: Option<urls::EditPost>,
    city: String,
}

/// One part of it.
struct Shown {
    text: String,
    shots: Vec<Shot>,
}

/// The post on one channel.
pub struct Outcome {
    face: Face,
    badge: Badge,
    say: Say,
    links: Vec<String>,
    deeds: Deeds,
}

/// What can be done about it: each with its address, if it is possible now
/// and the person may.
#[derive(Default)]
struct Deeds {
    /// Message key of what sending again is called here.
    retry: Option<(&'static str, urls::Retry)>,
    attach: Option<urls::Attachment>,
    dismiss: Option<(&'static str, urls::Dismissal)>,
    cancel: Option<urls::Cancellation>,
    release: Option<urls::Release>,
    pass: Option<urls::Passage>,
    take_down: Option<urls::Takedown>,
    plan: Option<(String, urls::Plan)>,
    reconnect: Option<urls::Connect>,
    mend: Option<urls::EditPost>,
    /// The first of them is the one thing to do next on this page.
    is_next: bool,
}

impl Deeds {
    fn has_any(&self) -> bool {
        self.retry.is_some()
            || self.attach.is_some()
            || self.dismiss.is_some()
            || self.cancel.is_some()
            || self.release.is_some()
            || self.pass.is_some()
            || self.take_down.is_some()
            || self.plan.is_some()
            || self.reconnect.is_some()
            || self.mend.is_some()
    }

    /// Whether somebody must act, and not only may.
    fn is_urgent(&self) -> bool {
        self.retry.is_some() || self.release.is_some() || self.reconnect.is_some()
    }
}

pub async fn page(at: InBrand, Path(place): Path<urls::Post>) -> Result<Response, Trouble> {
    let (app, caller, brand) = (&at.app, &at.caller, at.brand.id);
    let post = posts::get(app, caller, brand, place.post).await?;
    let logs = publishing::deliveries_of(app, caller, brand, post.id).await?;
    let mut outcomes = Vec::with_capacity(logs.len());
    let mut entries = Vec::new();
    for log in &logs {
        let channel = channels::get(app, caller, brand, log.delivery.channel_id).await?;
        let face = Face::of(app, &channel);
        entries.extend(log::entries(log, &face.network));
        let can_delete =
            app.registry.network(&channel.network).is_some_and(|n| n.spec().features.delete);
        let reconnect = urls::Connect::new(brand, channel.network);
        outcomes.push(outcome(&at, log, face, can_delete, reconnect));
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    if let Some(outcome) = outcomes.iter_mut().find(|outcome| outcome.deeds.is_urgent()) {
        outcome.deeds.is_next = true;
    }
    let (title, note) = title(&post);
    let view = PostPage {
        here: place,
        parts: post
            .content
            .parts
            .iter()
            .map(|part| Shown { text: part.text.clone(), shots: Shot::all(brand, part) })
            .collect(),
        language: super::language(&post.content),
        own: logs.is_empty().then(|| badges::of_post(post.state)),
        updated_at: post.updated_at,
        outcomes,
        entries,
        edit: at.may(Permission::Write).then(|| urls::EditPost::new(brand, post.id)),
        city: at.visitor.reader.city(),
    };
    let mut page = Page::desk(at.desk(Nav::Posts).await?, title, view);
    if let Some(note) = note {
        page = page.note(note);
    }
    page.show(&at.visitor)
}

/// The first words are the title; a post without words says so.
fn title(post: &Post) -> (Say, Option<Say>) {
    match super::title(&post.content) {
        Some(words) => (Say::new("as-it-is").with("text", words), None),
        None => (Say::new("post-untitled"), None),
    }
}

fn outcome(
    at: &InBrand,
    log: &DeliveryLog,
    face: Face,
    can_delete: bool,
    reconnect: urls::Connect,
) -> Outcome {
    let delivery = &log.delivery;
    let links = log.acts.iter().flat_map(|act| &act.posts).filter_map(|post| post.url.clone());
    let say = match (delivery.state, delivery.live_at, &delivery.say) {
        (State::Live, Some(live_at), _) => {
            Say::new("where-live").with("network", &face.network).with("at", live_at)
        }
        (State::Scheduled, ..) => Say::new("where-scheduled").with("at", delivery.planned_at),
        (state, _, Some(say)) if state != State::Live => say.clone(),
        (state, ..) => Say::new(format!("where-{}", state.as_str().replace('_', "-")))
            .with("network", &face.network),
    };
    Outcome {
        badge: badges::of_delivery(delivery, &face.network),
        say,
        links: links.collect(),
        deeds: deeds(at, log, can_delete, reconnect),
        face,
    }
}

/// What each state offers. Use cases check again: between page and click
/// things move on.
fn deeds(at: &InBrand, log: &DeliveryLog, can_delete: bool, reconnect: urls::Connect) -> Deeds {
    let delivery = &log.delivery;
    let (brand, id) = (delivery.workspace_id, delivery.id);
    let mut deeds = Deeds::default();
    if delivery.held_reason == Some(HeldReason::Login) && at.may(Permission::ManageChannels) {
        deeds.reconnect = Some(reconnect);
    }
    if delivery.held_reason == Some(HeldReason::Paused) && at.may(Permission::Override) {
        deeds.pass = Some(urls::Passage::new(brand, id));
    }
    if !at.may(Permission::Publish) {
        return deeds;
    }
    let retry = |key| Some((key, urls::Retry::new(brand, id)));
    let dismiss = |key| Some((key, urls::Dismissal::new(brand, id)));
    match delivery.state {
        State::Unknown => {
            deeds.attach = Some(urls::Attachment::new(brand, id));
            deeds.retry = retry("deed-send-again");
            deeds.dismiss = dismiss("deed-leave");
        }
        State::Refused => {
            deeds.mend = Some(urls::EditPost::new(brand, delivery.post_id));
            deeds.retry = retry("deed-try-again");
            deeds.dismiss = dismiss("deed-give-up");
        }
        State::Missed => {
            deeds.retry = retry("deed-send-now");
            deeds.dismiss = dismiss("deed-give-up");
        }
        State::PartlyLive => {
            deeds.retry = retry("deed-go-on");
            deeds.dismiss = dismiss("deed-leave");
        }
        State::Scheduled | State::Held => {
            deeds.cancel = Some(urls::Cancellation::new(brand, id));
        }
        _ => {}
    }
    if delivery.held_reason == Some(HeldReason::LookFirst) {
        deeds.release = Some(urls::Release::new(brand, id));
    }
    if delivery.state == State::Scheduled {
        let local = delivery.planned.local.strftime("%Y-%m-%dT%H:%M").to_string();
        deeds.plan = Some((local, urls::Plan::new(brand, id)));
    }
    if can_delete && matches!(delivery.state, State::Live | State::PartlyLive) {
        deeds.take_down = Some(urls::Takedown::new(brand, id));
    }
    deeds
}

#[cfg(test)]
impl crate::views::View for PostPage {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{NOW, brands, desk, faces, shots};
        use bellwether_base::uuid::Uuid;
        use bellwether_base::{DeliveryId, PostId};

        let (brand, post) = (brands()[0].id, PostId(Uuid::nil()));
        let id = DeliveryId(Uuid::nil());
        let all = || Deeds {
            retry: Some(("deed-send-again", urls::Retry::new(brand, id))),
            attach: Some(urls::Attachment::new(brand, id)),
            dismiss: Some(("deed-leave", urls::Dismissal::new(brand, id))),
            is_next: true,
            ..Deeds::default()
        };
        let some = || Deeds {
            cancel: Some(urls::Cancellation::new(brand, id)),
            plan: Some(("2026-12-11T18:00".into(), urls::Plan::new(brand, id))),
            pass: Some(urls::Passage::new(brand, id)),
            take_down: Some(urls::Takedown::new(brand, id)),
            release: Some(urls::Release::new(brand, id)),
            reconnect: Some(urls::Connect::new(brand, "practice".to_owned())),
            mend: Some(urls::EditPost::new(brand, post)),
            ..Deeds::default()
        };
        let states = ["live", "unknown", "held", "sending", "checking", "missed", "cancelled"];
        let outcomes =
            faces().into_iter().cycle().zip(states).enumerate().map(|(at, (face, state))| {
                let mut face = face;
                face.id.0 = Uuid::from_u128(at as u128);
                Outcome {
                    badge: Badge { family: "published", say: Say::new("state-live") },
                    say: Say::new(format!("where-{state}"))
                        .with("network", "Practice")
                        .with("at", NOW),
                    links: vec!["https://practice.example/1?a=\"b\"".into()],
                    deeds: match at {
                        1 => all(),
                        2 => some(),
                        _ => Deeds::default(),
                    },
                    face,
                }
            });
        let entry = |key: &str, family| Entry {
            at: NOW,
            family,
            network: "Practice".into(),
            say: Say::new(key).with("at", NOW),
            more: Some(Say::new("log-try").with("number", 1)),
            vendor: Some("<b>no</b>".into()),
        };
        let full = Self {
            here: urls::Post::new(brand, post),
            parts: vec![
                Shown {
                    text: "La bûche <b>aux marrons</b>\n\nest arrivée".into(), shots: shots()
                },
                Shown { text: "#noël".into(), shots: Vec::new() },
            ],
            language: Some("fr".into()),
            own: None,
            updated_at: NOW,
            outcomes: outcomes.collect(),
            entries: vec![
                entry("log-published", "published"),
                entry("log-sending", "publishing"),
                entry("log-planned", "scheduled"),
            ],
            edit: Some(urls::EditPost::new(brand, post)),
            city: "Paris".into(),
        };
        let empty = Self {
            here: urls::Post::new(brand, post),
            parts: vec![Shown { text: String::new(), shots: Vec::new() }],
            language: None,
            own: Some(Badge::new("draft", "draft")),
            updated_at: NOW,
            outcomes: Vec::new(),
            entries: Vec::new(),
            edit: None,
            city: "Paris".into(),
        };
        let words = Say::new("as-it-is").with("text", "La bûche");
        vec![
            Page::desk(desk(Nav::Posts), words, full),
            Page::desk(desk(Nav::Posts), "post-untitled", empty),
        ]
    }
}
