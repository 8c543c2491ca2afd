-- +goose Up
-- A pair in review: somebody gave an opinion, another person's is awaited. The table is made anew because of the states it allows.
create table pairs_anew (
  id           text primary key,
  left_record  text not null references records (id),
  right_record text not null references records (id),
  weight       double precision not null,
  probability  double precision not null,
  model        text not null,
  state        text not null check (state in ('proposed', 'in-review', 'same', 'different', 'unsure')),
  proposed_at  bigint not null,
  left_in      text not null default 'main',
  right_in     text not null default 'main',
  urgency      double precision not null default -1
);
insert into pairs_anew (id, left_record, right_record, weight, probability, model, state, proposed_at, left_in, right_in, urgency)
select id, left_record, right_record, weight, probability, model, state, proposed_at, left_in, right_in, urgency
from pairs;
drop table pairs;
alter table pairs_anew rename to pairs;
create index pairs_by_state on pairs (state, probability, id);
create index pairs_by_left on pairs (left_record);
create index pairs_by_right on pairs (right_record);
create index pairs_by_urgency on pairs (state, urgency desc, id);
create index pairs_unranked on pairs (id) where urgency < 0;

-- Writer: review. What one person judged of a grave pair, before another has; the reason sealed. It moves nothing. Never changed
-- but for its end: the decision that it led to, or none when its author took it back. Kept for ever.
create table opinions (
  id           text primary key,
  pair         text not null,
  left_record  text not null references records (id),
  right_record text not null references records (id),
  judgement    text not null check (judgement in ('same', 'different', 'unsure')),
  actor        text not null,
  role         text not null,
  at           bigint not null,
  weight       double precision not null,
  model        text not null,
  ended_at     bigint not null,
  decision     text not null,
  sealed       bytea not null
);
create index opinions_waiting on opinions (pair) where ended_at = 0;

-- The opinions that a decision on a grave pair rests on, or settles: their ids.
alter table decisions add column opinions text not null default '';
create index decisions_by_left on decisions (left_record);
create index decisions_by_right on decisions (right_record);

-- +goose Down
drop index decisions_by_right;
drop index decisions_by_left;
alter table decisions drop column opinions;
drop table opinions;
create table pairs_before (
  id           text primary key,
  left_record  text not null references records (id),
  right_record text not null references records (id),
  weight       double precision not null,
  probability  double precision not null,
  model        text not null,
  state        text not null check (state in ('proposed', 'same', 'different', 'unsure')),
  proposed_at  bigint not null,
  left_in      text not null default 'main',
  right_in     text not null default 'main',
  urgency      double precision not null default -1
);
insert into pairs_before (id, left_record, right_record, weight, probability, model, state, proposed_at, left_in, right_in, urgency)
select id, left_record, right_record, weight, probability, model,
  case when state = 'in-review' then 'proposed' else state end, proposed_at, left_in, right_in, urgency
from pairs;
drop table pairs;
alter table pairs_before rename to pairs;
create index pairs_by_state on pairs (state, probability, id);
create index pairs_by_left on pairs (left_record);
create index pairs_by_right on pairs (right_record);
create index pairs_by_urgency on pairs (state, urgency desc, id);
create index pairs_unranked on pairs (id) where urgency < 0;
