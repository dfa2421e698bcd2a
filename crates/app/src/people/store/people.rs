//! `people`.

use bellwether_base::{Instant, OrganizationId, PersonId};
use bellwether_db::{DbError, FromRow, Tx, fragments};

use super::{FIRST, damaged};
use crate::Error;
use crate::people::{Language, Person, Role};

#[derive(FromRow)]
pub struct PersonRow {
    id: PersonId,
    organization_id: OrganizationId,
    email: String,
    name: String,
    language: String,
    role: Option<String>,
    is_active: bool,
    created_at: Instant,
}

impl TryFrom<PersonRow> for Person {
    type Error = Error;

    fn try_from(row: PersonRow) -> Result<Self, Error> {
        let role = row.role.map(|text| text.parse().map_err(|_| damaged("role", &text)));
        Ok(Self {
            id: row.id,
            organization_id: row.organization_id,
            email: row.email,
            name: row.name,
            language: row.language.parse().map_err(|_| damaged("language", &row.language))?,
            role: role.transpose()?,
            is_active: row.is_active,
            created_at: row.created_at,
        })
    }
}

#[derive(FromRow)]
struct CredentialsRow {
    #[sqlx(flatten)]
    person: PersonRow,
    password_hash: String,
}

pub async fn insert(tx: &mut Tx, person: &Person, password_hash: &str) -> Result<(), DbError> {
    tx.sql(
        "insert into people (id, organization_id, email, name, password_hash, language, role,
                             is_active, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(person.id)
    .bind(person.organization_id)
    .bind(&person.email)
    .bind(&person.name)
    .bind(password_hash)
    .bind(person.language.tag())
    .bind(person.role.map(Role::name))
    .bind(person.is_active)
    .bind(person.created_at)
    .execute()
    .await
    .map(drop)
}

pub async fn find(tx: &mut Tx, id: PersonId) -> Result<Option<Person>, Error> {
    let row = tx
        .sql(
            "select id, organization_id, email, name, language, role, is_active, created_at
             from people where id = $1",
        )
        .bind(id)
        .optional::<PersonRow>()
        .await?;
    row.map(Person::try_from).transpose()
}

pub const FIND_BY_EMAIL: &str =
    "select id, organization_id, email, name, language, role, is_active, created_at,
            password_hash
     from people where email = $1 order by id limit 1";

/// The person with this address, and the hash of their password.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<(Person, String)>, Error> {
    let row = tx.sql(FIND_BY_EMAIL).bind(email).optional::<CredentialsRow>().await?;
    row.map(|row| Ok((row.person.try_into()?, row.password_hash))).transpose()
}

/// The hash of the password of somebody who may sign in.
pub async fn find_hash(tx: &mut Tx, id: PersonId) -> Result<Option<String>, DbError> {
    tx.sql("select password_hash from people where id = $1 and is_active")
        .bind(id)
        .scalar_optional()
        .await
}

/// The same, and it stays so until this transaction ends.
pub async fn lock_hash(tx: &mut Tx, id: PersonId) -> Result<Option<String>, DbError> {
    let lock = fragments::update_lock(tx.engine());
    tx.sql_owned(format!("select password_hash from people where id = $1 and is_active{lock}"))
        .bind(id)
        .scalar_optional()
        .await
}

pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    after: Option<PersonId>,
    rows: i64,
) -> Result<Vec<Person>, Error> {
    let rows = tx
        .sql(
            "select id, organization_id, email, name, language, role, is_active, created_at
             from people where organization_id = $1 and id > $2 order by id limit $3",
        )
        .bind(organization)
        .bind(after.unwrap_or(PersonId(FIRST)))
        .bind(rows)
        .all::<PersonRow>()
        .await?;
    rows.into_iter().map(Person::try_from).collect()
}

/// Whether anybody owns anything yet.
pub async fn owner_exists(tx: &mut Tx) -> Result<bool, DbError> {
    let owner: Option<PersonId> =
        tx.sql("select id from people where role = 'owner' limit 1").scalar_optional().await?;
    Ok(owner.is_some())
}

/// Whether the organization has an owner who can sign in, beside `apart`.
pub async fn other_owner_exists(
    tx: &mut Tx,
    organization: OrganizationId,
    apart: PersonId,
) -> Result<bool, DbError> {
    let owner: Option<PersonId> = tx
        .sql(
            "select id from people
             where organization_id = $1 and role = 'owner' and is_active and id <> $2 limit 1",
        )
        .bind(organization)
        .bind(apart)
        .scalar_optional()
        .await?;
    Ok(owner.is_some())
}

pub async fn set_password(tx: &mut Tx, id: PersonId, hash: &str) -> Result<(), DbError> {
    tx.sql("update people set password_hash = $2 where id = $1")
        .bind(id)
        .bind(hash)
        .execute()
        .await
        .map(drop)
}

pub async fn set_language(tx: &mut Tx, id: PersonId, language: Language) -> Result<(), DbError> {
    tx.sql("update people set language = $2 where id = $1")
        .bind(id)
        .bind(language.tag())
        .execute()
        .await
        .map(drop)
}

pub async fn set_role(tx: &mut Tx, id: PersonId, role: Option<Role>) -> Result<(), DbError> {
    tx.sql("update people set role = $2 where id = $1")
        .bind(id)
        .bind(role.map(Role::name))
        .execute()
        .await
        .map(drop)
}

pub async fn set_active(tx: &mut Tx, id: PersonId, is_active: bool) -> Result<(), DbError> {
    tx.sql("update people set is_active = $2 where id = $1")
        .bind(id)
        .bind(is_active)
        .execute()
        .await
        .map(drop)
}
