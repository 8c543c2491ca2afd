-- +goose Up
-- A dossier is an export with a version. The table is made anew, because a check cannot be widened in SQLite; its writer, meaning and
-- retention are as before.
create table exports_new (
  id          text primary key,
  kind        text not null check (kind in ('person', 'request', 'exhibit', 'dossier')),
  subject     text not null,
  compartment text not null,
  actor       text not null,
  at          bigint not null,
  items       bigint not null,
  withheld    bigint not null,
  sealed      bytea not null,
  version     bigint not null default 0
);
insert into exports_new (id, kind, subject, compartment, actor, at, items, withheld, sealed)
select id, kind, subject, compartment, actor, at, items, withheld, sealed
from exports;
drop table exports;
alter table exports_new rename to exports;
create index exports_by_subject on exports (subject, at);
create unique index exports_by_version on exports (subject, version) where kind = 'dossier';

-- +goose Down
create table exports_old (
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
insert into exports_old (id, kind, subject, compartment, actor, at, items, withheld, sealed)
select id, kind, subject, compartment, actor, at, items, withheld, sealed
from exports
where kind <> 'dossier';
drop table exports;
alter table exports_old rename to exports;
create index exports_by_subject on exports (subject, at);
