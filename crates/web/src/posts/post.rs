//! One post: what it says, where it is, and the log of how it got there.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::posts::{self, Post, PostState};
use bellwether_app::publishing::{self, ActKind, ActState, DeliveryLog, DeliveryState as State};
use bellwether_app::{App, Error, Permission, channels};
use bellwether_base::{Instant, PostId, Say};

use super::deeds::{Deeds, RefusedDeed};
use super::sent::SentThere;
use crate::channels::face::Face;
use crate::errors::{Trouble, for_form};
use crate::media::shot::Shot;
use crate::page::badge::Badge;
use crate::page::{Nav, Page, Toast, filters};
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
    delete: Option<urls::PostDeletion>,
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
    /// What comes next by itself.
    more: Option<Say>,
    links: Vec<String>,
    /// What the network said to it, in its own words.
    vendor: Option<String>,
    /// What went out, where the post says something else by now.
    sent: Option<SentThere>,
    deeds: Deeds,
}

pub async fn page(at: InBrand, Path(place): Path<urls::Post>) -> Result<Response, Trouble> {
    show(&at, place, None).await
}

/// The page again, with a deed that was refused for what was typed.
pub async fn again(
    mut at: InBrand,
    post: PostId,
    refused: RefusedDeed,
) -> Result<Response, Trouble> {
    let place = urls::Post::new(at.brand.id, post);
    at.at_work.visitor.path = place.to_string();
    show(&at, place, Some(refused)).await
}

async fn show(
    at: &InBrand,
    place: urls::Post,
    mut refused: Option<RefusedDeed>,
) -> Result<Response, Trouble> {
    let status = match refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let (app, caller, brand) = (&at.app, &at.caller, at.brand.id);
    let post = posts::get(app, caller, brand, place.post).await?;
    let logs = publishing::deliveries_of(app, caller, brand, post.id).await?;
    let mut places = Vec::with_capacity(logs.len());
    for log in &logs {
        let channel = channels::get(app, caller, brand, log.delivery.channel_id).await?;
        places.push((Face::of(app, &channel), channel));
    }
    let is_only =
        |own: &Face| places.iter().filter(|(face, _)| face.network == own.network).count() == 1;
    let mut outcomes = Vec::with_capacity(logs.len());
    let mut entries = Vec::new();
    for (log, (face, channel)) in logs.iter().zip(&places) {
        let history = publishing::history(app, caller, brand, log.delivery.id).await?;
        let place = if is_only(face) { &face.network } else { &face.handle };
        entries.extend(log::entries(log, &history, place));
        let mut deeds = Deeds::of(at, log, channel);
        deeds.refused = refused.take_if(|refused| refused.delivery == log.delivery.id);
        if let (Some(refused), Some((local, _))) = (&deeds.refused, &mut deeds.plan) {
            refused.typed.clone_into(local);
        }
        let sent = SentThere::of(at, log).await?;
        outcomes.push(Outcome { sent, ..outcome(at, log, face.clone(), deeds) });
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
        edit: may_edit(at, &post).then(|| urls::EditPost::new(brand, post.id)),
        delete: (may_edit(at, &post) && publishing::is_discardable(&logs))
            .then(|| urls::PostDeletion::new(brand, post.id)),
        city: at.visitor.reader.city(),
    };
    let mut page = Page::desk(at.desk(Nav::Posts).await?, title, view);
    if let Some(note) = note {
        page = page.note(note);
    }
    page.status(status).show(&at.visitor)
}

/// Deletes a post of which nothing was sent; what came in between is told on its page.
pub async fn delete(
    at: InBrand,
    Path(place): Path<urls::PostDeletion>,
) -> Result<Response, Trouble> {
    let done = publishing::discard(&at.app, &at.caller, at.brand.id, place.post).await;
    if let Err(error @ Error::Conflict(_)) = done {
        let toast = Toast::trouble(for_form(error)?.1.say);
        return Ok(at.visitor.go_and_say(&urls::Post::new(at.brand.id, place.post), &toast));
    }
    done?;
    let toast = Toast::done(Say::new("post-deleted"));
    Ok(at.visitor.go_and_say(&urls::Posts::new(at.brand.id), &toast))
}

/// What is planned goes out as it is edited, so that takes who may publish.
fn may_edit(at: &InBrand, post: &Post) -> bool {
    at.may(Permission::Write) && (post.state != PostState::Ready || at.may(Permission::Publish))
}

/// The first words are the title; a post without words says so.
fn title(post: &Post) -> (Say, Option<Say>) {
    match super::title(&post.content) {
        Some(words) => (Say::new("as-it-is").with("text", words), None),
        None => (Say::new("post-untitled"), None),
    }
}

/// What is due for longer than this waits for something else on its channel.
const OVERDUE: Duration = Duration::from_secs(5);

