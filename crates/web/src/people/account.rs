//! What a signed-in person does about themselves: password, open browsers,
//! language.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bellwether_app::people::sessions;
use bellwether_app::people::{self, Language, SHORTEST_PASSWORD, Session};
use bellwether_base::{PageRequest, Say, Secret, SessionId};
use serde::Deserialize;

use super::browser_name::BrowserName;
use crate::errors::{FormTrouble, Trouble, for_form};
use crate::page::{Nav, Page, Toast, Visitor, filters};
use crate::preferences::own_address;
use crate::session::{self, AtWork};
use crate::{Web, cookies, urls};

/// The page.
#[derive(Template)]
#[template(path = "people/account.html")]
pub struct Account {
    email: String,
    rows: Vec<Row>,
    trouble: Option<FormTrouble>,
}

struct Row {
    session: Session,
    name: BrowserName,
    is_here: bool,
    end: urls::SessionEnd,
}

impl Row {
    fn of(session: Session, here: SessionId) -> Self {
        Self {
            name: BrowserName::read(&session.user_agent),
            is_here: session.id == here,
            end: urls::SessionEnd::new(session.id),
            session,
        }
    }

    /// `Firefox on Linux`.
    fn called(&self) -> Say {
        match (self.name.browser, self.name.system) {
            (Some(browser), Some(system)) => {
                Say::new("session-browser-on").with("browser", browser).with("system", system)
            }
            (Some(name), None) | (None, Some(name)) => Say::new("as-it-is").with("text", name),
            (None, None) => Say::new("session-browser-unknown"),
        }
    }
}

async fn show(
    at_work: &AtWork,
    trouble: Option<(StatusCode, FormTrouble)>,
) -> Result<Response, Trouble> {
    let all = PageRequest { after: None, limit: Some(100) };
    let page = sessions::list(&at_work.app, &at_work.caller, &all).await?;
    let mut rows: Vec<Row> =
        page.items.into_iter().map(|session| Row::of(session, at_work.session)).collect();
    // The one they sit at, then those that were used last.
    rows.sort_by_key(|row| (!row.is_here, std::cmp::Reverse(row.session.seen_at)));
    let (status, trouble) = trouble.unzip();
    let view = Account { email: at_work.person.email.clone(), rows, trouble };
    Page::desk(at_work.desk(Nav::Elsewhere), "account-title", view)
        .status(status.unwrap_or(StatusCode::OK))
        .show(&at_work.visitor)
}

pub async fn page(at_work: AtWork) -> Result<Response, Trouble> {
    show(&at_work, None).await
}

#[derive(Deserialize)]
pub struct Passwords {
    current: Secret,
    new: Secret,
}

pub async fn change_password(
    at_work: AtWork,
    Form(typed): Form<Passwords>,
) -> Result<Response, Trouble> {
    let (app, caller, here) = (&at_work.app, &at_work.caller, Some(at_work.session));
    match people::change_password(app, caller, here, &typed.current, &typed.new).await {
        Ok(()) => {
            let toast = Toast::done(Say::new("password-changed"));
            Ok(at_work.visitor.go_and_say(&urls::Account::new(), &toast))
        }
        Err(error) => {
            let (status, trouble) = for_form(error)?;
            show(&at_work, Some((status, trouble.beside(&["current", "password"])))).await
        }
    }
}

pub async fn end_session(
    at_work: AtWork,
    Path(place): Path<urls::SessionEnd>,
) -> Result<Response, Trouble> {
    sessions::end(&at_work.app, &at_work.caller, place.session).await?;
    let toast = Toast::done(Say::new("session-ended"));
    Ok(at_work.visitor.go_and_say(&urls::Account::new(), &toast))
}

/// Everywhere but here.
pub async fn end_others(at_work: AtWork) -> Result<Response, Trouble> {
    sessions::end_others(&at_work.app, &at_work.caller, at_work.session).await?;
    let toast = Toast::done(Say::new("sessions-ended"));
    Ok(at_work.visitor.go_and_say(&urls::Account::new(), &toast))
}

#[derive(Deserialize)]
pub struct LanguageForm {
    language: String,
    #[serde(default)]
    back: String,
}

/// Chooses the language of this browser, and of the person in it.
pub async fn language(
    visitor: Visitor,
    State(web): State<Web>,
    headers: HeaderMap,
    Form(form): Form<LanguageForm>,
) -> Result<Response, Trouble> {
    let language: Language = form.language.parse()?;
    if let Some(token) = session::token(&headers, visitor.secure)
        && let Some(signed) = people::session_caller(&web.app, token).await?
    {
        people::change_language(&web.app, &signed.caller, language).await?;
    }
    let mut response = visitor.go(&own_address(&form.back));
    let tag = language.tag();
    cookies::set(&mut response, cookies::LANGUAGE, tag, Some(cookies::A_YEAR), visitor.secure);
    Ok(response)
}

#[cfg(test)]
impl crate::views::View for Account {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{NOW, desk};
        use bellwether_base::PersonId;
        use bellwether_base::uuid::Uuid;

        let row = |number: u128| {
            let id = SessionId(Uuid::from_u128(number));
            let session = Session {
                id,
                person_id: PersonId(Uuid::nil()),
                user_agent: if number == 2 { "Firefox/140.0 (Linux)" } else { "<b>" }.into(),
                created_at: NOW,
                seen_at: NOW,
                expires_at: NOW,
            };
            Row::of(session, SessionId(Uuid::from_u128(1)))
        };
        let view = |trouble| Self {
            email: "ada@rive.example".into(),
            rows: vec![row(1), row(2)],
            trouble,
        };
        [None, Some(FormTrouble::of(Say::new("password-wrong")).beside(&["current"]))]
            .map(|trouble| Page::desk(desk(Nav::Elsewhere), "account-title", view(trouble)))
            .into()
    }
}
