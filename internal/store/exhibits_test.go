package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// keep makes an exhibit of some bytes.
func keep(t *testing.T, db *store.DB, who homeward.Actor, e homeward.Exhibit, content string) homeward.Exhibit {
	t.Helper()
	e, err := tryKeep(db, who, e, content)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func tryKeep(db *store.DB, who homeward.Actor, e homeward.Exhibit, content string) (homeward.Exhibit, error) {
	got, err := db.Receive(context.Background(), e.Compartment, strings.NewReader(content))
	if err != nil {
		return e, err
	}
	return e, does(db, who, func(tx *store.Tx) error {
		e, err = tx.PutExhibit(e, got, homeward.Custody{Purpose: "kept", Authority: "mandate"})
		return err
	})
}

// chain returns the acts of an exhibit's custody.
func chain(t *testing.T, db *store.DB, id homeward.ExhibitID) (acts []homeward.CustodyAct, lines []homeward.Custody) {
	t.Helper()
	err := asks(db, homeward.Operator, func(tx *store.Tx) (err error) {
		lines, err = tx.Custody(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		acts = append(acts, l.Act)
	}
	return acts, lines
}

func photo() homeward.Exhibit {
	return homeward.Exhibit{Compartment: homeward.Main, Kind: homeward.ExhibitPhoto, Class: homeward.ClassEvidence, Intake: homeward.Intake{
		Name: "img.png", Collector: "who took it", Collected: time.Date(2025, 2, 22, 14, 30, 0, 0, time.FixedZone("", 7200)),
		Place: "where", Method: homeward.MethodSent, From: "who gave it", Consent: "of the mother", Tool: "telephone 1.0", Local: "2025-02-23T09:00:00+02:00",
	}}
}

const png = "\x89PNG\r\n\x1a\nnot much of a picture"

func TestAnExhibitIsReadAsItWasReceived(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		custodian := addUser(t, db, homeward.RoleEvidenceCustodian)
		want := keep(t, db, custodian, photo(), png)
		if want.SHA256 == "" || len(want.SHA512) != 128 || want.Size != int64(len(png)) || want.MediaType != "image/png" {
			t.Errorf("found out: %d bytes, %s", want.Size, want.MediaType)
		}
		got, bytes, err := db.ReadExhibit(context.Background(), custodian, want.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to look"})
		if err != nil {
			t.Fatal(err)
		}
		acts, lines := chain(t, db, want.ID) // before a byte was read
		if diff := cmp.Diff([]homeward.CustodyAct{homeward.CustodyCollected, homeward.CustodyReceived, homeward.CustodyAccessed}, acts); diff != "" {
			t.Error(diff)
		}
		if lines[1].After != want.SHA256 || lines[1].Purpose != "kept" || lines[2].Before != want.SHA256 || lines[2].Actor != custodian {
			t.Error("a line of custody is not what was written")
		}
		content, err := io.ReadAll(bytes)
		if err != nil || string(content) != png {
			t.Errorf("read %d bytes: %v", len(content), err)
		}
		if err := bytes.Close(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool {
			_, x := a.Zone()
			_, y := b.Zone()
			return a.Equal(b) && x == y
		})); diff != "" {
			t.Error("an exhibit is not read as it was written")
		}
		line, err := db.VerifyExhibit(context.Background(), custodian, want.ID, "the yearly look")
		if err != nil || !line.Whole() {
			t.Errorf("verified: %v", err)
		}
	})
}

// TestAnExhibitThatWasTouchedIsNamed alters the bytes of one, removes those of another and swaps those of two more.
func TestAnExhibitThatWasTouchedIsNamed(t *testing.T) {
	dir := t.TempDir()
	db := storetest.OpenAt(t, store.Settings{Dir: dir})
	at := func(e homeward.Exhibit) string { return filepath.Join(dir, "blobs", e.Blob) }
	altered, removed := keep(t, db, homeward.Operator, photo(), png), keep(t, db, homeward.Operator, photo(), png)
	one, other := keep(t, db, homeward.Operator, photo(), png), keep(t, db, homeward.Operator, photo(), png)
	content, err := os.ReadFile(at(altered))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte("picture")) {
		t.Error("bytes lie open on the disk")
	}
	content[len(content)/2] ^= 1
	err = errors.Join(os.WriteFile(at(altered), content, 0o600), os.Remove(at(removed)),
		os.Rename(at(one), at(one)+"x"), os.Rename(at(other), at(one)), os.Rename(at(one)+"x", at(other)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []homeward.Exhibit{altered, removed, one, other} {
		line, err := db.VerifyExhibit(context.Background(), homeward.Operator, e.ID, "scrub")
		if err != nil || line.Whole() || line.Before != e.SHA256 {
			t.Errorf("found whole: %v", err)
		}
		_, r, err := db.ReadExhibit(context.Background(), homeward.Operator, e.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to look"})
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if !errors.Is(err, homeward.ErrTampered) && !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("read: %v", err)
		}
	}
}

// TestAnExhibitOfAnotherCompartmentOrClassIsNotThere asks for exhibits in every way, as who may and who may not see them.
func TestAnExhibitOfAnotherCompartmentOrClassIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		custodian, officer := addUser(t, db, homeward.RoleEvidenceCustodian), addUser(t, db, homeward.RoleTracingOfficer)
		outsider, reviewer := addUser(t, db, homeward.RoleEvidenceCustodian), addUser(t, db, homeward.RoleReviewer)
		room := addRoom(t, db, custodian, officer, reviewer)
		proof, picture := photo(), photo()
		proof.Compartment, picture.Compartment, picture.Class = room, room, homeward.ClassIdentity
		proof, picture = keep(t, db, custodian, proof, "a"), keep(t, db, officer, picture, "b")
		for who, sees := range map[homeward.Actor][2]bool{custodian: {true, true}, officer: {false, true}, outsider: {}, reviewer: {}} {
			n := 0
			for i, e := range []homeward.Exhibit{proof, picture} {
				_, _, err := db.ReadExhibit(context.Background(), who, e.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to look"})
				err2 := asks(db, who, func(tx *store.Tx) error { _, err := tx.Custody(e.ID); return err })
				if sees[i] {
					n++
				}
				for _, err := range []error{err, err2} {
					if (err == nil) != sees[i] || err != nil && !errors.Is(err, homeward.ErrNotFound) {
						t.Errorf("%s reads exhibit %d: %v", who.Role, i, err)
					}
				}
			}
			err := asks(db, who, func(tx *store.Tx) error {
				list, err := tx.Exhibits(store.ExhibitFilter{})
				if len(list) != n {
					t.Errorf("%s lists %d, wants %d", who.Role, len(list), n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, who := range []homeward.Actor{officer, outsider, reviewer} {
			e := photo()
			e.Compartment = room
			if _, err := tryKeep(db, who, e, "c"); !errors.Is(err, homeward.ErrDenied) {
				t.Errorf("%s brings one in: %v", who.Role, err)
			}
		}
	})
}

func TestADerivativeLiesWhereItsParentDoesAndTheParentSaysSo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		parent := photo()
		parent.Class = homeward.ClassIdentity
		parent = keep(t, db, homeward.Operator, parent, png)
		made := keep(t, db, homeward.Operator, homeward.Exhibit{
			Compartment: homeward.Main, Kind: homeward.ExhibitCrop, Parent: parent.ID, Intake: homeward.Intake{Collector: "who cut it", Tool: "scissors 2"},
		}, "smaller")
		if made.Class != homeward.ClassIdentity {
			t.Error("a derivative is for others than its parent")
		}
		acts, lines := chain(t, db, parent.ID)
		if last := lines[len(lines)-1]; acts[len(acts)-1] != homeward.CustodyCopied || last.Person != "who cut it" || !strings.Contains(last.Purpose, string(made.ID)) {
			t.Error("the parent's custody does not say that it was copied")
		}
		for _, bad := range []homeward.Exhibit{{Kind: homeward.ExhibitCrop}, {Kind: homeward.ExhibitPhoto, Parent: parent.ID}, {Kind: "thing"}} {
			bad.Compartment = homeward.Main
			if _, err := tryKeep(db, homeward.Operator, bad, "x"); !errors.Is(err, homeward.ErrInvalid) {
				t.Errorf("kind %s, parent %q: %v", bad.Kind, bad.Parent, err)
			}
		}
	})
}

func TestALegalHoldIsLiftedByAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		custodian, lawyer := addUser(t, db, homeward.RoleEvidenceCustodian), addUser(t, db, homeward.RoleLegalOfficer)
		e := keep(t, db, custodian, photo(), png)
		line := func(who homeward.Actor, act homeward.CustodyAct, purpose string) error {
			return does(db, who, func(tx *store.Tx) error {
				_, err := tx.PutCustody(e.ID, homeward.Custody{Act: act, Purpose: purpose})
				return err
			})
		}
		for i, step := range []struct {
			who     homeward.Actor
			act     homeward.CustodyAct
			purpose string
			want    error
		}{
			{lawyer, homeward.CustodyReleased, "nothing is held", homeward.ErrConflict},
			{lawyer, homeward.CustodyHeld, "", homeward.ErrInvalid},
			{lawyer, homeward.CustodyHeld, "proceedings", nil},
			{custodian, homeward.CustodyHeld, "again", homeward.ErrConflict},
			{lawyer, homeward.CustodyReleased, "by myself", homeward.ErrDenied},
			{custodian, homeward.CustodyReleased, "proceedings ended", nil},
			{custodian, homeward.CustodyReceived, "twice", homeward.ErrInvalid},
			{custodian, homeward.CustodyTransferred, "to nobody", homeward.ErrInvalid},
		} {
			if err := line(step.who, step.act, step.purpose); !errors.Is(err, step.want) || (err == nil) != (step.want == nil) {
				t.Errorf("step %d: %v", i, err)
			}
		}
		_, lines := chain(t, db, e.ID)
		if _, held := homeward.Hold(lines); held || len(lines) != 4 {
			t.Errorf("held: %v, lines: %d", held, len(lines))
		}
	})
}

