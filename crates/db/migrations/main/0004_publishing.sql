-- Channels, posts, and the one engine that asks networks for changes.
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
  -- The position of the next delivery in this channel's order.
  next_position bigint not null default 0,
  last_success_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, id),
  unique (workspace_id, network, remote_id)
);

create table posts (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  -- draft | in_review | changes_asked | ready
  state text not null,
  -- Raised with every change of what goes out.
  revision bigint not null,
  content text not null,
  author_id uuid,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, id)
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
  post_id uuid not null,
  channel_id uuid not null,
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
  foreign key (workspace_id, channel_id) references channels (workspace_id, id)
);

create index deliveries_of_post on deliveries (workspace_id, post_id);
create index deliveries_let_through on deliveries (workspace_id) where is_let_through;
create index deliveries_planned on deliveries (workspace_id, planned_at desc, id desc);

create table acts (
  workspace_id uuid not null,
  id uuid not null,
  channel_id uuid not null,
  -- Absent for what concerns the channel itself (a token refresh).
  delivery_id uuid,
  -- publish | delete | refresh
  kind text not null,
  -- Which part of the thread, or which of the posts to take down.
  part integer not null default 0,
  -- waiting | working | processing | checking | done | refused | unknown | held | missed | cancelled
  state text not null,
  held_reason text,
  -- The order on the channel.
  due_at bigint not null,
  position bigint not null,
  -- When the engine acts next; nothing when it will not by itself.
  next_at bigint,
  lease_owner text,
  -- Raised with every claim and every change by a person: a stale worker writes nothing.
  fence bigint not null default 0,
  -- The attempt whose end is not known yet.
  open_attempt uuid,
  -- Attempts so far, and failures in a row that count for the delay.
  attempts integer not null default 0,
  failures integer not null default 0,
  looks integer not null default 0,
  -- The request, rendered once, and the revision that it was rendered from.
  frozen text,
  frozen_revision bigint,
  prepared text,
  ticket text,
  -- What is taken down (JSON remote post).
  target text,
  receipt text,
  -- The start of the attempt that is in doubt.
  doubt_since bigint,
  -- What went wrong last (JSON failure).
  failure text,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, channel_id) references channels (workspace_id, id),
  foreign key (workspace_id, delivery_id) references deliveries (workspace_id, id)
);

-- What is due, over all workspaces: the engine's own view.
create index acts_due on acts (next_at, position) where next_at is not null;
-- What stands before an act on its channel.
create index acts_lane on acts (workspace_id, channel_id, due_at, position) where next_at is not null;
create index acts_of_delivery on acts (workspace_id, delivery_id, kind, part);
create index acts_open on acts (workspace_id, channel_id) where open_attempt is not null;
create index acts_held on acts (workspace_id, channel_id, held_reason) where held_reason is not null;
-- One token refresh at a time.
create unique index acts_one_refresh on acts (workspace_id, channel_id) where kind = 'refresh' and next_at is not null;

-- Written before any call that can change something. Rows are only ever added.
create table attempts (
  workspace_id uuid not null,
  id uuid not null,
  act_id uuid not null,
  number integer not null,
  -- prepare | submit | delete | refresh | reopen
  step text not null,
  -- A harmless one may be repeated without looking first.
  is_harmless boolean not null,
  fence bigint not null,
  worker text not null,
  epoch bigint not null,
  started_at bigint not null,
  -- The request is not begun after this.
  send_by bigint not null,
  -- Milliseconds that the request may take.
  timeout bigint not null,
  -- The newest own post just before, where the network has only lists.
  newest_before text,
  primary key (workspace_id, id),
  unique (workspace_id, act_id, number),
  foreign key (workspace_id, act_id) references acts (workspace_id, id)
);

-- How attempts ended, and what looking showed. Rows are only ever added.
create table attempt_results (
  workspace_id uuid not null,
  attempt_id uuid not null,
  number integer not null,
  at bigint not null,
  -- done | pending | failed | lost | found | absent | not_seen | cannot_tell | by_hand
  outcome text not null,
  failure text,
  primary key (workspace_id, attempt_id, number),
  foreign key (workspace_id, attempt_id) references attempts (workspace_id, id)
);

-- What is stopped. A worker share-locks the rows of its scopes while it writes an attempt down.
create table pause_scopes (
  -- installation | network:<name> | workspace:<id> | channel:<id>
  key text not null primary key,
  workspace_id uuid references workspaces (id),
  -- 0 nothing, 1 planned posts, 2 planned posts and replies, 3 everything
  level integer not null default 0,
  paused_at bigint,
  paused_by uuid,
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
