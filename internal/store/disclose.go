package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/ledger"
)

// Disclosed is an entry as far as it may leave the register: the salt stays.
type Disclosed struct {
	Entry
	Item bundle.Item
}

// Withhold is what an export leaves out beside what the actor's role does not see.
type Withhold struct {
	// Paths of payloads ("body/row/0003/Телефон", "reason") or of claims ("contact.phone"); each stands for itself and
	// all below it. A claim takes the cell it was read from with it, and whatever else was read from that cell.
	Paths   []string
	Classes homeward.Classes
}

// disclosable says which types of entries may leave the register, and in which compartments what they are about lies, and of which class it is as a whole.
// Each statement runs behind the fence: what the actor does not reach has no compartment.
var disclosable = map[string]string{
	entryRecord:  `select compartment, '' from records where id = $1`,
	entryRemoved: `select compartment, '' from records where id = $1`,
	entryMark:    `select compartment, '' from records where id = $1`,
	entryLifted:  `select compartment, '' from records where id = $1`,
	entryDecision: `select r.compartment, '' from decisions d join records r on r.id = d.left_record or r.id = d.right_record
		where d.id = $1`,
	entryRevocation: `select r.compartment, '' from decisions d join records r on r.id = d.left_record or r.id = d.right_record
		where d.id = $1`,
	entryEdition:    `select s.compartment, '' from editions e join sources s on s.id = e.source where e.id = $1`,
	entryComplete:   `select s.compartment, '' from editions e join sources s on s.id = e.source where e.id = $1`,
	entrySource:     `select compartment, '' from sources where id = $1`,
	entryRequest:    `select compartment, '' from requests where id = $1`,
	entryMove:       `select r.compartment, '' from request_moves m join requests r on r.id = m.request where m.id = $1`,
	entryConsent:    `select r.compartment, '' from consents c join requests r on r.id = c.request where c.id = $1`,
	entryExhibit:    `select compartment, class from exhibits where id = $1`,
	entryCitation:   `select e.compartment, e.class from citations c join exhibits e on e.id = c.exhibit where c.id = $1`,
	entryAssessment: `select r.compartment, 'evidence' from assessments a join records r on r.id = a.record where a.id = $1`,
	entryCustody:    `select e.compartment, e.class from custody c join exhibits e on e.id = c.exhibit where c.id = $1`,
}

// needsBeside lists what an actor must be allowed besides exporting.
var needsBeside = map[string]homeward.Action{
	entryRequest: homeward.ActionSeeRequests, entryMove: homeward.ActionSeeRequests, entryConsent: homeward.ActionSeeRequests,
	entryExhibit: homeward.ActionReadExhibit, entryCustody: homeward.ActionReadExhibit, entryCitation: homeward.ActionReadExhibit,
}

// Disclose returns the sequenced entries about some objects, in the order of the log, as far as the actor may take them
// out: what its role does not see and what it chose to withhold stands there as a digest. Actors are always withheld.
// ErrNotFound for an object that the actor does not reach or that has no entry yet. Each is audited before it is opened.
func (tx *Tx) Disclose(objects []string, w Withhold) ([]Disclosed, error) {
	locked, err := tx.lockedEntries(objects, slices.Sorted(maps.Keys(disclosable)))
	if err != nil {
		return nil, err
	}
	audited := map[string]bool{}
	for _, e := range locked {
		if err := tx.mayDisclose(e.typ, e.obj); err != nil {
			return nil, err
		}
		if !audited[e.obj] {
			audited[e.obj] = true
			if err := tx.audited("disclose", e.obj, 1); err != nil {
				return nil, err
			}
		}
	}
	for _, o := range objects {
		if !audited[o] {
			return nil, fmt.Errorf("disclose %s: %w", o, homeward.ErrNotFound)
		}
	}
	reach, err := tx.reach(homeward.ActionExport)
	if err != nil {
		return nil, err
	}
	out := make([]Disclosed, len(locked))
	for i, e := range locked {
		out[i], err = tx.open(e, func(p ledger.Payload) func(string) string { return reasons(p, reach.Classes, w) })
		if err != nil {
			return nil, fmt.Errorf("disclose entry %s: %w", e.id, err)
		}
	}
	return out, nil
}

