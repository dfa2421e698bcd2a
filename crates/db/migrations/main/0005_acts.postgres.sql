-- The one engine that asks networks for changes: what it asks for, and each try.
--
-- Acts and attempts refer to each other. PostgreSQL adds a key to a table that is there,
-- and takes none to one that comes later.
-- Everything else is the same in both files.

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

-- An attempt is written down before its act says that it is open.
alter table acts
  add foreign key (workspace_id, open_attempt) references attempts (workspace_id, id);
