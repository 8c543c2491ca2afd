-- +goose Up
-- Writer: desk. Where users are signed in; where from is sealed under the user's key. Deleted when it ends; in no backup.
create table stays (
  id       text primary key,
  owner    text not null references users (id),
  began_at bigint not null,
  seen_at  bigint not null,
  ends_at  bigint not null,
  sealed   bytea not null
);
create index stays_by_owner on stays (owner, began_at);

-- Who is signed in from before has no stay.
delete from sessions;

-- Writer: desk. Access that somebody lost: who asked, and what became of it. The link by the hash of its token. Kept as long
-- as the users are.
create table recoveries (
  id       text primary key,
  owner    text not null references users (id),
  actor    text not null,
  at       bigint not null,
  state    text not null check (state in ('asked', 'granted', 'used', 'refused', 'lapsed')),
  moved_at bigint not null,
  ends_at  bigint not null,
  token    text not null
);
create unique index recoveries_open on recoveries (owner) where state in ('asked', 'granted');
create index recoveries_by_token on recoveries (token);

-- Writer: desk. Who checked the identity of somebody who lost access, and what they found; the words sealed. One person
-- checks once.
create table recovery_checks (
  recovery text not null references recoveries (id),
  actor    text not null,
  verdict  text not null check (verdict in ('confirmed', 'refused')),
  at       bigint not null,
  sealed   bytea not null,
  primary key (recovery, actor)
);

-- A credential may be a link to a sign-in elsewhere (OpenID Connect).
create table credentials_with_links (
  id          text primary key,
  owner       text not null references users (id),
  kind        text not null check (kind in ('totp', 'recovery', 'passkey', 'linked')),
  state       text not null check (state in ('offered', 'active', 'ended')),
  fingerprint bytea not null,
  counter     bigint not null,
  failed      bigint not null,
  used_at     bigint not null,
  created_at  bigint not null,
  sealed      bytea not null
);
insert into credentials_with_links (id, owner, kind, state, fingerprint, counter, failed, used_at, created_at, sealed)
select id, owner, kind, state, fingerprint, counter, failed, used_at, created_at, sealed
from credentials;
drop table credentials;
alter table credentials_with_links rename to credentials;
create index credentials_by_owner on credentials (owner, state);
create index credentials_by_fingerprint on credentials (fingerprint);
create unique index credentials_shown on credentials (fingerprint) where kind in ('passkey', 'linked') and state = 'active';

-- +goose Down
drop index credentials_shown;
drop table recovery_checks;
drop table recoveries;
drop table stays;
