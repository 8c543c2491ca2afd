-- +goose Up
-- Writer: desk. Searches that people keep, to be told when something new arrives: each its owner's alone, what is asked for sealed.
-- Kept until the owner drops it; looked_at moves without an entry.
create table searches (
  id         text primary key,
  owner      text not null references users (id),
  created_at bigint not null,
  looked_at  bigint not null,
  sealed     bytea not null
);
create index searches_by_owner on searches (owner, created_at);

-- +goose Down
drop table searches;
