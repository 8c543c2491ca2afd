package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// What a repetition is: homeward.Repetition. Who counts origins reads all that were ever said, as ids and times; their words are
// for who sees both sources.

const (
	entryRepetition = "repetition"
	entryRepeatsEnd = "repetition-ended"
)

// PutRepetition says that a source repeats another. ErrNotFound for sources that are not the actor's, and for an edition that is not of
// the source; ErrConflict when the source repeats one already, or is repeated by the other; ErrInvalid without a reason.
func (tx *Tx) PutRepetition(r homeward.Repetition) (homeward.Repetition, error) {
	if r.Reason = strings.TrimSpace(r.Reason); r.Reason == "" || r.Source == r.Original {
		return r, fmt.Errorf("put repetition: no reason, or of itself: %w", homeward.ErrInvalid)
	}
	if err := tx.mayRelate(r.Source, r.Original); err != nil {
		return r, fmt.Errorf("put repetition: %w", err)
	}
	if r.From = (time.Time{}); r.Since != "" {
		e, err := tx.Edition(r.Since)
		if err == nil && e.Source != r.Source {
			err = fmt.Errorf("put repetition: edition %s is of another source: %w", r.Since, homeward.ErrNotFound)
		}
		if err != nil {
			return r, err
		}
		r.From = e.ReceivedAt
	}
	if err := tx.closesNoRing(r); err != nil {
		return r, err
	}
	r.ID, r.By, r.At = homeward.RepetitionID(homeward.NewID(tx.Now)), tx.Actor.ID, tx.Now
	key, err := tx.key(string(r.Source))
	if err != nil {
		return r, err
	}
	sealed, err := sealJSON(key, "repetitions", string(r.ID), sealedWords{r.Reason})
	if err != nil {
		return r, err
	}
	err = tx.exec("put repetition", `
		insert into repetitions (id, source, original, since, since_at, actor, at, ended_by, ended_at, sealed, ending)
		values ($1, $2, $3, $4, $5, $6, $7, '', 0, $8, $9)`, r.ID, r.Source, r.Original, r.Since, instantOrZero(r.From), r.By, micros(r.At), sealed, []byte{})
	if err != nil {
		return r, err
	}
	return r, tx.put(draft{typ: entryRepetition, object: string(r.ID), keyID: string(r.Source), key: key, body: repetitionBody(r)})
}

func repetitionBody(r homeward.Repetition) map[string]string {
	return map[string]string{"source": string(r.Source), "original": string(r.Original), "since": string(r.Since), "since_at": fmt.Sprint(instantOrZero(r.From)), "reason": r.Reason}
}

// instantOrZero is 0 where there is no time.
func instantOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return micros(t)
}

// mayRelate fails unless the sources are the actor's to relate.
func (tx *Tx) mayRelate(sources ...homeward.SourceID) error {
	for _, id := range sources {
		in, err := tx.compartmentOf(id)
		if err == nil {
			err = tx.mayPut(homeward.ActionRelateSources, in)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// closesNoRing refuses a second original, and one that comes from the source itself.
func (tx *Tx) closesNoRing(r homeward.Repetition) error {
	all, err := tx.Repetitions()
	if err != nil {
		return err
	}
	next := map[homeward.SourceID]homeward.SourceID{}
	for _, s := range all.StandingAt(tx.Now) {
		next[s.Source] = s.Original
	}
	if _, repeats := next[r.Source]; repeats {
		return fmt.Errorf("put repetition: source %s repeats one already: %w", r.Source, homeward.ErrConflict)
	}
	for at, more := r.Original, true; more; at, more = next[at], next[at] != "" {
		if at == r.Source {
			return fmt.Errorf("put repetition: source %s is repeated by the other: %w", r.Source, homeward.ErrConflict)
		}
	}
	return nil
}

// EndRepetition takes a repetition back, with the reason. ErrNotFound for one of sources that are not the actor's; ErrConflict when it was
// taken back before; ErrInvalid without a reason.
func (tx *Tx) EndRepetition(id homeward.RepetitionID, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fmt.Errorf("end repetition %s: no reason: %w", id, homeward.ErrInvalid)
	}
	r, err := tx.repetition(id)
	if err == nil {
		err = tx.mayRelate(r.Source, r.Original)
	}
	if err != nil {
		return fmt.Errorf("end repetition %s: %w", id, err)
	}
	if !r.EndedAt.IsZero() {
		return fmt.Errorf("end repetition %s: it was taken back: %w", id, homeward.ErrConflict)
	}
	key, err := tx.key(string(r.Source))
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "repetitions", string(id)+"/ending", sealedWords{reason})
	if err != nil {
		return err
	}
	err = tx.exec("end repetition", `
		update repetitions
		set ended_by = $2, ended_at = $3, ending = $4
		where id = $1`, id, tx.Actor.ID, micros(tx.Now), sealed)
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryRepeatsEnd, object: string(id), keyID: string(r.Source), key: key, body: map[string]string{"reason": reason}})
}

