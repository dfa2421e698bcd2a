-- Calls made to networks, for whoever asks what went out and what came back.
-- Never a header, a query string or a body: those carry secrets.

create table network_calls (
    id uuid not null primary key,
    workspace_id uuid,
    channel_id uuid,
    at bigint not null,
    method text not null,
    host text not null,
    path text not null,
    status integer,
    millis bigint,
    trouble text
);

create index network_calls_channel on network_calls (workspace_id, channel_id, at desc);

create index network_calls_at on network_calls (at);
