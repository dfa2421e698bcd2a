//! Who is on the team, and what each may do where.

use bellwether_base::{Page, PageRequest, PersonId, Secret, WorkspaceId};
use bellwether_db::Tx;
use serde_json::json;

use super::{Language, Member, Person, Role, after, password, record, rules, store};
use crate::workspaces::{self, access};
use crate::{App, Caller, Denied, Error, Permission, Result};

/// What a new person needs.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// As others will call them.
    pub name: String,
    /// What they will sign in with.
    pub email: String,
    /// What they will sign in with at first.
    pub password: Secret,
    /// In which the product speaks to them.
    pub language: Language,
    /// What they are in every workspace; nothing if only [`place`] will say.
    pub role: Option<Role>,
}

/// Adds somebody to the organization.
pub async fn add(app: &App, caller: &Caller, new: NewPerson) -> Result<Person> {
    let (name, email) = (rules::name(&new.name)?, rules::email(&new.email)?);
    rules::password(&new.password, &email, &name)?;
    let organization_id = administered(app, caller).await?;
    let hash = password::hash(&*app.rng, &new.password).await?;

    let mut tx = app.db.begin().await?;
    if new.role == Some(Role::Owner) {
        owners_only(&mut tx, caller).await?;
    }
    let person = Person {
        id: PersonId::new(&*app.clock, &*app.rng),
        organization_id,
        email,
        name,
        language: new.language,
        role: new.role,
        is_active: true,
        created_at: app.now(),
    };
    if let Err(error) = store::people::insert(&mut tx, &person, &hash).await {
        let taken = error.is_conflict_with("people(organization_id, email)");
        return Err(if taken { Error::conflict("email-taken") } else { error.into() });
    }
    let data = json!({ "role": person.role });
    record(&mut tx, organization_id, caller, "person.added", ("person", person.id.0), data);
    tx.commit().await?;
    Ok(person)
}

/// Everybody in the organization, by when they came.
pub async fn list(app: &App, caller: &Caller, page: &PageRequest) -> Result<Page<Person>> {
    let organization = administered(app, caller).await?;
    let mut tx = app.db.read().await?;
    let rows = store::people::list(&mut tx, organization, after(page)?, page.rows() + 1).await?;
    Ok(Page::cut(rows, page.rows(), |person| person.id))
}

/// Gives somebody another role in every workspace, or none.
pub async fn set_role(
    app: &App,
    caller: &Caller,
    id: PersonId,
    role: Option<Role>,
) -> Result<Person> {
    let mut tx = app.db.begin().await?;
    let mut person = changeable(&mut tx, caller, id).await?;
    if role == Some(Role::Owner) {
        owners_only(&mut tx, caller).await?;
    }
    if person.role == role {
        return Ok(person);
    }
    if role != Some(Role::Owner) {
        leave_an_owner(&mut tx, &person).await?;
    }
    store::people::set_role(&mut tx, id, role).await?;
    let data = json!({ "role": role });
    record(&mut tx, person.organization_id, caller, "person.role_set", ("person", id.0), data);
    tx.commit().await?;
    person.role = role;
    Ok(person)
}

/// Lets somebody sign in again, or no more. The latter takes effect at once: on
/// their sessions and on their tokens.
pub async fn set_active(
    app: &App,
    caller: &Caller,
    id: PersonId,
    is_active: bool,
) -> Result<Person> {
    let mut tx = app.db.begin().await?;
    let mut person = changeable(&mut tx, caller, id).await?;
    if person.is_active == is_active {
        return Ok(person);
    }
    if !is_active {
        leave_an_owner(&mut tx, &person).await?;
    }
    // The person first: who is signing in at this moment is waited for, so that
    // their session is seen and ended as well.
    store::people::set_active(&mut tx, id, is_active).await?;
    if !is_active {
        store::sessions::delete_all(&mut tx, id, None).await?;
    }
    let kind = if is_active { "person.activated" } else { "person.deactivated" };
    record(&mut tx, person.organization_id, caller, kind, ("person", id.0), json!({}));
    tx.commit().await?;
    person.is_active = is_active;
    Ok(person)
}

