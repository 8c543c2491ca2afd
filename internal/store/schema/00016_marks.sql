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

-- +goose Down
drop index records_by_supersedes;
drop table marks;