// TestManyReadersAtOnceEachHaveTheirLine reads one exhibit from many sides at the same time: the chain has a line for each,
// one turn after the other.
func TestManyReadersAtOnceEachHaveTheirLine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := keep(t, db, homeward.Operator, photo(), png)
		const readers = 8
		faults := make(chan error, readers)
		for range readers {
			go func() {
				_, r, err := db.ReadExhibit(context.Background(), homeward.Operator, e.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to look"})
				if err == nil {
					_, err = io.ReadAll(r)
					err = errors.Join(err, r.Close())
				}
				faults <- err
			}()
		}
		for range readers {
			if err := <-faults; err != nil {
				t.Error(err)
			}
		}
		_, lines := chain(t, db, e.ID)
		for i, l := range lines {
			if l.Turn != i {
				t.Errorf("line %d has turn %d", i, l.Turn)
			}
		}
		if len(lines) != readers+2 {
			t.Errorf("%d lines, want %d", len(lines), readers+2)
		}
	})
}

// TestNoExhibitOfManyRecordsIsLeftOut asks for the exhibits of more records than were looked at once, the one that has any last.
func TestNoExhibitOfManyRecordsIsLeftOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := photo()
		e.Record = storetest.Put(t, db, "s", claims("name.full", "x"))[0]
		e = keep(t, db, homeward.Operator, e, png)
		var records []homeward.RecordID
		for range 500 {
			records = append(records, homeward.RecordID(homeward.NewID(time.Now())))
		}
		err := asks(db, homeward.Operator, func(tx *store.Tx) error {
			list, err := tx.Exhibits(store.ExhibitFilter{Records: append(records, e.Record), Limit: store.NoLimit})
			if len(list) != 1 {
				t.Errorf("%d exhibits, want 1", len(list))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
