-- +goose Up
-- The compartments of a pair's two records beside them: whether a pair is behind somebody's fence is told without looking
-- at the records. Registers of before have every record in main.
alter table pairs add column left_in text not null default 'main';
alter table pairs add column right_in text not null default 'main';

-- +goose Down
alter table pairs drop column right_in;
alter table pairs drop column left_in;
