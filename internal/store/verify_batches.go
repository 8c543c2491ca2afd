package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// Batches compared with what the entries said: the rule, the acts, the pairs that it took, its sample, and what became of each.

// keepBatches remembers what entries say of batches. Steps of one batch follow one another, each in a transaction of its own.
func (v *verification) keepBatches(e storedEntry, p ledger.Payload) {
	switch e.typ {
	case entryBatch, entryBatchAct:
		p.Body["at"], p.Body["by"], p.Body["as"] = fmt.Sprint(e.at), e.actor, e.role
		place := e.typ + e.obj
		if e.typ == entryBatchAct {
			place += "/" + p.Body["turn"]
		}
		v.bodies[place] = p.Body
	case entryBatchStep:
		became := v.bodies[entryBatchStep+e.obj]
		if became == nil {
			became = map[string]string{}
			v.bodies[entryBatchStep+e.obj] = became
		}
		delete(p.Body, "object")
		maps.Copy(became, p.Body)
	}
}

func (v *verification) batches() error {
	ids, err := v.ids("batches")
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := v.stated(id); err != nil {
			return err
		}
	}
	for typ, table := range map[string]string{entryBatchAct: "batch_acts", entryBatchStep: "batch_pairs"} { // what begins with the same word comes first
		if err := v.unclaimed(typ, table); err != nil {
			return err
		}
		maps.DeleteFunc(v.bodies, func(k string, _ map[string]string) bool { return strings.HasPrefix(k, typ) })
	}
	return v.unclaimed(entryBatch, "batches")
}

// stated compares one batch. Of one that does not open nothing else can be said, and the others are compared all the same.
func (v *verification) stated(id string) error {
	list, err := v.tx.batches("where id = $1", id)
	switch {
	case missing(err):
		v.lost(id, err)
	case tampered(err):
		v.found("batches", id, -1, "the words of a batch do not open: their bytes were changed")
	case err != nil:
		return err
	default:
		return v.ruled(list[0])
	}
	maps.DeleteFunc(v.bodies, func(k string, _ map[string]string) bool {
		return k == entryBatch+id || k == entryBatchStep+id || strings.HasPrefix(k, entryBatchAct+id+"/")
	})
	return nil
}

func (v *verification) ruled(b homeward.Batch) error {
	id := string(b.ID)
	pairs, err := v.tx.batchPairs("where batch = $1 order by pair", b.ID)
	if err != nil {
		return err
	}
	ids, became := make([]homeward.PairID, len(pairs)), map[string]string{}
	for i, p := range pairs {
		ids[i] = p.Pair
		if p.Outcome != homeward.BatchWaits || p.Decision != "" {
			became[outcomePath(p.Pair)] = outcomeText(p)
		}
	}
	body := batchBody(b, pairsDigest(ids))
	body["at"], body["by"], body["as"], body["object"] = fmt.Sprint(micros(b.At)), string(b.By.ID), string(b.By.Role), id
	if !same(v.claim(entryBatch+id), body) {
		v.found("batches", id, -1, "the batch, or a pair of it, differs from the entry that stated it")
	}
	drawn := draw(b.Seed, ids, b.Sample)
	if slices.ContainsFunc(pairs, func(p homeward.BatchPair) bool { return p.Drawn != drawn[p.Pair]-1 }) {
		v.found("batch_pairs", id, -1, "the sample is not the one that was drawn")
	}
	if said := v.claim(entryBatchStep + id); len(said)+len(became) > 0 && !same(said, became) {
		v.found("batch_pairs", id, -1, "what became of the pairs differs from the entries that tell of it")
	}
	for _, a := range b.Acts {
		body := batchActBody(a)
		body["at"], body["by"], body["as"], body["object"] = fmt.Sprint(micros(a.At)), string(a.By.ID), string(a.By.Role), id
		if !same(v.claim(entryBatchAct+batchPlace(b.ID, a.Turn)), body) {
			v.found("batch_acts", id, -1, "the act differs from the entry that tells of it")
		}
	}
	return nil
}

// claim takes out what was said at a place.
func (v *verification) claim(place string) map[string]string {
	said := v.bodies[place]
	delete(v.bodies, place)
	return said
}
