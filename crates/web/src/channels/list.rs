//! The channels of a brand.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use bellwether_app::Permission;
use bellwether_app::channels::{self, ChannelState};
use bellwether_app::publishing::{self, Planned, Queue};
use bellwether_base::{Instant, Say};

use super::face::Face;
use crate::errors::Trouble;
use crate::form::Fields;
use crate::page::badge::Badge;
use crate::page::{Nav, Page, Toast, filters};
use crate::session::InBrand;
use crate::urls;

/// The list, and what can be connected.
#[derive(Template)]
#[template(path = "channels/list.html")]
pub struct Channels {
    address: urls::Channels,
    rows: Vec<Row>,
    networks: Vec<Choice>,
    may_manage: bool,
}

struct Row {
    face: Face,
    badge: Badge,
    trouble: Option<Say>,
    /// What is yet to go out on it.
    queue: Option<Queue>,
    /// The same in a sentence.
    waits: Option<Say>,
    /// Its login ends soon.
    ending: Option<Say>,
    last_success: Option<Instant>,
    needs_login: bool,
    /// The one thing to do next on this page.
    is_next: bool,
    connect: urls::Connect,
    removal: urls::ChannelRemoval,
}

/// What is said of what is yet to go out on a channel in that state.
fn waits(queue: &Queue, badge: &Badge, now: Instant) -> Say {
    let key = match badge.family {
        "missed" => "channel-queue",
        "held" => "channel-queue-paused",
        _ if queue.first_at < now => "channel-queue-late",
        _ => "channel-planned",
    };
    Say::new(key).with("count", queue.deliveries).with("at", queue.first_at)
}

/// A network that can be connected.
struct Choice {
    title: &'static str,
    mark: &'static str,
    connect: urls::Connect,
}

pub async fn page(at: InBrand) -> Result<Response, Trouble> {
    let found = channels::list(&at.app, &at.caller, at.brand.id).await?;
    let queues = publishing::queues(&at.app, &at.caller, at.brand.id).await?;
    let mut rows: Vec<Row> = found
        .iter()
        .filter(|channel| channel.state != ChannelState::Removed)
        .map(|channel| {
            let needs_login = channel.state == ChannelState::NeedsLogin;
            let is_paused = at.stops.iter().any(|stop| stop.pause.scope.covers(channel));
            let (family, key) = if needs_login {
                ("missed", "channel-signed-out")
            } else if is_paused {
                ("held", "channel-paused")
            } else {
                ("ready", "channel-connected")
            };
            let badge = Badge { family, say: Say::new(key) };
            let queue = queues.iter().find(|queue| queue.channel_id == channel.id).cloned();
            Row {
                face: Face::of(&at.app, channel),
                waits: queue.as_ref().map(|queue| waits(queue, &badge, at.app.now())),
                badge,
                trouble: channel.trouble.clone().filter(|_| needs_login),
                queue,
                ending: channel.ending(at.app.now()),
                last_success: channel.last_success_at,
                needs_login,
                is_next: false,
                connect: urls::Connect::new(at.brand.id, channel.network.clone()),
                removal: urls::ChannelRemoval::new(at.brand.id, channel.id),
            }
        })
        .collect();
    if let Some(row) = rows.iter_mut().find(|row| row.needs_login) {
        row.is_next = true;
    }
    let networks = at.app.registry.connectable().map(|network| Choice {
        title: network.spec().title,
        mark: network.spec().mark,
        connect: urls::Connect::new(at.brand.id, network.spec().name.to_owned()),
    });
    let view = Channels {
        address: urls::Channels::new(at.brand.id),
        rows,
        networks: networks.collect(),
        may_manage: at.may(Permission::ManageChannels),
    };
    Page::desk(at.desk(Nav::Channels).await?, "rail-channels", view).show(&at.visitor)
}

pub async fn remove(
    at: InBrand,
    Path(place): Path<urls::ChannelRemoval>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let planned = match fields.text("planned") {
        "cancelled" => Planned::Cancelled,
        _ => Planned::Held,
    };
    let (app, caller) = (&at.app, &at.caller);
    let stopped =
        publishing::remove_channel(app, caller, place.workspace, place.channel, planned).await?;
    let toast = Toast::done(match (stopped, planned) {
        (0, _) => Say::new("channel-removed"),
        (count, Planned::Held) => Say::new("channel-removed-held").with("count", count),
        (count, Planned::Cancelled) => Say::new("channel-removed-cancelled").with("count", count),
    });
    Ok(at.visitor.go_and_say(&urls::Channels::new(place.workspace), &toast))
}

#[cfg(test)]
impl crate::views::View for Channels {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{NOW, brands, desk, faces};

        let brand = brands()[0].id;
        let row = |face: Face, trouble: Option<Say>| {
            let (family, key) = match &trouble {
                Some(_) => ("missed", "channel-signed-out"),
                None => ("held", "channel-paused"),
            };
            let badge = Badge { family, say: Say::new(key) };
            let queue = Queue { channel_id: face.id, deliveries: 1234, first_at: NOW };
            Row {
                waits: Some(waits(&queue, &badge, NOW)),
                badge,
                needs_login: trouble.is_some(),
                is_next: trouble.is_some(),
                queue: trouble.is_some().then_some(queue),
                ending: trouble.is_none().then(|| Say::new("channel-login-ends").with("at", NOW)),
                trouble,
                last_success: Some(NOW),
                connect: urls::Connect::new(brand, "practice".to_owned()),
                removal: urls::ChannelRemoval::new(brand, face.id),
                face,
            }
        };
        let networks = || {
            let connect = urls::Connect::new(brand, "practice".to_owned());
            vec![Choice { title: "Practice", mark: "Pr", connect }]
        };
        let mut faces = faces().into_iter();
        let lost = faces.next().map(|face| row(face, Some(Say::new("connect-stale"))));
        let full = Self {
            address: urls::Channels::new(brand),
            rows: lost.into_iter().chain(faces.map(|face| row(face, None))).collect(),
            networks: networks(),
            may_manage: true,
        };
        let empty = |may_manage| Self {
            address: urls::Channels::new(brand),
            rows: Vec::new(),
            networks: networks(),
            may_manage,
        };
        [full, empty(true), empty(false)]
            .map(|view| Page::desk(desk(Nav::Channels), "rail-channels", view))
            .into()
    }
}
