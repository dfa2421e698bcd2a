-- What has been asked with a key of the client's own, so that asking again has
-- no second effect.

create table idempotency_keys (
    -- `token:<id>`, `person:<id>` or `operator`
    caller text not null,
    key text not null,
    -- SHA-256 of what was asked: sealed
    request bytea not null,
    -- what a thing that the request makes is called, whenever it is made
    subject uuid not null,
    -- the process that works on it; nothing once there is an answer
    worker text,
    started_at bigint not null,
    -- the answer's status; nothing before there is an answer
    status integer,
    -- the answer: sealed, because it may show a secret once
    answer bytea,
    expires_at bigint not null,
    primary key (caller, key)
);

create index idempotency_keys_expiry on idempotency_keys (expires_at);
