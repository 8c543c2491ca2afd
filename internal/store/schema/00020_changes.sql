-- +goose Up
-- What took a record's place, and what the newest editions took away or changed, are found without reading every change.
create index changes_by_previous on changes (previous) where kind = 'changed';
create index changes_of_losses on changes (kind, at, record) where kind <> 'added';

-- +goose Down
drop index changes_of_losses;
drop index changes_by_previous;