// Repetitions returns all that were ever said, without their words, oldest first.
func (tx *Tx) Repetitions() (homeward.Repetitions, error) {
	list, err := tx.lockedRepetitions("order by at, id")
	out := make(homeward.Repetitions, len(list))
	for i, l := range list {
		out[i] = l.said
	}
	return out, err
}

// RepetitionsOf returns what stands of a source, with the words: what it repeats, and what repeats it. Left out are those whose other
// source the actor does not see.
func (tx *Tx) RepetitionsOf(source homeward.SourceID) ([]homeward.Repetition, error) {
	list, err := tx.lockedRepetitions("where (source = $1 or original = $1) and ended_at = 0 order by at, id", source)
	if err != nil {
		return nil, err
	}
	sources, err := tx.Sources()
	if err != nil {
		return nil, err
	}
	sees := func(id homeward.SourceID) bool {
		return slices.ContainsFunc(sources, func(s homeward.Source) bool { return s.ID == id })
	}
	var out []homeward.Repetition
	for _, l := range list {
		if !sees(l.said.Source) || !sees(l.said.Original) {
			continue
		}
		r, err := tx.openRepetition(l)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (tx *Tx) repetition(id homeward.RepetitionID) (homeward.Repetition, error) {
	list, err := tx.lockedRepetitions("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read repetition %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Repetition{}, err
	}
	return tx.openRepetition(list[0])
}

// lockedRepetition is a row before its words are opened.
type lockedRepetition struct {
	said           homeward.Repetition
	reason, ending []byte
}

func (tx *Tx) lockedRepetitions(where string, args ...any) ([]lockedRepetition, error) {
	var out []lockedRepetition
	return out, tx.query("read repetitions", `
		select id, source, original, since, since_at, actor, at, ended_by, ended_at, sealed, ending
		from repetitions
		`+where, args, func(r *sql.Rows) error {
		var l lockedRepetition
		var from, at, ended int64
		err := r.Scan(&l.said.ID, &l.said.Source, &l.said.Original, &l.said.Since, &from, &l.said.By, &at, &l.said.EndedBy, &ended, &l.reason, &l.ending)
		if l.said.At = fromMicros(at); from > 0 {
			l.said.From = fromMicros(from)
		}
		if ended > 0 {
			l.said.EndedAt = fromMicros(ended)
		}
		out = append(out, l)
		return err
	})
}

func (tx *Tx) openRepetition(l lockedRepetition) (homeward.Repetition, error) {
	id := string(l.said.ID)
	key, err := tx.key(string(l.said.Source))
	if err != nil {
		return l.said, err
	}
	var said, ended sealedWords
	err = openJSON(key, "repetitions", id, l.reason, &said)
	if !l.said.EndedAt.IsZero() {
		err = errors.Join(err, openJSON(key, "repetitions", id+"/ending", l.ending, &ended))
	}
	l.said.Reason, l.said.Ending = said.Words, ended.Words
	return l.said, err
}
