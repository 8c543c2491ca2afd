package store

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// Quality is what the plain facts tell of how well persons are supported, over what the actor reaches.
type Quality struct {
	Persons       int
	OneSource     int // every record is of one origin: nothing corroborates it
	Stale         int // nothing was received since the instant asked for
	NoWhereabouts int // no record tells where the child was placed, located, returned or reunified
}

// Quality counts over the persons the actor reaches. Nothing is opened.
func (tx *Tx) Quality(staleBefore time.Time) (q Quality, err error) {
	err = tx.query("count quality", `
		select count(*),
			coalesce(sum(case when x.sources = 1 then 1 else 0 end), 0),
			coalesce(sum(case when x.newest < $1 then 1 else 0 end), 0),
			coalesce(sum(case when x.told = 0 then 1 else 0 end), 0)
		from (
			select m.person, count(distinct r.source) as sources, max(r.received_at) as newest,
				max(case when e.record is null then 0 else 1 end) as told
			from memberships m
			join records r on r.id = m.record
			left join events e on e.record = m.record and e.type in ('placed', 'located', 'returned', 'reunified')
			group by m.person
		) x`, []any{micros(staleBefore)}, func(r *sql.Rows) error {
		return r.Scan(&q.Persons, &q.OneSource, &q.Stale, &q.NoWhereabouts)
	})
	if err != nil {
		return q, err
	}
	echoes, err := tx.echoes()
	q.OneSource += echoes
	return q, err
}

// echoes counts the persons of whom several sources tell that are all of one origin.
func (tx *Tx) echoes() (n int, err error) {
	all, err := tx.Repetitions()
	if err != nil {
		return 0, err
	}
	standing := all.StandingAt(tx.Now)
	if len(standing) == 0 {
		return 0, nil
	}
	sources, origins := map[homeward.PersonID]map[homeward.SourceID]bool{}, map[homeward.PersonID]map[homeward.SourceID]bool{}
	err = tx.query("read sources of persons that repeat", `
		select m.person, r.source, r.received_at
		from memberships m
		join records r on r.id = m.record
		where m.person in (
			select n.person
			from memberships n
			join records s on s.id = n.record
			join repetitions p on p.source = s.source and p.ended_at = 0)`, nil, func(r *sql.Rows) error {
		var person homeward.PersonID
		var source homeward.SourceID
		var at int64
		err := r.Scan(&person, &source, &at)
		if sources[person] == nil {
			sources[person], origins[person] = map[homeward.SourceID]bool{}, map[homeward.SourceID]bool{}
		}
		sources[person][source], origins[person][standing.Origin(source, fromMicros(at))] = true, true
		return err
	})
	for person := range sources {
		if len(sources[person]) > 1 && len(origins[person]) == 1 {
			n++
		}
	}
	return n, err
}

// Stuck says since when the oldest of what waits has waited; zero where nothing does.
type Stuck struct{ Pairs, Unsure, Quarantine time.Time }

// Stuck looks for the oldest pair that waits for a decision, the oldest that people were unsure of, and the oldest row in
// quarantine.
func (tx *Tx) Stuck() (s Stuck, err error) {
	for _, of := range []struct {
		to   *time.Time
		text string
	}{
		{&s.Pairs, `
		select p.proposed_at
		from ` + heeded + ` p
		left join memberships a on a.record = p.left_record
		left join memberships b on b.record = p.right_record
		where p.state = 'proposed' and (a.person is null or b.person is null or a.person <> b.person)
		order by p.proposed_at
		limit 1`},
		{&s.Unsure, `
		select p.proposed_at
		from ` + heeded + ` p
		where p.state = 'unsure'
		order by p.proposed_at
		limit 1`},
		{&s.Quarantine, `
		select r.received_at
		from records r
		cross join current_rows c
		where r.state = 'quarantined' and r.state <> 'accepted' and c.record = r.id and c.state = 'listed'
		order by r.received_at
		limit 1`},
	} {
		err := tx.query("look for what is stuck", of.text, nil, func(r *sql.Rows) error {
			var at int64
			err := r.Scan(&at)
			*of.to = fromMicros(at)
			return err
		})
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

// LatestLosses returns rows that the newest complete edition of their source took away or changed, newest first.
func (tx *Tx) LatestLosses(kind homeward.ChangeKind, limit int) ([]homeward.Change, error) {
	var out []homeward.Change
	return out, tx.query("read latest changes", `
		select c.edition, c.kind, c.record, c.previous, c.at
		from changes c
		join editions e on e.id = c.edition
		where c.kind = $1 and c.kind <> 'added' and e.state = 'complete' and not exists (
			select 1
			from editions f
			where f.source = e.source and f.state = 'complete' and (f.received_at, f.id) > (e.received_at, e.id)
		)
		order by c.at desc, c.record desc
		limit $2`, []any{kind, limit}, func(r *sql.Rows) error {
		var c homeward.Change
		var at int64
		err := r.Scan(&c.Edition, &c.Kind, &c.Record, &c.Previous, &at)
		c.At = fromMicros(at)
		out = append(out, c)
		return err
	})
}

// Worker is what stands assigned to somebody, and what they decided of late.
type Worker struct {
	Assigned        int
	Oldest          time.Time // of what stands assigned
	Decided, Unsure int       // since the instant asked for; revoked ones are left out
}

// Team returns the work of everybody, by user, over what the actor reaches. ErrDenied for who does not lead a team.
func (tx *Tx) Team(since time.Time) (map[homeward.UserID]Worker, error) {
	reach, err := tx.reach(homeward.ActionSeeTeam)
	if err == nil && reach.Nothing {
		err = fmt.Errorf("read work of the team: %w", homeward.ErrDenied)
	}
	if err != nil {
		return nil, err
	}
	out := map[homeward.UserID]Worker{}
	err = tx.query("count assignments", `
		select assignee, count(*), min(at)
		from assignments
		where ended_at = 0
		group by assignee`, nil, func(r *sql.Rows) error {
		var id homeward.UserID
		var w Worker
		var oldest int64
		err := r.Scan(&id, &w.Assigned, &oldest)
		w.Oldest = fromMicros(oldest)
		out[id] = w
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, tx.query("count decisions by actor", `
		select actor, count(*), sum(case when judgement = 'unsure' then 1 else 0 end)
		from decisions
		where at >= $1 and basis = 'review' and revoked_at = 0
		group by actor`, []any{micros(since)}, func(r *sql.Rows) error {
		var id homeward.UserID
		var decided, unsure int
		err := r.Scan(&id, &decided, &unsure)
		w := out[id]
		w.Decided, w.Unsure = decided, unsure
		out[id] = w
		return err
	})
}