fn outcome(at: &InBrand, log: &DeliveryLog, face: Face, deeds: Deeds) -> Outcome {
    let posts = log.acts.iter().flat_map(|act| &act.posts);
    let links = posts.filter_map(|post| post.url.clone());
    let links = if log.delivery.state == State::Deleted { Vec::new() } else { links.collect() };
    let (say, more) = told(log, &face.network, &at.app);
    let badge = badges::of_delivery(&log.delivery, &face.network);
    let refused = log.acts.iter().find(|act| act.state == ActState::Refused);
    let vendor = refused.and_then(|act| act.failure.as_ref()?.vendor.clone());
    Outcome { face, badge, say, more, links, vendor, sent: None, deeds }
}

/// Where a delivery is, and what comes next by itself.
fn told(log: &DeliveryLog, network: &str, app: &App) -> (Say, Option<Say>) {
    let (delivery, now) = (&log.delivery, app.now());
    let plain = || {
        let name = delivery.state.as_str().replace('_', "-");
        Say::new(format!("where-{name}")).with("network", network)
    };
    let publishes = || log.acts.iter().filter(|act| act.kind == ActKind::Publish);
    let is_going_down = log.acts.iter().any(|act| {
        act.kind == ActKind::Delete && !act.state.is_final() && !act.state.needs_person()
    });
    // When the engine comes back to it, and why it has to.
    let next = publishes().filter_map(|act| act.next_at).min().filter(|next| *next > now);
    let failed = publishes().find(|act| act.next_at.is_some()).and_then(|act| act.failure.as_ref());
    match (delivery.state, &delivery.say, failed, next) {
        (State::Live | State::PartlyLive, ..) if is_going_down => {
            (Say::new("where-taking-down").with("network", network), None)
        }
        (State::Live, Some(say), ..) => (say.clone(), None),
        (State::Live, ..) => match delivery.live_at {
            Some(at) => (plain().with("at", at), None),
            None => (plain().with("at", delivery.planned_at), None),
        },
        (State::Scheduled | State::Sending, _, Some(failure), Some(next)) => {
            (failure.say.clone(), Some(Say::new("where-next-try").with("at", next)))
        }
        (State::Scheduled, ..) if delivery.planned_at + OVERDUE < now => {
            (Say::new("where-its-turn"), None)
        }
        (State::Scheduled, ..) => (plain().with("at", delivery.planned_at), None),
        (State::Checking, say, _, next) => (
            say.clone().unwrap_or_else(plain),
            next.map(|next| Say::new("where-next-look").with("at", next)),
        ),
        (State::PartlyLive, say, ..) => {
            let out = publishes().filter(|act| act.state == ActState::Done).count();
            let plain = plain().with("out", out).with("count", publishes().count());
            (plain, say.clone())
        }
        // Our own check said no; the network was not asked.
        (State::Refused, Some(say), ..) if delivery.is_refused_here() => {
            (Say::new("where-checked-here").with("network", network), Some(say.clone()))
        }
        (State::Held, say, ..) => {
            let until = publishing::grace_ends_at(app, delivery);
            let key = if until > now { "where-held-until" } else { "where-held-late" };
            let more = Say::new(key).with("at", delivery.planned_at).with("until", until);
            (say.clone().unwrap_or_else(plain), Some(more))
        }
        (_, Some(say), ..) => (say.clone(), None),
        _ => (plain(), None),
    }
}

#[cfg(test)]
impl crate::views::View for PostPage {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{NOW, brands, desk, faces, shots};
        use bellwether_base::DeliveryId;
        use bellwether_base::uuid::Uuid;

        let (brand, post) = (brands()[0].id, PostId(Uuid::nil()));
        let id = DeliveryId(Uuid::nil());
        let all = || Deeds {
            retry: Some(("deed-send-again", urls::Retry::new(brand, id))),
            look: Some("https://practice.example/lune?a=\"b\"".into()),
            attach: Some(urls::Attachment::new(brand, id)),
            dismiss: Some(("deed-leave", urls::Dismissal::new(brand, id))),
            refused: Some(RefusedDeed {
                delivery: id,
                typed: "\"typed\"".into(),
                say: Say::new("attach-not-a-link"),
            }),
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
                    more: Some(Say::new("where-next-try").with("at", NOW)),
                    links: vec!["https://practice.example/1?a=\"b\"".into(); at % 3],
                    vendor: (at == 0).then(|| "<b>no</b>".into()),
                    sent: (at < 2).then(|| SentThere::sample(at == 0)),
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
            place: "Practice".into(),
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
            delete: Some(urls::PostDeletion::new(brand, post)),
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
            delete: None,
            city: "Paris".into(),
        };
        let words = Say::new("as-it-is").with("text", "La bûche");
        vec![
            Page::desk(desk(Nav::Posts), words, full),
            Page::desk(desk(Nav::Posts), "post-untitled", empty),
        ]
    }
}
