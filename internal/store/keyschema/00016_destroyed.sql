-- +goose Up
-- Writer: erasure. Keys that were destroyed because a child was erased: ids and times alone, and a seal that only who holds the root
-- secret can make. A restore applies it, so that an older copy of the keys brings nobody back. Kept for ever.
create table destroyed (
  id      text primary key,
  erasure text not null,
  at      bigint not null,
  seal    bytea not null
);

-- +goose Down
drop table destroyed;
