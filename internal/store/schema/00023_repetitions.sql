-- +goose Up
-- Writer: desk. That a source repeats another, wholly or from one of its editions on, as a supervisor found out; the words sealed with the
-- key of the source that repeats. Never changed but for its end. Kept for ever.
create table repetitions (
  id       text primary key,
  source   text not null references sources (id),
  original text not null references sources (id),
  since    text not null, -- an edition of the source, and when it was received; '' and 0: wholly
  since_at bigint not null,
  actor    text not null,
  at       bigint not null,
  ended_by text not null,
  ended_at bigint not null,
  sealed   bytea not null,
  ending   bytea not null,
  check (source <> original)
);
create unique index repetitions_standing on repetitions (source) where ended_at = 0;
create index repetitions_by_original on repetitions (original);

-- +goose Down
drop table repetitions;
