//! Whether all is well.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::publishing::Health;
use bellwether_app::{App, Error, upkeep};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asker, Json, Moment, Notice, PageOf, Trouble, Words};
use crate::Web;

/// How dispatch is.
#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub(super) struct HealthView {
    /// Whether what is due is being sent, as far as this can be told.
    is_dispatching: bool,
    /// Why nothing is sent, if nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<Notice>,
    /// When a worker last said that it lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    heartbeat_at: Option<Moment>,
    /// When the next act is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<Moment>,
}

/// Seconds without a sign of life after which no worker is taken to live.
const SILENCE: u64 = 60;

/// How dispatch is
#[utoipa::path(get, path = "/health", tag = "installation",
    responses((status = OK, body = HealthView)))]
pub(super) async fn health(
    State(app): State<App>,
    _: Asker,
    words: Words,
) -> Result<Json<HealthView>, Trouble> {
    let health = Health::read(&app).await?;
    let is_alive = health.heartbeat_at.is_some_and(|at| app.now().since(at).as_secs() < SILENCE);
    Ok(Json(HealthView {
        is_dispatching: is_alive && health.stopped.is_none(),
        stopped: health.stopped.as_ref().map(|say| words.notice(say)),
        heartbeat_at: health.heartbeat_at.map(Moment),
        next_due: health.next_due.map(Moment),
    }))
}

/// What looking at one thing showed.
#[derive(Serialize, ToSchema)]
pub(super) struct Finding {
    /// What was looked at: `database`, `schema`, `media`, `logins`, `dispatch`, `pauses`,
    /// `network` or `clock`.
    check: &'static str,
    /// How it is: `ok`, `warning` or `failed`.
    #[schema(value_type = String, example = "ok")]
    weight: upkeep::Weight,
    /// What it is, and what to do about it.
    #[serde(flatten)]
    notice: Notice,
}

/// Look the installation over
///
/// Everything that can be seen from within; takes seconds. For whoever administers everything.
#[utoipa::path(get, path = "/checks", tag = "installation", operation_id = "look_over",
    responses((status = OK, body = PageOf<Finding>)))]
pub(super) async fn checks(
    State(app): State<App>,
    Asker(caller): Asker,
    words: Words,
) -> Result<Json<PageOf<Finding>>, Trouble> {
    let findings = upkeep::examine(&app, &caller).await?;
    Ok(Json(PageOf::whole(findings, |finding| Finding {
        check: finding.check,
        weight: finding.weight,
        notice: words.notice(&finding.say),
    })))
}

/// Routes for whoever watches this process. They tell nothing but whether it works.
pub(super) fn probes() -> OpenApiRouter<Web> {
    OpenApiRouter::default().routes(routes!(live)).routes(routes!(ready))
}

/// Whether this process answers
#[utoipa::path(get, path = "/healthz", tag = "installation", security(()),
    responses((status = OK, description = "It does.", body = str)))]
async fn live() -> &'static str {
    "ok\n"
}

/// Whether this process can serve requests: its database answers
///
/// It says so within seconds, and if not, why: `database-away` (its server cannot be reached or
/// lets nobody in), `database-busy` (it did not answer in time) or `database-broken`.
#[utoipa::path(get, path = "/readyz", tag = "installation", security(()), responses(
    (status = OK, description = "It can.", body = Ready),
    (status = SERVICE_UNAVAILABLE, description = "Not now.", body = Ready),
))]
async fn ready(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let looked = tokio::select! {
        looked = Health::read(&app) => looked.map_err(|error| match error {
            error if error.is_away() => "database-away",
            Error::Db(error) if error.is_transient() => {
                tracing::warn!(%error, "not ready");
                "database-busy"
            }
            error => {
                tracing::error!(%error, "not ready");
                "database-broken"
            }
        }),
        () = app.clock.sleep(ANSWERS_WITHIN) => Err("database-busy"),
    };
    match looked {
        Ok(_) => (StatusCode::OK, Json(Ready { is_ready: true, why: None })),
        Err(why) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(Ready { is_ready: false, why: Some(why) }))
        }
    }
}

/// Whoever asks again and again gives up on an answer that takes longer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Whether this process can serve requests.
#[derive(Serialize, ToSchema)]
struct Ready {
    /// It can.
    is_ready: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "database-away")]
    why: Option<&'static str>,
}
