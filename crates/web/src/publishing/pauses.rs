//! The pauses in force, and what there is to stop.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::channels::{self, ChannelState};
use bellwether_app::{Permission, Result as Done};
use bellwether_base::{Say, WorkspaceId};

use super::Stopped;
use crate::channels::face::Face;
use crate::errors::Trouble;
use crate::page::{Nav, Page, filters};
use crate::session::InBrand;
use crate::urls;

/// How much a pause can stop, the usual one first; as the form sends it, and
/// the message for people.
pub const LEVELS: [(&str, &str); 3] = [
    ("planned", "pause-level-planned"),
    ("replies", "pause-level-replies"),
    ("everything", "pause-level-everything"),
];

/// What a person may stop on a page of a brand.
#[derive(Debug, Clone)]
pub struct Pausing {
    /// Where it goes.
    pub action: urls::Pause,
    /// The page about it.
    pub page: urls::Pauses,
    /// What can be stopped, the usual first.
    pub places: Vec<Place>,
}

/// One thing that can be stopped.
#[derive(Debug, Clone)]
pub struct Place {
    /// As the form sends it: `workspace`, `channel:<id>`, `network:<name>`
    /// or `installation`.
    pub value: String,
    /// For people.
    pub say: Say,
}

impl Place {
    fn new(value: impl Into<String>, say: Say) -> Self {
        Self { value: value.into(), say }
    }
}

impl Pausing {
    /// Of the brand itself, with `places` beside it.
    pub fn new(brand: WorkspaceId, places: Vec<Place>) -> Self {
        let own = Place::new("workspace", Say::new("pause-place-workspace"));
        Self {
            action: urls::Pause::new(brand),
            page: urls::Pauses::new(brand),
            places: std::iter::once(own).chain(places).collect(),
        }
    }

    /// For who looks at a page of `at`; nothing if they may stop nothing there.
    pub async fn of(at: &InBrand) -> Done<Option<Self>> {
        if !at.may(Permission::Pause) {
            return Ok(None);
        }
        let channels = channels::list(&at.app, &at.caller, at.brand.id).await?;
        let mut places: Vec<Place> = channels
            .iter()
            .filter(|channel| channel.state != ChannelState::Removed)
            .map(|channel| {
                let face = Face::of(&at.app, channel);
                let say = Say::new("pause-place-channel").with("handle", &face.handle);
                Place::new(format!("channel:{}", face.id), say.with("network", &face.network))
            })
            .collect();
        if at.may_everywhere(Permission::Pause) {
            places.extend(at.app.registry.connectable().map(|network| {
                let spec = network.spec();
                let say = Say::new("pause-place-network").with("network", spec.title);
                Place::new(format!("network:{}", spec.name), say)
            }));
            places.push(Place::new("installation", Say::new("pause-place-installation")));
        }
        Ok(Some(Self::new(at.brand.id, places)))
    }
}

/// The page.
#[derive(Template)]
#[template(path = "publishing/pauses.html")]
pub struct Pauses {
    here: urls::Pauses,
    path: String,
    stopped: Vec<Stopped>,
    pausing: Option<Pausing>,
}

pub async fn page(at: InBrand) -> Result<Response, Trouble> {
    show(&at, StatusCode::OK).await
}

/// The page again, with an end of a pause that was refused.
pub async fn again(mut at: InBrand, status: StatusCode) -> Result<Response, Trouble> {
    at.at_work.visitor.path = urls::Pauses::new(at.brand.id).to_string();
    show(&at, status).await
}

async fn show(at: &InBrand, status: StatusCode) -> Result<Response, Trouble> {
    let mut desk = at.desk(Nav::Pauses).await?;
    let view = Pauses {
        here: urls::Pauses::new(at.brand.id),
        path: at.visitor.path.clone(),
        // Here they are the page itself, and no band above it.
        stopped: std::mem::take(&mut desk.stopped),
        pausing: desk.pausing.take(),
    };
    Page::desk(desk, "pauses-title", view).status(status).show(&at.visitor)
}

#[cfg(test)]
impl crate::views::View for Pauses {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{brands, desk, pausing};

        let here = urls::Pauses::new(brands()[0].id);
        let path = here.to_string();
        let none =
            Self { here: here.clone(), path: path.clone(), stopped: Vec::new(), pausing: None };
        let mut desk = desk(Nav::Pauses);
        desk.pausing = None;
        let stopped = std::mem::take(&mut desk.stopped);
        let full = Self { here, path, stopped, pausing: Some(pausing()) };
        let page = |view| Page::desk(desk.clone(), "pauses-title", view);
        vec![page(full), page(none)]
    }
}
