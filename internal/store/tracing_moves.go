package store

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// MoveRequest leads a request to another state. ErrConflict when it does not lead there, or somebody else moved it in the
// meantime; ErrDenied when that move is not the actor's; ErrInvalid when it must say why and does not.
func (tx *Tx) MoveRequest(r homeward.Request, to homeward.RequestState, reason string) (homeward.Move, error) {
	reason = strings.TrimSpace(reason)
	if !r.MayLeadTo(to) || to == homeward.RequestOpen {
		return homeward.Move{}, fmt.Errorf("move request %s to %s: it does not lead there: %w", r.ID, to, homeward.ErrConflict)
	}
	if r.State().NeedsReason(to) && reason == "" {
		return homeward.Move{}, fmt.Errorf("move request %s to %s: no reason: %w", r.ID, to, homeward.ErrInvalid)
	}
	if err := tx.must(to.Action(), homeward.Resource{Compartment: r.Compartment, State: string(r.State()), By: r.Last().By}); err != nil {
		return homeward.Move{}, err
	}
	if err := tx.asItStands(r); err != nil {
		return homeward.Move{}, err
	}
	return tx.putMove(r, to, reason)
}

// asItStands fails with ErrConflict when somebody worked on the request since it was read.
func (tx *Tx) asItStands(r homeward.Request) error {
	for table, have := range map[string]int{"request_moves": len(r.Moves), "determinations": len(r.Determined), "sought": len(r.Sought)} {
		var made int
		err := tx.row("count "+table+" of request "+string(r.ID), `select count(*) from `+table+` where request = $1`, []any{r.ID}, &made)
		if err == nil && made != have {
			err = fmt.Errorf("request %s: somebody worked on it meanwhile: %w", r.ID, homeward.ErrConflict)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putMove(r homeward.Request, to homeward.RequestState, reason string) (homeward.Move, error) {
	m := homeward.Move{ID: homeward.MoveID(homeward.NewID(tx.Now)), Turn: len(r.Moves), To: to, Reason: reason, By: tx.Actor.ID, At: tx.Now}
	id := string(m.ID)
	key, err := tx.key(string(r.ID))
	if err != nil {
		return m, err
	}
	sealed, err := sealJSON(key, "request_moves", id, requestWords{Words: reason})
	if err != nil {
		return m, err
	}
	err = tx.exec("put move of request "+string(r.ID), `
		insert into request_moves (id, request, turn, state, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7)`, id, r.ID, m.Turn, to, m.By, micros(m.At), sealed)
	if err != nil {
		return m, err
	}
	return m, tx.put(draft{typ: entryMove, object: id, keyID: string(r.ID), key: key, body: moveBody(r.ID, m)})
}

func moveBody(request homeward.RequestID, m homeward.Move) map[string]string {
	return map[string]string{"request": string(request), "turn": strconv.Itoa(m.Turn), "state": string(m.To), "reason": m.Reason}
}

// PutConsent keeps an answer of the inquirer about a purpose. ErrConflict when it is the answer that stands, or when what
// is withdrawn was not given.
func (tx *Tx) PutConsent(r homeward.Request, c homeward.Consent) (homeward.Consent, error) {
	c.ID, c.By, c.At = homeward.ConsentID(homeward.NewID(tx.Now)), tx.Actor.ID, tx.Now
	c.Scope = strings.TrimSpace(c.Scope)
	if err := tx.must(homeward.ActionTrace, homeward.Resource{Compartment: r.Compartment}); err != nil {
		return c, err
	}
	stands, asked := r.Standing(c.Purpose)
	again := asked && stands.Answer == c.Answer && stands.Scope == c.Scope
	if again || !c.Answer.Follows(stands.Answer) {
		return c, fmt.Errorf("put consent of request %s: %w", r.ID, homeward.ErrConflict)
	}
	id, turn := string(c.ID), len(r.Consents)
	key, err := tx.key(string(r.ID))
	if err != nil {
		return c, err
	}
	sealed, err := sealJSON(key, "consents", id, requestWords{Words: c.Scope})
	if err != nil {
		return c, err
	}
	err = tx.exec("put consent of request "+string(r.ID), `
		insert into consents (id, request, turn, purpose, answer, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, r.ID, turn, c.Purpose, c.Answer, c.By, micros(c.At), sealed)
	if err != nil {
		return c, err
	}
	return c, tx.put(draft{typ: entryConsent, object: id, keyID: string(r.ID), key: key, body: consentBody(r.ID, turn, c)})
}

func consentBody(request homeward.RequestID, turn int, c homeward.Consent) map[string]string {
	return map[string]string{
		"request": string(request), "turn": strconv.Itoa(turn), "purpose": string(c.Purpose), "answer": string(c.Answer), "scope": c.Scope,
	}
}

const (
	selectMoves = `
		select id, request, turn, state, '', actor, at, sealed
		from request_moves
		`
	selectConsents = `
		select id, request, turn, purpose, answer, actor, at, sealed
		from consents
		`
)

func (tx *Tx) moves(of homeward.RequestID) (out []homeward.Move, err error) {
	return out, tx.ofRequests("read moves", selectMoves+"where request = $1 order by turn", "request_moves", []any{of}, func(x requestRow) {
		out = append(out, x.move())
	})
}

func (tx *Tx) consents(of homeward.RequestID) (out []homeward.Consent, err error) {
	return out, tx.ofRequests("read consents", selectConsents+"where request = $1 order by turn", "consents", []any{of}, func(x requestRow) {
		out = append(out, x.consent())
	})
}

// requestRow is a row of a table that belongs to a request, opened with the request's key.
type requestRow struct {
	id            string
	request       homeward.RequestID
	turn          int
	first, second string
	by            homeward.UserID
	at            int64
	sealed        []byte
	requestWords
}

// requestWords is what the sealed column of such a row holds.
type requestWords struct {
	Words  string
	Wishes string `json:",omitempty"` // the child's, of a determination
}

func (x requestRow) move() homeward.Move {
	return homeward.Move{ID: homeward.MoveID(x.id), Turn: x.turn, To: homeward.RequestState(x.first), Reason: x.Words, By: x.by, At: fromMicros(x.at)}
}

func (x requestRow) consent() homeward.Consent {
	return homeward.Consent{
		ID: homeward.ConsentID(x.id), Purpose: homeward.Purpose(x.first), Answer: homeward.ConsentAnswer(x.second),
		Scope: x.Words, By: x.by, At: fromMicros(x.at),
	}
}

// ofRequests reads rows and opens their words.
func (tx *Tx) ofRequests(op, text, table string, args []any, fn func(requestRow)) error {
	var rows []requestRow
	err := tx.query(op, text, args, func(r *sql.Rows) error {
		var x requestRow
		err := r.Scan(&x.id, &x.request, &x.turn, &x.first, &x.second, &x.by, &x.at, &x.sealed)
		rows = append(rows, x)
		return err
	})
	if err != nil {
		return err
	}
	keys := map[homeward.RequestID]seal.ObjectKey{}
	for _, x := range rows {
		key, ok := keys[x.request]
		if !ok {
			if key, err = tx.key(string(x.request)); err != nil {
				return err
			}
			keys[x.request] = key
		}
		if err := openJSON(key, table, x.id, x.sealed, &x.requestWords); err != nil {
			return err
		}
		fn(x)
	}
	return nil
}
