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
