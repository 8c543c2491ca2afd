-- +goose Up
-- A large register is counted by what is rare in it: persons of several records, rows set aside, the pair that has waited longest.
create index persons_of_several on persons (id) where amount > 1;
create index records_set_aside on records (id) where state <> 'accepted';
create index current_rows_by_record on current_rows (record);
create index pairs_by_age on pairs (state, proposed_at, id);

-- +goose Down
drop index pairs_by_age;
drop index current_rows_by_record;
drop index records_set_aside;
drop index persons_of_several;
