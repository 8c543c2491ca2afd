package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
)

// What a batch is: homeward.Batch. The entry that states one binds its rule, the seed and a digest of the pairs, from which its
// sample follows: nobody can have chosen it. What became of each pair is told by entries too, many pairs in one.

const (
	entryBatch     = "batch"
	entryBatchAct  = "act-of-batch"
	entryBatchStep = "batch-step"
)

// PutBatch states a batch over pairs. It draws the seed, and with it the sample. ErrDenied for who may not state one in the
// compartment; ErrInvalid without a reason, or when the rule takes nothing.
func (tx *Tx) PutBatch(b homeward.Batch, pairs []homeward.PairID) (homeward.Batch, error) {
	if err := b.Rule.Valid(); err != nil {
		return b, err
	}
	if err := tx.must(homeward.ActionBatch, homeward.Resource{Compartment: b.Rule.Compartment}); err != nil {
		return b, err
	}
	pairs = slices.Clone(pairs)
	slices.Sort(pairs)
	if strings.TrimSpace(b.Reason) == "" || len(pairs) == 0 || b.Sample < 1 || b.Sample > len(pairs) {
		return b, fmt.Errorf("put batch: no reason, no pairs, or no sample: %w", homeward.ErrInvalid)
	}
	var seed [32]byte
	rand.Read(seed[:]) // never fails
	b.ID, b.By, b.At, b.Seed, b.Pairs, b.Acts = homeward.BatchID(homeward.NewID(tx.Now)), tx.Actor, tx.Now, hex.EncodeToString(seed[:]), len(pairs), nil
	id := string(b.ID)
	key, err := tx.newKeyIn(b.Rule.Compartment, id)
	if err != nil {
		return b, err
	}
	sealed, err := sealJSON(key, "batches", id, decisionWords{b.Reason})
	if err != nil {
		return b, err
	}
	err = tx.exec("put batch", `
		insert into batches (id, compartment, judgement, bound, told, bears, actor, role, at, seed, amount, sample, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, b.Rule.Compartment, b.Rule.Judgement, b.Rule.Bound, toldText(b.Rule.Told), b.Rule.Bears, b.By.ID, b.By.Role, micros(b.At), b.Seed, b.Pairs, b.Sample, sealed)
	if err != nil {
		return b, err
	}
	drawn := draw(b.Seed, pairs, b.Sample)
	rows := make([][]any, len(pairs))
	for i, p := range pairs {
		rows[i] = []any{id, p, drawn[p] - 1, homeward.BatchWaits, ""}
	}
	if err := tx.insert(`insert into batch_pairs (batch, pair, drawn, outcome, decision)`, rows, ""); err != nil {
		return b, err
	}
	return b, tx.put(draft{typ: entryBatch, object: id, keyID: id, key: key, body: batchBody(b, pairsDigest(pairs))})
}

func batchBody(b homeward.Batch, digest string) map[string]string {
	return map[string]string{
		"compartment": string(b.Rule.Compartment), "judgement": string(b.Rule.Judgement), "bound": hexFloat(b.Rule.Bound), "told": toldText(b.Rule.Told),
		"bears": strconv.Itoa(b.Rule.Bears), "seed": b.Seed, "pairs": strconv.Itoa(b.Pairs), "sample": strconv.Itoa(b.Sample), "reason": b.Reason,
		"sha256": digest,
	}
}

func toldText(told []homeward.Telling) string {
	var out []string
	for _, t := range told {
		out = append(out, string(t))
	}
	return strings.Join(out, " ")
}

func toldOf(text string) (out []homeward.Telling) {
	for t := range strings.FieldsSeq(text) {
		out = append(out, homeward.Telling(t))
	}
	return out
}

// pairsDigest is over the ids of pairs in their order.
func pairsDigest(pairs []homeward.PairID) string {
	digest := sha256.New()
	for _, p := range pairs {
		fmt.Fprintf(digest, "%s\n", p)
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// draw returns the sample with the place of each from 1 on: those whose HMAC under the seed is smallest. Whoever has the entry can
// draw it again.
func draw(seed string, pairs []homeward.PairID, n int) map[homeward.PairID]int {
	type ticket struct {
		number string
		pair   homeward.PairID
	}
	tickets := make([]ticket, len(pairs))
	for i, p := range pairs {
		mac := hmac.New(sha256.New, []byte(seed))
		mac.Write([]byte(p))
		tickets[i] = ticket{string(mac.Sum(nil)), p}
	}
	slices.SortFunc(tickets, func(a, b ticket) int { return strings.Compare(a.number, b.number) })
	out := map[homeward.PairID]int{}
	for i, t := range tickets[:min(max(n, 0), len(tickets))] {
		out[t.pair] = i + 1
	}
	return out
}

// ActOnBatch takes the next step of a batch. ErrDenied for applying one's own, and for who may not; ErrConflict when the step does
// not follow from the last; ErrInvalid without a reason. "done" and "undone" are the machine's.
func (tx *Tx) ActOnBatch(id homeward.BatchID, kind homeward.BatchActKind, reason string) error {
	b, err := tx.Batch(id)
	if err != nil {
		return err
	}
	if err := tx.mayActOnBatch(b, kind, reason); err != nil {
		return err
	}
	if !b.Follows(kind) {
		return fmt.Errorf("%s batch %s, which is %s: %w", kind, id, b.State(), homeward.ErrConflict)
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	a := homeward.BatchAct{Turn: len(b.Acts), Kind: kind, By: tx.Actor, At: tx.Now, Reason: reason}
	sealed, err := sealJSON(key, "batch_acts", batchPlace(id, a.Turn), decisionWords{reason})
	if err != nil {
		return err
	}
	err = tx.exec("put act of batch", `
		insert into batch_acts (batch, turn, act, actor, role, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7)`, id, a.Turn, kind, a.By.ID, a.By.Role, micros(a.At), sealed)
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryBatchAct, object: string(id), keyID: string(id), key: key, body: batchActBody(a)})
}

func batchPlace(id homeward.BatchID, turn int) string { return string(id) + "/" + strconv.Itoa(turn) }

func batchActBody(a homeward.BatchAct) map[string]string {
	return map[string]string{"turn": strconv.Itoa(a.Turn), "act": string(a.Kind), "reason": a.Reason}
}

func (tx *Tx) mayActOnBatch(b homeward.Batch, kind homeward.BatchActKind, reason string) error {
	on := homeward.Resource{Compartment: b.Rule.Compartment, State: string(b.State()), By: b.By.ID}
	switch kind {
	case homeward.BatchDone, homeward.BatchUndone:
		if tx.Actor != homeward.System {
			return fmt.Errorf("%s batch %s: %w", kind, b.ID, homeward.ErrDenied)
		}
		return nil
	case homeward.BatchApply:
		if !b.Follows(kind) { // before the table is asked, which knows states as well
			return fmt.Errorf("%s batch %s, which is %s: %w", kind, b.ID, b.State(), homeward.ErrConflict)
		}
		if err := tx.must(homeward.ActionApplyBatch, on); err != nil {
			return err
		}
	default:
		if err := tx.must(homeward.ActionBatch, on); err != nil {
			return err
		}
	}
	if strings.TrimSpace(reason) == "" {
		return fmt.Errorf("%s batch %s: no reason: %w", kind, b.ID, homeward.ErrInvalid)
	}
	return nil
}

// SetOutcomes says what became of some pairs of a batch. One entry accounts for all of them.
func (tx *Tx) SetOutcomes(id homeward.BatchID, pairs []homeward.BatchPair) error {
	if len(pairs) == 0 {
		return nil
	}
	body := map[string]string{}
	for _, p := range pairs {
		n, err := tx.execCount("set outcome", `
			update batch_pairs
			set outcome = $3, decision = $4
			where batch = $1 and pair = $2`, id, p.Pair, p.Outcome, p.Decision)
		if err != nil {
			return err
		}
		if n != 1 {
			return fmt.Errorf("set outcome in batch %s: no pair %s: %w", id, p.Pair, homeward.ErrNotFound)
		}
		body[outcomePath(p.Pair)] = outcomeText(p)
	}
	key, err := tx.key(string(id))
	if err != nil {
		return err
	}
	return tx.put(draft{typ: entryBatchStep, object: string(id), keyID: string(id), key: key, body: body})
}

func outcomePath(p homeward.PairID) string { return "outcome/" + string(p) }

func outcomeText(p homeward.BatchPair) string {
	return strings.TrimSpace(string(p.Outcome) + " " + string(p.Decision))
}

// inBatch refuses a decision of a batch that the batch does not make: one that is not being applied, or by another than applies it; of
// a pair that waits for nothing in it, or that is of its sample; or another judgement than the rule's.
func (tx *Tx) inBatch(d homeward.Decision) error {
	if (d.Basis == homeward.BasisBatch) != (d.Batch != "") {
		return fmt.Errorf("put decision on pair %s: its basis and its batch differ: %w", d.Pair, homeward.ErrInvalid)
	}
	if d.Batch == "" {
		return nil
	}
	b, err := tx.Batch(d.Batch)
	if err != nil {
		return err
	}
	list, err := tx.batchPairs("where batch = $1 and pair = $2", d.Batch, d.Pair)
	if err != nil {
		return err
	}
	waits := len(list) == 1 && list[0].Outcome == homeward.BatchWaits && list[0].Drawn < 0
	if !waits || b.State() != homeward.BatchApplying || b.Hand() != tx.Actor || b.Rule.Judgement != d.Judgement {
		return fmt.Errorf("put decision on pair %s: batch %s does not make it: %w", d.Pair, d.Batch, homeward.ErrConflict)
	}
	return nil
}
