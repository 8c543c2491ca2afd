package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
)

// PutModel keeps a model, so that each weight it gave can be redrawn years later.
func (tx *Tx) PutModel(text []byte) (homeward.ModelID, error) {
	id := homeward.NewID(tx.Now)
	key, err := tx.newKey(id)
	if err != nil {
		return "", err
	}
	sealed, err := key.Seal("models", "sealed", id, text)
	if err != nil {
		return "", fmt.Errorf("seal model %s: %w", id, err)
	}
	err = tx.exec("put model", `
		insert into models (id, created_at, sealed)
		values ($1, $2, $3)`, id, micros(tx.Now), sealed)
	if err != nil {
		return "", err
	}
	return homeward.ModelID(id), tx.put(draft{typ: entryModel, object: id, keyID: id, key: key, body: modelBody(text)})
}

func modelBody(text []byte) map[string]string {
	sum := sha256.Sum256(text)
	return map[string]string{"sha256": hex.EncodeToString(sum[:])}
}

// Model returns the text of a model, or ErrNotFound.
func (tx *Tx) Model(id homeward.ModelID) ([]byte, error) {
	_, text, err := tx.model("where id = $1", id)
	return text, err
}

// NewestModel returns the model in force, or ErrNotFound while there is none.
func (tx *Tx) NewestModel() (homeward.ModelID, []byte, error) {
	return tx.model("order by created_at desc, id desc limit 1")
}

func (tx *Tx) model(where string, args ...any) (id homeward.ModelID, text []byte, err error) {
	var sealed []byte
	err = tx.row("read model", `
		select id, sealed
		from models
		`+where, args, &id, &sealed)
	if err != nil {
		return "", nil, err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return "", nil, err
	}
	text, err = key.Open("models", "sealed", string(id), sealed)
	if err != nil {
		return "", nil, fmt.Errorf("open model %s: %w", id, err)
	}
	return id, text, nil
}

// PutPairs proposes pairs, or renews what the model says of pairs that are there; their state and the time they were
// first proposed stay. One entry accounts for all of them. It returns how many are new.
func (tx *Tx) PutPairs(pairs []homeward.Pair) (added int, err error) {
	if len(pairs) == 0 {
		return 0, nil
	}
	before, err := tx.countAll("pairs")
	if err != nil {
		return 0, err
	}
	in, err := tx.placesOf(pairs)
	if err != nil {
		return 0, err
	}
	rows := make([][]any, len(pairs))
	digest := sha256.New()
	for i, p := range pairs {
		rows[i] = []any{p.ID, p.Left, p.Right, p.Weight, p.Probability, p.Model, homeward.PairProposed, micros(tx.Now), in[p.Left], in[p.Right]}
		fmt.Fprintf(digest, "%s %s %s\n", p.ID, hexFloat(p.Weight), p.Model)
	}
	err = tx.insert(`insert into pairs (id, left_record, right_record, weight, probability, model, state, proposed_at, left_in, right_in)`, rows, `
		on conflict (id) do update
		set weight = excluded.weight, probability = excluded.probability, model = excluded.model, urgency = -1`)
	if err != nil {
		return 0, err
	}
	after, err := tx.countAll("pairs")
	if err != nil {
		return 0, err
	}
	id := homeward.NewID(tx.Now)
	key, err := tx.newKey(id)
	if err != nil {
		return 0, err
	}
	body := map[string]string{"pairs": strconv.Itoa(len(pairs)), "sha256": hex.EncodeToString(digest.Sum(nil))}
	return after - before, tx.put(draft{typ: entryProposals, object: id, keyID: id, key: key, body: body})
}

