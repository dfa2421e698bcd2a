//! People: who they are, what they may do, and how they prove it.
//!
//! What proves somebody (passwords, sessions, tokens, links) is kept as a hash
//! only. Events of this slice name people by id and by nothing else.

mod bearer;
mod password;
mod roles;
mod rules;
pub mod sessions;
mod setup;
mod store;
pub mod team;
#[cfg(test)]
mod tests;
mod throttle;
pub mod tokens;

use bellwether_base::uuid::Uuid;
use bellwether_base::{
    Cursor, Instant, OrganizationId, PageRequest, PersonId, SessionId, TokenId, WorkspaceId,
};
use bellwether_db::{FromRow, NewEvent, Scope, Tx};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::{Caller, Error, Permission, Result};

pub use roles::{Role, grants, permission};
pub use rules::{LONGEST_NAME, LONGEST_PASSWORD, Language, SHORTEST_PASSWORD};
pub use sessions::{
    SignIn, Signed, SignedIn, change_language, change_password, reset_password, session_caller,
    sign_in, sign_out,
};
pub(crate) use setup::is_owned;
pub use setup::{LINK_LASTS, NewOwner, Owned, check_link, create_owner, set_up_owner, setup_link};
pub use tokens::token_caller;

/// A human being who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Whose people they are.
    pub organization_id: OrganizationId,
    /// What they type to sign in, in lower case.
    pub email: String,
    /// As others call them.
    pub name: String,
    /// In which the product speaks to them.
    pub language: Language,
    /// What they are in every workspace; nothing where only [`Member`]s say.
    pub role: Option<Role>,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Since when.
    pub created_at: Instant,
}

/// What a person is in one workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// As others call them.
    pub name: String,
    /// What.
    pub role: Role,
}

/// One browser in which a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub person_id: PersonId,
    /// What the browser called itself, cut short.
    pub user_agent: String,
    /// When they signed in.
    pub created_at: Instant,
    /// When it was last used, to the hour.
    pub seen_at: Instant,
    /// When it ends if it is not used.
    pub expires_at: Instant,
}

/// What a script holds. Its secret is shown once and not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Where it is good; wherever its maker may, when absent.
    pub workspace_id: Option<WorkspaceId>,
    /// Who made it, and whose permissions bound it; nothing for the operator's.
    pub created_by: Option<PersonId>,
    /// What it is for.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// What it may do, where its maker may.
    #[serde(serialize_with = "by_name")]
    pub scopes: Vec<Permission>,
    /// Since when.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Option<Instant>,
    /// When it was last used, to ten minutes.
    pub last_used_at: Option<Instant>,
    /// When somebody put an end to it.
    pub revoked_at: Option<Instant>,
}

fn by_name<S: Serializer>(scopes: &[Permission], to: S) -> std::result::Result<S::Ok, S::Error> {
    to.collect_seq(scopes.iter().map(|scope| scope.name()))
}

/// The key in a page's cursor.
fn after<K: DeserializeOwned>(page: &PageRequest) -> Result<Option<K>> {
    let key = |cursor: &Cursor| cursor.decode().ok_or_else(|| Error::invalid("cursor-unknown"));
    page.after.as_ref().map(key).transpose()
}

/// Says what happened to whom, by ids only.
fn record(
    tx: &mut Tx,
    organization: OrganizationId,
    caller: &Caller,
    kind: &'static str,
    subject: (&'static str, Uuid),
    data: serde_json::Value,
) {
    tx.record(NewEvent {
        scope: Scope::Organization(organization),
        kind,
        subject: Some(subject),
        actor: caller.actor(),
        data,
    });
}

/// What a person of `organization` is called, for slices that have checked
/// the caller. Nothing if there is no such person any more.
pub(crate) async fn name(
    tx: &mut Tx,
    organization: OrganizationId,
    id: PersonId,
) -> Result<Option<String>> {
    let person = store::people::find(tx, id).await?;
    Ok(person.filter(|person| person.organization_id == organization).map(|person| person.name))
}
