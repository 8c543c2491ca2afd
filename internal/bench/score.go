package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// sure is the probability from which pairs are scored for precision.
const sure = 0.9

// row names a row of a list: its source and the id it carries.
type row struct{ source, id string }

// couple is two rows of different sources, the one of the smaller source first.
type couple struct{ a, b row }

func coupled(a, b row) couple {
	if b.source < a.source {
		a, b = b, a
	}
	return couple{a, b}
}

// score compares the proposed pairs with the truth.
func score(ctx context.Context, db *store.DB, truth string) error {
	want, err := truePairs(truth)
	if err != nil {
		return err
	}
	pairs, rows, err := proposed(ctx, db)
	if err != nil {
		return err
	}
	var found, certain, right int
	for _, p := range pairs {
		a, b := rows[p.Left], rows[p.Right]
		if a.source == b.source {
			continue
		}
		same := want[coupled(a, b)]
		if same {
			found++
		}
		if p.Probability >= sure {
			certain++
			if same {
				right++
			}
		}
	}
	fmt.Printf("%d true pairs: recall of proposed pairs %.4f; %d pairs of probability %.1f and more: precision %.4f",
		len(want), share(found, len(want)), certain, sure, share(right, certain))
	return nil
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// proposed returns every pair and the row of every record.
func proposed(ctx context.Context, db *store.DB) (pairs []homeward.Pair, rows map[homeward.RecordID]row, err error) {
	names := map[homeward.SourceID]string{}
	err = db.View(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		sources, err := tx.Sources()
		for _, s := range sources {
			names[s.ID] = s.Name
		}
		if err == nil {
			pairs, err = tx.PairFacts()
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	rows = map[homeward.RecordID]row{}
	return pairs, rows, db.EachRecord(ctx, homeward.Operator, "", func(r homeward.Record) error {
		rows[r.ID] = row{names[r.Source], r.SourceRow}
		return nil
	})
}

// truePairs reads a truth file: of invented lists "source,source_id,child,family", of the public ones
// "latin_id,cyrillic_id".
func truePairs(path string) (map[couple]bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(file).ReadAll()
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(lines) < 2 {
		return nil, fmt.Errorf("the truth file holds no truth")
	}
	want, head := map[couple]bool{}, lines[0]
	if head[0] == "latin_id" {
		for _, l := range lines[1:] {
			want[coupled(row{"latin", l[0]}, row{"cyrillic", l[1]})] = true
		}
		return want, nil
	}
	of := map[string][]row{}
	for _, l := range lines[1:] {
		of[l[2]] = append(of[l[2]], row{l[0], l[1]})
	}
	for _, rows := range of {
		for i, a := range rows {
			for _, b := range rows[:i] {
				if a.source != b.source {
					want[coupled(a, b)] = true
				}
			}
		}
	}
	return want, nil
}
