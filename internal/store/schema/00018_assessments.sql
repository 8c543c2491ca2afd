-- +goose Up
-- Writer: evidence. What a named human concludes in law of an act that a record tells of; elements, parties, conclusion and author sealed
-- with the record's key. Never updated: another replaces it. Kept for ever, unless the child is erased.
create table assessments (
  id       text primary key,
  record   text not null references records (id),
  event    text not null,
  law      text not null,
  standard text not null check (standard in ('indication', 'reasonable-grounds', 'clear-and-convincing', 'beyond-reasonable-doubt')),
  replaces text not null,
  actor    text not null,
  at       bigint not null,
  sealed   bytea not null
);
create index assessments_by_record on assessments (record);
create unique index assessments_replaced on assessments (replaces) where replaces <> '';

-- +goose Down
drop table assessments;
