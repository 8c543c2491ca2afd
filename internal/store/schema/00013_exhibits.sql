-- +goose Up
-- Writer: evidence. Pieces of evidence: hashes, media type and the intake record sealed with a key of the exhibit's own, and
-- so are its bytes, which lie under a random name outside the database. What is made of an exhibit names its parent; of an
-- original the parent is empty, and so are request and record where there is none. Never updated. Kept for ever.
create table exhibits (
  id          text primary key,
  compartment text not null,
  class       text not null check (class in ('identity', 'location', 'contact', 'source', 'health', 'evidence')),
  kind        text not null,
  parent      text not null,
  request     text not null,
  record      text not null,
  blob        text not null unique,
  size        bigint not null check (size >= 0),
  actor       text not null,
  at          bigint not null,
  sealed      bytea not null
);
create index exhibits_by_time on exhibits (at, id);
create index exhibits_by_parent on exhibits (parent) where parent <> '';
create index exhibits_by_request on exhibits (request) where request <> '';
create index exhibits_by_record on exhibits (record) where record <> '';

-- Writer: evidence. The chain of custody of an exhibit, in turn; purpose, authority, hashes and who else had a part sealed
-- with the exhibit's key. Appended to, never updated. Kept for ever.
create table custody (
  id      text primary key,
  exhibit text not null references exhibits (id),
  turn    bigint not null,
  act     text not null check (act in ('collected', 'received', 'transferred', 'accessed', 'copied', 'exported', 'verified', 'sealed', 'held', 'released')),
  actor   text not null,
  role    text not null,
  at      bigint not null,
  sealed  bytea not null,
  unique (exhibit, turn)
);

-- Writer: evidence. What a place in an exhibit says of a claim of a record; place, words and grades sealed with the
-- exhibit's key. Never updated: a citation that is withdrawn is named by one of stance 'withdrawn'. Kept for ever.
create table citations (
  id        text primary key,
  exhibit   text not null references exhibits (id),
  record    text not null references records (id),
  stance    text not null check (stance in ('supports', 'contradicts', 'exculpates', 'withdrawn')),
  withdraws text not null,
  actor     text not null,
  at        bigint not null,
  sealed    bytea not null
);
create index citations_by_exhibit on citations (exhibit);
create index citations_by_record on citations (record);
create unique index citations_withdrawn on citations (withdraws) where withdraws <> '';

-- +goose Down
drop table citations;
drop table custody;
drop table exhibits;
