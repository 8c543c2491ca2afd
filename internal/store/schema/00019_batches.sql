-- +goose Up
-- Writer: review. A rule that one person stated over many pairs, in one compartment; the reason sealed. Never updated: what became
-- of it is in its acts. Kept for ever.
create table batches (
  id          text primary key,
  compartment text not null,
  judgement   text not null check (judgement in ('same', 'different')),
  bound       double precision not null,
  told        text not null,
  bears       bigint not null,
  actor       text not null,
  role        text not null,
  at          bigint not null,
  seed        text not null,
  amount      bigint not null,
  sample      bigint not null,
  sealed      bytea not null
);

-- Writer: review. The steps of a batch, in turn: applied, done, revoked, undone, discarded; the words sealed with the batch. Never
-- updated. Kept for ever.
create table batch_acts (
  batch  text not null references batches (id),
  turn   bigint not null,
  act    text not null check (act in ('apply', 'done', 'revoke', 'undone', 'discard')),
  actor  text not null,
  role   text not null,
  at     bigint not null,
  sealed bytea not null,
  primary key (batch, turn)
);

-- Writer: review. The pairs that a rule took when it was stated, which of them are the sample, and what became of each. A pair
-- of what was erased keeps its line: it holds ids alone.
create table batch_pairs (
  batch    text not null references batches (id),
  pair     text not null,
  drawn    bigint not null,
  outcome  text not null check (outcome in ('', 'decided', 'judged', 'grave', 'away', 'changed', 'apart', 'taken', 'kept')),
  decision text not null,
  primary key (batch, pair)
);
create index batch_pairs_by_outcome on batch_pairs (batch, outcome, pair);
create index batch_pairs_drawn on batch_pairs (pair) where drawn >= 0;

-- The batch that a decision belongs to.
alter table decisions add column batch text not null default '';

-- +goose Down
alter table decisions drop column batch;
drop table batch_pairs;
drop table batch_acts;
drop table batches;
