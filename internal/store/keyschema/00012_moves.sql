-- +goose Up
-- The compartment whose name the payloads of an object are bound to: the one it was made in. Empty while it lies there.
alter table keys add column bound text not null default '';

-- Writer: moving a source to another compartment. The keys of what is moved, wrapped by the compartment it moves to, beside the
-- wrapping they have; taken over and emptied when the data lies there, at the latest at the next start.
create table moves (
  id          text primary key references keys (id),
  compartment text not null references compartments (name),
  wrapped     bytea not null
);

-- +goose Down
drop table moves;
alter table keys drop column bound;
