//! Who is on the team: the list, one more, roles, and who may sign in.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use bellwether_app::people::team::{self, NewPerson};
use bellwether_app::people::{Language, Person, Role, SHORTEST_PASSWORD};
use bellwether_base::{Cursor, PageRequest, Say, Secret};

use crate::errors::{FormTrouble, Trouble, for_form};
use crate::form::Fields;
use crate::locale::Lang;
use crate::page::{Nav, Page, Toast, filters, letter};
use crate::session::AtWork;
use crate::urls;

/// The list, with the form for one more.
#[derive(Template)]
#[template(path = "people/team.html")]
pub struct Team {
    rows: Vec<Row>,
    later: Option<String>,
    typed: Typed,
    trouble: Option<FormTrouble>,
}

struct Row {
    person: Person,
    letter: String,
    is_you: bool,
    role: urls::PersonRole,
    access: urls::PersonAccess,
}

impl Row {
    fn role_name(&self) -> &'static str {
        self.person.role.map_or("", Role::name)
    }
}

#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    language: Lang,
    role: String,
}

#[derive(serde::Deserialize)]
pub struct From {
    after: Option<String>,
}

/// The role called `name`; nobody's role in particular when empty.
fn role(name: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.name() == name)
}

async fn show(
    at_work: &AtWork,
    from: Option<String>,
    typed: Typed,
    trouble: Option<(StatusCode, FormTrouble)>,
) -> Result<Response, Trouble> {
    let request = PageRequest { after: from.map(Cursor::from_text), limit: Some(100) };
    let page = team::list(&at_work.app, &at_work.caller, &request).await?;
    let row = |person: Person| Row {
        letter: letter(&person.name),
        is_you: person.id == at_work.person.id,
        role: urls::PersonRole::new(person.id),
        access: urls::PersonAccess::new(person.id),
        person,
    };
    let (status, trouble) = trouble.unzip();
    let view = Team {
        later: page.next.map(|next| urls::People::new().later(next.as_str())),
        rows: page.items.into_iter().map(row).collect(),
        typed,
        trouble,
    };
    Page::desk(at_work.desk(Nav::People), "rail-people", view)
        .status(status.unwrap_or(StatusCode::OK))
        .show(&at_work.visitor)
}

pub async fn page(
    at_work: AtWork,
    axum::extract::Query(from): axum::extract::Query<From>,
) -> Result<Response, Trouble> {
    let typed = Typed { language: at_work.visitor.reader.lang, ..Typed::default() };
    show(&at_work, from.after, typed, None).await
}

pub async fn add(at_work: AtWork, fields: Fields) -> Result<Response, Trouble> {
    let language: Language = fields.text("language").parse()?;
    let new = NewPerson {
        name: fields.text("name").to_owned(),
        email: fields.text("email").to_owned(),
        password: Secret::new(fields.text("password")),
        language,
        role: role(fields.text("role")),
    };
    match team::add(&at_work.app, &at_work.caller, new).await {
        Ok(person) => {
            let toast = Toast::done(Say::new("person-added").with("name", person.name));
            Ok(at_work.visitor.go_and_say(&urls::People::new(), &toast))
        }
        Err(error) => {
            let typed = Typed {
                name: fields.text("name").to_owned(),
                email: fields.text("email").to_owned(),
                language: fields.text("language").parse().unwrap_or_default(),
                role: fields.text("role").to_owned(),
            };
            let (status, trouble) = for_form(error)?;
            let trouble = trouble.beside(&["name", "email", "password", "role"]);
            show(&at_work, None, typed, Some((status, trouble))).await
        }
    }
}

pub async fn set_role(
    at_work: AtWork,
    Path(place): Path<urls::PersonRole>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let new = role(fields.text("role"));
    let done = team::set_role(&at_work.app, &at_work.caller, place.person, new).await;
    back(&at_work, done, "person-role-set")
}

pub async fn set_access(
    at_work: AtWork,
    Path(place): Path<urls::PersonAccess>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let is_active = fields.text("active") == "yes";
    let done = team::set_active(&at_work.app, &at_work.caller, place.person, is_active).await;
    back(&at_work, done, if is_active { "person-let-in" } else { "person-shut-out" })
}

/// Back to the list, which says what became of it.
fn back(
    at_work: &AtWork,
    done: bellwether_app::Result<Person>,
    said: &str,
) -> Result<Response, Trouble> {
    let toast = match done {
        Ok(person) => Toast::done(Say::new(said).with("name", person.name)),
        Err(bellwether_app::Error::Denied(denied)) => Toast::trouble(denied.say),
        Err(error) => Toast::trouble(for_form(error)?.1.say),
    };
    Ok(at_work.visitor.go_and_say(&urls::People::new(), &toast))
}

#[cfg(test)]
impl crate::views::View for Team {
    fn samples() -> Vec<Page<Self>> {
        use crate::views::{NOW, desk};
        use bellwether_base::uuid::Uuid;
        use bellwether_base::{OrganizationId, PersonId};

        let row = |number: u128, name: &str, role, is_active| {
            let id = PersonId(Uuid::from_u128(number));
            Row {
                person: Person {
                    id,
                    organization_id: OrganizationId(Uuid::nil()),
                    email: "someone@rive.example".into(),
                    name: name.into(),
                    language: Language::French,
                    role,
                    is_active,
                    created_at: NOW,
                },
                letter: letter(name),
                is_you: number == 1,
                role: urls::PersonRole::new(id),
                access: urls::PersonAccess::new(id),
            }
        };
        let rows = vec![
            row(1, "Ada", Some(Role::Owner), true),
            row(2, "Noor <b>", Some(Role::Approver), true),
            row(3, "Kofi", None, false),
        ];
        let typed = Typed { name: "Ji-woo".into(), role: "writer".into(), ..Typed::default() };
        let trouble = Some(FormTrouble::of(Say::new("email-unfit")).beside(&["email"]));
        let full = Self { rows, later: Some("/people?after=x".into()), typed, trouble };
        vec![Page::desk(desk(Nav::People), "rail-people", full)]
    }
}
