-- +goose Up
-- The key database, apart from the data so that its backups can be short-lived: deleting a row here erases what it
-- opened everywhere, old backups of the data included.

-- Writer: init. How the root secret is opened (never the secret itself).
create table root (
  name  text primary key,
  value bytea not null
);

-- Writer: init. One key per compartment, wrapped by the root secret.
create table compartments (
  name       text primary key,
  wrapped    bytea not null,
  created_at bigint not null
);

-- Writer: every Put of something new, before its data is written; the sweep at start removes orphans.
create table keys (
  id          text primary key,
  compartment text not null references compartments (name),
  wrapped     bytea not null
);

-- +goose Down
drop table keys;
drop table compartments;
drop table root;