// lockedEntries reads the entries of some types about some objects, in the order of the log, without opening them.
func (tx *Tx) lockedEntries(objects, types []string) (out []storedEntry, err error) {
	for chunk := range chunks(objects, 400) {
		err := tx.query("read entries", `
			select l.idx, e.id, e.type, e.object, e.key, e.actor, e.role, e.at, e.sealed
			from entries e
			join leaves l on l.entry = e.id
			where e.object in (`+placeholders(1, len(chunk))+`) and e.type in (`+placeholders(len(chunk)+1, len(types))+`)`,
			append(anys(chunk), anys(types)...), func(r *sql.Rows) error {
				var e storedEntry
				err := r.Scan(&e.index, &e.id, &e.typ, &e.obj, &e.keyd, &e.actor, &e.role, &e.at, &e.sealed)
				out = append(out, e)
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b storedEntry) int { return cmp.Compare(a.index, b.index) })
	return out, nil
}

// mayDisclose fails with ErrNotFound for what the actor does not reach, and with ErrDenied for what it reaches and may not
// take out.
func (tx *Tx) mayDisclose(typ, object string) error {
	places := 0
	err := tx.query("read where "+object+" lies", disclosable[typ], []any{object}, func(r *sql.Rows) error {
		var at homeward.Resource
		if err := r.Scan(&at.Compartment, &at.Class); err != nil {
			return err
		}
		places++
		if beside := needsBeside[typ]; beside != "" {
			if err := tx.must(beside, at); err != nil {
				return err
			}
		}
		return tx.must(homeward.ActionExport, at)
	})
	if err == nil && places == 0 {
		err = fmt.Errorf("disclose %s: %w", object, homeward.ErrNotFound)
	}
	return err
}

// Exportable returns those of some records that the actor may take out.
func (tx *Tx) Exportable(records []homeward.RecordID) ([]homeward.RecordID, error) {
	reach, err := tx.reach(homeward.ActionExport)
	if err != nil {
		return nil, err
	}
	var out []homeward.RecordID
	for _, id := range records {
		in, err := tx.placeOf(id)
		if err != nil {
			return nil, err
		}
		if reach.Admits(homeward.Resource{Compartment: in}) {
			out = append(out, id)
		}
	}
	return out, nil
}

// open opens an entry and discloses what it gives no reason to withhold.
func (tx *Tx) open(e storedEntry, why func(ledger.Payload) func(path string) string) (Disclosed, error) {
	key, err := tx.key(e.keyd)
	if err != nil {
		return Disclosed{}, err
	}
	p, salt, err := openEntry(key, e.id, e.sealed)
	if err != nil {
		return Disclosed{}, err
	}
	out := Disclosed{Entry: Entry{Index: e.index, ID: homeward.EntryID(e.id), Type: e.typ, Object: e.obj, At: fromMicros(e.at)}}
	out.Actor = homeward.Actor{ID: homeward.UserID(e.actor), Role: homeward.Role(e.role)}
	out.Item = bundle.Disclose(p, salt, why(p))
	return out, nil
}

// reasons returns why each path of a payload is withheld.
func reasons(p ledger.Payload, see homeward.Classes, w Withhold) func(path string) string {
	r := spoken(p)
	paths := make([]string, len(w.Paths)) // below the body, or of the payload itself
	for i, q := range w.Paths {
		paths[i] = strings.Trim(strings.TrimPrefix(strings.TrimSpace(q), "body/"), "/")
	}
	byRole, byChoice := r.hidden(see, nil, false), r.hidden(homeward.AllClasses&^w.Classes, paths, true)
	return func(path string) string {
		name := strings.TrimPrefix(path, "body/")
		class := classOf(p.Type, name)
		if p.Type == entryCitation && (name == "value" || name == "quote" || name == "reason") {
			// What is cited of a claim is of the claim's class, and is withheld with it.
			of := homeward.Path(p.Body["path"])
			if class = of.Class(); takes(paths, of) {
				return string(homeward.WithheldChosen)
			}
		}
		switch {
		case path == "actor":
			return string(homeward.WithheldActor)
		case byRole[name] || class != "" && !see.Has(class):
			return string(homeward.WithheldRole)
		case byChoice[name] || class != "" && w.Classes.Has(class) || covers(paths, name):
			return string(homeward.WithheldChosen)
		}
		return ""
	}
}

// classOf returns the class of what an entry says at a path of its body, beside a record's claims and cells.
func classOf(typ, name string) homeward.FieldClass {
	switch {
	case typ == entryRecord && name == "record/row", typ == entrySource && name == "name":
		return homeward.ClassSource
	case typ == entryRequest && (strings.HasPrefix(name, "inquirer/") || name == "circumstances"):
		return homeward.ClassContact
	case typ == entryExhibit && (name == "intake/collector" || name == "intake/from"), typ == entryCustody && name == "person":
		return homeward.ClassSource
	case typ == entryMove && name == "reason", typ == entryConsent && name == "scope":
		return homeward.ClassContact
	}
	return ""
}

// covers reports whether a path is one of some patterns or lies below one.
func covers(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(q string) bool { return q != "" && (path == q || strings.HasPrefix(path, q+"/")) })
}

