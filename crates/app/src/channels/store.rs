//! All SQL about channels.

use bellwether_base::{ChannelId, Instant, Say, WorkspaceId};
use bellwether_db::{FromRow, Tx};

use super::{Channel, ChannelState};
use crate::{Error, Result};

const COLUMNS: &str = "workspace_id, id, network, remote_id, handle, display_name, avatar_url, \
    server, state, trouble, limits, limits_at, login_ends_at, last_success_at, created_at";

#[derive(FromRow)]
struct Row {
    workspace_id: WorkspaceId,
    id: ChannelId,
    network: String,
    remote_id: String,
    handle: String,
    display_name: String,
    avatar_url: Option<String>,
    server: String,
    #[sqlx(try_from = "String")]
    state: ChannelState,
    trouble: Option<String>,
    limits: String,
    limits_at: Instant,
    login_ends_at: Option<Instant>,
    last_success_at: Option<Instant>,
    created_at: Instant,
}

impl TryFrom<Row> for Channel {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            workspace_id: row.workspace_id,
            id: row.id,
            network: row.network,
            remote_id: row.remote_id,
            handle: row.handle,
            display_name: row.display_name,
            avatar_url: row.avatar_url,
            server: row.server,
            state: row.state,
            trouble: row.trouble.as_deref().map(serde_json::from_str).transpose()?,
            limits: serde_json::from_str(&row.limits)?,
            limits_at: row.limits_at,
            login_ends_at: row.login_ends_at,
            last_success_at: row.last_success_at,
            created_at: row.created_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct CredentialRow {
    pub credential: Option<Vec<u8>>,
    pub credential_expires_at: Option<Instant>,
    pub credential_version: i64,
}

#[derive(FromRow)]
pub(super) struct SealedRow {
    pub workspace_id: WorkspaceId,
    pub id: ChannelId,
    pub handle: String,
    pub credential: Vec<u8>,
    pub credential_version: i64,
}

pub(super) async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Channel>> {
    let rows: Vec<Row> = tx
        .sql_owned(format!(
            "select {COLUMNS} from channels where workspace_id = $1 and state <> 'removed' \
             order by case state when 'needs_login' then 0 else 1 end, lower(handle), id"
        ))
        .bind(workspace)
        .all()
        .await?;
    rows.into_iter().map(Channel::try_from).collect()
}

pub(super) async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Option<Channel>> {
    let row: Option<Row> = tx
        .sql_owned(format!("select {COLUMNS} from channels where workspace_id = $1 and id = $2"))
        .bind(workspace)
        .bind(id)
        .optional()
        .await?;
    row.map(Channel::try_from).transpose()
}

pub(super) async fn by_remote_id(
    tx: &mut Tx,
    workspace: WorkspaceId,
    network: &str,
    remote_id: &str,
) -> Result<Option<Channel>> {
    let row: Option<Row> = tx
        .sql_owned(format!(
            "select {COLUMNS} from channels \
             where workspace_id = $1 and network = $2 and remote_id = $3"
        ))
        .bind(workspace)
        .bind(network.to_owned())
        .bind(remote_id.to_owned())
        .optional()
        .await?;
    row.map(Channel::try_from).transpose()
}

pub(super) async fn credential(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Option<CredentialRow>> {
    Ok(tx
        .sql(
            "select credential, credential_expires_at, credential_version \
             from channels where workspace_id = $1 and id = $2",
        )
        .bind(workspace)
        .bind(id)
        .optional()
        .await?)
}

pub(super) async fn insert(
    tx: &mut Tx,
    channel: &Channel,
    sealed: &[u8],
    expires_at: Option<Instant>,
    now: Instant,
) -> Result<()> {
    tx.sql(
        "insert into channels (workspace_id, id, network, remote_id, handle, display_name, \
         avatar_url, server, state, limits, limits_at, credential, credential_expires_at, \
         created_at, updated_at, login_ends_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)",
    )
    .bind(channel.workspace_id)
    .bind(channel.id)
    .bind(channel.network.clone())
    .bind(channel.remote_id.clone())
    .bind(channel.handle.clone())
    .bind(channel.display_name.clone())
    .bind(channel.avatar_url.clone())
    .bind(channel.server.clone())
    .bind(channel.state.as_str())
    .bind(serde_json::to_string(&channel.limits)?)
    .bind(channel.limits_at)
    .bind(sealed.to_vec())
    .bind(expires_at)
    .bind(now)
    .bind(channel.login_ends_at)
    .execute()
    .await?;
    Ok(())
}

pub(super) async fn reconnect(
    tx: &mut Tx,
    channel: &Channel,
    sealed: &[u8],
    expires_at: Option<Instant>,
    now: Instant,
) -> Result<()> {
    tx.sql(
        "update channels set handle = $3, display_name = $4, avatar_url = $5, server = $6, \
         state = $7, trouble = null, limits = $8, limits_at = $9, credential = $10, \
         credential_expires_at = $11, credential_version = credential_version + 1, \
         updated_at = $12, login_ends_at = $13, login_end_told_at = null \
         where workspace_id = $1 and id = $2",
    )
    .bind(channel.workspace_id)
    .bind(channel.id)
    .bind(channel.handle.clone())
    .bind(channel.display_name.clone())
    .bind(channel.avatar_url.clone())
    .bind(channel.server.clone())
    .bind(channel.state.as_str())
    .bind(serde_json::to_string(&channel.limits)?)
    .bind(channel.limits_at)
    .bind(sealed.to_vec())
    .bind(expires_at)
    .bind(now)
    .bind(channel.login_ends_at)
    .execute()
    .await?;
    Ok(())
}

/// Makes the rows that a worker locks while it writes an attempt for this
/// channel down. They must be there before the first one: a lock on a row
/// that a pause has yet to make would hold nothing.
pub(super) async fn insert_pause_scopes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    network: &str,
    id: ChannelId,
) -> Result<()> {
    let scopes = [
        (format!("channel:{id}"), Some(workspace)),
        (format!("network:{network}"), None),
        (format!("workspace:{workspace}"), Some(workspace)),
    ];
    for (key, of) in scopes {
        tx.sql(
            "insert into pause_scopes (key, workspace_id) values ($1, $2) \
             on conflict (key) do nothing",
        )
        .bind(key)
        .bind(of)
        .execute()
        .await?;
    }
    Ok(())
}

pub(super) async fn set_state(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    state: ChannelState,
    trouble: Option<&Say>,
    now: Instant,
) -> Result<()> {
    tx.sql(
        "update channels set state = $3, trouble = $4, updated_at = $5 \
         where workspace_id = $1 and id = $2",
    )
    .bind(workspace)
    .bind(id)
    .bind(state.as_str())
    .bind(trouble.map(serde_json::to_string).transpose()?)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Marks a channel whose credential of `version` was refused. False if it has
/// another one by now, or none.
pub(super) async fn lose_login(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    version: i64,
    trouble: &Say,
    now: Instant,
) -> Result<bool> {
    let changed = tx
        .sql(
            "update channels set state = 'needs_login', trouble = $4, updated_at = $5 \
             where workspace_id = $1 and id = $2 and credential_version = $3 \
             and state = 'connected'",
        )
        .bind(workspace)
        .bind(id)
        .bind(version)
        .bind(serde_json::to_string(trouble)?)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

pub(super) async fn forget_credential(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<()> {
    tx.sql(
        "update channels set credential = null, credential_expires_at = null, \
         login_ends_at = null, login_end_told_at = null, \
         credential_version = credential_version + 1 where workspace_id = $1 and id = $2",
    )
    .bind(workspace)
    .bind(id)
    .execute()
    .await?;
    Ok(())
}

/// An end of the login that is another than the one before is yet to be announced.
pub(super) async fn save_credential(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    version: i64,
    sealed: &[u8],
    (expires_at, login_ends_at): (Option<Instant>, Option<Instant>),
) -> Result<bool> {
    let changed = tx
        .sql(
            "update channels set credential = $4, credential_expires_at = $5, \
             credential_version = credential_version + 1, login_ends_at = $6, \
             login_end_told_at = case when login_ends_at = $6 then login_end_told_at end \
             where workspace_id = $1 and id = $2 and credential_version = $3",
        )
        .bind(workspace)
        .bind(id)
        .bind(version)
        .bind(sealed.to_vec())
        .bind(expires_at)
        .bind(login_ends_at)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// A login that ends.
#[derive(FromRow)]
pub(super) struct EndingRow {
    pub workspace_id: WorkspaceId,
    pub id: ChannelId,
    pub login_ends_at: Instant,
}

pub(crate) const ANY_ENDING: &str = "select id from channels where login_ends_at <= $1 \
     and login_ends_at is not null and login_end_told_at is null and state = 'connected' limit 1";

/// Whether a login that ends until `until` is yet to be announced.
pub(super) async fn any_ending(tx: &mut Tx, until: Instant) -> Result<bool> {
    let any: Option<ChannelId> = tx.sql(ANY_ENDING).bind(until).scalar_optional().await?;
    Ok(any.is_some())
}

/// Notes that the ends of logins until `until` are announced; those that were not yet.
pub(super) async fn note_ending(
    tx: &mut Tx,
    until: Instant,
    now: Instant,
) -> Result<Vec<EndingRow>> {
    Ok(tx
        .sql(
            "update channels set login_end_told_at = $2 where login_ends_at <= $1 \
             and login_ends_at is not null and login_end_told_at is null and state = 'connected' \
             returning workspace_id, id, login_ends_at",
        )
        .bind(until)
        .bind(now)
        .all()
        .await?)
}

pub(super) async fn note_success(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    now: Instant,
) -> Result<()> {
    tx.sql("update channels set last_success_at = $3 where workspace_id = $1 and id = $2")
        .bind(workspace)
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub(super) async fn take_position(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Option<i64>> {
    Ok(tx
        .sql(
            "update channels set next_position = next_position + 1 \
             where workspace_id = $1 and id = $2 and state <> 'removed' returning next_position",
        )
        .bind(workspace)
        .bind(id)
        .scalar_optional()
        .await?)
}

/// Stored logins in the order of their keys, from after `after` on.
pub(super) async fn sealed(
    tx: &mut Tx,
    after: (WorkspaceId, ChannelId),
    rows: i64,
) -> Result<Vec<SealedRow>> {
    Ok(tx
        .sql(
            "select workspace_id, id, handle, credential, credential_version from channels \
             where (workspace_id, id) > ($1, $2) and credential is not null \
             order by workspace_id, id limit $3",
        )
        .bind(after.0)
        .bind(after.1)
        .bind(rows)
        .all()
        .await?)
}

/// Puts the same login in another seal, unless there is a newer login by now.
/// Whether it did.
pub(super) async fn replace_sealed(tx: &mut Tx, row: &SealedRow, sealed: &[u8]) -> Result<bool> {
    let changed = tx
        .sql(
            "update channels set credential = $4 \
             where workspace_id = $1 and id = $2 and credential_version = $3",
        )
        .bind(row.workspace_id)
        .bind(row.id)
        .bind(row.credential_version)
        .bind(sealed.to_vec())
        .execute()
        .await?;
    Ok(changed == 1)
}

pub(super) async fn handles_without_login(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(tx
        .sql("select handle from channels where state = 'needs_login' order by handle limit 50")
        .scalars()
        .await?)
}

pub(super) async fn some_servers(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(tx
        .sql("select distinct server from channels where state = 'connected' limit 3")
        .scalars()
        .await?)
}
