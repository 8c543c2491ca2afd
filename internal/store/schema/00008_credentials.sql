-- +goose Up
-- Writer: desk. What a user shows to sign in beside, or instead of, the password: an application's secret and passkeys, with
-- their words sealed under the user's key; recovery codes, as keyed fingerprints only. Kept as long as the users are.
create table credentials (
  id          text primary key,
  owner       text not null references users (id),
  kind        text not null check (kind in ('totp', 'recovery', 'passkey')),
  state       text not null check (state in ('offered', 'active', 'ended')),
  fingerprint bytea not null,
  counter     bigint not null,
  failed      bigint not null,
  used_at     bigint not null,
  created_at  bigint not null,
  sealed      bytea not null
);
create index credentials_by_owner on credentials (owner, state);
create index credentials_by_fingerprint on credentials (fingerprint);

-- +goose Down
drop table credentials;
