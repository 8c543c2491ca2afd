-- +goose Up
-- Writer: desk. What was laid upon a record after it came: its source took it back, whole or one claim; its processing is restricted;
-- the law holds it. Words sealed with the record's key, so that they go with it. Never changed but for its lifting. Kept for ever.
create table marks (
  id        text primary key,
  record    text not null references records (id),
  kind      text not null check (kind in ('retraction', 'restriction', 'hold')),
  claim     bigint not null, -- -1: the whole record
  ground    text not null,
  actor     text not null,
  at        bigint not null,
  lifted_by text not null,
  lifted_at bigint not null,
  sealed    bytea not null,
  lifting   bytea not null
);
create index marks_by_record on marks (record);
create index marks_standing on marks (kind, record) where lifted_at = 0;
-- The later versions of a row, which a mark on one of them is laid upon as well.
create index records_by_supersedes on records (supersedes) where supersedes <> '';

-- Writer: erasure. Requests to erase a child, and the records they take; who asks sealed with the first record, and gone with it.
-- What became of a request is in its acts. Kept for ever.
create table erasures (
  id     text primary key,
  person text not null,
  ground text not null check (ground in ('unneeded', 'consent', 'objection', 'unlawful')),
  actor  text not null,
  at     bigint not null,
  sealed bytea not null
);
create table erasure_records (
  erasure     text not null references erasures (id),
  record      text not null,
  compartment text not null,
  primary key (erasure, record)
);
create index erasure_records_by_record on erasure_records (record);

-- Writer: erasure. What was done about a request, in turn; words sealed with the first record. Never updated. Kept for ever.
create table erasure_acts (
  id      text primary key,
  erasure text not null references erasures (id),
  turn    bigint not null,
  act     text not null check (act in ('checked', 'approved', 'refused', 'begun', 'done')),
  actor   text not null,
  at      bigint not null,
  sealed  bytea not null,
  unique (erasure, turn)
);

-- Writer: erasure. What was erased: the ids of the objects, whose keys are destroyed. Kept for ever.
create table erased (
  object  text primary key,
  erasure text not null,
  at      bigint not null
);

-- +goose Down
drop table erased;
drop table erasure_acts;
drop table erasure_records;
drop table erasures;
drop index records_by_supersedes;
drop table marks;
