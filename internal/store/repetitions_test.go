package store_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// sourceOf returns the source of a name.
func sourceOf(t *testing.T, db *store.DB, name string) (s homeward.Source) {
	t.Helper()
	update(t, db, func(tx *store.Tx) (err error) {
		s, err = tx.SourceNamed(name)
		return err
	})
	return s
}

// relate says that a source repeats another from its newest edition on, takes it back, and says it again.
func relate(t *testing.T, db *store.DB, copied, original string) {
	t.Helper()
	said := homeward.Repetition{Source: sourceOf(t, db, copied).ID, Original: sourceOf(t, db, original).ID, Reason: "the same misprints"}
	operate(t, db, func(tx *store.Tx) error {
		editions, err := tx.Editions(said.Source)
		if err != nil {
			return err
		}
		said.Since = editions[0].ID
		r, err := tx.PutRepetition(said)
		if err == nil {
			err = tx.EndRepetition(r.ID, "they are others")
		}
		if err == nil {
			_, err = tx.PutRepetition(said)
		}
		return err
	})
}

// TestWhoMaySayThatASourceRepeatsAnother puts and ends repetitions as people of several compartments.
func TestWhoMaySayThatASourceRepeatsAnother(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		m := openMover(t, s)
		storetest.Put(t, m.db, "second", claims("name.full", "a"))
		storetest.Put(t, m.db, "third", claims("name.full", "a"))
		storetest.PutIn(t, m.db, m.room, "hidden", claims("name.full", "a"))
		first, second, third := sourceOf(t, m.db, "list").ID, sourceOf(t, m.db, "second").ID, sourceOf(t, m.db, "third").ID
		hidden := sourceOf(t, m.db, "hidden").ID
		put := func(who homeward.Actor, r homeward.Repetition) (out homeward.Repetition, err error) {
			return out, does(m.db, who, func(tx *store.Tx) (err error) {
				out, err = tx.PutRepetition(r)
				return err
			})
		}
		var edition homeward.EditionID
		update(t, m.db, func(tx *store.Tx) error {
			list, err := tx.Editions(first)
			edition = list[0].ID
			return err
		})
		said := homeward.Repetition{Source: second, Original: first, Reason: "the same misprints"}
		for name, c := range map[string]struct {
			who  homeward.Actor
			said homeward.Repetition
			want error
		}{
			"a caseworker":      {m.outsider, said, homeward.ErrDenied},
			"no reason":         {m.stranger, homeward.Repetition{Source: second, Original: first, Reason: " "}, homeward.ErrInvalid},
			"of itself":         {m.stranger, homeward.Repetition{Source: first, Original: first, Reason: "r"}, homeward.ErrInvalid},
			"what is hidden":    {m.stranger, homeward.Repetition{Source: second, Original: hidden, Reason: "r"}, homeward.ErrNotFound},
			"by what is hidden": {m.stranger, homeward.Repetition{Source: hidden, Original: first, Reason: "r"}, homeward.ErrNotFound},
			"what never was":    {m.stranger, homeward.Repetition{Source: second, Original: "none", Reason: "r"}, homeward.ErrNotFound},
			"another's edition": {m.stranger, homeward.Repetition{Source: second, Original: first, Since: edition, Reason: "r"}, homeward.ErrNotFound},
		} {
			if _, err := put(c.who, c.said); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		r, err := put(m.stranger, said)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := put(m.stranger, homeward.Repetition{Source: second, Original: third, Reason: "r"}); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("a second original: %v", err)
		}
		if _, err := put(m.stranger, homeward.Repetition{Source: third, Original: second, Reason: "r"}); err != nil {
			t.Errorf("a chain: %v", err)
		}
		if _, err := put(m.stranger, homeward.Repetition{Source: first, Original: third, Reason: "r"}); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("a ring: %v", err)
		}
		if _, err := put(m.supervisor, homeward.Repetition{Source: hidden, Original: first, Reason: "r"}); err != nil {
			t.Errorf("of both compartments: %v", err)
		}
		for who, want := range map[homeward.Actor]int{m.stranger: 1, m.supervisor: 2} {
			err := asks(m.db, who, func(tx *store.Tx) error {
				list, err := tx.RepetitionsOf(first)
				if len(list) != want || list[0].Reason != said.Reason {
					t.Errorf("%d are seen, want %d", len(list), want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		end := func(who homeward.Actor, reason string) error {
			return does(m.db, who, func(tx *store.Tx) error { return tx.EndRepetition(r.ID, reason) })
		}
		if err := end(m.outsider, "r"); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("ended by a caseworker: %v", err)
		}
		if err := errors.Join(end(m.stranger, "they are others")); err != nil {
			t.Error(err)
		}
		if err := end(m.stranger, "again"); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("ended twice: %v", err)
		}
		if err := m.move(m.supervisor, m.room); err != nil { // the words go along with the source
			t.Fatal(err)
		}
		if v, err := m.db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v, %v", err, v.Findings)
		}
	})
}
