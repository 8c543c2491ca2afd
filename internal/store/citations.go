package store

import (
	"database/sql"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
)

// sealedCitation is what a citation's sealed column holds.
type sealedCitation struct {
	Path                          homeward.Path
	Value, Locator, Quote, Reason string
	Grade                         homeward.Grade
}

// PutCitation says what a place in an exhibit says of a claim, or takes that back. The claim is one that the actor may read.
// ErrNotFound when exhibit, record or claim is not there; ErrConflict when what is to be withdrawn is withdrawn already.
func (tx *Tx) PutCitation(c homeward.Citation) (homeward.Citation, error) {
	e, err := tx.exhibit(c.Exhibit)
	if err != nil {
		return c, err
	}
	if err := tx.mayCite(e, c); err != nil {
		return c, fmt.Errorf("put citation of exhibit %s: %w", c.Exhibit, err)
	}
	c.ID, c.By, c.At = homeward.CitationID(homeward.NewID(tx.Now)), tx.Actor.ID, tx.Now
	id := string(c.ID)
	key, err := tx.key(string(e.ID))
	if err != nil {
		return c, err
	}
	sealed, err := sealJSON(key, "citations", id, sealedCitation{c.Path, c.Value, c.Locator.String(), c.Quote, c.Reason, c.Grade})
	if err != nil {
		return c, err
	}
	err = tx.exec("put citation", `
		insert into citations (id, exhibit, record, stance, withdraws, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, c.Exhibit, c.Record, c.Stance, c.Withdraws, c.By, micros(c.At), sealed)
	if err != nil {
		return c, err
	}
	return c, tx.put(draft{typ: entryCitation, object: id, keyID: string(e.ID), key: key, body: citationBody(c)})
}

func (tx *Tx) mayCite(e homeward.Exhibit, c homeward.Citation) error {
	if err := tx.must(homeward.ActionCite, homeward.Resource{Compartment: e.Compartment, Class: e.Class}); err != nil {
		return err
	}
	if c.Stance == homeward.StanceWithdrawn {
		return tx.mayWithdraw(c)
	}
	if !slices.Contains(homeward.Stances, c.Stance) || c.Withdraws != "" || !c.Grade.Valid() {
		return fmt.Errorf("no stance, or a grade off its scale: %w", homeward.ErrInvalid)
	}
	r, err := tx.Record(c.Record)
	if err != nil {
		return err
	}
	cited := func(x homeward.Claim) bool { return x.Path == c.Path && x.Value == c.Value }
	if !slices.ContainsFunc(r.Claims, cited) {
		return fmt.Errorf("the record makes no such claim: %w", homeward.ErrNotFound)
	}
	return nil
}

func (tx *Tx) mayWithdraw(c homeward.Citation) error {
	if c.Reason == "" {
		return fmt.Errorf("no reason: %w", homeward.ErrInvalid)
	}
	all, err := tx.citations("where exhibit = $1", c.Exhibit)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x homeward.Citation) bool { return x.ID == c.Withdraws && x.Record == c.Record })
	switch {
	case i < 0:
		return fmt.Errorf("what is withdrawn is not there: %w", homeward.ErrNotFound)
	case all[i].Withdrawn != nil:
		return fmt.Errorf("it is withdrawn already: %w", homeward.ErrConflict)
	}
	return nil
}

func citationBody(c homeward.Citation) map[string]string {
	return map[string]string{
		"exhibit": string(c.Exhibit), "record": string(c.Record), "path": string(c.Path), "value": c.Value, "stance": string(c.Stance),
		"locator": c.Locator.String(), "quote": c.Quote, "reliability": c.Grade.Reliability, "credibility": c.Grade.Credibility,
		"withdraws": string(c.Withdraws), "reason": c.Reason,
	}
}

// CitationsIn returns what an exhibit is cited for, what speaks against claims first. Claims of classes that the actor's role
// does not see are left out.
func (tx *Tx) CitationsIn(id homeward.ExhibitID) ([]homeward.Citation, error) {
	return tx.seenCitations("where exhibit = $1", id)
}

// CitationsOf returns what is cited of the claims of some records, what speaks against claims first, out of exhibits that the
// actor reaches.
func (tx *Tx) CitationsOf(records []homeward.RecordID) ([]homeward.Citation, error) {
	var out []homeward.Citation
	for chunk := range chunks(records, 400) {
		list, err := tx.seenCitations("where record in ("+placeholders(1, len(chunk))+")", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	homeward.SortCitations(out)
	return out, nil
}

func (tx *Tx) seenCitations(where string, args ...any) ([]homeward.Citation, error) {
	exhibits, err := tx.reach(homeward.ActionReadExhibit)
	if err != nil || exhibits.Nothing {
		return nil, err
	}
	claims, err := tx.reach(homeward.ActionReadRecord)
	if err != nil {
		return nil, err
	}
	all, err := tx.citations(where, args...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	classes, err := tx.exhibitClasses(where, args...)
	seen := slices.DeleteFunc(all, func(c homeward.Citation) bool {
		return !exhibits.Classes.Has(classes[c.Exhibit]) || !claims.Classes.Has(c.Path.Class())
	})
	homeward.SortCitations(seen)
	return seen, err
}

// exhibitClasses returns who needs to know the exhibits that are cited.
func (tx *Tx) exhibitClasses(where string, args ...any) (map[homeward.ExhibitID]homeward.FieldClass, error) {
	out := map[homeward.ExhibitID]homeward.FieldClass{}
	return out, tx.query("read classes of exhibits", `
		select id, class
		from exhibits
		where id in (select exhibit from citations `+where+`)`, args, func(r *sql.Rows) error {
		var id homeward.ExhibitID
		var class homeward.FieldClass
		err := r.Scan(&id, &class)
		out[id] = class
		return err
	})
}

// citations reads citations, each with the one that withdraws it.
func (tx *Tx) citations(where string, args ...any) ([]homeward.Citation, error) {
	rows, err := tx.citationRows(where, args...)
	if err != nil {
		return nil, err
	}
	withdrawn := map[homeward.CitationID]*homeward.Citation{}
	for i, c := range rows {
		if c.Withdraws != "" {
			withdrawn[c.Withdraws] = &rows[i]
		}
	}
	var out []homeward.Citation
	for _, c := range rows {
		if c.Withdraws == "" {
			c.Withdrawn = withdrawn[c.ID]
			out = append(out, c)
		}
	}
	return out, nil
}

func (tx *Tx) citationRows(where string, args ...any) ([]homeward.Citation, error) {
	var rows []homeward.Citation
	var sealed [][]byte
	err := tx.query("read citations", `
		select id, exhibit, record, stance, withdraws, actor, at, sealed
		from citations
		`+where+`
		order by at, id`, args, func(r *sql.Rows) error {
		var c homeward.Citation
		var at int64
		var s []byte
		err := r.Scan(&c.ID, &c.Exhibit, &c.Record, &c.Stance, &c.Withdraws, &c.By, &at, &s)
		c.At = fromMicros(at)
		rows, sealed = append(rows, c), append(sealed, s)
		return err
	})
	out := rows[:0]
	for i, c := range rows {
		if err != nil {
			return nil, err
		}
		if err = tx.openCitation(&c, sealed[i]); err == nil {
			out = append(out, c)
		} else if missing(err) {
			err = nil // its exhibit was erased
		}
	}
	return out, err
}

func (tx *Tx) openCitation(c *homeward.Citation, sealed []byte) error {
	key, err := tx.key(string(c.Exhibit))
	if err != nil {
		return err
	}
	var s sealedCitation
	if err := openJSON(key, "citations", string(c.ID), sealed, &s); err != nil {
		return err
	}
	c.Path, c.Value, c.Quote, c.Reason, c.Grade = s.Path, s.Value, s.Quote, s.Reason, s.Grade
	c.Locator, err = homeward.ParseLocator(s.Locator)
	return err
}
