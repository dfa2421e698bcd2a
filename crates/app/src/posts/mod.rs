//! Posts: what the team writes. One idea, a shared content, and a version
//! for each channel where it differs.
//!
//! What is typed is never refused for being too long or unfit: a draft keeps
//! everything, and problems are shown beside it. Only scheduling insists.

mod store;

use std::collections::BTreeMap;

use bellwether_base::{ChannelId, Instant, Page, PageRequest, PersonId, PostId, WorkspaceId};
use bellwether_db::Tx;
use bellwether_db::events::{NewEvent, Scope};
use bellwether_networks::{Content, Limits, Network, Part, Problem};
use serde::{Deserialize, Serialize};

use crate::{App, Caller, Error, Permission, Result, channels, media, workspaces};

/// Where a post is in the team's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// Being written.
    Draft,
    /// Somebody is asked to agree.
    InReview,
    /// Somebody asked for changes.
    ChangesAsked,
    /// Agreed: it may go out.
    Ready,
}

impl PostState {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::ChangesAsked => "changes_asked",
            Self::Ready => "ready",
        }
    }
}

impl TryFrom<String> for PostState {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        [Self::Draft, Self::InReview, Self::ChangesAsked, Self::Ready]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(text)
    }
}

/// A post.
#[derive(Debug, Clone, Serialize)]
pub struct Post {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which.
    pub id: PostId,
    /// Where it is in the team's hands.
    pub state: PostState,
    /// Raised with every change of what goes out.
    pub revision: i64,
    /// What all channels share.
    pub content: Content,
    /// What differs, by channel.
    pub versions: BTreeMap<ChannelId, Content>,
    /// Who wrote it; nobody for a script of the operator's.
    pub author: Option<PersonId>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Post {
    /// What goes out on `channel`.
    pub fn content_for(&self, channel: ChannelId) -> &Content {
        self.versions.get(&channel).unwrap_or(&self.content)
    }
}

/// What somebody wrote.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// What all channels share.
    pub content: Content,
    /// What differs, by channel.
    #[serde(default)]
    pub versions: BTreeMap<ChannelId, Content>,
}

/// Most characters that one part of a draft may hold: far beyond every
/// network, near enough to keep a page usable.
pub const MAX_PART: usize = 100_000;
/// Most parts of a draft.
pub const MAX_PARTS: usize = 100;

/// Begins a post.
pub async fn write(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    written: Written,
) -> Result<Post> {
    let mut tx = app.db.begin().await?;
    let id = PostId::new(&*app.clock, &*app.rng);
    let post = write_in(&mut tx, app, caller, workspace, id, written).await?;
    tx.commit().await?;
    Ok(post)
}

/// Begins the post `id` within a transaction of a slice below.
pub(crate) async fn write_in(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PostId,
    written: Written,
) -> Result<Post> {
    workspaces::access(tx, caller, workspace, Permission::Write).await?;
    let now = app.now();
    let written = settle(tx, workspace, written).await?;
    let post = Post {
        workspace_id: workspace,
        id,
        state: PostState::Draft,
        revision: 1,
        content: written.content,
        versions: written.versions,
        author: caller.person(),
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &post).await?;
    keep_media(app, tx, &post).await?;
    tx.record(event(&post, "post.written", caller));
    Ok(post)
}

/// Changes a post within a transaction of a slice below, which knows what is
/// planned of it: see `publishing::edit`.
pub(crate) async fn edit_in(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PostId,
    seen: i64,
    written: Written,
) -> Result<Post> {
    workspaces::access(tx, caller, workspace, Permission::Write).await?;
    let mut post = find(tx, workspace, id).await?;
    if post.state == PostState::Ready {
        workspaces::access(tx, caller, workspace, Permission::Publish).await?;
    }
    if post.revision != seen {
        return Err(Error::conflict("post-changed-meanwhile"));
    }
    let written = settle(tx, workspace, written).await?;
    post.content = written.content;
    post.versions = written.versions;
    post.revision += 1;
    post.updated_at = app.now();
    if !store::update(tx, &post, seen).await? {
        return Err(Error::conflict("post-changed-meanwhile"));
    }
    keep_media(app, tx, &post).await?;
    tx.record(event(&post, "post.edited", caller));
    Ok(post)
}

/// A post that `caller` may delete, held.
pub(crate) async fn hold_to_delete(
    tx: &mut Tx,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PostId,
) -> Result<Post> {
    workspaces::access(tx, caller, workspace, Permission::Write).await?;
    let post = hold(tx, workspace, id).await?;
    if post.state == PostState::Ready {
        workspaces::access(tx, caller, workspace, Permission::Publish).await?;
    }
    Ok(post)
}

/// Deletes a post on which nothing hangs any more: see `publishing::discard`.
pub(crate) async fn delete_in(tx: &mut Tx, app: &App, caller: &Caller, post: &Post) -> Result<()> {
    let holder = media::Holder { kind: media::HolderKind::Post, id: post.id.0 };
    media::release(app, tx, post.workspace_id, holder).await?;
    store::delete(tx, post.workspace_id, post.id).await?;
    tx.record(event(post, "post.deleted", caller));
    Ok(())
}

