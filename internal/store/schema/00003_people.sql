-- +goose Up
-- People and what they may reach. Registers of before: every source is in the compartment main, where every record is
-- already, and every user whose role works on children's data is in it until taken out: nobody loses sight of anything.

alter table sources add column compartment text not null default 'main';

-- Writer: desk and cli. The compartments beside main, which is always there. The name sealed. Kept for ever.
create table compartments (
  id         text primary key,
  created_at bigint not null,
  sealed     bytea not null
);

-- Writer: desk and cli. Who is in which compartment: of main, who is out. Kept as long as the users are.
create table members (
  compartment text not null,
  member      text not null references users (id),
  state       text not null check (state in ('in', 'out')),
  at          bigint not null,
  primary key (compartment, member)
);
create index members_by_member on members (member);

-- Writer: desk. Whose work a child is: the child by one of its records. Kept for ever.
create table assignments (
  id       text primary key,
  record   text not null references records (id),
  assignee text not null references users (id),
  actor    text not null,
  at       bigint not null,
  ended_at bigint not null
);
create index assignments_by_record on assignments (record);
create index assignments_by_assignee on assignments (assignee, ended_at);

-- Writer: desk. What was opened to whom, until when; the reason sealed. Kept for ever.
create table referrals (
  id        text primary key,
  person    text not null,
  classes   bigint not null,
  sender    text not null,
  recipient text not null references users (id),
  state     text not null check (state in ('offered', 'accepted', 'declined', 'ended')),
  at        bigint not null,
  ends_at   bigint not null,
  sealed    bytea not null
);
create index referrals_by_recipient on referrals (recipient, state, ends_at);

-- Writer: desk. The records a referral opens.
create table referred (
  referral text not null references referrals (id),
  record   text not null references records (id),
  primary key (referral, record)
);

-- Writer: desk. Broken glass: one record opened in an emergency, and what a supervisor found. Words sealed. Kept for ever.
create table glass (
  id          text primary key,
  record      text not null references records (id),
  actor       text not null,
  at          bigint not null,
  ends_at     bigint not null,
  state       text not null check (state in ('unreviewed', 'justified', 'unjustified')),
  reviewed_by text not null,
  reviewed_at bigint not null,
  sealed      bytea not null,
  finding     bytea not null
);
create index glass_by_actor on glass (actor, ends_at);

create index audit_by_time on audit (at, id);

-- +goose Down
drop index audit_by_time;
drop table glass;
drop table referred;
drop table referrals;
drop table assignments;
drop table members;
drop table compartments;
alter table sources drop column compartment;
