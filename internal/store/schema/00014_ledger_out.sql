-- +goose Up
-- The log given to others: whose word for it counts, and what they said. Nothing here is about a child and nothing is
-- sealed, but every row has its entry.

-- Writer: cli. Whose word counts, as the operator says: the policy with its witnesses, the authorities of time-stamps,
-- the identity that signs successors of the log's key. The newest of a kind counts. Kept for ever.
create table trusts (
  id   text primary key,
  kind text not null check (kind in ('policy', 'authorities', 'identity')),
  at   bigint not null,
  body bytea not null
);

-- Writer: the sequencer. Checkpoints that were signed at a fixed time over a padded log, to be given out. Kept for ever.
create table publications (
  id   text primary key,
  size bigint not null unique references checkpoints (size),
  at   bigint not null
);

-- Writer: witness. What witnesses answered: one signature line of c2sp.org/tlog-cosignature. Kept for ever.
create table cosignatures (
  id      text primary key,
  size    bigint not null references checkpoints (size),
  witness text not null,
  line    bytea not null,
  at      bigint not null,
  unique (size, witness)
);

-- Writer: stamp. What authorities of time-stamps answered: a token of RFC 3161 over a checkpoint. Kept for ever.
create table stamps (
  id        text primary key,
  size      bigint not null references checkpoints (size),
  authority text not null,
  token     bytea not null,
  at        bigint not null,
  unique (size, authority)
);

-- Writer: cli. The log's keys that came after the first, each with the statement of the identity and the checkpoint that
-- both keys signed. Kept for ever.
create table successions (
  id        text primary key,
  size      bigint not null,
  verifier  text not null,
  statement bytea not null,
  handover  bytea not null,
  at        bigint not null
);

-- Writer: whoever notices, through one function. What is wrong with the log or the clock, until somebody says why not.
-- Kept for ever.
create table alarms (
  id        text primary key,
  kind      text not null check (kind in ('rollback', 'fork', 'edited', 'clock')),
  mark      bigint not null,
  at        bigint not null,
  closed_at bigint not null,
  closed_by text not null,
  reason    text not null
);

-- +goose Down
drop table alarms;
drop table successions;
drop table stamps;
drop table cosignatures;
drop table publications;
drop table trusts;
