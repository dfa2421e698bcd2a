//! All SQL about posts.

use std::collections::BTreeMap;

use bellwether_base::{ChannelId, Instant, PersonId, PostId, WorkspaceId};
use bellwether_db::{FromRow, Tx, fragments};
use bellwether_networks::Content;

use super::{Post, PostState};
use crate::Result;

#[derive(FromRow)]
struct Row {
    workspace_id: WorkspaceId,
    id: PostId,
    #[sqlx(try_from = "String")]
    state: PostState,
    revision: i64,
    content: String,
    author_id: Option<PersonId>,
    created_at: Instant,
    updated_at: Instant,
}

#[derive(FromRow)]
struct VersionRow {
    post_id: PostId,
    channel_id: ChannelId,
    content: String,
}

impl Row {
    fn into_post(self, versions: BTreeMap<ChannelId, Content>) -> Result<Post> {
        Ok(Post {
            workspace_id: self.workspace_id,
            id: self.id,
            state: self.state,
            revision: self.revision,
            content: serde_json::from_str(&self.content)?,
            versions,
            author: self.author_id,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

pub(super) async fn insert(tx: &mut Tx, post: &Post) -> Result<()> {
    tx.sql(
        "insert into posts (workspace_id, organization_id, id, state, revision, content, \
         author_id, created_at, updated_at) \
         values ($1, (select organization_id from workspaces where id = $1), $2, $3, $4, $5, $6, \
         $7, $7)",
    )
    .bind(post.workspace_id)
    .bind(post.id)
    .bind(post.state.as_str())
    .bind(post.revision)
    .bind(serde_json::to_string(&post.content)?)
    .bind(post.author)
    .bind(post.created_at)
    .execute()
    .await?;
    insert_versions(tx, post).await
}

pub(super) async fn update(tx: &mut Tx, post: &Post, seen: i64) -> Result<bool> {
    let changed = tx
        .sql(
            "update posts set revision = $4, content = $5, updated_at = $6 \
             where workspace_id = $1 and id = $2 and revision = $3",
        )
        .bind(post.workspace_id)
        .bind(post.id)
        .bind(seen)
        .bind(post.revision)
        .bind(serde_json::to_string(&post.content)?)
        .bind(post.updated_at)
        .execute()
        .await?;
    tx.sql("delete from post_versions where workspace_id = $1 and post_id = $2")
        .bind(post.workspace_id)
        .bind(post.id)
        .execute()
        .await?;
    insert_versions(tx, post).await?;
    Ok(changed == 1)
}

async fn insert_versions(tx: &mut Tx, post: &Post) -> Result<()> {
    for (channel, content) in &post.versions {
        tx.sql(
            "insert into post_versions (workspace_id, post_id, channel_id, content) \
             values ($1, $2, $3, $4)",
        )
        .bind(post.workspace_id)
        .bind(post.id)
        .bind(*channel)
        .bind(serde_json::to_string(content)?)
        .execute()
        .await?;
    }
    Ok(())
}

pub(super) async fn get(tx: &mut Tx, workspace: WorkspaceId, id: PostId) -> Result<Option<Post>> {
    let row: Option<Row> = tx
        .sql(
            "select workspace_id, id, state, revision, content, author_id, created_at, updated_at \
             from posts where workspace_id = $1 and id = $2",
        )
        .bind(workspace)
        .bind(id)
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let versions: Vec<VersionRow> = tx
        .sql(
            "select post_id, channel_id, content from post_versions \
             where workspace_id = $1 and post_id = $2",
        )
        .bind(workspace)
        .bind(id)
        .all()
        .await?;
    let mut by_channel = BTreeMap::new();
    for version in versions {
        by_channel.insert(version.channel_id, serde_json::from_str(&version.content)?);
    }
    Ok(Some(row.into_post(by_channel)?))
}

pub(super) async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: Option<PostId>,
    rows: i64,
) -> Result<Vec<Post>> {
    let before = before.unwrap_or(PostId(bellwether_base::uuid::Uuid::max()));
    let posts: Vec<Row> = tx
        .sql(
            "select workspace_id, id, state, revision, content, author_id, created_at, updated_at \
             from posts where workspace_id = $1 and id < $2 order by id desc limit $3",
        )
        .bind(workspace)
        .bind(before)
        .bind(rows)
        .all()
        .await?;
    let Some(oldest) = posts.last().map(|post| post.id) else { return Ok(Vec::new()) };
    let versions: Vec<VersionRow> = tx
        .sql(
            "select post_id, channel_id, content from post_versions \
             where workspace_id = $1 and post_id >= $2 and post_id < $3",
        )
        .bind(workspace)
        .bind(oldest)
        .bind(before)
        .all()
        .await?;
    let mut by_post: BTreeMap<PostId, BTreeMap<ChannelId, Content>> = BTreeMap::new();
    for version in versions {
        by_post
            .entry(version.post_id)
            .or_default()
            .insert(version.channel_id, serde_json::from_str(&version.content)?);
    }
    posts
        .into_iter()
        .map(|post| {
            let versions = by_post.remove(&post.id).unwrap_or_default();
            post.into_post(versions)
        })
        .collect()
}

/// Nobody else changes the post, or hangs something on it, before this transaction ends.
pub(super) async fn hold(tx: &mut Tx, workspace: WorkspaceId, id: PostId) -> Result<()> {
    let lock = fragments::update_lock(tx.engine());
    tx.sql_owned(format!("select 1 from posts where workspace_id = $1 and id = $2{lock}"))
        .bind(workspace)
        .bind(id)
        .scalar_optional::<i32>()
        .await?;
    Ok(())
}

/// Deletes the post with its versions.
pub(super) async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: PostId) -> Result<()> {
    tx.sql("delete from posts where workspace_id = $1 and id = $2")
        .bind(workspace)
        .bind(id)
        .execute()
        .await?;
    Ok(())
}

pub(super) async fn hold_revision(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: PostId,
) -> Result<Option<i64>> {
    let lock = fragments::share_lock(tx.engine());
    Ok(tx
        .sql_owned(format!("select revision from posts where workspace_id = $1 and id = $2{lock}"))
        .bind(workspace)
        .bind(id)
        .scalar_optional()
        .await?)
}

pub(super) async fn set_state(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: PostId,
    state: PostState,
    now: Instant,
) -> Result<()> {
    tx.sql("update posts set state = $3, updated_at = $4 where workspace_id = $1 and id = $2")
        .bind(workspace)
        .bind(id)
        .bind(state.as_str())
        .bind(now)
        .execute()
        .await?;
    Ok(())
}