/// Gives somebody a role in one workspace, beside what they are everywhere.
pub async fn place(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PersonId,
    role: Role,
) -> Result<()> {
    if role == Role::Owner {
        return Err(Error::invalid("role-owner-everywhere"));
    }
    let mut tx = app.db.begin().await?;
    let workspace = access(&mut tx, caller, workspace, Permission::Administer).await?;
    let person = store::people::find(&mut tx, id).await?;
    let person = person
        .filter(|person| person.organization_id == workspace.organization_id)
        .ok_or_else(|| Error::not_found("person"))?;
    store::members::put(&mut tx, &workspace, person.id, role, app.now()).await?;
    let data = json!({ "workspace": workspace.id, "role": role });
    let subject = ("person", id.0);
    record(&mut tx, workspace.organization_id, caller, "member.placed", subject, data);
    Ok(tx.commit().await?)
}

/// Takes somebody's role in one workspace away.
pub async fn displace(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PersonId,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let workspace = access(&mut tx, caller, workspace, Permission::Administer).await?;
    if !store::members::remove(&mut tx, workspace.id, id).await? {
        return Err(Error::not_found("person"));
    }
    let data = json!({ "workspace": workspace.id });
    let subject = ("person", id.0);
    record(&mut tx, workspace.organization_id, caller, "member.displaced", subject, data);
    Ok(tx.commit().await?)
}

/// Who has a role of their own in a workspace, by when they came to the organization.
pub async fn members(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    page: &PageRequest,
) -> Result<Page<Member>> {
    let mut tx = app.db.read().await?;
    access(&mut tx, caller, workspace, Permission::Read).await?;
    let rows = store::members::list(&mut tx, workspace, after(page)?, page.rows() + 1).await?;
    Ok(Page::cut(rows, page.rows(), |member| member.person))
}

/// The caller's organization, if they may change who is in it.
async fn administered(app: &App, caller: &Caller) -> Result<bellwether_base::OrganizationId> {
    let mut tx = app.db.read().await?;
    let organization = workspaces::organization_of(&mut tx, caller).await?;
    caller.may_everywhere(Permission::Administer, organization)?;
    Ok(organization)
}

/// The person, if the caller may change what they are. One at a time, so that
/// two owners cannot demote each other.
async fn changeable(tx: &mut Tx, caller: &Caller, id: PersonId) -> Result<Person> {
    let organization = workspaces::organization_of(tx, caller).await?;
    caller.may_everywhere(Permission::Administer, organization)?;
    workspaces::lock_organization(tx, organization).await?;
    let person = store::people::find(tx, id).await?;
    let person = person
        .filter(|person| person.organization_id == organization)
        .ok_or_else(|| Error::not_found("person"))?;
    if person.role == Some(Role::Owner) {
        owners_only(tx, caller).await?;
    }
    Ok(person)
}

/// Passes for owners, for what they made, and for whoever has the machine.
pub(super) async fn owners_only(tx: &mut Tx, caller: &Caller) -> Result<()> {
    let Some(id) = caller.person() else {
        // A token without a maker is the operator's.
        return Ok(());
    };
    let person = store::people::find(tx, id).await?;
    if person.is_some_and(|person| person.role == Some(Role::Owner)) {
        return Ok(());
    }
    Err(Denied { say: bellwether_base::Say::new("denied-owner-only") }.into())
}

async fn leave_an_owner(tx: &mut Tx, person: &Person) -> Result<()> {
    let is_owner = person.role == Some(Role::Owner) && person.is_active;
    if is_owner && !store::people::other_owner_exists(tx, person.organization_id, person.id).await?
    {
        return Err(Error::conflict("last-owner"));
    }
    Ok(())
}
