package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
)

type sealedWords struct{ Words string }

// BreakGlass opens one record to the actor, whole, for [homeward.GlassOpen]. It is the one way past the fence: a reason is
// asked for, an audit row is written, and a supervisor has to review it. ErrNotFound when there is no such record; ErrConflict when the
// actor broke it [homeward.GlassMost] times within a day.
func (tx *Tx) BreakGlass(record homeward.RecordID, reason string) (homeward.Glass, error) {
	g := homeward.Glass{
		ID: homeward.GlassID(homeward.NewID(tx.Now)), Record: record, By: tx.Actor.ID, At: tx.Now, Until: tx.Now.Add(homeward.GlassOpen),
		Reason: strings.TrimSpace(reason), State: homeward.GlassUnreviewed,
	}
	if g.Reason == "" {
		return g, fmt.Errorf("break glass: no reason: %w", homeward.ErrInvalid)
	}
	if err := tx.must(homeward.ActionBreakGlass, homeward.Resource{}); err != nil {
		return g, err
	}
	if n, err := tx.GlassBroken(); err != nil || n >= homeward.GlassMost {
		return g, cmp.Or(err, fmt.Errorf("break glass: %d times within a day is the most: %w", n, homeward.ErrConflict))
	}
	if err := tx.audited("break-glass", string(record), 1); err != nil {
		return g, err
	}
	var there int
	// Behind the fence: what it opens is what the actor does not reach.
	err := tx.sql.QueryRowContext(tx.ctx, `
		select count(*)
		from records
		where id = $1 and state = 'accepted' and id not in `+strings.ReplaceAll(restricted, "@", ""), record).Scan(&there)
	if err != nil {
		return g, fmt.Errorf("break glass: %w", err)
	}
	if there == 0 {
		return g, fmt.Errorf("break glass over record %s: %w", record, homeward.ErrNotFound)
	}
	return g, tx.putGlass(g)
}

func (tx *Tx) putGlass(g homeward.Glass) error {
	id := string(g.ID)
	key, err := tx.newKey(id)
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "glass", id, sealedWords{g.Reason})
	if err != nil {
		return err
	}
	err = tx.exec("put glass", `
		insert into glass (id, record, actor, at, ends_at, state, reviewed_by, reviewed_at, sealed, finding)
		values ($1, $2, $3, $4, $5, $6, '', 0, $7, $8)`, id, g.Record, g.By, micros(g.At), micros(g.Until), g.State, sealed, []byte{})
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryGlass, object: id, keyID: id, key: key, body: glassBody(g)})
}

func glassBody(g homeward.Glass) map[string]string {
	return map[string]string{"record": string(g.Record), "reason": g.Reason, "ends_at": fmt.Sprint(micros(g.Until))}
}

// ReviewGlass says whether glass was rightly broken, and why. ErrDenied for one's own; ErrNotFound for that over a record
// of a compartment that the actor is not in; ErrConflict when it was reviewed.
func (tx *Tx) ReviewGlass(id homeward.GlassID, state homeward.GlassState, finding string) error {
	finding = strings.TrimSpace(finding)
	if finding == "" || state != homeward.GlassJustified && state != homeward.GlassUnjustified {
		return fmt.Errorf("review glass %s: no finding: %w", id, homeward.ErrInvalid)
	}
	g, err := tx.Glass(id)
	if err != nil {
		return err
	}
	if g.State != homeward.GlassUnreviewed {
		return fmt.Errorf("review glass %s: it was reviewed: %w", id, homeward.ErrConflict)
	}
	in, err := tx.placeOf(g.Record)
	if err != nil {
		return err
	}
	if err := tx.must(homeward.ActionReviewGlass, homeward.Resource{Compartment: in, Record: g.Record, State: string(g.State), By: g.By}); err != nil {
		return err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "glass", string(id)+"/finding", sealedWords{finding})
	if err != nil {
		return err
	}
	err = tx.exec("review glass", `
		update glass
		set state = $2, reviewed_by = $3, reviewed_at = $4, finding = $5
		where id = $1`, id, state, tx.Actor.ID, micros(tx.Now), sealed)
	if err != nil {
		return err
	}
	body := map[string]string{"state": string(state), "finding": finding}
	return tx.put(draft{typ: entryFinding, object: string(id), keyID: string(id), key: key, body: body})
}

