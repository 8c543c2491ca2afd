-- +goose Up
-- Writer: gazetteer. Lists of places that were read in, as public as the files they come from: not sealed. The newest of a
-- format is the one that is used; the others stay, so that what a map showed can be shown again. Kept for ever.
create table gazetteers (
  id      text primary key,
  format  text not null check (format in ('katotth', 'geonames')),
  digest  bytea not null, -- SHA-256 of the file as received
  amount  bigint not null,
  read_at bigint not null,
  body    bytea not null
);

-- +goose Down
drop table gazetteers;
