-- What every capability stands on: who owns the data, what happened to it,
-- and how this installation is doing.

create table organizations (
    id uuid not null primary key,
    name text not null,
    created_at bigint not null
);

create table workspaces (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    name text not null,
    time_zone text not null,
    created_at bigint not null,
    unique (organization_id, id)
);

-- The newest number given out per scope. Apart from the workspaces, because a
-- row that every commit changes must not be one that others hold share locks on.
create table event_sequences (
    scope_id uuid not null primary key,
    last_seq bigint not null
);

create table events (
    scope_id uuid not null,
    seq bigint not null,
    scope text not null check (scope in ('organization', 'workspace')),
    at bigint not null,
    kind text not null,
    subject_kind text,
    subject_id uuid,
    actor_kind text not null,
    actor_id uuid,
    data text not null,
    primary key (scope_id, seq)
);

create index events_subject on events (scope_id, subject_kind, subject_id, seq);

-- One row, made when the installation first starts.
create table installation (
    id integer not null primary key check (id = 1),
    epoch bigint not null default 1,
    heartbeat_at bigint,
    dispatch_stop text,
    created_at bigint not null
);
