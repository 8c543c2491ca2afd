-- +goose Up
-- What a pair asks of people: its place in the queue. Derived from its probability and from what would be joined; negative until
-- it is worked out, and again when what would be joined has changed.
alter table pairs add column urgency double precision not null default -1;
create index pairs_by_urgency on pairs (state, urgency desc, id);
create index pairs_unranked on pairs (id) where urgency < 0;
-- The day on which whoever was unsure wants the pair looked at again, in days since 1970; 0 when none was named.
alter table decisions add column again bigint not null default 0;
create index decisions_again on decisions (again) where again > 0;

-- +goose Down
drop index decisions_again;
alter table decisions drop column again;
drop index pairs_unranked;
drop index pairs_by_urgency;
alter table pairs drop column urgency;