/// One post.
pub async fn get(app: &App, caller: &Caller, workspace: WorkspaceId, id: PostId) -> Result<Post> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    find(&mut tx, workspace, id).await
}

/// Posts, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    page: &PageRequest,
) -> Result<Page<Post>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let before = match &page.after {
        None => None,
        Some(cursor) => {
            Some(cursor.decode::<PostId>().ok_or_else(|| Error::invalid("cursor-unknown"))?)
        }
    };
    let rows = store::list(&mut tx, workspace, before, page.rows() + 1).await?;
    Ok(Page::cut(rows, page.rows(), |post| post.id))
}

/// What would go wrong with `content` on each of `channels`, by the networks'
/// own rules. For the composer; the same function decides when scheduling.
pub async fn check(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    written: Written,
    on: &[ChannelId],
) -> Result<Vec<(ChannelId, Vec<Problem>)>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let written = settle(&mut tx, workspace, written).await?;
    let mut found = Vec::new();
    for id in on {
        let channel = channels::find(&mut tx, workspace, *id).await?;
        let network =
            app.registry.network(&channel.network).ok_or_else(|| Error::not_found("network"))?;
        let content = written.versions.get(id).unwrap_or(&written.content);
        found.push((*id, problems(app, &*network, content, &channel.limits)));
    }
    Ok(found)
}

/// What is wrong with `content` on one network: the one function that
/// composer, scheduling and engine share. The choices of other networks are
/// none of its business.
pub(crate) fn problems(
    app: &App,
    network: &dyn Network,
    content: &Content,
    limits: &Limits,
) -> Vec<Problem> {
    network.problems(&app.registry.content_for(network.spec(), content), limits)
}

/// One post if there is one, for slices that have checked the caller.
pub(crate) async fn find_if_any(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: PostId,
) -> Result<Option<Post>> {
    store::get(tx, workspace, id).await
}

/// One post, for slices that have checked the caller.
pub(crate) async fn find(tx: &mut Tx, workspace: WorkspaceId, id: PostId) -> Result<Post> {
    store::get(tx, workspace, id).await?.ok_or_else(|| Error::not_found("post"))
}

/// The same, and nobody else changes or deletes it, or hangs something on it,
/// before this transaction ends.
pub(crate) async fn hold(tx: &mut Tx, workspace: WorkspaceId, id: PostId) -> Result<Post> {
    store::hold(tx, workspace, id).await?;
    find(tx, workspace, id).await
}

/// The post's revision, locked against change until the transaction ends.
pub(crate) async fn hold_revision(tx: &mut Tx, workspace: WorkspaceId, id: PostId) -> Result<i64> {
    store::hold_revision(tx, workspace, id).await?.ok_or_else(|| Error::not_found("post"))
}

/// A ready post is one that may go out.
pub(crate) async fn make_ready(tx: &mut Tx, post: &Post, now: Instant) -> Result<()> {
    store::set_state(tx, post.workspace_id, post.id, PostState::Ready, now).await
}

/// Checks the shape of what was written and fills in what is known of its pictures.
async fn settle(tx: &mut Tx, workspace: WorkspaceId, mut written: Written) -> Result<Written> {
    for content in std::iter::once(&mut written.content).chain(written.versions.values_mut()) {
        if content.parts.is_empty() {
            content.parts.push(Part::default());
        }
        if content.parts.len() > MAX_PARTS {
            return Err(Error::invalid("post-too-many-parts"));
        }
        for part in &mut content.parts {
            if part.text.chars().count() > MAX_PART {
                return Err(Error::invalid("post-part-too-long"));
            }
            part.text = part.text.replace("\r\n", "\n");
            for medium in &mut part.media {
                let known = media::find(tx, workspace, &medium.hash).await?;
                medium.facts = Some(known.facts);
            }
        }
    }
    for channel in written.versions.keys() {
        channels::find(tx, workspace, *channel).await?;
    }
    Ok(written)
}

/// Says which files the post needs, so that they are not collected.
async fn keep_media(app: &App, tx: &mut Tx, post: &Post) -> Result<()> {
    let hashes = std::iter::once(&post.content)
        .chain(post.versions.values())
        .flat_map(|content| &content.parts)
        .flat_map(|part| &part.media)
        .map(|medium| &medium.hash);
    let holder = media::Holder { kind: media::HolderKind::Post, id: post.id.0 };
    media::hold_only(app, tx, post.workspace_id, holder, hashes).await
}

fn event(post: &Post, kind: &'static str, caller: &Caller) -> NewEvent {
    NewEvent {
        scope: Scope::Workspace(post.workspace_id),
        kind,
        subject: Some(("post", post.id.0)),
        actor: caller.actor(),
        data: serde_json::json!({ "revision": post.revision }),
    }
}
