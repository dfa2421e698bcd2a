//! Stop, on the first click; and go on, with a reason.

use axum::extract::Path;
use axum::response::Response;
use bellwether_app::publishing::{self, PauseLevel, PauseScope};
use bellwether_base::{Say, WorkspaceId};

use super::pauses;
use super::stopped::Refused;
use crate::errors::{Trouble, for_form};
use crate::form::Fields;
use crate::page::Toast;
use crate::posts::list;
use crate::preferences::own_address;
use crate::session::InBrand;
use crate::urls;

/// Stops what is chosen; a brand's planned posts, if nothing is. Returns when
/// it is certain, with how many were on their way.
pub async fn pause(at: InBrand, fields: Fields) -> Result<Response, Trouble> {
    let scope = place(at.brand.id, fields.text("place")).ok_or_else(Trouble::no_page)?;
    let level = match fields.text("level") {
        "replies" => PauseLevel::Replies,
        "everything" => PauseLevel::Everything,
        _ => PauseLevel::Planned,
    };
    let paused = publishing::pause(&at.app, &at.caller, scope, level).await?;
    let toast = Toast::done(Say::new("stopped-on-the-way").with("count", paused.on_the_wire.len()));
    Ok(at.visitor.go_and_say(&back(&at, &fields), &toast))
}

/// A place as [`Place`](super::pauses::Place) writes it.
fn place(workspace: WorkspaceId, value: &str) -> Option<PauseScope> {
    Some(match value.split_once(':') {
        None if value == "installation" => PauseScope::Installation,
        None => PauseScope::Workspace { workspace },
        Some(("network", name)) => PauseScope::Network { network: name.to_owned() },
        Some(("channel", id)) => PauseScope::Channel { workspace, channel: id.parse().ok()? },
        Some(_) => return None,
    })
}

/// The page on which it was pressed.
fn back(at: &InBrand, fields: &Fields) -> String {
    match fields.text("back") {
        "" => urls::Posts::new(at.brand.id).to_string(),
        page => own_address(page),
    }
}

/// Goes on. What was held is looked at first, if that is wished.
pub async fn resume(
    at: InBrand,
    Path(place): Path<urls::Resumption>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let workspace = place.workspace;
    let scope = match fields.text("scope") {
        "installation" => PauseScope::Installation,
        "network" => PauseScope::Network { network: fields.text("network").to_owned() },
        "channel" => PauseScope::Channel {
            workspace,
            channel: fields.text("channel").parse().map_err(|_| Trouble::no_page())?,
        },
        _ => PauseScope::Workspace { workspace },
    };
    let look_first = fields.text("look") == "first";
    let reason = fields.text("reason");
    match publishing::resume(&at.app, &at.caller, scope.clone(), reason, look_first).await {
        Ok(()) => {
            let others = publishing::pauses(&at.app, &at.caller, workspace).await?.len();
            let say = match (others, look_first) {
                (0, false) => Say::new("resumed"),
                (0, true) => Say::new("resumed-look-first"),
                (others, _) => Say::new("resumed-others").with("count", others),
            };
            Ok(at.visitor.go_and_say(&back(&at, &fields), &Toast::done(say)))
        }
        Err(error) => {
            let (status, trouble) = for_form(error)?;
            let refused = Refused { scope, typed: reason.to_owned(), say: trouble.say };
            let is_their_page = fields.text("back") == urls::Pauses::new(workspace).to_string();
            let at = InBrand { refused: Some(refused), ..at };
            if is_their_page {
                pauses::again(at, status).await
            } else {
                list::again(at, status).await
            }
        }
    }
}
