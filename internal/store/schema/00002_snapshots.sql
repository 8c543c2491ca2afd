-- +goose Up
-- Writer: review. What a stage keeps of its memory, so that a start need not open every record: derived, sealed with a
-- key of its own, never in a backup, and dropped whenever a key that it may reach past is gone.
create table snapshots (
  stage  text not null,
  part   bigint not null,
  object text not null,   -- its key
  bound  text not null,   -- the largest id of a key when it was written
  keys   bigint not null, -- how many keys there were up to it
  sealed bytea not null,
  primary key (stage, part)
);

-- +goose Down
drop table snapshots;
