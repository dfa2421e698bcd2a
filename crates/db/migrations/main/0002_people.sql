-- People, what they may do, and how they prove who they are.

create table people (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    -- trimmed and lower-case: what somebody types to sign in
    email text not null,
    name text not null,
    -- argon2id in PHC form, with its parameters
    password_hash text not null,
    language text not null,
    -- what they may do in every workspace; nothing where only `members` says
    role text,
    is_active boolean not null,
    created_at bigint not null,
    unique (organization_id, email),
    -- for keys of other tables, so that they cannot name another organization's person
    unique (organization_id, id)
);

create index people_email on people (email);

create table members (
    organization_id uuid not null,
    workspace_id uuid not null,
    person_id uuid not null,
    role text not null,
    created_at bigint not null,
    primary key (workspace_id, person_id),
    foreign key (organization_id, workspace_id) references workspaces (organization_id, id),
    foreign key (organization_id, person_id) references people (organization_id, id)
);

create index members_person on members (person_id, workspace_id);

create table sessions (
    id uuid not null primary key,
    person_id uuid not null references people (id),
    -- SHA-256 of what the browser holds
    token_hash bytea not null unique,
    user_agent text not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);

create index sessions_person on sessions (person_id, id);
create index sessions_expires on sessions (expires_at);

create table tokens (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id),
    -- good there only; in every workspace when absent
    workspace_id uuid,
    -- whose permissions bound it; the operator's own when absent
    created_by uuid,
    name text not null,
    -- its first characters, by which people tell tokens apart
    prefix text not null,
    -- SHA-256 of the whole token
    secret_hash bytea not null unique,
    -- names of permissions, parted by spaces
    scopes text not null,
    created_at bigint not null,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint,
    foreign key (organization_id, workspace_id) references workspaces (organization_id, id),
    foreign key (organization_id, created_by) references people (organization_id, id)
);

create index tokens_organization on tokens (organization_id, id);
create index tokens_workspace on tokens (workspace_id, id);

-- One-time links. Used ones stay, so that a second use can be told what happened.
create table setup_links (
    -- SHA-256 of the token in the link
    token_hash bytea not null primary key,
    -- `first_owner`
    purpose text not null,
    created_at bigint not null,
    used_at bigint
);

-- However many links were made and whoever comes at once: one is used.
create unique index setup_links_used_once on setup_links (purpose) where used_at is not null;

-- Tries to sign in that failed or are still under way. In the database, and
-- not in a process, because the limit holds across all of them.
create table sign_in_tries (
    -- what is counted: the hash of an e-mail address, or a network address
    key text not null,
    id uuid not null,
    at bigint not null,
    primary key (key, id)
);

create index sign_in_tries_at on sign_in_tries (at);
