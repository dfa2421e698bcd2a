//! The first owner: by a one-time link, or by whoever has the machine.
//!
//! However they come, one link is used, and only ever one: the database's own
//! constraint holds it.

use std::time::Duration;

use bellwether_base::{Instant, PersonId, Secret};
use bellwether_db::Tx;
use serde_json::json;

use super::{Language, Person, Role, bearer, password, record, rules, store};
use crate::workspaces::{self, Founding, Workspace};
use crate::{App, Caller, Denied, Error, Result};

/// What the first owner tells about themselves and their work.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// As others will call them.
    pub name: String,
    /// What they will sign in with.
    pub email: String,
    /// What they will sign in with.
    pub password: Secret,
    /// In which the product speaks to them.
    pub language: Language,
    /// The company's or agency's name.
    pub organization: String,
    /// The first brand's or client's name.
    pub workspace: String,
    /// Its IANA zone.
    pub time_zone: String,
}

/// What there is after set-up.
#[derive(Debug, Clone)]
pub struct Owned {
    /// The first owner.
    pub person: Person,
    /// The first workspace.
    pub workspace: Workspace,
}

/// How long a set-up link is good: a day. It is printed where logs are kept.
pub const LINK_LASTS: Duration = Duration::from_hours(24);

/// A new link for making the first owner, as the token in it; nothing once
/// there is an owner. It is good for [`LINK_LASTS`], or until there is a newer
/// one.
pub async fn setup_link(app: &App) -> Result<Option<Secret>> {
    let mut tx = app.db.begin().await?;
    if store::people::owner_exists(&mut tx).await? {
        return Ok(None);
    }
    let token = bearer::generate(&*app.rng, "");
    store::links::insert(&mut tx, &bearer::digest(token.expose()), app.now()).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Passes if `link` is still good: for the page that it opens.
pub async fn check_link(app: &App, link: &str) -> Result<()> {
    let mut tx = app.db.read().await?;
    check(app, &mut tx, &bearer::digest(link)).await
}

async fn check(app: &App, tx: &mut Tx, link: &[u8]) -> Result<()> {
    let Some((used_at, is_good)) = store::links::find(tx, link, made_after(app)).await? else {
        return Err(Error::not_found("setup-link"));
    };
    if used_at.is_some() {
        return Err(Error::conflict("setup-link-used"));
    }
    if store::people::owner_exists(tx).await? {
        return Err(already_done());
    }
    if !is_good {
        return Err(Error::conflict("setup-link-expired"));
    }
    Ok(())
}

/// A link that was made before is over.
fn made_after(app: &App) -> Instant {
    app.now() - LINK_LASTS
}

/// Whether anybody owns this installation.
pub(crate) async fn is_owned(app: &App) -> Result<bool> {
    Ok(store::people::owner_exists(&mut app.db.read().await?).await?)
}

/// Makes the organization, its owner and its first workspace, all or nothing,
/// and uses up the link.
pub async fn set_up_owner(app: &App, link: &str, new: NewOwner) -> Result<Owned> {
    check_link(app, link).await?;
    let (ready, founding) = prepare(app, new).await?;
    let mut tx = app.db.begin().await?;
    let owned = use_link(app, &mut tx, &bearer::digest(link), None, ready, founding).await?;
    tx.commit().await?;
    Ok(owned)
}

/// The same, for whoever has the machine: no link is needed.
pub async fn create_owner(app: &App, caller: &Caller, new: NewOwner) -> Result<Owned> {
    if *caller != Caller::Operator {
        return Err(Denied { say: bellwether_base::Say::new("denied-operator-only") }.into());
    }
    if is_owned(app).await? {
        return Err(already_done());
    }
    let (ready, founding) = prepare(app, new).await?;
    let link = bearer::digest(bearer::generate(&*app.rng, "").expose());
    let mut tx = app.db.begin().await?;
    store::links::insert(&mut tx, &link, app.now()).await?;
    let owned = use_link(app, &mut tx, &link, Some(caller), ready, founding).await?;
    tx.commit().await?;
    Ok(owned)
}

/// A person whose texts are good and whose password is hashed.
struct Ready {
    name: String,
    email: String,
    language: Language,
    password_hash: String,
}

async fn prepare(app: &App, new: NewOwner) -> Result<(Ready, Founding)> {
    let founding = Founding::new(&new.organization, &new.workspace, &new.time_zone)?;
    let (name, email) = (rules::name(&new.name)?, rules::email(&new.email)?);
    rules::password(&new.password, &email, &name)?;
    let password_hash = password::hash(&*app.rng, &new.password).await?;
    Ok((Ready { name, email, language: new.language, password_hash }, founding))
}

async fn use_link(
    app: &App,
    tx: &mut Tx,
    link: &[u8],
    caller: Option<&Caller>,
    ready: Ready,
    founding: Founding,
) -> Result<Owned> {
    match store::links::claim(tx, link, made_after(app), app.now()).await {
        Ok(true) => {}
        // Somebody was faster, or it has just ended.
        Ok(false) => {
            check(app, tx, link).await?;
            return Err(Error::conflict("setup-link-expired"));
        }
        Err(error) if error.is_conflict_with("setup_links(purpose)") => return Err(already_done()),
        Err(error) => return Err(error.into()),
    }
    let id = PersonId::new(&*app.clock, &*app.rng);
    let workspace = workspaces::found(app, tx, id, founding).await?;
    let organization_id = workspace.organization_id;
    let person = Person {
        id,
        organization_id,
        email: ready.email,
        name: ready.name,
        language: ready.language,
        role: Some(Role::Owner),
        is_active: true,
        created_at: app.now(),
    };
    store::people::insert(tx, &person, &ready.password_hash).await?;
    let themselves = Caller::Person { id, organization: organization_id, grants: Vec::new() };
    let caller = caller.unwrap_or(&themselves);
    let data = json!({ "role": Role::Owner });
    record(
        tx,
        organization_id,
        caller,
        "organization.founded",
        ("organization", organization_id.0),
        json!({}),
    );
    record(tx, organization_id, caller, "person.added", ("person", id.0), data);
    Ok(Owned { person, workspace })
}

fn already_done() -> Error {
    Error::conflict("setup-already-done")
}