// placesOf returns the compartments of the records of some pairs; a record that the actor does not reach is ErrNotFound.
func (tx *Tx) placesOf(pairs []homeward.Pair) (map[homeward.RecordID]homeward.CompartmentID, error) {
	in := map[homeward.RecordID]homeward.CompartmentID{}
	for _, p := range pairs {
		in[p.Left], in[p.Right] = "", ""
	}
	for chunk := range chunks(slices.Collect(maps.Keys(in)), 400) {
		err := tx.query("read compartments of records", `
			select id, compartment
			from records
			where id in (`+placeholders(1, len(chunk))+`)`, anys(chunk), func(r *sql.Rows) error {
			var id homeward.RecordID
			var at homeward.CompartmentID
			err := r.Scan(&id, &at)
			in[id] = at
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for id, at := range in {
		if at == "" {
			return nil, fmt.Errorf("put pairs: record %s: %w", id, homeward.ErrNotFound)
		}
	}
	return in, nil
}

// hexFloat writes a weight so that no digit is lost.
func hexFloat(f float64) string { return strconv.FormatUint(math.Float64bits(f), 16) }

func (tx *Tx) countAll(table string) (n int, err error) {
	return n, tx.row("count "+table, `select count(*) from `+table, nil, &n)
}

// PairKey is a place in an order of pairs: by urgency or probability, downwards, then by id.
type PairKey struct {
	Rank float64
	ID   homeward.PairID
}

// PairFilter selects pairs.
type PairFilter struct {
	State          homeward.PairState // any when empty
	MinProbability float64
	MaxProbability float64                // no bound when 0
	Within         homeward.CompartmentID // both of the two records
	Only           []homeward.PairID      // of these alone, a few hundred at most; of all when there are none
	Where          Where                  // one of the two records at least
	Urgent         bool                   // what most needs a person first, not the most probable
	After          *PairKey               // only pairs that come after this place
	Before         *PairKey               // only pairs that come before this place: the nearest to it, when there is a limit
	Limit          int                    // 0 means no limit
}

// Key returns the place of a pair in the order of the filter.
func (f PairFilter) Key(p homeward.Pair) *PairKey {
	if f.Urgent {
		return &PairKey{p.Urgency, p.ID}
	}
	return &PairKey{p.Probability, p.ID}
}

// Pairs returns pairs, the most probable first, or the most urgent.
func (tx *Tx) Pairs(f PairFilter) ([]homeward.Pair, error) {
	where, args, rank := "where true", []any{}, "probability"
	if f.Urgent {
		rank = "urgency"
	}
	add := func(clause string, values ...any) {
		where += " and " + clause
		args = append(args, values...)
	}
	if f.MinProbability > 0 { // said only where it narrows: it would keep the order of urgency from its index
		add(fmt.Sprintf("probability >= $%d", len(args)+1), f.MinProbability)
	}
	if f.MaxProbability > 0 {
		add(fmt.Sprintf("probability <= $%d", len(args)+1), f.MaxProbability)
	}
	if f.Within != "" {
		add(fmt.Sprintf("left_in = $%[1]d and right_in = $%[1]d", len(args)+1), f.Within)
	}
	if len(f.Only) > 0 {
		add("id in ("+placeholders(len(args)+1, len(f.Only))+")", anys(f.Only)...)
	}
	if f.State != "" {
		add(fmt.Sprintf("state = $%d", len(args)+1), f.State)
	}
	if narrowed, values := f.Where.clause("r", len(args)+1); narrowed != "" {
		add(`exists (select 1 from records r where r.id in (left_record, right_record) and `+narrowed+`)`, values...)
	}
	if f.After != nil {
		n := len(args) + 1
		add(fmt.Sprintf("(%[1]s < $%[2]d or (%[1]s = $%[2]d and id > $%[3]d))", rank, n, n+1), f.After.Rank, f.After.ID)
	}
	tail := " order by " + rank + " desc, id"
	if f.Before != nil {
		n := len(args) + 1
		add(fmt.Sprintf("(%[1]s > $%[2]d or (%[1]s = $%[2]d and id < $%[3]d))", rank, n, n+1), f.Before.Rank, f.Before.ID)
		tail = " order by " + rank + ", id desc"
	}
	if f.Limit > 0 {
		args = append(args, f.Limit)
		tail += fmt.Sprintf(" limit $%d", len(args))
	}
	out, err := tx.pairs(where+tail, args...)
	if f.Before != nil {
		slices.Reverse(out)
	}
	return out, err
}

// Pair returns a pair, also when one of its records was taken back, or ErrNotFound.
func (tx *Tx) Pair(id homeward.PairID) (homeward.Pair, error) {
	out, err := tx.pairsFrom("pairs", "where id = $1", id)
	if err != nil {
		return homeward.Pair{}, err
	}
	if len(out) == 0 {
		return homeward.Pair{}, fmt.Errorf("read pair %s: %w", id, homeward.ErrNotFound)
	}
	return out[0], nil
}

// PairsOf returns the pairs a record is in, the most probable first.
func (tx *Tx) PairsOf(record homeward.RecordID) ([]homeward.Pair, error) {
	return tx.pairs("where left_record = $1 or right_record = $1 order by probability desc, id", record)
}

// PairFacts returns every pair.
func (tx *Tx) PairFacts() ([]homeward.Pair, error) { return tx.pairsFrom("pairs", "order by id") }

// EachPairFact calls do with every pair as far as counting needs it, its two records, its probability and since when it is there, in
// no order and without holding them all.
func (tx *Tx) EachPairFact(do func(left, right homeward.RecordID, probability float64, proposed time.Time)) error {
	return tx.query("read pairs", `
		select left_record, right_record, probability, proposed_at
		from pairs`, nil, func(r *sql.Rows) error {
		var left, right homeward.RecordID
		var probability float64
		var at int64
		if err := r.Scan(&left, &right, &probability, &at); err != nil {
			return err
		}
		do(left, right, probability, fromMicros(at))
		return nil
	})
}

// pairs returns pairs of which neither record is taken back or restricted.
func (tx *Tx) pairs(where string, args ...any) ([]homeward.Pair, error) {
	return tx.pairsFrom(heeded+" pairs", where, args...)
}

func (tx *Tx) pairsFrom(table, where string, args ...any) ([]homeward.Pair, error) {
	var out []homeward.Pair
	return out, tx.query("read pairs", `
		select id, left_record, right_record, weight, probability, model, state, urgency, proposed_at
		from `+table+`
		`+where, args, func(r *sql.Rows) error {
		var p homeward.Pair
		var at int64
		err := r.Scan(&p.ID, &p.Left, &p.Right, &p.Weight, &p.Probability, &p.Model, &p.State, &p.Urgency, &at)
		p.ProposedAt = fromMicros(at)
		out = append(out, p)
		return err
	})
}

// CountWaiting returns how many proposed pairs are not one person already: those that wait for a decision.
func (tx *Tx) CountWaiting() (int, error) {
	counts, err := tx.CountPairs()
	if err != nil {
		return 0, err
	}
	joined, err := tx.CountJoined()
	return counts[homeward.PairProposed] - joined, err
}

// CountJoined returns how many proposed pairs are one person already. Only persons of several records are looked at.
func (tx *Tx) CountJoined() (n int, err error) {
	return n, tx.row("count joined pairs", `
		select count(*)
		from persons s
		cross join memberships a
		cross join `+heeded+` p
		cross join memberships b
		where s.amount > 1 and a.person = s.id and p.left_record = a.record and p.state = 'proposed'
			and b.record = p.right_record and b.person = s.id`, nil, &n)
}

// CountPairs returns how many pairs are in each state: all there are, less those that are not heeded.
func (tx *Tx) CountPairs() (map[homeward.PairState]int, error) {
	out := map[homeward.PairState]int{}
	return out, tx.query("count pairs", `
		select state, cast(sum(n) as bigint)
		from (
			select state, count(*) as n
			from pairs
			group by state
			union all
			select state, -count(*)
			from pairs
			where id in `+unheeded+`
			group by state
		) x
		group by state
		having sum(n) > 0`, nil, func(r *sql.Rows) error {
		var state homeward.PairState
		var n int
		err := r.Scan(&state, &n)
		out[state] = n
		return err
	})
}
