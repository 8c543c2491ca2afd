package store_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// why returns the reason for which a claim or a cell of an entry is withheld; empty when it is shown.
func why(t *testing.T, d store.Disclosed, part string) string {
	t.Helper()
	for path := range d.Item.Disclosed {
		if strings.HasSuffix(path, part) {
			return ""
		}
	}
	for path, w := range d.Item.Withheld {
		if strings.HasSuffix(path, part) {
			return w.Why
		}
	}
	t.Fatalf("%s is neither shown nor withheld", part)
	return ""
}

// TestDisclosureFollowsTheTable takes one record out as each role: what the role does not see is withheld, in the claim and
// in the cell, and the leaf is the same whatever is withheld.
func TestDisclosureFollowsTheTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := storetest.Put(t, db, "list", claims("name.full", "a", "contact.phone", "050", "health.group", "2", "event.mistreated.note", "n"))[0]
		for role, hidden := range map[homeward.Role]string{
			homeward.RoleSupervisor: "", homeward.RoleLegalOfficer: "contact.phone", homeward.RoleEvidenceCustodian: "contact.phone health.group",
		} {
			who := addUser(t, db, role)
			err := asks(db, who, func(tx *store.Tx) error {
				list, err := tx.Disclose([]string{string(id)}, store.Withhold{})
				if err != nil || len(list) != 1 {
					t.Fatalf("%s: %d entries: %v", role, len(list), err)
				}
				d := list[0]
				for _, path := range []string{"name.full", "contact.phone", "health.group", "event.mistreated.note"} {
					want := ""
					if strings.Contains(hidden, path) {
						want = string(homeward.WithheldRole)
					}
					for part, place := range map[string]string{"claim": "body/claim/", "row": "body/row/"} {
						for p := range d.Item.Disclosed {
							if want != "" && strings.HasPrefix(p, place) && strings.HasSuffix(p, path) {
								t.Errorf("%s: the %s of %s is shown", role, part, path)
							}
						}
					}
					if got := why(t, d, "/"+path); got != want {
						t.Errorf("%s: %s is withheld for %q, want %q", role, path, got, want)
					}
				}
				if d.Item.Withheld["actor"].Why != string(homeward.WithheldActor) {
					t.Errorf("%s: the actor is shown", role)
				}
				leaf, err := tx.Leaf(d.Index)
				if !bytes.Equal(leaf, d.Item.Leaf()) {
					t.Errorf("%s: the item opens another leaf", role)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			err = asks(db, who, func(tx *store.Tx) error {
				looked, err := tx.AuditOf(string(id), 10)
				if !slices.ContainsFunc(looked, func(a store.AuditRow) bool { return a.Action == "disclose" && a.Actor == who }) {
					t.Errorf("%s: no audit row", role)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestWhatMayNotBeExportedIsNotThereOrDenied asks as who may not, and for what lies behind the fence.
func TestWhatMayNotBeExportedIsNotThereOrDenied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := openRooms(t, db)
		disclose := func(who homeward.Actor, id homeward.RecordID) error {
			return asks(db, who, func(tx *store.Tx) error {
				_, err := tx.Disclose([]string{string(id)}, store.Withhold{})
				return err
			})
		}
		for _, id := range r.records {
			err := disclose(r.insider, id)
			if behind := r.in[id] == r.b; behind && !errors.Is(err, homeward.ErrNotFound) || !behind && err != nil {
				t.Errorf("a record of %s: %v", r.in[id], err)
			}
		}
		opened := r.records[1] // broken glass shows it; it does not let it be taken out
		if err := does(db, r.insider, func(tx *store.Tx) error { _, err := tx.BreakGlass(opened, "urgent"); return err }); err != nil {
			t.Fatal(err)
		}
		if err := disclose(r.insider, opened); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("what glass was broken over: %v", err)
		}
		for _, role := range []homeward.Role{homeward.RoleTracingOfficer, homeward.RoleReviewer, homeward.RoleCaseworker} {
			id := storetest.Put(t, db, "in main", claims("name.full", "x"))[0]
			if err := disclose(addUser(t, db, role), id); !errors.Is(err, homeward.ErrDenied) {
				t.Errorf("as %s: %v", role, err)
			}
		}
		for _, role := range []homeward.Role{homeward.RoleAuditor, homeward.RoleAdministrator, homeward.RoleIntakeClerk} {
			if err := disclose(addUser(t, db, role), r.records[0]); err == nil {
				t.Errorf("as %s: a record was taken out", role)
			}
		}
		if err := disclose(homeward.Operator, "no-such-id"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("what never was: %v", err)
		}
	})
}

// TestWhatIsChosenTakesItsCellWithIt withholds by claim, by cell, by class and by path.
func TestWhatIsChosenTakesItsCellWithIt(t *testing.T) {
	db := storetest.Open(t)
	id := storetest.Put(t, db, "list", claims("name.full", "a", "birth.date", "2015", "birth.place", "b", "contact.phone", "050"))[0]
	for _, c := range []struct {
		name  string
		w     store.Withhold
		shown []string
		not   []string
	}{
		{"a claim", store.Withhold{Paths: []string{"birth.date"}}, []string{"name.full", "birth.place"}, []string{"claim/0001/birth.date", "row/0001/birth.date"}},
		{"claims below", store.Withhold{Paths: []string{"birth"}}, []string{"name.full"}, []string{"claim/0001/birth.date", "row/0002/birth.place"}},
		{"a cell", store.Withhold{Paths: []string{"body/row/0000"}}, []string{"birth.date"}, []string{"claim/0000/name.full", "row/0000/name.full"}},
		{"a class", store.Withhold{Classes: homeward.ClassesOf(homeward.ClassContact)}, []string{"name.full"}, []string{"claim/0003/contact.phone", "row/0003/contact.phone"}},
		{"a path", store.Withhold{Paths: []string{"record"}}, []string{"name.full"}, []string{"body/record/line", "body/record/source"}},
	} {
		err := asks(db, homeward.Operator, func(tx *store.Tx) error {
			list, err := tx.Disclose([]string{string(id)}, c.w)
			if err != nil {
				return err
			}
			for _, part := range c.shown {
				if got := why(t, list[0], part); got != "" {
					t.Errorf("%s: %s is withheld for %s", c.name, part, got)
				}
			}
			for _, part := range c.not {
				if got := why(t, list[0], part); got != string(homeward.WithheldChosen) {
					t.Errorf("%s: %s is withheld for %q", c.name, part, got)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhatIsCitedIsWithheldWithItsClaim withholds a claim by its path, and by one above it.
func TestWhatIsCitedIsWithheldWithItsClaim(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, _, list := cited(t, db, homeward.Main, addUser(t, db, homeward.RoleLegalOfficer))
		for _, path := range []string{"name.full", "name"} {
			err := asks(db, homeward.Operator, func(tx *store.Tx) error {
				out, err := tx.Disclose([]string{string(list[0].ID)}, store.Withhold{Paths: []string{path}})
				if err != nil {
					return err
				}
				for _, part := range []string{"body/value", "body/quote"} {
					if got := why(t, out[0], part); got != string(homeward.WithheldChosen) {
						t.Errorf("%s of what is cited is withheld for %q when %s is", part, got, path)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestPartsAreTheOtherWayOfFields holds that a joined value comes apart as it was put together.
func TestPartsAreTheOtherWayOfFields(t *testing.T) {
	for _, parts := range [][]string{{""}, {"a"}, {"a", "b", ""}, {"", "", ""}, {"a\x1fb", "c\x1f|d", "\x1f"}, {"|", "\x1f\x1f|"}} {
		if got := store.Parts(store.Fields(slices.Clone(parts)...)); !slices.Equal(got, parts) {
			t.Errorf("%q comes apart as %q", parts, got)
		}
	}
}
