-- +goose Up
-- Who made a link to join: whoever joins by it waits for another to confirm the role. Empty in links of before.
alter table invitations add column inviter text not null default '';

-- Writer: desk and cli. Roles that somebody asked for a user, and who confirmed or refused them. Kept for ever.
create table grants (
  id          text primary key,
  member      text not null references users (id),
  role        text not null,
  actor       text not null,
  at          bigint not null,
  state       text not null check (state in ('waiting', 'confirmed', 'refused')),
  answered_by text not null,
  answered_at bigint not null
);
create unique index grants_waiting on grants (member) where state = 'waiting';
create index grants_by_state on grants (state, at, id);

create index glass_by_time on glass (at);

-- +goose Down
drop index glass_by_time;
drop table grants;
alter table invitations drop column inviter;
