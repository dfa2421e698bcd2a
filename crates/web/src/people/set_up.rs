//! Making the first owner, by a link that is good once.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bellwether_app::Error;
use bellwether_app::people::{self, Language, NewOwner};
use bellwether_base::{Say, Secret};
use serde::Deserialize;

use crate::errors::{FormTrouble, Trouble, for_form};
use crate::locale::Lang;
use crate::page::{Page, Toast, Visitor, filters};
use crate::session::{self, From};
use crate::{Web, cookies, urls};

/// The form.
#[derive(Template)]
#[template(path = "people/set_up.html")]
pub struct SetUp {
    action: urls::SetUp,
    typed: Typed,
    lang: Lang,
    zones: Vec<String>,
    trouble: Option<FormTrouble>,
}

/// What was typed, without the password.
#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    organization: String,
    workspace: String,
    time_zone: String,
}

/// Fields beside which a refusal can stand.
const FIELDS: [&str; 5] = ["name", "email", "password", "workspace", "time_zone"];

/// Whether a name could be taken as it is, as far as its length goes.
fn is_name(typed: &str) -> bool {
    (1..=people::LONGEST_NAME).contains(&typed.trim().chars().count())
}

impl SetUp {
    fn new(action: urls::SetUp, typed: Typed, lang: Lang, trouble: Option<FormTrouble>) -> Self {
        Self { action, typed, lang, zones: zones(), trouble }
    }

    fn page(self) -> Page<Self> {
        Page::door(Say::new("set-up-title"), self)
    }
}

/// Every zone there is, for the field's suggestions.
pub fn zones() -> Vec<String> {
    bellwether_base::jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name == "UTC" || name.contains('/') && !name.starts_with("Etc/"))
        .collect()
}

pub async fn page(
    visitor: Visitor,
    State(web): State<Web>,
    Path(at): Path<urls::SetUp>,
) -> Result<Response, Trouble> {
    people::check_link(&web.app, &at.link).await.map_err(over)?;
    SetUp::new(at, Typed::default(), visitor.reader.lang, None).page().show(&visitor)
}

/// A link that opens nothing any more is told as what it is.
fn over(error: Error) -> Trouble {
    let is_over = matches!(error, Error::Conflict(_) | Error::NotFound(_));
    let trouble = Trouble::from(error);
    if is_over { Trouble { kind: "set-up", ..trouble } } else { trouble }
}

#[derive(Deserialize)]
pub struct Answer {
    name: String,
    email: String,
    password: Secret,
    language: String,
    organization: String,
    workspace: String,
    time_zone: String,
}

pub async fn set_up(
    visitor: Visitor,
    State(web): State<Web>,
    Path(at): Path<urls::SetUp>,
    From(address): From,
    headers: HeaderMap,
    Form(answer): Form<Answer>,
) -> Result<Response, Trouble> {
    let language: Language = answer.language.parse()?;
    let new = NewOwner {
        name: answer.name.clone(),
        email: answer.email.clone(),
        password: answer.password.clone(),
        language,
        organization: answer.organization.clone(),
        workspace: answer.workspace.clone(),
        time_zone: answer.time_zone.clone(),
    };
    let owned = match people::set_up_owner(&web.app, &at.link, new).await {
        Ok(owned) => owned,
        Err(error) => {
            let (status, mut trouble) = for_form(error)?;
            trouble = trouble.beside(&FIELDS);
            // Both names have the same rule: it is the first one that breaks it.
            if trouble.is_at("workspace") && !is_name(&answer.organization) {
                trouble.at = Some("organization");
            }
            let typed = Typed {
                name: answer.name,
                email: answer.email,
                organization: answer.organization,
                workspace: answer.workspace,
                time_zone: answer.time_zone,
            };
            let lang = answer.language.parse().unwrap_or(visitor.reader.lang);
            return SetUp::new(at, typed, lang, Some(trouble)).page().status(status).show(&visitor);
        }
    };
    let user_agent = headers.get(USER_AGENT).and_then(|name| name.to_str().ok());
    let with = people::SignIn {
        email: owned.person.email,
        password: answer.password,
        address,
        user_agent: user_agent.unwrap_or_default().to_owned(),
    };
    let signed_in = people::sign_in(&web.app, with).await?;
    let toast = Toast::done(Say::new("set-up-done").with("name", owned.person.name));
    let mut response = visitor.go_and_say(&urls::Channels::new(owned.workspace.id), &toast);
    session::keep(&mut response, &signed_in.token, visitor.secure);
    let tag = language.tag();
    cookies::set(&mut response, cookies::LANGUAGE, tag, Some(cookies::A_YEAR), visitor.secure);
    *response.status_mut() = StatusCode::SEE_OTHER;
    Ok(response)
}

#[cfg(test)]
impl crate::views::View for SetUp {
    fn samples() -> Vec<Page<Self>> {
        let action = || urls::SetUp { link: "once".into() };
        let typed = Typed {
            name: "Ada".into(),
            email: "ada@rive.example".into(),
            organization: "Atelier \"Rive\" & Cie <b>".into(),
            workspace: "Maison Lune".into(),
            time_zone: "Europe/Paris".into(),
        };
        let trouble = FormTrouble::of(Say::new("password-is-yours")).beside(&FIELDS);
        vec![
            Self::new(action(), Typed::default(), Lang::Ja, None).page(),
            Self::new(action(), typed, Lang::Fr, Some(trouble)).page(),
        ]
    }
}
