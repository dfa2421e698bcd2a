//! Connecting a channel: the network's own steps, in one screen for all of them.
//!
//! Secrets go through and are never put back into the form.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::channels::{self, Screen};
use bellwether_app::networks::{Answer, FieldKind};
use bellwether_base::Say;
use serde::{Deserialize, Serialize};

use crate::errors::{FormTrouble, Trouble, for_form};
use crate::form::Fields;
use crate::page::{Nav, Page, Toast, filters};
use crate::session::InBrand;
use crate::urls;

/// Names that the form itself uses.
const OWN: [&str; 2] = ["state", "screen"];

/// One step.
#[derive(Template)]
#[template(path = "channels/connect.html")]
pub struct Connect {
    action: urls::Connect,
    back: urls::Channels,
    step: Step,
    state: String,
    /// The step once more, so that it can come back with a mistake.
    screen: String,
    trouble: Option<FormTrouble>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    Ask(Vec<Question>),
    Choose(Vec<Profile>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Question {
    name: String,
    label: String,
    kind: Kind,
    value: String,
    required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Text,
    Server,
    Secret,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Profile {
    remote_id: String,
    handle: String,
}

/// What a screen asks, and its sealed state; or the handle that is connected now.
fn step(screen: Screen) -> Result<(Step, String), String> {
    match screen {
        Screen::Ask { fields, state } => {
            let question = |field: bellwether_app::networks::Field| Question {
                name: field.name.to_owned(),
                label: field.label.to_owned(),
                kind: match field.kind {
                    FieldKind::Text => Kind::Text,
                    FieldKind::Server => Kind::Server,
                    FieldKind::Secret => Kind::Secret,
                },
                value: field.default.unwrap_or_default(),
                required: field.required,
            };
            Ok((Step::Ask(fields.into_iter().map(question).collect()), state))
        }
        Screen::Choose { candidates, state } => {
            let profile = |candidate: bellwether_app::networks::Candidate| Profile {
                remote_id: candidate.remote_id,
                handle: candidate.handle,
            };
            Ok((Step::Choose(candidates.into_iter().map(profile).collect()), state))
        }
        Screen::Done(channel) => Err(channel.handle.clone()),
    }
}

async fn show(
    at: &InBrand,
    action: urls::Connect,
    (step, state): (Step, String),
    trouble: Option<(StatusCode, FormTrouble)>,
) -> Result<Response, Trouble> {
    let network = at.app.registry.network(&action.network);
    let network = network.ok_or_else(|| bellwether_app::Error::not_found("network"))?.spec().title;
    let (status, trouble) = trouble.unzip();
    let view = Connect {
        back: urls::Channels::new(at.brand.id),
        screen: serde_json::to_string(&step).unwrap_or_default(),
        action,
        step,
        state,
        trouble,
    };
    let title = Say::new("connect-title").with("network", network);
    Page::desk(at.desk(Nav::Channels).await?, title, view)
        .status(status.unwrap_or(StatusCode::OK))
        .show(&at.visitor)
}

pub async fn begin(at: InBrand, Path(place): Path<urls::Connect>) -> Result<Response, Trouble> {
    let screen = channels::begin(&at.app, &at.caller, at.brand.id, &place.network).await?;
    match step(screen) {
        Ok(step) => show(&at, place, step, None).await,
        Err(handle) => Ok(done(&at, &handle)),
    }
}

pub async fn proceed(
    at: InBrand,
    Path(place): Path<urls::Connect>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let state = fields.text("state");
    let typed = fields.pairs().filter(|(name, _)| !OWN.contains(name));
    let answer = Answer(typed.map(|(name, value)| (name.to_owned(), value.clone())).collect());
    let (app, caller) = (&at.app, &at.caller);
    let next = channels::proceed(app, caller, at.brand.id, &place.network, state, &answer).await;
    match next.map(step) {
        Ok(Ok(step)) => show(&at, place, step, None).await,
        Ok(Err(handle)) => Ok(done(&at, &handle)),
        Err(error) => {
            let trouble = for_form(error)?;
            let again =
                serde_json::from_str(fields.text("screen")).map_err(|_| Trouble::unreadable())?;
            let again = filled(again, &fields);
            let trouble = (trouble.0, beside(trouble.1, &again));
            show(&at, place, (again, state.to_owned()), Some(trouble)).await
        }
    }
}

/// What is wrong with a server's address stands beside the address.
fn beside(mut trouble: FormTrouble, step: &Step) -> FormTrouble {
    let has_server = matches!(step, Step::Ask(questions)
        if questions.iter().any(|question| question.kind == Kind::Server));
    let is_server =
        trouble.say.key.starts_with("server-") || trouble.say.key.ends_with("-not-a-server");
    trouble.at = (has_server && is_server).then_some("server");
    trouble
}

/// The same step with what was typed, but for secrets.
fn filled(mut step: Step, fields: &Fields) -> Step {
    if let Step::Ask(questions) = &mut step {
        for question in questions.iter_mut() {
            question.value = match question.kind {
                Kind::Secret => String::new(),
                Kind::Text | Kind::Server => fields.text(&question.name).to_owned(),
            };
        }
    }
    step
}

fn done(at: &InBrand, handle: &str) -> Response {
    let toast = Toast::done(Say::new("channel-done").with("handle", format!("@{handle}")));
    at.visitor.go_and_say(&urls::Channels::new(at.brand.id), &toast)
}

#[cfg(test)]
impl crate::views::View for Connect {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{brands, desk};

        let brand = brands()[0].id;
        let question = |name: &str, label: &str, kind, value: &str| Question {
            name: name.into(),
            label: label.into(),
            kind,
            value: value.into(),
            required: true,
        };
        let ask = Step::Ask(vec![
            question("server", "set-up-organization", Kind::Server, "https://pds.example"),
            question("password", "token-name", Kind::Secret, ""),
        ]);
        let profile = |id: &str| Profile { remote_id: id.into(), handle: format!("{id}.example") };
        let choose = Step::Choose(vec![profile("lune"), profile("soleil<b>")]);
        let trouble = FormTrouble::of(Say::new("connect-stale"));
        [(ask.clone(), None), (ask, Some(trouble)), (choose, None)]
            .map(|(step, trouble)| {
                let view = Self {
                    action: urls::Connect::new(brand, "practice".to_owned()),
                    back: urls::Channels::new(brand),
                    screen: serde_json::to_string(&step).unwrap(),
                    step,
                    state: "sealed".into(),
                    trouble,
                };
                let title = Say::new("connect-title").with("network", "Practice");
                Page::desk(desk(Nav::Channels), title, view)
            })
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_come_back_into_the_form() {
        let question = |name: &str, kind| Question {
            name: name.into(),
            label: "label".into(),
            kind,
            value: "default".into(),
            required: true,
        };
        let step =
            Step::Ask(vec![question("handle", Kind::Text), question("password", Kind::Secret)]);
        let fields = Fields::parse(b"handle=lune&password=hunter2");
        let Step::Ask(again) = filled(step, &fields) else { panic!("it asked") };
        assert_eq!(again[0].value, "lune");
        assert_eq!(again[1].value, "");
    }
}
