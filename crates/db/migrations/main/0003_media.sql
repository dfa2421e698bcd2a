-- Pictures, addressed by what is in them.

create table media (
    workspace_id uuid not null,
    -- the workspace's own: a medium cannot name another organization's person
    organization_id uuid not null,
    -- SHA-256 of the bytes, in lower-case hexadecimal
    hash text not null,
    mime text not null,
    bytes bigint not null,
    -- pixels, after orientation
    width bigint not null,
    height bigint not null,
    -- the file's name when it first came
    name text not null,
    created_at bigint not null,
    -- nothing where no person was behind it
    created_by uuid,
    -- last stored, held or let go; collecting counts from here
    touched_at bigint not null,
    -- set while it is being removed: gone for everybody but a new upload
    doomed_at bigint,
    primary key (workspace_id, hash),
    foreign key (organization_id, workspace_id) references workspaces (organization_id, id),
    foreign key (organization_id, created_by) references people (organization_id, id)
);

create index media_newest on media (workspace_id, created_at, hash);
create index media_touched on media (touched_at);
create index media_doomed on media (doomed_at) where doomed_at is not null;

-- Who needs a medium. While a row is here, the medium stays.
create table media_holds (
    workspace_id uuid not null,
    hash text not null,
    -- `post`, `frozen`, `undo`, `backup`
    holder_kind text not null,
    holder_id uuid not null,
    primary key (workspace_id, hash, holder_kind, holder_id),
    foreign key (workspace_id, hash) references media (workspace_id, hash)
);

create index media_holds_holder on media_holds (workspace_id, holder_kind, holder_id);
