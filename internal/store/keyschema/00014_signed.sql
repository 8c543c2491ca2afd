-- +goose Up
-- Writer: the sequencer, after a checkpoint was committed to the data. The newest checkpoint that this register signed,
-- apart from the data: an older copy of the data put beside these keys is recognised by it. In no backup.
create table signed (
  name text primary key check (name = 'log'),
  size bigint not null,
  root bytea not null
);

-- +goose Down
drop table signed;
