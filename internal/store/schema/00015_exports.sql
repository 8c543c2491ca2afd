-- +goose Up
-- Writer: disclosure. Proof bundles that left the register: about whom, by whom, when, how much; purpose, recipient and the
-- digest of the files sealed. Never updated. Kept for ever.
create table exports (
  id          text primary key,
  kind        text not null check (kind in ('person', 'request', 'exhibit')),
  subject     text not null,
  compartment text not null,
  actor       text not null,
  at          bigint not null,
  items       bigint not null,
  withheld    bigint not null,
  sealed      bytea not null
);
create index exports_by_subject on exports (subject, at);

-- +goose Down
drop table exports;
