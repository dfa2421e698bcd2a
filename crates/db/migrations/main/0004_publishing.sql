-- Channels, posts, where and when they go out, and what is stopped.
-- Runs unchanged on SQLite and PostgreSQL.

create table channels (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  network text not null,
  -- The network's own id of the profile: never changes, unlike the handle.
  remote_id text not null,
  handle text not null,
  display_name text not null,
  avatar_url text,
  server text not null,
  -- connected | needs_login | removed
  state text not null,
  -- Why it needs a login: a message (JSON).
  trouble text,
  limits text not null,
  limits_at bigint not null,
  -- Sealed.
  credential bytea,
  credential_expires_at bigint,
  -- Raised with every stored credential: a refresh that lost its lease cannot overwrite a newer one.
  credential_version bigint not null default 1,
  -- When the login ends for good, and when that was announced.
  login_ends_at bigint,
  login_end_told_at bigint,
  -- The position of the next delivery in this channel's order.
  next_position bigint not null default 0,
  last_success_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, id),
  unique (workspace_id, network, remote_id)
);

-- Logins whose end is yet to be announced, over all workspaces.
create index channels_login_ends on channels (login_ends_at)
  where login_ends_at is not null and login_end_told_at is null;

create table posts (
  workspace_id uuid not null,
  id uuid not null,
  -- The workspace's own: a post cannot name another organization's person.
  organization_id uuid not null,
  -- draft | in_review | changes_asked | ready
  state text not null,
  -- Raised with every change of what goes out.
  revision bigint not null,
  content text not null,
  -- Nobody where a script of the operator's wrote it.
  author_id uuid,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, id),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id),
  foreign key (organization_id, author_id) references people (organization_id, id)
);

create index posts_newest on posts (workspace_id, id desc);

create table post_versions (
  workspace_id uuid not null,
  post_id uuid not null,
  channel_id uuid not null,
  content text not null,
  primary key (workspace_id, post_id, channel_id),
  foreign key (workspace_id, post_id) references posts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, channel_id) references channels (workspace_id, id)
);

create table deliveries (
  workspace_id uuid not null,
  id uuid not null,
  -- The workspace's own, as in posts.
  organization_id uuid not null,
  post_id uuid not null,
  channel_id uuid not null,
  -- How many parts it had when it was planned: about what it takes of a quota.
  parts bigint not null,
  state text not null,
  -- Why it is held: paused | login | look_first
  held_reason text,
  -- The moment planned, and the plan that it follows from.
  planned_at bigint not null,
  planned_local text not null,
  planned_zone text not null,
  -- Grace counts from here: the planned time, until a person says "send it now".
  grace_from bigint not null,
  -- Let through a pause by an owner or admin.
  is_let_through boolean not null default false,
  -- When a person was told that this needs one, and what (JSON message).
  told_at bigint,
  say text,
  live_at bigint,
  created_by uuid,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, post_id) references posts (workspace_id, id),
  foreign key (workspace_id, channel_id) references channels (workspace_id, id),
  foreign key (organization_id, workspace_id) references workspaces (organization_id, id),
  foreign key (organization_id, created_by) references people (organization_id, id)
);

create index deliveries_of_post on deliveries (workspace_id, post_id);
create index deliveries_let_through on deliveries (workspace_id) where is_let_through;
create index deliveries_planned on deliveries (workspace_id, planned_at desc, id desc);
-- How much is planned around a moment.
create index deliveries_around on deliveries (workspace_id, channel_id, planned_at);

-- What is stopped. A worker share-locks the rows of its scopes while it writes an attempt down.
create table pause_scopes (
  -- installation | network:<name> | workspace:<id> | channel:<id>
  key text not null primary key,
  workspace_id uuid references workspaces (id),
  -- 0 nothing, 1 planned posts, 2 planned posts and replies, 3 everything
  level integer not null default 0,
  paused_at bigint,
  -- Everybody's scopes belong to no organization, so by the id alone.
  paused_by uuid references people (id),
  -- Since when nothing can go out any more.
  acknowledged_at bigint,
  reason text
);

insert into pause_scopes (key) values ('installation');

-- What networks let a channel call.
create table quotas (
  workspace_id uuid not null,
  channel_id uuid not null,
  bucket text not null,
  quota bigint not null,
  remaining bigint not null,
  resets_at bigint not null,
  read_at bigint not null,
  primary key (workspace_id, channel_id, bucket),
  foreign key (workspace_id, channel_id) references channels (workspace_id, id)
);

-- The processes that may claim work.
create table workers (
  id text not null primary key,
  started_at bigint not null,
  seen_at bigint not null,
  -- Milliseconds that its clock is ahead of the database's.
  clock_offset bigint not null
);
