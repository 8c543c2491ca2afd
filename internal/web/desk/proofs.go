package desk

import (
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
)

// proofs are the exhibits that tell of a child, and what they are cited for.
type proofs struct {
	Exhibits []homeward.Exhibit
	Cited    []claimCited
	Record   homeward.RecordID // to which a new exhibit is added; empty where the reader may not add one
}

// claimCited is a claim with every place that is cited for it, what speaks against it first.
type claimCited struct {
	Path    homeward.Path
	Value   string
	Origins int // how many independent origins support it
	Places  []homeward.Citation
}

// proofs reads the evidence of a child's records; nil for who sees none.
func (v *visit) proofs(tx *store.Tx, records []homeward.Record) (*proofs, error) {
	if !v.can(homeward.ActionReadExhibit) {
		return nil, nil
	}
	p, ids := &proofs{}, make([]homeward.RecordID, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	var err error
	if p.Exhibits, err = tx.Exhibits(store.ExhibitFilter{Records: ids}); err != nil {
		return nil, err
	}
	cited, err := tx.CitationsOf(ids)
	if err != nil {
		return nil, err
	}
	if err := p.group(tx, cited); err != nil {
		return nil, err
	}
	who, err := tx.Access()
	on := homeward.Resource{Compartment: records[0].Compartment}
	if homeward.Can(who, homeward.ActionAddExhibit, on) {
		p.Record = records[0].ID
	}
	return p, err
}

// group brings together what is cited of one claim, in the order in which it stands.
func (p *proofs) group(tx *store.Tx, cited []homeward.Citation) error {
	type claim struct {
		path  homeward.Path
		value string
	}
	at := map[claim]int{}
	for _, c := range cited {
		of := claim{c.Path, c.Value}
		i, there := at[of]
		if !there {
			i = len(p.Cited)
			at[of] = i
			p.Cited = append(p.Cited, claimCited{Path: c.Path, Value: c.Value})
		}
		p.Cited[i].Places = append(p.Cited[i].Places, c)
	}
	for i := range p.Cited {
		var support []homeward.Exhibit
		for _, c := range p.Cited[i].Places {
			if c.Stance != homeward.StanceSupports || c.Withdrawn != nil {
				continue
			}
			e, err := tx.Exhibit(c.Exhibit)
			if err != nil {
				return err
			}
			support = append(support, e)
		}
		p.Cited[i].Origins = evidence.Origins(support)
	}
	return nil
}

// photo is an exhibit of a tracing request, with its thumbnail where there is one.
type photo struct {
	homeward.Exhibit
	Picture homeward.ExhibitID
}

// photos reads what came with a request, the newest first.
func (v *visit) photos(tx *store.Tx, id homeward.RequestID) (out []photo, err error) {
	if !v.can(homeward.ActionReadExhibit) {
		return nil, nil
	}
	list, err := tx.Exhibits(store.ExhibitFilter{Request: id, Limit: 200})
	small := map[homeward.ExhibitID]homeward.ExhibitID{}
	for _, e := range list {
		if e.Kind == homeward.ExhibitThumbnail {
			small[e.Parent] = e.ID
		}
	}
	for _, e := range list {
		if e.Kind != homeward.ExhibitThumbnail {
			out = append(out, photo{e, small[e.ID]})
		}
	}
	return out, err
}
