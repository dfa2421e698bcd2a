//! What a person can do about a delivery: each deed is a thing that is made.

use axum::extract::State;
use bellwether_app::{App, publishing};
use bellwether_base::{DeliveryId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::plans::{When, shift_notice};
use super::views::Delivery;
use crate::api::values::ProblemNotice;
use crate::api::{Asker, Json, Path, Trouble, Words};

/// A deed without anything to say: its path and name, and the use case.
macro_rules! deed {
    ($(#[doc = $doc:literal])* $path:literal, $id:literal, $name:ident, $deed:path) => {
        $(#[doc = $doc])*
        #[utoipa::path(post, path = $path, tag = "deliveries", operation_id = $id,
            params(
                ("workspace" = Uuid, Path, description = "The workspace."),
                ("delivery" = Uuid, Path, description = "The delivery."),
            ),
            responses((status = OK, body = Delivery)))]
        pub(super) async fn $name(
            State(app): State<App>,
            Asker(caller): Asker,
            Path((workspace, delivery)): Path<(WorkspaceId, DeliveryId)>,
            words: Words,
        ) -> Result<Json<Delivery>, Trouble> {
            let delivery = $deed(&app, &caller, workspace, delivery).await?;
            Ok(Json(Delivery::of(delivery, &words)))
        }
    };
}

deed!(
    /// Send again
    ///
    /// After a refusal, a miss, or a doubt that a person has settled. It goes out at once; grace
    /// counts from now.
    "/workspaces/{workspace}/deliveries/{delivery}/retry", "retry_delivery",
    retry, publishing::retry
);
deed!(
    /// Drop what is not out
    ///
    /// What is not out will not go out; what is out stays.
    "/workspaces/{workspace}/deliveries/{delivery}/drop", "drop_delivery",
    drop_it, publishing::drop_doubt
);
deed!(
    /// Cancel
    ///
    /// While nothing of it was begun.
    "/workspaces/{workspace}/deliveries/{delivery}/cancel", "cancel_delivery",
    cancel, publishing::cancel
);
deed!(
    /// Take down
    ///
    /// Everything of it that is out, last part first. Works during a pause.
    "/workspaces/{workspace}/deliveries/{delivery}/delete", "delete_delivery",
    delete, publishing::delete
);
deed!(
    /// Release
    ///
    /// Lets go what was resumed with `look_first`.
    "/workspaces/{workspace}/deliveries/{delivery}/release", "release_delivery",
    release, publishing::release
);
deed!(
    /// Let through a pause
    ///
    /// One named statement, for owners and admins. It is logged.
    "/workspaces/{workspace}/deliveries/{delivery}/let-through", "let_delivery_through",
    let_through, publishing::let_through
);

/// Where it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    /// The address at which people see it.
    url: String,
}

/// Attach a link
///
/// Settles a doubt: it is live, and here it is.
#[utoipa::path(post, path = "/workspaces/{workspace}/deliveries/{delivery}/attach",
    tag = "deliveries", operation_id = "attach_delivery", request_body = Link,
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("delivery" = Uuid, Path, description = "The delivery."),
    ),
    responses((status = OK, body = Delivery)))]
pub(super) async fn attach(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, delivery)): Path<(WorkspaceId, DeliveryId)>,
    words: Words,
    Json(Link { url }): Json<Link>,
) -> Result<Json<Delivery>, Trouble> {
    let delivery = publishing::attach(&app, &caller, workspace, delivery, &url).await?;
    Ok(Json(Delivery::of(delivery, &words)))
}

/// Another time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTime {
    /// When.
    when: When,
}

/// A delivery at its new time.
#[derive(Serialize, ToSchema)]
pub(super) struct Rescheduled {
    /// The delivery.
    #[serde(flatten)]
    delivery: Delivery,
    /// What is worth a thought.
    warnings: Vec<ProblemNotice>,
}

/// Reschedule
///
/// While nothing of it was begun.
#[utoipa::path(post, path = "/workspaces/{workspace}/deliveries/{delivery}/reschedule",
    tag = "deliveries", operation_id = "reschedule_delivery", request_body = NewTime,
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("delivery" = Uuid, Path, description = "The delivery."),
    ),
    responses((status = OK, body = Rescheduled)))]
pub(super) async fn reschedule(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, delivery)): Path<(WorkspaceId, DeliveryId)>,
    words: Words,
    Json(NewTime { when }): Json<NewTime>,
) -> Result<Json<Rescheduled>, Trouble> {
    let moved = publishing::reschedule(&app, &caller, workspace, delivery, &when.into()).await?;
    let publishing::Rescheduled { delivery, shift, warning } = moved;
    let shifted = shift_notice(shift, &delivery, &words).map(ProblemNotice::warning);
    let warnings = shifted.into_iter().chain(warning.map(|it| words.problem(&it))).collect();
    Ok(Json(Rescheduled { delivery: Delivery::of(delivery, &words), warnings }))
}
