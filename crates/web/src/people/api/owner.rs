//! What only whoever has the machine does about people.

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::{App, people};
use bellwether_base::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Asker, Json, Trouble};

/// The first owner, with their organization and its first workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOwner {
    /// As others will call them.
    name: String,
    /// What they will sign in with.
    email: String,
    /// What they will sign in with.
    #[schema(value_type = String)]
    password: Secret,
    /// In which the product speaks to them: `en`, `fr`, `ja`, `ko` or `zh-Hans`.
    language: String,
    /// The company's or agency's name.
    organization: String,
    /// The first brand's or client's name.
    workspace: String,
    /// Its IANA zone.
    time_zone: String,
}

/// What there is after set-up.
#[derive(Serialize, ToSchema)]
pub(super) struct Owned {
    /// The first owner.
    person: Uuid,
    /// Their organization.
    organization: Uuid,
    /// The first workspace.
    workspace: Uuid,
}

/// Make the first owner
///
/// With the organization and its first workspace, all or nothing, and once. Only for whoever has
/// the machine: through the socket in the data folder.
#[utoipa::path(post, path = "/owner", tag = "installation", request_body = NewOwner,
    operation_id = "create_owner",
    responses((status = CREATED, body = Owned)))]
pub(super) async fn create_owner(
    State(app): State<App>,
    Asker(caller): Asker,
    Json(new): Json<NewOwner>,
) -> Result<(StatusCode, Json<Owned>), Trouble> {
    let language = new.language.parse()?;
    let new = people::NewOwner {
        name: new.name,
        email: new.email,
        password: new.password,
        language,
        organization: new.organization,
        workspace: new.workspace,
        time_zone: new.time_zone,
    };
    let people::Owned { person, workspace } = people::create_owner(&app, &caller, new).await?;
    let owned = Owned {
        person: person.id.0,
        organization: person.organization_id.0,
        workspace: workspace.id.0,
    };
    Ok((StatusCode::CREATED, Json(owned)))
}

/// Another password for somebody who forgot theirs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// What they sign in with.
    email: String,
    /// What they will sign in with.
    #[schema(value_type = String)]
    password: Secret,
}

/// Whose password was set.
#[derive(Serialize, ToSchema)]
pub(super) struct PasswordSet {
    /// Who.
    person: Uuid,
}

/// Set a forgotten password
///
/// Ends all their sessions; their tokens stay. Only for whoever has the machine: through the
/// socket in the data folder.
#[utoipa::path(post, path = "/password-resets", tag = "people", request_body = NewPassword,
    operation_id = "reset_password",
    responses((status = CREATED, body = PasswordSet)))]
pub(super) async fn reset_password(
    State(app): State<App>,
    Asker(caller): Asker,
    Json(NewPassword { email, password }): Json<NewPassword>,
) -> Result<(StatusCode, Json<PasswordSet>), Trouble> {
    let person = people::reset_password(&app, &caller, &email, &password).await?;
    Ok((StatusCode::CREATED, Json(PasswordSet { person: person.0 })))
}
