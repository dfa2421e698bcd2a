//! Who is on the team, and what each may do where.

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::people::team;
use bellwether_app::{App, people};
use bellwether_base::{PersonId, Secret, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Asker, Json, Moment, PageOf, Paging, Path, Query, Trouble};

/// A human being who signs in.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub(super) struct PersonView {
    /// Which.
    id: Uuid,
    /// As others call them.
    name: String,
    /// What they sign in with.
    email: String,
    /// In which the product speaks to them.
    #[schema(value_type = String, example = "en")]
    language: people::Language,
    /// What they are in every workspace; absent where only `members` of a workspace say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "editor")]
    role: Option<people::Role>,
    /// Whether they may sign in.
    is_active: bool,
    /// Since when.
    created_at: Moment,
}

impl From<people::Person> for PersonView {
    fn from(person: people::Person) -> Self {
        Self {
            id: person.id.0,
            name: person.name,
            email: person.email,
            language: person.language,
            role: person.role,
            is_active: person.is_active,
            created_at: Moment(person.created_at),
        }
    }
}

/// What a new person needs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    /// As others will call them.
    name: String,
    /// What they will sign in with.
    email: String,
    /// What they will sign in with at first.
    #[schema(value_type = String)]
    password: Secret,
    /// In which the product speaks to them: `en`, `fr`, `ja`, `ko` or `zh-Hans`.
    language: String,
    /// What they are in every workspace: `owner`, `admin`, `editor`, `writer`, `approver` or
    /// `analyst`. Absent: nothing, until they are placed in a workspace.
    #[serde(default)]
    role: Option<String>,
}

/// A role, or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    /// `owner`, `admin`, `editor`, `writer`, `approver`, `analyst`, or `null` for none.
    #[schema(required = true)]
    #[serde(deserialize_with = "there")]
    role: Option<String>,
}

/// A role in one workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceRole {
    /// `admin`, `editor`, `writer`, `approver` or `analyst`.
    role: String,
}

/// A member that may be `null` but not absent: to take a role away is said, not forgotten.
fn there<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(from)
}

fn role(name: Option<String>) -> Result<Option<people::Role>, Trouble> {
    Ok(name.map(|name| name.parse()).transpose()?)
}

/// List people
///
/// Everybody in the organization, by when they came. For whoever administers it.
#[utoipa::path(get, path = "/people", tag = "people", params(Paging),
    operation_id = "list_people",
    responses((status = OK, body = PageOf<PersonView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<PersonView>>, Trouble> {
    let page = team::list(&app, &caller, &paging.into()).await?;
    Ok(Json(PageOf::of(page, PersonView::from)))
}

/// Add somebody
///
/// They sign in with the password given here, and change it. Only owners add owners.
#[utoipa::path(post, path = "/people", tag = "people", request_body = NewPerson,
    operation_id = "add_person",
    responses((status = CREATED, body = PersonView)))]
pub(super) async fn add(
    State(app): State<App>,
    Asker(caller): Asker,
    Json(new): Json<NewPerson>,
) -> Result<(StatusCode, Json<PersonView>), Trouble> {
    let new = team::NewPerson {
        name: new.name,
        email: new.email,
        password: new.password,
        language: new.language.parse()?,
        role: role(new.role)?,
    };
    let person = team::add(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(person.into())))
}

/// Give somebody another role everywhere
///
/// `null` takes it away; what they are in single workspaces stays. The last owner stays one.
#[utoipa::path(put, path = "/people/{person}/role", tag = "people", request_body = NewRole,
    operation_id = "set_role",
    params(("person" = Uuid, Path, description = "The person.")),
    responses((status = OK, body = PersonView)))]
pub(super) async fn set_role(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(person): Path<PersonId>,
    Json(new): Json<NewRole>,
) -> Result<Json<PersonView>, Trouble> {
    Ok(Json(team::set_role(&app, &caller, person, role(new.role)?).await?.into()))
}

/// Shut somebody out
///
/// At once: their sessions end, and their tokens are no good while they are shut out. What they
/// wrote and planned stays.
#[utoipa::path(post, path = "/people/{person}/deactivate", tag = "people",
    operation_id = "deactivate_person",
    params(("person" = Uuid, Path, description = "The person.")),
    responses((status = OK, body = PersonView)))]
pub(super) async fn deactivate(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(person): Path<PersonId>,
) -> Result<Json<PersonView>, Trouble> {
    Ok(Json(team::set_active(&app, &caller, person, false).await?.into()))
}

/// Let somebody in again
#[utoipa::path(post, path = "/people/{person}/activate", tag = "people",
    operation_id = "activate_person",
    params(("person" = Uuid, Path, description = "The person.")),
    responses((status = OK, body = PersonView)))]
pub(super) async fn activate(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(person): Path<PersonId>,
) -> Result<Json<PersonView>, Trouble> {
    Ok(Json(team::set_active(&app, &caller, person, true).await?.into()))
}

/// What somebody is in one workspace.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub(super) struct MemberView {
    /// Who.
    person: Uuid,
    /// As others call them.
    name: String,
    /// What.
    #[schema(value_type = String, example = "writer")]
    role: people::Role,
}

impl From<people::Member> for MemberView {
    fn from(member: people::Member) -> Self {
        Self { person: member.person.0, name: member.name, role: member.role }
    }
}

/// List a workspace's members
///
/// Who has a role of their own in it. Those who have one everywhere are not among them.
#[utoipa::path(get, path = "/workspaces/{workspace}/members", tag = "people",
    operation_id = "list_members",
    params(("workspace" = Uuid, Path, description = "The workspace."), Paging),
    responses((status = OK, body = PageOf<MemberView>)))]
pub(super) async fn members(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<MemberView>>, Trouble> {
    let page = team::members(&app, &caller, workspace, &paging.into()).await?;
    Ok(Json(PageOf::of(page, MemberView::from)))
}

/// Give somebody a role in a workspace
///
/// Beside what they are everywhere. Again replaces it.
#[utoipa::path(put, path = "/workspaces/{workspace}/members/{person}", tag = "people",
    operation_id = "place_member", request_body = PlaceRole,
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("person" = Uuid, Path, description = "The person."),
    ),
    responses((status = NO_CONTENT, description = "They have it.")))]
pub(super) async fn place(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, person)): Path<(WorkspaceId, PersonId)>,
    Json(PlaceRole { role }): Json<PlaceRole>,
) -> Result<StatusCode, Trouble> {
    team::place(&app, &caller, workspace, person, role.parse()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take somebody's role in a workspace away
#[utoipa::path(delete, path = "/workspaces/{workspace}/members/{person}", tag = "people",
    operation_id = "displace_member",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("person" = Uuid, Path, description = "The person."),
    ),
    responses((status = NO_CONTENT, description = "They have none any more.")))]
pub(super) async fn displace(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, person)): Path<(WorkspaceId, PersonId)>,
) -> Result<StatusCode, Trouble> {
    team::displace(&app, &caller, workspace, person).await?;
    Ok(StatusCode::NO_CONTENT)
}
