//! Ada owns, Noor approves, Kofi writes.

mod sessions;
mod setup;
mod team;
mod tokens;

use std::net::IpAddr;

use bellwether_base::{Secret, SessionId};
use bellwether_db::Scope;

use super::team::{NewPerson, add, place};
use super::*;
use crate::testing::TestApp;
use crate::workspaces::{NewWorkspace, Workspace};
use crate::{App, Result, workspaces};

const ADA: &str = "ada@example.org";
const NOOR: &str = "noor@example.org";
const KOFI: &str = "kofi@example.org";
const PASSWORD: &str = "correct horse battery";
const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

fn new_owner() -> NewOwner {
    NewOwner {
        name: "Ada Park".into(),
        email: " Ada@Example.org".into(),
        password: Secret::new(PASSWORD),
        language: Language::Korean,
        organization: "Larch & Sons".into(),
        workspace: "Larch Tea".into(),
        time_zone: "Asia/Seoul".into(),
    }
}

/// Larch & Sons, with two brands: Kofi writes for one, Noor approves for all.
struct Team {
    tea: Workspace,
    coffee: Workspace,
    ada: Person,
    noor: Person,
    kofi: Person,
}

impl Team {
    async fn on(app: &TestApp) -> Self {
        let Owned { person: ada, workspace: tea } =
            create_owner(app, &Caller::Operator, new_owner()).await.unwrap();
        let owner = caller(app, &ada).await;
        let coffee = NewWorkspace { name: "Larch Coffee".into(), time_zone: "UTC".into() };
        let coffee = workspaces::create(app, &owner, coffee).await.unwrap();
        let new = |name: &str, email: &str, role| NewPerson {
            name: name.into(),
            email: email.into(),
            password: Secret::new(PASSWORD),
            language: Language::English,
            role,
        };
        let noor = add(app, &owner, new("Noor", NOOR, Some(Role::Approver))).await.unwrap();
        let kofi = add(app, &owner, new("Kofi", KOFI, None)).await.unwrap();
        place(app, &owner, tea.id, kofi.id, Role::Writer).await.unwrap();
        Self { tea, coffee, ada, noor, kofi }
    }
}

/// The person, as they would come in at this moment.
async fn caller(app: &App, person: &Person) -> Caller {
    let mut tx = app.db.read().await.unwrap();
    let person = store::people::find(&mut tx, person.id).await.unwrap().unwrap();
    super::sessions::caller_of(&mut tx, &person).await.unwrap()
}

fn with(email: &str, password: &str) -> SignIn {
    SignIn {
        email: email.into(),
        password: Secret::new(password),
        address: HOME,
        user_agent: "Firefox".into(),
    }
}

async fn signed_in(app: &App, email: &str) -> SignedIn {
    sign_in(app, with(email, PASSWORD)).await.unwrap()
}

/// The message key of a refusal.
#[track_caller]
fn refusal<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result.unwrap_err() {
        Error::NotFound(say) | Error::Invalid(say) | Error::Conflict(say) => say.key,
        Error::Denied(denied) => denied.say.key,
        Error::TooMany { .. } => "too-many".into(),
        other => panic!("{other:?}"),
    }
}

/// What happened in the organization, oldest first.
async fn happened(app: &App, organization: OrganizationId) -> Vec<crate::events::Event> {
    let mut tx = app.db.read().await.unwrap();
    crate::events::after(&mut tx, Scope::Organization(organization), 0, 200).await.unwrap()
}

async fn kinds(app: &App, organization: OrganizationId) -> Vec<String> {
    happened(app, organization).await.into_iter().map(|event| event.kind).collect()
}
