package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// requestRoutes is the part of the table of routes that tracing requests have.
func (d *Desk) requestRoutes(may func(homeward.Action, string, func(*visit) error) route) []route {
	return []route{
		may(homeward.ActionSeeRequests, "GET /requests", d.showRequests),
		may(homeward.ActionTrace, "GET /requests/new", d.showNewRequest),
		may(homeward.ActionTrace, "POST /requests/new", d.receiveRequest),
		may(homeward.ActionSeeRequests, "GET /requests/{request}", d.showRequest),
		may(homeward.ActionTrace, "POST /requests/{request}/move", d.moveRequest),
		may(homeward.ActionVerifyFamily, "POST /requests/{request}/verify", d.moveRequest),
		may(homeward.ActionReunify, "POST /requests/{request}/reunify", d.moveRequest),
		may(homeward.ActionTrace, "POST /requests/{request}/consent", d.answerConsent),
		may(homeward.ActionTrace, "GET /requests/{request}/children", d.showNewChild),
		may(homeward.ActionTrace, "POST /requests/{request}/children", d.addChild),
		may(homeward.ActionTrace, "GET /requests/{request}/children/{sought}", d.showCorrection),
		may(homeward.ActionTrace, "POST /requests/{request}/children/{sought}", d.correctChild),
		may(homeward.ActionDetermine, "POST /requests/{request}/determine", d.determine),
		may(homeward.ActionWaive, "POST /requests/{request}/waive", d.determine),
	}
}

// requestsShown is how many requests a page lists.
const requestsShown = 25

type requestsPage struct {
	frame
	State   homeward.RequestState // shown alone; empty: all
	States  []requestTab
	Rows    []requestRow
	MayOpen bool
	Next    string // address of the next page
}

type requestTab struct {
	State   homeward.RequestState
	Count   int
	Current bool
}

type requestRow struct {
	store.RequestFact
	Names []string
}

// showRequests lists tracing requests, the newest first: no family stands before another.
func (d *Desk) showRequests(v *visit) error {
	q := v.r.URL.Query()
	p := &requestsPage{State: homeward.RequestState(q.Get("state")), MayOpen: v.can(homeward.ActionTrace)}
	if !slices.Contains(homeward.RequestStates, p.State) {
		p.State = ""
	}
	err := v.view(func(tx *store.Tx) error {
		counts, err := tx.CountRequests()
		if err != nil {
			return err
		}
		p.tabs(counts)
		facts, err := tx.RequestFacts(p.State, requestPlace(q.Get("before")), requestsShown+1)
		if err != nil {
			return err
		}
		if len(facts) > requestsShown {
			facts = facts[:requestsShown]
			last := facts[requestsShown-1]
			place := strconv.FormatInt(last.At.UnixMicro(), 10) + "_" + string(last.ID)
			p.Next = "/requests?" + url.Values{"state": {string(p.State)}, "before": {place}}.Encode()
		}
		p.Rows, err = v.requestRows(tx, facts)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "requests", p)
}

func (p *requestsPage) tabs(counts map[homeward.RequestState]int) {
	p.States = []requestTab{{Current: p.State == ""}}
	for _, s := range homeward.RequestStates {
		p.States[0].Count += counts[s]
		if counts[s] > 0 || s == p.State {
			p.States = append(p.States, requestTab{s, counts[s], s == p.State})
		}
	}
}

// requestRows names the sought children. Each read is audited.
func (v *visit) requestRows(tx *store.Tx, facts []store.RequestFact) (out []requestRow, err error) {
	for _, f := range facts {
		records, err := tx.RecordsByID(f.Sought)
		names := v.soughtNames(records)
		if err != nil {
			return nil, err
		}
		out = append(out, requestRow{f, names})
	}
	return out, nil
}

func (v *visit) soughtNames(records []homeward.Record) []string {
	names := make([]string, len(records))
	for i, r := range records {
		if names[i] = registry.DisplayName([]homeward.Record{r}); names[i] == "" {
			names[i] = v.l.T("person.nameless")
		}
	}
	return names
}

// requestPlace reads where a page begins; nil is the newest request.
func requestPlace(text string) *store.RequestFact {
	at, id, ok := strings.Cut(text, "_")
	us, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return nil
	}
	return &store.RequestFact{ID: homeward.RequestID(id), At: time.UnixMicro(us).UTC()}
}
