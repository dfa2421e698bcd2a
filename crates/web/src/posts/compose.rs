//! The composer. Without script every button is a round trip that keeps what
//! is typed; with it, counters and previews follow each keystroke.

mod desk;
#[cfg(test)]
mod samples;

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::Permission;
use bellwether_app::networks::{OptionField, OptionKind, Part};
use bellwether_app::posts::{self, Post, Written};
use bellwether_app::publishing::{self, Plan, Scheduled};
use bellwether_base::{PostId, Say, WorkspaceId};

use super::draft::{Card, Deed, Draft, DraftPart, field_name, is_chosen, typed_for};
use super::measure::{self, Look};
use super::sent;
use crate::errors::{FormTrouble, Trouble, for_form};
use crate::form::Fields;
use crate::media::arrival::{self, Arrival};
use crate::media::shot::Shot;
use crate::page::{Nav, Page, Toast, filters, part};
use crate::session::InBrand;
use crate::urls;
use desk::{Desk, Place};

/// Languages that a text can be said to be in, as their speakers call them.
const LANGUAGES: [(&str, &str); 14] = [
    ("en", "English"),
    ("fr", "Français"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
];

/// What a part's link card can be of, the usual first; as the form sends it,
/// and the message for people.
const CARDS: [(&str, &str); 3] =
    [("first", "compose-card-first"), ("none", "compose-card-none"), ("own", "compose-card-own")];

/// The page.
#[derive(Template)]
#[template(path = "posts/compose.html")]
pub struct Compose {
    action: String,
    measure: urls::Measure,
    /// Under which name this device keeps what is typed.
    key: String,
    back: String,
    channels: Vec<Place>,
    parts: Vec<TypedPart>,
    draft: Draft,
    options: Vec<NetworkOptions>,
    look: Look,
    city: String,
    /// Whoever writes may plan it, and there is a channel for that.
    may_plan: bool,
    connect: urls::Channels,
    trouble: Option<FormTrouble>,
    /// It is planned or out already, so keeping the change is what is wanted.
    is_planned: bool,
    /// On how many channels it was sent: an edit does not change what is there.
    sent_on: usize,
    /// What somebody has just sent is in it.
    came_back: bool,
    /// The form whose text was saved, if it was another one.
    arrived: String,
}

/// What changes while somebody types.
#[derive(Template)]
#[template(path = "posts/measured.html")]
pub struct MeasuredPart {
    look: Look,
    /// Whether the page has a button that says when it sends.
    has_send: bool,
}

/// The choices of one network.
struct NetworkOptions {
    network: &'static str,
    fields: &'static [OptionField],
}

/// One part, with its pictures as the page shows them.
struct TypedPart {
    text: String,
    shots: Vec<Shot>,
    card: Card,
    /// Why it was refused.
    problems: Vec<Say>,
}

impl TypedPart {
    fn all(brand: WorkspaceId, draft: &Draft, trouble: Option<&FormTrouble>) -> Vec<Self> {
        let part = |(at, part): (usize, &DraftPart)| Self {
            text: part.text.clone(),
            shots: part.pictures.iter().map(|medium| Shot::of(brand, medium)).collect(),
            card: part.card.clone(),
            problems: trouble.map(|trouble| trouble.of_part(at)).unwrap_or_default(),
        };
        draft.parts.iter().enumerate().map(part).collect()
    }
}

/// The next full hour in the brand's zone, at least half an hour away.
fn next_hour(at: &InBrand) -> String {
    let soon = at.app.now() + Duration::from_mins(90);
    let local = soon.timestamp().to_zoned(at.visitor.reader.zone.clone());
    local.strftime("%Y-%m-%dT%H:00").to_string()
}

/// A form that comes back.
#[derive(Default)]
struct Sent {
    /// Why, if it was refused.
    trouble: Option<(StatusCode, FormTrouble)>,
    /// The form whose text was saved all the same, if it was.
    arrived: String,
}

impl Sent {
    fn refused(trouble: (StatusCode, FormTrouble)) -> Self {
        Self { trouble: Some(trouble), ..Self::default() }
    }
}

/// The composer with `draft` in it. `sent` says that somebody has just sent
/// that, and why it comes back.
async fn show(
    at: &InBrand,
    desk: &Desk,
    draft: Draft,
    before: Option<&Post>,
    sent: Option<Sent>,
) -> Result<Response, Trouble> {
    let came_back = sent.is_some();
    let Sent { trouble, arrived } = sent.unwrap_or_default();
    let look = measure::look(at, &desk.channels, &draft, before, &desk.planned()).await?;
    let brand = at.brand.id;
    let logs = match before {
        Some(post) => publishing::deliveries_of(&at.app, &at.caller, brand, post.id).await?,
        None => Vec::new(),
    };
    let (status, trouble) = trouble.unzip();
    let trouble = trouble.map(|trouble| trouble.beside(&["local", "channel"]));
    let (action, key, back) = match before {
        Some(post) => (
            urls::EditPost::new(brand, post.id).to_string(),
            format!("{}/{}", post.id, post.revision),
            urls::Post::new(brand, post.id).to_string(),
        ),
        None => (
            urls::Compose::new(brand).to_string(),
            format!("{brand}/new"),
            urls::Posts::new(brand).to_string(),
        ),
    };
    let view = Compose {
        action,
        measure: urls::Measure::new(brand),
        key,
        back,
        channels: desk.places(at),
        options: desk.options(at),
        parts: TypedPart::all(brand, &draft, trouble.as_ref()),
        draft,
        look,
        city: at.visitor.reader.city(),
        may_plan: at.may(Permission::Publish) && desk.has_room(),
        connect: urls::Channels::new(brand),
        trouble,
        is_planned: !logs.is_empty(),
        sent_on: sent::count(&logs),
        came_back,
        arrived,
    };
    let title = if before.is_some() { "compose-edit-title" } else { "compose-title" };
    Page::desk(at.desk(Nav::Compose).await?, title, view)
        .status(status.unwrap_or(StatusCode::OK))
        .show(&at.visitor)
}

pub async fn new(at: InBrand) -> Result<Response, Trouble> {
    let desk = Desk::of(&at, None).await?;
    let id = PostId::new(&*at.app.clock, &*at.app.rng);
    let draft = Draft::new(id, desk.ids(), next_hour(&at));
    show(&at, &desk, draft, None, None).await
}

pub async fn edit(at: InBrand, Path(place): Path<urls::EditPost>) -> Result<Response, Trouble> {
    let desk = Desk::of(&at, Some(place.post)).await?;
    let post = posts::get(&at.app, &at.caller, at.brand.id, place.post).await?;
    let logs = publishing::deliveries_of(&at.app, &at.caller, at.brand.id, place.post).await?;
    // A post that is planned already is only edited, unless somebody adds channels.
    let channels = if logs.is_empty() { desk.ids() } else { Vec::new() };
    let draft = Draft::of(&post, channels, next_hour(&at));
    show(&at, &desk, draft, Some(&post), None).await
}

pub async fn write(at: InBrand, request: Request) -> Result<Response, Trouble> {
    let came = arrival::read(&at, request).await?;
    let desk = Desk::of(&at, None).await?;
    let draft = desk.typed(&at, &came.fields);
    keep(&at, &desk, draft, None, came).await
}

pub async fn change(
    at: InBrand,
    Path(place): Path<urls::EditPost>,
    request: Request,
) -> Result<Response, Trouble> {
    let came = arrival::read(&at, request).await?;
    let desk = Desk::of(&at, Some(place.post)).await?;
    let draft = desk.typed(&at, &came.fields);
    let post = posts::get(&at.app, &at.caller, at.brand.id, place.post).await?;
    keep(&at, &desk, draft, Some(post), came).await
}

/// Saves what was typed and does what was asked. Whatever is refused, the
/// composer comes back with everything in it.
async fn keep(
    at: &InBrand,
    desk: &Desk,
    draft: Draft,
    before: Option<Post>,
    came: Arrival,
) -> Result<Response, Trouble> {
    let deed = Deed::of(&came.fields);
    if let Some(say) = came.refused.first().cloned() {
        let sent = Sent::refused((StatusCode::UNPROCESSABLE_ENTITY, FormTrouble::of(say)));
        return show(at, desk, draft.with(deed), before.as_ref(), Some(sent)).await;
    }
    if !matches!(deed, Deed::Save | Deed::Schedule | Deed::Now) {
        return show(at, desk, draft.with(deed), before.as_ref(), Some(Sent::default())).await;
    }
    match before {
        Some(post) => edited(at, desk, draft, post, &came).await,
        None => begun(at, desk, draft, &came).await,
    }
}

/// A new post, kept and planned in one go. A form that is sent twice, by a
/// double click or because an answer was lost, makes one post.
async fn begun(
    at: &InBrand,
    desk: &Desk,
    draft: Draft,
    came: &Arrival,
) -> Result<Response, Trouble> {
    let (app, caller, brand) = (&at.app, &at.caller, at.brand.id);
    let deed = Deed::of(&came.fields);
    let id = draft.id.unwrap_or_else(|| PostId::new(&*app.clock, &*app.rng));
    let written = draft.written(None);
    let plan = draft.when(deed).map(|when| Plan { on: draft.channels.clone(), when });
    let write = async |plan: Option<&Plan>| {
        publishing::write_and_schedule(app, caller, brand, id, written.clone(), plan).await
    };
    let (post, scheduled) = match write(plan.as_ref()).await {
        Ok(done) => done,
        Err(error) => {
            let refused = Sent::refused(for_form(error)?);
            let kept = if plan.is_some() { write(None).await.ok() } else { None };
            let Some((post, _)) = kept else {
                return show(at, desk, draft, None, Some(refused)).await;
            };
            // The text is saved by now: the form goes on as an edit of it.
            let arrived = came.fields.text("draft").to_owned();
            let draft = Draft { seen: post.revision, ..draft };
            return show(at, desk, draft, Some(&post), Some(Sent { arrived, ..refused })).await;
        }
    };
    let is_unplanned = scheduled.as_ref().is_some_and(|planned| planned.deliveries.is_empty());
    if is_unplanned || !same_texts(&post, &written) {
        // It was sent before, and what stands in the form is something else.
        let say = Say::new("compose-sent-before");
        let sent = Sent::refused((StatusCode::CONFLICT, FormTrouble::of(say)));
        let id = Some(PostId::new(&*app.clock, &*app.rng));
        return show(at, desk, Draft { id, ..draft }, None, Some(sent)).await;
    }
    let Some(scheduled) = scheduled else {
        return Ok(to_post(at, post.id, came.fields.text("draft"), Say::new("post-saved")));
    };
    Ok(planned(at, deed, &post, &scheduled, came))
}

/// A post that is there is changed, and then planned if that was asked.
async fn edited(
    at: &InBrand,
    desk: &Desk,
    draft: Draft,
    before: Post,
    came: &Arrival,
) -> Result<Response, Trouble> {
    let (app, caller, brand) = (&at.app, &at.caller, at.brand.id);
    let deed = Deed::of(&came.fields);
    let written = draft.written(Some(&before));
    let post = match publishing::edit(app, caller, brand, before.id, draft.seen, written).await {
        Ok(post) => post,
        Err(error) => {
            let sent = Sent::refused(for_form(error)?);
            return show(at, desk, draft, Some(&before), Some(sent)).await;
        }
    };
    let Some(when) = draft.when(deed) else {
        let logs = publishing::deliveries_of(app, caller, brand, post.id).await?;
        let is_sent = sent::count(&logs) > 0;
        let say = Say::new(if is_sent { "post-saved-sent-stays" } else { "post-saved" });
        return Ok(to_post(at, post.id, came.fields.text("draft"), say));
    };
    match publishing::schedule(app, caller, brand, post.id, &draft.channels, &when).await {
        Ok(scheduled) => Ok(planned(at, deed, &post, &scheduled, came)),
        Err(error) => {
            // The text is saved by now: the form goes on as an edit of it.
            let arrived = came.fields.text("draft").to_owned();
            let sent = Sent { arrived, ..Sent::refused(for_form(error)?) };
            let draft = Draft { seen: post.revision, ..draft };
            show(at, desk, draft, Some(&post), Some(sent)).await
        }
    }
}

/// To the page of a post that is planned: what is said of it there, and what is
/// worth a thought about it.
fn planned(
    at: &InBrand,
    deed: Deed,
    post: &Post,
    scheduled: &Scheduled,
    came: &Arrival,
) -> Response {
    let first = scheduled.deliveries.iter().map(|delivery| delivery.planned_at).min();
    let key = if deed == Deed::Now { "post-sent" } else { "post-scheduled" };
    let say = Say::new(key)
        .with("count", scheduled.deliveries.len())
        .with("at", first.unwrap_or(post.updated_at));
    let also = scheduled.warnings.first().map(|(_, problem)| problem.say.clone());
    let toast = Toast::done(say).also(also).arrived(came.fields.text("draft"));
    at.visitor.go_and_say(&urls::Post::new(at.brand.id, post.id), &toast)
}

fn same_texts(post: &Post, written: &Written) -> bool {
    let texts = |parts: &[Part]| parts.iter().map(|part| part.text.clone()).collect::<Vec<_>>();
    texts(&post.content.parts) == texts(&written.content.parts)
}

/// To the page of the post that the form `key` has become.
fn to_post(at: &InBrand, post: PostId, key: &str, say: Say) -> Response {
    let toast = Toast::done(say).arrived(key);
    at.visitor.go_and_say(&urls::Post::new(at.brand.id, post), &toast)
}

/// What networks make of what is in the form right now.
pub async fn measure(at: InBrand, fields: Fields) -> Result<Response, Trouble> {
    let desk = Desk::of(&at, fields.text("post").parse().ok()).await?;
    let draft = desk.typed(&at, &fields);
    let post = match fields.text("post").parse::<PostId>() {
        Ok(id) => Some(posts::get(&at.app, &at.caller, at.brand.id, id).await?),
        Err(_) => None,
    };
    let (channels, planned) = (&desk.channels, desk.planned());
    let look = measure::look(&at, channels, &draft, post.as_ref(), &planned).await?;
    let has_send = at.may(Permission::Publish) && desk.has_room();
    part(&at.visitor, &MeasuredPart { look, has_send })
}

impl Compose {
    /// The post that is edited, for the form that measures.
    fn post(&self) -> &str {
        self.key.split('/').next().filter(|_| self.draft.seen > 0).unwrap_or_default()
    }
}
