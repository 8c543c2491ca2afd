package store

import (
	"database/sql"
	"fmt"

	"github.com/homeward-registry/homeward"
)

// Batch returns a batch with its acts, or ErrNotFound.
func (tx *Tx) Batch(id homeward.BatchID) (homeward.Batch, error) {
	list, err := tx.batches("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read batch %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Batch{}, err
	}
	return list[0], nil
}

// BatchPage selects batches.
type BatchPage struct {
	Before homeward.BatchID // only older ones
	Limit  int
}

// Batches returns batches, newest first.
func (tx *Tx) Batches(p BatchPage) ([]homeward.Batch, error) {
	return tx.batches(`
		where $1 = '' or id < $1
		order by id desc
		limit $2`, string(p.Before), p.Limit)
}

// BatchesUnderWay returns the batches that are being applied or revoked, oldest first.
func (tx *Tx) BatchesUnderWay() ([]homeward.Batch, error) {
	return tx.batches(`
		where exists (
			select 1
			from batch_acts a
			where a.batch = batches.id and a.act in ('apply', 'revoke') and not exists (
				select 1
				from batch_acts later
				where later.batch = a.batch and later.turn > a.turn))
		order by id`)
}

// BatchesAtWork returns the batches of which something is still to be done: whose sample is judged, or which are being applied or
// revoked; oldest first.
func (tx *Tx) BatchesAtWork() ([]homeward.Batch, error) {
	return tx.batches(`
		where not exists (
			select 1
			from batch_acts a
			where a.batch = batches.id and a.act in ('done', 'undone', 'discard') and not exists (
				select 1
				from batch_acts later
				where later.batch = a.batch and later.turn > a.turn))
		order by id`)
}

// BatchesOpen returns the batches of a compartment and a judgement whose sample is judged or which are being applied, oldest first.
func (tx *Tx) BatchesOpen(in homeward.CompartmentID, j homeward.Judgement) ([]homeward.Batch, error) {
	return tx.batches(`
		where compartment = $1 and judgement = $2 and not exists (
			select 1
			from batch_acts a
			where a.batch = batches.id and a.act <> 'apply')
		order by id`, in, j)
}

func (tx *Tx) batches(where string, args ...any) ([]homeward.Batch, error) {
	var out []homeward.Batch
	var sealed [][]byte
	err := tx.query("read batches", `
		select id, compartment, judgement, bound, told, bears, actor, role, at, seed, amount, sample, sealed
		from batches
		`+where, args, func(r *sql.Rows) error {
		var b homeward.Batch
		var at int64
		var s []byte
		var told string
		err := r.Scan(&b.ID, &b.Rule.Compartment, &b.Rule.Judgement, &b.Rule.Bound, &told, &b.Rule.Bears, &b.By.ID, &b.By.Role, &at, &b.Seed, &b.Pairs, &b.Sample, &s)
		b.At, b.Rule.Told = fromMicros(at), toldOf(told)
		out, sealed = append(out, b), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		key, err := tx.key(string(out[i].ID))
		if err != nil {
			return nil, err
		}
		var w decisionWords
		if err := openJSON(key, "batches", string(out[i].ID), sealed[i], &w); err != nil {
			return nil, err
		}
		out[i].Reason = w.Reason
		if out[i].Acts, err = tx.batchActs(out[i].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) batchActs(id homeward.BatchID) ([]homeward.BatchAct, error) {
	var out []homeward.BatchAct
	var sealed [][]byte
	err := tx.query("read acts of batch", `
		select turn, act, actor, role, at, sealed
		from batch_acts
		where batch = $1
		order by turn`, []any{id}, func(r *sql.Rows) error {
		var a homeward.BatchAct
		var at int64
		var s []byte
		err := r.Scan(&a.Turn, &a.Kind, &a.By.ID, &a.By.Role, &at, &s)
		a.At = fromMicros(at)
		out, sealed = append(out, a), append(sealed, s)
		return err
	})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	key, err := tx.key(string(id))
	if err != nil {
		return nil, err
	}
	for i := range out {
		var w decisionWords
		if err := openJSON(key, "batch_acts", batchPlace(id, out[i].Turn), sealed[i], &w); err != nil {
			return nil, err
		}
		out[i].Reason = w.Reason
	}
	return out, nil
}

// BatchSample returns the sample of a batch, in the order in which it was drawn.
func (tx *Tx) BatchSample(id homeward.BatchID) ([]homeward.BatchPair, error) {
	return tx.batchPairs("where batch = $1 and drawn >= 0 order by drawn", id)
}

// BatchPairs returns pairs of a batch of which something became, in the order of their ids, after one.
func (tx *Tx) BatchPairs(id homeward.BatchID, became homeward.BatchOutcome, after homeward.PairID, limit int) ([]homeward.BatchPair, error) {
	return tx.batchPairs("where batch = $1 and outcome = $2 and pair > $3 order by pair limit $4", id, became, after, limit)
}

// BatchTally returns how many pairs of a batch became what.
func (tx *Tx) BatchTally(id homeward.BatchID) (map[homeward.BatchOutcome]int, error) {
	out := map[homeward.BatchOutcome]int{}
	return out, tx.query("count outcomes", `
		select outcome, count(*)
		from batch_pairs
		where batch = $1
		group by outcome`, []any{id}, func(r *sql.Rows) error {
		var o homeward.BatchOutcome
		var n int
		err := r.Scan(&o, &n)
		out[o] = n
		return err
	})
}

// BatchStands returns how many decisions of a batch stand; others were taken back.
func (tx *Tx) BatchStands(id homeward.BatchID) (n int, err error) {
	return n, tx.row("count decisions of a batch", `
		select count(*)
		from batch_pairs p
		join decisions d on d.id = p.decision
		where p.batch = $1 and d.revoked_at = 0`, []any{id}, &n)
}

func (tx *Tx) batchPairs(where string, args ...any) ([]homeward.BatchPair, error) {
	var out []homeward.BatchPair
	return out, tx.query("read pairs of a batch", `
		select pair, drawn, outcome, decision
		from batch_pairs
		`+where, args, func(r *sql.Rows) error {
		var p homeward.BatchPair
		err := r.Scan(&p.Pair, &p.Drawn, &p.Outcome, &p.Decision)
		out = append(out, p)
		return err
	})
}

// PairsAmong returns those of some pairs that are there, of which neither record is taken back or restricted and, as long as the pair
// waits for people, none is of a child whom nobody may look for.
func (tx *Tx) PairsAmong(ids []homeward.PairID) (map[homeward.PairID]homeward.Pair, error) {
	out := make(map[homeward.PairID]homeward.Pair, len(ids))
	for chunk := range chunks(ids, 400) {
		list, err := tx.pairs("where id in ("+placeholders(1, len(chunk))+")", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out[p.ID] = p
		}
	}
	return out, nil
}

// DecidedAmong returns the decisions there ever were on some pairs, revoked ones too, without their reasons, oldest first.
func (tx *Tx) DecidedAmong(ids []homeward.PairID) (map[homeward.PairID][]homeward.Decision, error) {
	out := map[homeward.PairID][]homeward.Decision{}
	for chunk := range chunks(ids, 400) {
		list, err := tx.decisions(false, "where pair in ("+placeholders(1, len(chunk))+") order by at, id", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			out[d.Pair] = append(out[d.Pair], d)
		}
	}
	return out, nil
}