// Glass returns broken glass: one's own, or that over a record one reaches. ErrNotFound otherwise.
func (tx *Tx) Glass(id homeward.GlassID) (homeward.Glass, error) {
	list, err := tx.glass("where g.id = $2 and (g.actor = $1 or exists (select 1 from records r where r.id = g.record))", tx.Actor.ID, id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read glass %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Glass{}, err
	}
	return list[0], nil
}

// OwnGlass returns the glass the actor broke, newest first.
func (tx *Tx) OwnGlass(limit int) ([]homeward.Glass, error) {
	return tx.glass("where g.actor = $1 order by g.at desc, g.id desc limit $2", tx.Actor.ID, limit)
}

// GlassToReview returns the glass that others broke over records of the actor's compartments and that nobody has reviewed,
// oldest first.
func (tx *Tx) GlassToReview(limit int) ([]homeward.Glass, error) {
	reach, err := tx.reach(homeward.ActionReviewGlass)
	if err != nil || reach.Nothing {
		return nil, err
	}
	return tx.glass(`
		join records r on r.id = g.record
		where g.actor <> $1 and g.state = 'unreviewed'
		order by g.at, g.id
		limit $2`, tx.Actor.ID, limit)
}

// GlassBroken returns how often the actor broke the glass within the last day.
func (tx *Tx) GlassBroken() (n int, err error) {
	return n, tx.row("count glass", `
		select count(*)
		from glass
		where actor = $1 and at > $2`, []any{tx.Actor.ID, micros(tx.Now.Add(-homeward.GlassDay))}, &n)
}

// GlassOften returns who broke the glass as often as is allowed within the last day, over records of the actor's compartments.
func (tx *Tx) GlassOften() ([]homeward.UserID, error) {
	reach, err := tx.reach(homeward.ActionReviewGlass)
	if err != nil || reach.Nothing {
		return nil, err
	}
	var out []homeward.UserID
	return out, tx.query("read who breaks glass often", `
		select g.actor
		from glass g
		join records r on r.id = g.record
		where g.at > $1
		group by g.actor
		having count(*) >= $2
		order by g.actor`, []any{micros(tx.Now.Add(-homeward.GlassDay)), homeward.GlassMost}, func(r *sql.Rows) error {
		var id homeward.UserID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
}

func (tx *Tx) glass(where string, args ...any) ([]homeward.Glass, error) {
	var out []homeward.Glass
	var reasons, findings [][]byte
	err := tx.query("read glass", `
		select g.id, g.record, g.actor, g.at, g.ends_at, g.state, g.reviewed_by, g.reviewed_at, g.sealed, g.finding
		from glass g
		`+where, args, func(r *sql.Rows) error {
		var g homeward.Glass
		var at, until, reviewed int64
		var reason, finding []byte
		err := r.Scan(&g.ID, &g.Record, &g.By, &at, &until, &g.State, &g.ReviewedBy, &reviewed, &reason, &finding)
		g.At, g.Until, g.ReviewedAt = fromMicros(at), fromMicros(until), fromMicros(reviewed)
		out, reasons, findings = append(out, g), append(reasons, reason), append(findings, finding)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		if err := tx.openGlass(&out[i], reasons[i], findings[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) openGlass(g *homeward.Glass, reason, finding []byte) error {
	id := string(g.ID)
	key, err := tx.key(id)
	if err != nil {
		return err
	}
	var w sealedWords
	if err := openJSON(key, "glass", id, reason, &w); err != nil {
		return err
	}
	g.Reason = w.Words
	if len(finding) == 0 {
		return nil
	}
	if err := openJSON(key, "glass", id+"/finding", finding, &w); err != nil {
		return err
	}
	g.Finding = w.Words
	return nil
}
