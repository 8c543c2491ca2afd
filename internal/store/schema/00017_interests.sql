-- +goose Up
-- Who added a sought child after the request was opened, and when; of those that it was opened with neither is said here.
alter table sought add column actor text not null default '';
alter table sought add column at bigint not null default 0;

-- Writer: casework. What was determined to be in the best interests of a sought child, in turn, or the waiver of it; the grounds and
-- the child's wishes sealed. Never updated: the last about a child stands. Kept for ever.
create table determinations (
  id      text primary key,
  request text not null references requests (id),
  turn    bigint not null,
  child   text not null references records (id),
  outcome text not null check (outcome in ('family', 'elsewhere', 'waived')),
  actor   text not null,
  at      bigint not null,
  sealed  bytea not null,
  unique (request, turn)
);

-- The records of the sought children whom nobody may look for now: the last answer about tracing is another than that it is
-- given. Linkage leaves them alone.
create index consents_refused on consents (request, turn) where purpose = 'tracing' and answer <> 'given';
create view resting as
select r.id as record
from consents c
join requests q on q.id = c.request
join records r on r.source = q.source
where c.purpose = 'tracing' and c.answer <> 'given'
  and not exists (select 1 from consents later where later.request = c.request and later.purpose = 'tracing' and later.turn > c.turn);

-- +goose Down
drop view resting;
drop index consents_refused;
drop table determinations;
alter table sought drop column at;
alter table sought drop column actor;
