-- +goose Up
-- Writer: evidence, when a capture is signed and there is none; the cli, for one that follows. Keys that sign web captures made here; the
-- newest signs. The secret half is sealed with a key of its own. Kept for ever: a capture tells no other name of who signed it.
create table capture_keys (
  id     text primary key,
  public bytea not null unique,
  at     bigint not null,
  sealed bytea not null
);

-- +goose Down
drop table capture_keys;
