package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type auditPage struct {
	frame
	Object, Actor string // what is asked for
	Users         []colleague
	Rows          []auditRow
	Next          string // address of the next page
}

type auditRow struct {
	store.AuditRow
	Who string
}

// auditShown is how many rows a page lists.
const auditShown = 100

// showAudit lists who looked at what, newest first: ids and times, never a word about a child.
func (d *Desk) showAudit(v *visit) error {
	q := v.r.URL.Query()
	p := &auditPage{Object: strings.TrimSpace(q.Get("object")), Actor: q.Get("actor")}
	err := v.view(func(tx *store.Tx) error {
		p.Rows, p.Users = nil, nil
		users, err := tx.Users()
		if err != nil {
			return err
		}
		names := map[homeward.UserID]string{}
		for _, u := range users {
			names[u.ID] = u.Name
			p.Users = append(p.Users, colleague{u.ID, u.Name, u.Role})
		}
		rows, err := tx.Audit(store.AuditFilter{Actor: homeward.UserID(p.Actor), Object: p.Object, Before: auditPlace(q.Get("before")), Limit: auditShown + 1})
		for _, r := range rows {
			p.Rows = append(p.Rows, auditRow{r, v.who(r.Actor, names)})
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(p.Rows) > auditShown {
		p.Rows = p.Rows[:auditShown]
		last := p.Rows[auditShown-1]
		q.Set("before", strconv.FormatInt(last.At.UnixMicro(), 10)+"_"+last.ID)
		p.Next = "/admin/audit?" + url.Values(q).Encode()
	}
	return v.show(http.StatusOK, "audit", p)
}

// auditPlace reads where a page begins; nil is the newest row.
func auditPlace(text string) *store.AuditRow {
	at, id, ok := strings.Cut(text, "_")
	us, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return nil
	}
	return &store.AuditRow{At: time.UnixMicro(us).UTC(), ID: id}
}
