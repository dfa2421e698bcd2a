//! Connecting a channel: the network's own login, step by step.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bellwether_app::networks::{Answer, Candidate, Field, FieldKind};
use bellwether_app::{App, channels};
use bellwether_base::{Say, Secret, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Channel;
use crate::api::{Asker, Json, Path, Trouble, Words};

/// An answer to a step; without `state`, the login begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    /// As it came with the step.
    #[serde(default)]
    state: Option<String>,
    /// What was answered, by the names of the step's fields; `choice` for a choice.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    answers: BTreeMap<String, Secret>,
}

/// What to answer next.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = ConnectStep)]
pub(super) enum Step {
    /// Questions.
    Ask {
        /// The questions.
        fields: Vec<FieldView>,
        /// Comes back with the answers.
        state: String,
    },
    /// A choice of profiles.
    Choose {
        /// The profiles.
        choices: Vec<CandidateView>,
        /// Comes back with the answer.
        state: String,
    },
}

/// One question.
#[derive(Serialize, ToSchema)]
#[schema(as = ConnectField)]
pub(super) struct FieldView {
    /// Its name in `answers`.
    name: &'static str,
    /// The question, for people.
    label: String,
    /// `text`, `server` or `secret`.
    kind: &'static str,
    /// What is usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    /// Whether it must be answered.
    required: bool,
}

impl FieldView {
    fn of(field: Field, words: &Words) -> Self {
        Self {
            name: field.name,
            label: words.text(&Say::new(field.label)),
            kind: match field.kind {
                FieldKind::Text => "text",
                FieldKind::Server => "server",
                FieldKind::Secret => "secret",
            },
            default: field.default,
            required: field.required,
        }
    }
}

/// A profile to choose.
#[derive(Serialize, ToSchema)]
#[schema(as = ConnectChoice)]
pub(super) struct CandidateView {
    /// The answer's `choice`.
    remote_id: String,
    /// What people call it.
    handle: String,
}

/// Connect a channel
///
/// Without a body, or without `state`, it answers the first step of the network's login: `fields`
/// to answer (`kind` is `ask`), or `choices` (`choose`), and `state`. Send `state` back with the
/// `answers`: what comes is the next step (200) or the connected channel (201). A refused answer leaves nothing behind, and the same step can
/// be answered again. Connecting a known profile again gives its channel a new login.
#[utoipa::path(post, path = "/workspaces/{workspace}/channels/connect/{network}", tag = "channels",
    operation_id = "connect_channel", request_body = Option<Reply>,
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("network" = String, Path, description = "The network's name."),
    ),
    responses(
        (status = OK, body = Step, description = "What to answer next."),
        (status = CREATED, body = Channel, description = "Connected."),
    ))]
pub(super) async fn connect(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, network)): Path<(WorkspaceId, String)>,
    words: Words,
    reply: Option<Json<Reply>>,
) -> Result<Response, Trouble> {
    let screen = match reply.map(|Json(reply)| (reply.state, reply.answers)) {
        Some((Some(state), answers)) => {
            let answer = Answer(answers);
            channels::proceed(&app, &caller, workspace, &network, &state, &answer).await?
        }
        Some((None, answers)) if !answers.is_empty() => {
            return Err(Trouble::invalid(Say::new("connect-state-missing")));
        }
        _ => channels::begin(&app, &caller, workspace, &network).await?,
    };
    Ok(match screen {
        channels::Screen::Ask { fields, state } => {
            let fields = fields.into_iter().map(|field| FieldView::of(field, &words)).collect();
            Json(Step::Ask { fields, state }).into_response()
        }
        channels::Screen::Choose { candidates, state } => {
            let show = |Candidate { remote_id, handle }| CandidateView { remote_id, handle };
            let choices = candidates.into_iter().map(show).collect();
            Json(Step::Choose { choices, state }).into_response()
        }
        channels::Screen::Done(channel) => {
            (StatusCode::CREATED, Json(Channel::of(*channel, app.now(), &[], &words)))
                .into_response()
        }
    })
}
