package review

import (
	"cmp"
	"context"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Hit is a record found.
type Hit struct {
	Record  homeward.RecordID // the newest version of its row
	Person  homeward.PersonID // empty until the registry has run
	Weight  float64           // bits by which the record fits the query; the order of hits, no probability
	Signals []linkage.Signal
	Summary Summary
}

// Summary is a record in one line, in its source's words.
type Summary struct {
	Name      string
	Birth     homeward.Date // as said, or from an age; zero when neither was said
	Sex       string
	Home      string
	Source    string // its name
	SourceRow string // the id that the source's own row carries
}

// Search returns the records that fit a query best: names in any script, spelling and order, beginnings of names,
// dates, places, document and telephone numbers, in one line. Every record shown is audited; the query is kept nowhere.
func (r *Review) Search(ctx context.Context, actor homeward.Actor, query string, limit int) ([]Hit, error) {
	found, err := r.Find(ctx, actor, Read(query), cmp.Or(limit, 50))
	hits := make([]Hit, len(found))
	for i, f := range found {
		hits[i] = f.Hit
	}
	return hits, err
}

// mostLooked bounds how far down the list of hits is looked for those within reach.
const mostLooked = 20_000

// reached returns the best hits that exist as far as the actor is concerned. The index knows every compartment, so it is
// asked for more until there are enough, no more, or so many that the rest fits badly.
func (r *Review) reached(tx *store.Tx, model *trained, q linkage.Query, where store.Where, limit int) ([]linkage.Hit, error) {
	resting, err := tx.Resting()
	if err != nil {
		return nil, err
	}
	for most := limit; ; most *= 4 {
		found := r.index.Search(model.model, q, most)
		ids := make([]homeward.RecordID, len(found))
		for i, f := range found {
			ids[i] = r.lines.newest(homeward.RecordID(f.ID))
		}
		there, err := tx.Among(ids, where)
		if err != nil {
			return nil, err
		}
		var mine []linkage.Hit
		for i, f := range found {
			if there[ids[i]] && !resting[homeward.RecordID(f.ID)] && len(mine) < limit {
				mine = append(mine, f)
			}
		}
		if len(mine) == limit || len(found) < most || most > mostLooked {
			return mine, nil
		}
	}
}

// hits reads the records found.
func (r *Review) hits(tx *store.Tx, found []linkage.Hit) ([]Hit, error) {
	ids := make([]homeward.RecordID, len(found))
	for i, f := range found {
		ids[i] = r.lines.newest(homeward.RecordID(f.ID))
	}
	records, err := tx.RecordsByID(ids)
	if err != nil {
		return nil, err
	}
	persons, err := tx.PersonsOf(ids)
	if err != nil {
		return nil, err
	}
	sources, err := tx.Sources()
	if err != nil {
		return nil, err
	}
	names := map[homeward.SourceID]string{}
	for _, s := range sources {
		names[s.ID] = s.Name
	}
	out := make([]Hit, len(found))
	for i, f := range found {
		out[i] = Hit{ids[i], persons[ids[i]], f.Weight, f.Signals, summarise(records[i], names[records[i].Source])}
	}
	return out, nil
}

func summarise(r homeward.Record, source string) Summary {
	s := Summary{Source: source, SourceRow: r.SourceRow}
	for _, n := range nameTexts(r) {
		whole := cmp.Or(n.Full, strings.Join(strings.Fields(n.Family+" "+n.Given+" "+n.Patronymic), " "))
		if s.Name = cmp.Or(s.Name, whole); s.Name != "" {
			break
		}
	}
	if dates := births(r); len(dates) > 0 {
		s.Birth = dates[0]
	}
	if c, ok := r.First(homeward.PathSex); ok {
		s.Sex = c.Value
	}
	for _, p := range []homeward.Path{homeward.PathHome, homeward.PathTakenFrom, homeward.PathBirthPlace} {
		if c, ok := r.First(p); ok && s.Home == "" {
			s.Home = c.Value
		}
	}
	return s
}
