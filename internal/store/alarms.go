package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
)

// AlarmKind says what is wrong.
type AlarmKind string

// The kinds of alarm.
const (
	AlarmRollback AlarmKind = "rollback" // the log is shorter than what was signed: an old copy was put back
	AlarmFork     AlarmKind = "fork"     // another history of this log was signed
	AlarmEdited   AlarmKind = "edited"   // the stored log is not the one that was signed
	AlarmClock    AlarmKind = "clock"    // the clock was set back
)

// Alarm is something wrong with the log or the clock. It stands until somebody closes it with a reason.
type Alarm struct {
	ID       string
	Kind     AlarmKind
	Mark     int64 // leaves of the log that was signed; of a clock, the latest time before, in microseconds
	At       time.Time
	ClosedAt time.Time
	ClosedBy homeward.UserID
	Reason   string
}

// Raise writes an alarm of a kind, unless one stands. It moves no leaf: the sequencer itself may be what is wrong.
func (db *DB) Raise(ctx context.Context, kind AlarmKind, mark int64) error {
	return db.data.transact(ctx, func(t *sql.Tx) error {
		tx := db.tx(ctx, homeward.System, t, true)
		return errors.Join(tx.raise(kind, mark), tx.flushKeys())
	})
}

func (tx *Tx) raise(kind AlarmKind, mark int64) error {
	standing, err := tx.OpenAlarms()
	if err != nil {
		return err
	}
	for _, a := range standing {
		if a.Kind == kind {
			return nil
		}
	}
	a := Alarm{ID: homeward.NewID(tx.Now), Kind: kind, Mark: mark}
	err = tx.exec("raise alarm "+string(kind), `
		insert into alarms (id, kind, mark, at, closed_at, closed_by, reason)
		values ($1, $2, $3, $4, 0, '', '')`, a.ID, a.Kind, a.Mark, micros(tx.Now))
	if err != nil {
		return err
	}
	return tx.putOpen(entryAlarm, a.ID, alarmBody(a))
}

func alarmBody(a Alarm) map[string]string {
	return map[string]string{"kind": string(a.Kind), "mark": strconv.FormatInt(a.Mark, 10)}
}

// putOpen writes the entry of a row that is not about a child.
func (tx *Tx) putOpen(typ, id string, body map[string]string) error {
	key, err := tx.newKey(id)
	if err != nil {
		return err
	}
	return tx.put(draft{typ: typ, object: id, keyID: id, key: key, body: body})
}

// OpenAlarms returns the alarms that stand, oldest first.
func (tx *Tx) OpenAlarms() ([]Alarm, error) { return tx.alarms("where closed_at = 0") }

// Alarms returns every alarm, oldest first.
func (tx *Tx) Alarms() ([]Alarm, error) { return tx.alarms("") }

// alarms selects by a clause written in this file.
func (tx *Tx) alarms(where string, args ...any) ([]Alarm, error) {
	var out []Alarm
	return out, tx.query("read alarms", `
		select id, kind, mark, at, closed_at, closed_by, reason
		from alarms
		`+where+`
		order by id`, args, func(r *sql.Rows) error {
		var a Alarm
		var at, closed int64
		err := r.Scan(&a.ID, &a.Kind, &a.Mark, &at, &closed, &a.ClosedBy, &a.Reason)
		a.At, a.ClosedAt = fromMicros(at), fromMicros(closed)
		out = append(out, a)
		return err
	})
}

// CloseAlarm says why an alarm needs to stand no longer. ErrNotFound when it does not stand; ErrInvalid without a
// reason; ErrDenied for who may not manage users.
func (tx *Tx) CloseAlarm(id, reason string) error {
	if err := tx.must(homeward.ActionManageRooms, homeward.Resource{}); err != nil {
		return err
	}
	if reason == "" {
		return fmt.Errorf("close alarm %s: say why: %w", id, homeward.ErrInvalid)
	}
	n, err := tx.execCount("close alarm "+id, `
		update alarms
		set closed_at = $1, closed_by = $2, reason = $3
		where id = $4
			and closed_at = 0`, micros(tx.Now), tx.Actor.ID, reason, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("close alarm %s: no such alarm stands: %w", id, homeward.ErrNotFound)
	}
	key, err := tx.key(id)
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryAlarmClosed, object: id, keyID: id, key: key, body: map[string]string{"reason": reason}})
}

func (v *verification) alarmRow(id string) (map[string]string, error) {
	list, err := v.tx.alarms("where id = $1", id)
	if err != nil {
		return nil, err
	}
	a := list[0]
	body := alarmBody(a)
	body["at"] = fmt.Sprint(micros(a.At))
	if !a.ClosedAt.IsZero() || a.ClosedBy != "" || a.Reason != "" {
		body["closed_at"], body["closed_by"], body["reason"] = fmt.Sprint(micros(a.ClosedAt)), string(a.ClosedBy), a.Reason
	}
	return body, nil
}

// alarming is an error that is an alarm as well.
type alarming struct {
	kind AlarmKind
	mark int64
	what string
}

func (a alarming) Error() string { return a.what }
func (a alarming) Unwrap() error { return homeward.ErrTampered }

// alarmed raises the alarm that an error is, and returns the error.
func (db *DB) alarmed(ctx context.Context, err error) error {
	var a alarming
	if errors.As(err, &a) {
		err = errors.Join(err, db.Raise(ctx, a.kind, a.mark))
	}
	return err
}
