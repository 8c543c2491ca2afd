-- +goose Up
-- Writer: casework. Tracing requests: each is a source, and each sought child a record of it. Who asks and the circumstances
-- sealed. Never updated: where a request stands is its last move. Kept for ever.
create table requests (
  id          text primary key,
  compartment text not null,
  source      text not null unique references sources (id),
  actor       text not null,
  at          bigint not null,
  sealed      bytea not null
);
create index requests_by_time on requests (at, id);

-- Writer: casework. The records of the sought children, in the order in which they were told.
create table sought (
  request text not null references requests (id),
  turn    bigint not null,
  record  text not null references records (id),
  primary key (request, turn)
);
create index sought_by_record on sought (record);

-- Writer: casework. What became of a request, in turn; the reason sealed. Never updated. Kept for ever.
create table request_moves (
  id      text primary key,
  request text not null references requests (id),
  turn    bigint not null,
  state   text not null check (state in ('open', 'in-progress', 'proposed', 'verified', 'reunified', 'closed', 'suspended', 'withdrawn')),
  actor   text not null,
  at      bigint not null,
  sealed  bytea not null,
  unique (request, turn)
);

-- Writer: casework. What the inquirer answered about each purpose, in turn; the scope sealed. Never updated: the last answer
-- about a purpose stands. Kept for ever.
create table consents (
  id      text primary key,
  request text not null references requests (id),
  turn    bigint not null,
  purpose text not null check (purpose in ('tracing', 'sharing', 'publishing')),
  answer  text not null check (answer in ('given', 'refused', 'withdrawn')),
  actor   text not null,
  at      bigint not null,
  sealed  bytea not null,
  unique (request, turn)
);

-- +goose Down
drop table consents;
drop table request_moves;
drop table sought;
drop table requests;