// spokenRecord is what the payload of a record says: its claims and cells by their paths.
type spokenRecord struct {
	record homeward.Record
	claims map[string]homeward.Claim
	cells  map[string]homeward.Cell
}

// spoken reads a record's words out of its payload; of any other payload there are none.
func spoken(p ledger.Payload) spokenRecord {
	r := spokenRecord{claims: map[string]homeward.Claim{}, cells: map[string]homeward.Cell{}}
	if p.Type != entryRecord {
		return r
	}
	r.record.SourceRow = p.Body["record/row"]
	for name, value := range p.Body {
		kind, rest, _ := strings.Cut(name, "/")
		_, rest, _ = strings.Cut(rest, "/")
		switch kind {
		case "claim":
			parts := append(Parts(value), "", "", "")
			r.claims[name] = homeward.Claim{Path: homeward.Path(rest), Value: parts[0], Heading: parts[2]}
			r.record.Claims = append(r.record.Claims, r.claims[name])
		case "row":
			r.cells[name] = homeward.Cell{Heading: rest, Text: value}
		}
	}
	return r
}

// hidden returns the paths of claims and cells that somebody who sees some classes does not see, or that patterns take
// out. A cell goes with any claim read from it, as [homeward.Record.Within] has it; whole takes with a cell all that was
// read from it: what somebody chooses to withhold must not stand in other words beside it.
func (r spokenRecord) hidden(see homeward.Classes, patterns []string, whole bool) map[string]bool {
	out, cells := map[string]bool{}, map[string]bool{}
	for name, c := range r.claims {
		if !see.Has(c.Path.Class()) || covers(patterns, name) || takes(patterns, c.Path) {
			out[name], cells[c.Heading] = true, true
		}
	}
	for name, cell := range r.cells {
		one := r.record
		one.Row = []homeward.Cell{cell}
		if covers(patterns, name) || see&homeward.AllClasses != homeward.AllClasses && len(one.Within(see).Row) == 0 {
			out[name], cells[cell.Heading] = true, true
		}
	}
	delete(cells, "") // a claim that was read from no cell takes none with it
	for name, cell := range r.cells {
		out[name] = out[name] || cells[cell.Heading]
	}
	for name, c := range r.claims {
		out[name] = out[name] || whole && cells[c.Heading]
	}
	return out
}

// takes reports whether a pattern names a claim's path, or one above it: "contact" takes "contact.phone".
func takes(patterns []string, path homeward.Path) bool {
	return slices.ContainsFunc(patterns, func(q string) bool {
		return q != "" && (string(path) == q || strings.HasPrefix(string(path), q+"."))
	})
}

// Parts returns the parts of a value that has several, as payloads hold them: what [fields] joined.
func Parts(text string) []string {
	var out []string
	var part strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\x1f' && i+1 < len(text) {
			if i++; text[i] == '|' {
				out = append(out, part.String())
				part.Reset()
				continue
			}
		}
		part.WriteByte(text[i])
	}
	return append(out, part.String())
}
