package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// sealedAssessment is what an assessment's sealed column holds.
type sealedAssessment struct {
	Elements           []homeward.Element
	Parties            []homeward.Applicability
	Conclusion, Author string
}

// PutAssessment enters what a named human concludes in law of an act that a record tells of. ErrInvalid when a part is missing,
// ErrNotFound when the record is not there, tells of no such act, or what is replaced is not there; ErrConflict when that is replaced
// already.
func (tx *Tx) PutAssessment(a homeward.Assessment) (homeward.Assessment, error) {
	if !a.Complete() {
		return a, fmt.Errorf("put assessment: a part of it is missing: %w", homeward.ErrInvalid)
	}
	if err := tx.mayAssess(a); err != nil {
		return a, fmt.Errorf("put assessment of record %s: %w", a.Record, err)
	}
	a.ID, a.By, a.At = homeward.AssessmentID(homeward.NewID(tx.Now)), tx.Actor.ID, tx.Now
	id := string(a.ID)
	key, err := tx.key(string(a.Record))
	if err != nil {
		return a, err
	}
	sealed, err := sealJSON(key, "assessments", id, sealedAssessment{a.Elements, a.Parties, a.Conclusion, a.Author})
	if err != nil {
		return a, err
	}
	err = tx.exec("put assessment", `
		insert into assessments (id, record, event, law, standard, replaces, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, a.Record, a.Event, a.Law, a.Standard, a.Replaces, a.By, micros(a.At), sealed)
	if err != nil {
		return a, err
	}
	return a, tx.put(draft{typ: entryAssessment, object: id, keyID: string(a.Record), key: key, body: assessmentBody(a)})
}

func (tx *Tx) mayAssess(a homeward.Assessment) error {
	r, err := tx.Record(a.Record)
	if err != nil {
		return err
	}
	if err := tx.must(homeward.ActionAssess, homeward.Resource{Compartment: r.Compartment, Class: homeward.ClassEvidence}); err != nil {
		return err
	}
	tells := func(c homeward.Claim) bool { t, _, ok := c.Path.Event(); return ok && t == a.Event }
	if !slices.ContainsFunc(r.Claims, tells) {
		return fmt.Errorf("the record tells of no such act: %w", homeward.ErrNotFound)
	}
	if a.Replaces == "" {
		return nil
	}
	all, err := tx.assessments("where record = $1", a.Record)
	if err != nil {
		return err
	}
	switch i := slices.IndexFunc(all, func(x homeward.Assessment) bool { return x.ID == a.Replaces }); {
	case i < 0:
		return fmt.Errorf("what is replaced is not there: %w", homeward.ErrNotFound)
	case all[i].ReplacedBy != "":
		return fmt.Errorf("it is replaced already: %w", homeward.ErrConflict)
	}
	return nil
}

func assessmentBody(a homeward.Assessment) map[string]string {
	body := map[string]string{
		"record": string(a.Record), "event": string(a.Event), "law": string(a.Law), "standard": string(a.Standard),
		"conclusion": a.Conclusion, "author": a.Author, "replaces": string(a.Replaces),
	}
	for i, e := range a.Elements {
		body[numbered("element", i, "name")], body[numbered("element", i, "finding")], body[numbered("element", i, "grounds")] = e.Name, string(e.Finding), e.Grounds
	}
	for i, p := range a.Parties {
		body[numbered("party", i, "name")], body[numbered("party", i, "applies")], body[numbered("party", i, "grounds")] = p.Party, string(p.Applies), p.Grounds
	}
	return body
}

// AssessmentsOf returns what is concluded in law of the acts that some records tell of, the oldest first, replaced ones too. Who
// does not see evidence of a record sees none of it. The read is audited.
func (tx *Tx) AssessmentsOf(records []homeward.RecordID) ([]homeward.Assessment, error) {
	reach, err := tx.reach(homeward.ActionReadRecord)
	if err != nil || reach.Nothing {
		return nil, err
	}
	if records, err = tx.showing(reach, homeward.ClassEvidence, records); err != nil || len(records) == 0 {
		return nil, err
	}
	var out []homeward.Assessment
	for chunk := range chunks(records, 400) {
		list, err := tx.assessments("where record in ("+placeholders(1, len(chunk))+")", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	if len(out) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(out, func(a, b homeward.Assessment) int {
		if n := a.At.Compare(b.At); n != 0 {
			return n
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return out, tx.audited("list-assessments", string(records[0]), len(out))
}

// showing returns those of some records of which a class may be seen.
func (tx *Tx) showing(reach homeward.Reach, class homeward.FieldClass, records []homeward.RecordID) (out []homeward.RecordID, err error) {
	for _, id := range records {
		in, err := tx.placeOf(id)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if see, there := reach.Sees(in, id); there && see.Has(class) {
			out = append(out, id)
		}
	}
	return out, nil
}

// assessments reads assessments, each with the one that replaces it.
func (tx *Tx) assessments(where string, args ...any) ([]homeward.Assessment, error) {
	var out []homeward.Assessment
	var sealed [][]byte
	replaced := map[homeward.AssessmentID]homeward.AssessmentID{}
	err := tx.query("read assessments", `
		select id, record, event, law, standard, replaces, actor, at, sealed
		from assessments
		`+where+`
		order by at, id`, args, func(r *sql.Rows) error {
		var a homeward.Assessment
		var at int64
		var s []byte
		err := r.Scan(&a.ID, &a.Record, &a.Event, &a.Law, &a.Standard, &a.Replaces, &a.By, &at, &s)
		a.At = fromMicros(at)
		if a.Replaces != "" {
			replaced[a.Replaces] = a.ID
		}
		out, sealed = append(out, a), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		a := &out[i]
		key, err := tx.key(string(a.Record))
		var words sealedAssessment
		if err == nil {
			err = openJSON(key, "assessments", string(a.ID), sealed[i], &words)
		}
		if err != nil {
			return nil, fmt.Errorf("open assessment %s: %w", a.ID, err)
		}
		a.Elements, a.Parties, a.Conclusion, a.Author, a.ReplacedBy = words.Elements, words.Parties, words.Conclusion, words.Author, replaced[a.ID]
	}
	return out, nil
}

func (v *verification) assessmentRow(id string) (map[string]string, error) {
	list, err := v.tx.assessments("where id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	body := assessmentBody(list[0])
	body["at"], body["by"] = fmt.Sprint(micros(list[0].At)), string(list[0].By)
	return body, nil
}
