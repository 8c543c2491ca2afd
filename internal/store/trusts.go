package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// TrustKind says what somebody's word counts for.
type TrustKind string

// The kinds of trust. The text of each is read where it is used.
const (
	TrustPolicy      TrustKind = "policy"      // c2sp.org/tlog-policy
	TrustAuthorities TrustKind = "authorities" // of time-stamps
	TrustIdentity    TrustKind = "identity"    // verifier key of the offline identity
)

// Trust is whose word counts, as the operator said at a time.
type Trust struct {
	ID   string
	Kind TrustKind
	At   time.Time
	Text []byte
}

// PutTrust says whose word counts from now on. An identity is trusted once: ErrConflict for a second.
func (tx *Tx) PutTrust(kind TrustKind, text []byte) error {
	if err := tx.must(homeward.ActionManageRooms, homeward.Resource{}); err != nil {
		return err
	}
	if _, err := tx.Trust(TrustIdentity); kind == TrustIdentity && err == nil {
		return fmt.Errorf("trust an identity: one is trusted already, and statements it signed rest on it: %w", homeward.ErrConflict)
	}
	t := Trust{ID: homeward.NewID(tx.Now), Kind: kind, Text: text}
	err := tx.exec("put trust "+string(kind), `
		insert into trusts (id, kind, at, body)
		values ($1, $2, $3, $4)`, t.ID, t.Kind, micros(tx.Now), t.Text)
	if err != nil {
		return err
	}
	return tx.putOpen(entryTrust, t.ID, trustBody(t))
}

func trustBody(t Trust) map[string]string {
	return map[string]string{"kind": string(t.Kind), "text": string(t.Text)}
}

// Trust returns what counts now, or ErrNotFound when the operator has said nothing.
func (tx *Tx) Trust(kind TrustKind) (Trust, error) {
	list, err := tx.trusts("where kind = $1", kind)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read trust %s: %w", kind, homeward.ErrNotFound)
	}
	if err != nil {
		return Trust{}, err
	}
	return list[len(list)-1], nil
}

// Policy returns the policy of the register. Without one nobody outside is asked for, and the log's own keys count.
func (tx *Tx) Policy() (ledger.Policy, error) {
	t, err := tx.Trust(TrustPolicy)
	if errors.Is(err, homeward.ErrNotFound) {
		t.Text, err = fmt.Appendf(nil, "log %s\nquorum none\n", tx.db.Verifier()), nil
	}
	if err != nil {
		return ledger.Policy{}, err
	}
	return ledger.ParsePolicy(t.Text)
}

// lineOf returns a line of a text, counted from 0; nothing when it has fewer.
func lineOf(text []byte, n int) string {
	lines := strings.Split(string(text), "\n")
	if n >= len(lines) {
		return ""
	}
	return lines[n]
}

// trusts selects by a clause written in this file, oldest first.
func (tx *Tx) trusts(where string, args ...any) ([]Trust, error) {
	var out []Trust
	return out, tx.query("read trusts", `
		select id, kind, at, body
		from trusts
		`+where+`
		order by id`, args, func(r *sql.Rows) error {
		var t Trust
		var at int64
		err := r.Scan(&t.ID, &t.Kind, &at, &t.Text)
		t.At = fromMicros(at)
		out = append(out, t)
		return err
	})
}

func (v *verification) trustRow(id string) (map[string]string, error) {
	list, err := v.tx.trusts("where id = $1", id)
	if err != nil {
		return nil, err
	}
	body := trustBody(list[0])
	body["at"] = fmt.Sprint(micros(list[0].At))
	return body, nil
}
