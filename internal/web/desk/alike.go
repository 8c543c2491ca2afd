package desk

import (
	"net/http"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

// alikeShown is how many records are shown for each sought child.
const alikeShown = 8

// alikePage shows, before a request is opened, whom it may be about: records, and other requests.
type alikePage struct {
	frame
	Draft    string
	Inquirer string
	Into     homeward.RequestID // the request that the child comes into; empty: it is new
	Path     string             // where the form is sent
	Children []alikeChild
}

type alikeChild struct {
	Name, Birth string
	Hits        []alikeHit
}

type alikeHit struct {
	hitRow
	Request homeward.RequestID // that seeks this child; empty: the record is of a list
}

func (v *visit) showAlike(token string, d heldDraft) error {
	sees, err := v.sees()
	if err != nil {
		return err
	}
	p := &alikePage{Draft: token, Inquirer: d.Inquirer.Name, Into: d.into, Path: "/requests/new"}
	if d.into != "" {
		p.Path = "/requests/" + string(d.into) + "/children"
	}
	for _, c := range d.Children {
		hits, err := v.d.Pipeline.Review.Search(v.ctx(), v.user.Actor(), c.Name+" "+c.Birth, alikeShown)
		if err != nil {
			return err
		}
		child, err := v.alike(hits, sees)
		if err != nil {
			return err
		}
		child.Name, child.Birth = strings.TrimSpace(c.Name), c.Birth
		p.Children = append(p.Children, child)
	}
	return v.show(http.StatusOK, "alike", p)
}

// alike tells the records of lists from those that another request made.
func (v *visit) alike(hits []review.Hit, sees homeward.Classes) (out alikeChild, err error) {
	ids := make([]homeward.RecordID, len(hits))
	for i, h := range hits {
		ids[i] = h.Record
	}
	return out, v.view(func(tx *store.Tx) error {
		out.Hits = nil
		requests, err := tx.RequestsOf(ids)
		for _, h := range hits {
			out.Hits = append(out.Hits, alikeHit{hitRow: v.hit(h, sees), Request: requests[h.Record]})
		}
		return err
	})
}
