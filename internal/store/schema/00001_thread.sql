-- +goose Up
-- The thread: entries and their ledger, sources, records, pairs, decisions, persons, figures, users.
-- One text for SQLite and PostgreSQL. Plain columns hold ids, times, sources, compartments, states and numbers only:
-- every word about a person is inside a column called sealed. Times are unix microseconds, UTC.

-- Writer: init. What this store is: its log's name and keys. Kept for ever.
create table settings (
  name  text primary key,
  value bytea not null
);

-- Writer: every Put, through one function. What was done, by whom, when; the payload sealed. Kept for ever; erasing a
-- child destroys the key, not the row.
create table entries (
  id     text primary key,
  type   text not null,
  object text not null,
  key    text not null,
  actor  text not null,
  role   text not null,
  at     bigint not null,
  sealed bytea not null
);
create index entries_by_object on entries (object, type);

-- Writer: every Put, in the entry's own transaction; emptied by the sequencer.
create table pending (
  entry text primary key references entries (id),
  leaf  bytea not null
);

-- Writer: the sequencer. The log: leaf n of the Merkle tree. Kept for ever.
create table leaves (
  idx   bigint primary key,
  entry text not null unique references entries (id),
  leaf  bytea not null
);

-- Writer: the sequencer. Stored hashes of the tree in the order of x/mod/sumdb/tlog. Kept for ever.
create table hashes (
  pos  bigint primary key,
  hash bytea not null
);

-- Writer: the sequencer. Signed notes over a size of the tree. Kept for ever.
create table checkpoints (
  size bigint primary key,
  note bytea not null,
  at   bigint not null
);

-- Writer: every read of a child's data, before the data is returned. Kept as long as the register.
create table audit (
  id     text primary key,
  at     bigint not null,
  actor  text not null,
  role   text not null,
  action text not null,
  object text not null,
  amount bigint not null
);
create index audit_by_object on audit (object, at);

-- Writer: each stage its own row. How far the stage has read the log; for intake, how many batches of an edition it wrote.
create table cursors (
  stage    text primary key,
  position bigint not null
);

-- Writer: intake. Who told us. Kept for ever.
create table sources (
  id          text primary key,
  fingerprint bytea not null unique,
  created_at  bigint not null,
  sealed      bytea not null
);

-- Writer: intake. One dated delivery of a source. Kept for ever.
create table editions (
  id          text primary key,
  source      text not null references sources (id),
  fingerprint bytea not null,
  state       text not null check (state in ('reading', 'complete')),
  received_at bigint not null,
  total       bigint not null,
  added       bigint not null,
  changed     bigint not null,
  unchanged   bigint not null,
  removed     bigint not null,
  quarantined bigint not null,
  sealed      bytea not null,
  unique (source, fingerprint)
);

-- Writer: intake. What one source said about one child, as received. Never updated.
create table records (
  id          text primary key,
  source      text not null references sources (id),
  edition     text not null references editions (id),
  line        bigint not null,
  state       text not null check (state in ('accepted', 'quarantined')),
  reason      text not null,
  supersedes  text not null,
  compartment text not null,
  received_at bigint not null,
  sealed      bytea not null
);
create index records_by_source on records (source, state);

-- Writer: intake. The newest state of each row of a source's list, so that an edition can be compared with the one
-- before it. Derived from records and changes.
create table current_rows (
  source    text not null references sources (id),
  row_key   bytea not null,
  content   bytea not null,
  record    text not null references records (id),
  last_seen text not null references editions (id),
  state     text not null check (state in ('listed', 'removed')),
  primary key (source, row_key)
);

-- Writer: intake. What an edition did to a row of its source. Kept for ever.
create table changes (
  edition  text not null references editions (id),
  record   text not null references records (id),
  kind     text not null check (kind in ('added', 'removed', 'changed')),
  previous text not null,
  at       bigint not null,
  primary key (edition, record, kind)
);
create index changes_by_record on changes (record);

-- Writer: review. The model that weighed. Sealed because term frequencies are made of names. Kept for ever.
create table models (
  id         text primary key,
  created_at bigint not null,
  sealed     bytea not null
);

-- Writer: review. Two records proposed by blocking. Derived, except for the state, which follows the decisions.
create table pairs (
  id           text primary key,
  left_record  text not null references records (id),
  right_record text not null references records (id),
  weight       double precision not null,
  probability  double precision not null,
  model        text not null,
  state        text not null check (state in ('proposed', 'same', 'different', 'unsure')),
  proposed_at  bigint not null
);
create index pairs_by_state on pairs (state, probability, id);
create index pairs_by_left on pairs (left_record);
create index pairs_by_right on pairs (right_record);

-- Writer: review. The judgement on a pair. Never changed but for its revocation. Kept for ever.
create table decisions (
  id           text primary key,
  pair         text not null,
  left_record  text not null references records (id),
  right_record text not null references records (id),
  judgement    text not null check (judgement in ('same', 'different', 'unsure')),
  basis        text not null,
  actor        text not null,
  role         text not null,
  at           bigint not null,
  weight       double precision not null,
  model        text not null,
  revoked_at   bigint not null,
  revoked_by   text not null,
  revoked_role text not null,
  sealed       bytea not null,
  revocation   bytea not null
);
create index decisions_by_pair on decisions (pair);

-- Writer: registry. Derived: empty it, run the pipeline, get the same.
create table persons (
  id     text primary key,
  since  bigint not null,
  amount bigint not null
);

-- Writer: registry. Derived.
create table memberships (
  record text primary key references records (id),
  person text not null references persons (id)
);
create index memberships_by_person on memberships (person);

-- Writer: registry. Derived. Both directions are rows.
create table siblings (
  person  text not null references persons (id),
  sibling text not null references persons (id),
  primary key (person, sibling)
);

-- Writer: registry. Derived: what happened, when, who said so; the words stay in the record.
create table events (
  id        text primary key,
  record    text not null references records (id),
  type      text not null,
  day_from  bigint not null,
  day_to    bigint not null,
  precision text not null,
  known_at  bigint not null
);
create index events_by_record on events (record);

-- Writer: statistics. Numbers others published. Kept for ever.
create table figures (
  id          text primary key,
  fingerprint bytea not null unique,
  known_at    bigint not null,
  sealed      bytea not null
);

-- Writer: desk and cli. Who may sign in. Kept as long as their acts are.
create table users (
  id          text primary key,
  fingerprint bytea not null unique,
  role        text not null,
  state       text not null check (state in ('active', 'disabled')),
  password    text not null,
  created_at  bigint not null,
  sealed      bytea not null
);

-- Writer: desk and cli. One-time links, by the hash of their token. Used and expired ones are deleted.
create table invitations (
  token   text primary key,
  role    text not null,
  expires bigint not null
);

-- Writer: desk. Sessions, by the hash of their token. Deleted at sign-out and when they expire.
create table sessions (
  token  text primary key,
  data   bytea not null,
  expiry bigint not null
);
create index sessions_by_expiry on sessions (expiry);

-- +goose Down
drop table sessions;
drop table invitations;
drop table users;
drop table figures;
drop table events;
drop table siblings;
drop table memberships;
drop table persons;
drop table decisions;
drop table pairs;
drop table models;
drop table changes;
drop table current_rows;
drop table records;
drop table editions;
drop table sources;
drop table cursors;
drop table audit;
drop table checkpoints;
drop table hashes;
drop table leaves;
drop table pending;
drop table entries;
drop table settings;
