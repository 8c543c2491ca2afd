package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/synth"
)

// perform runs one step on the store in the folder and prints its result.
func perform(ctx context.Context, step, dir string) (err error) {
	var children int
	if _, err := fmt.Sscanf(step, "invent-%d", &children); err == nil {
		fmt.Printf("%d children invented", children)
		return synth.Generate(synth.Options{Children: children, Seed: 1}).Write(filepath.Join(dir, "lists"))
	}
	db, err := store.Open(ctx, store.Settings{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	switch step {
	case "import":
		return bringIn(ctx, db, filepath.Join(dir, "lists"))
	case "unlock", "rebuild":
		return unlock(ctx, db, step)
	case "run", "again":
		return bringUpToDate(ctx, db)
	case "verify":
		return verify(ctx, db)
	case "score":
		return score(ctx, db, filepath.Join(dir, "lists", "truth.csv"))
	}
	return fmt.Errorf("no such step: %s", step)
}

// bringIn imports every list of the folder, each as a source of its file's name.
func bringIn(ctx context.Context, db *store.DB, dir string) error {
	lists, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		return err
	}
	rows, began := 0, time.Now()
	for _, path := range lists {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		if name == "truth" {
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		done, err := intake.Import(ctx, db, homeward.Operator, intake.Input{File: file, Source: name, Edition: homeward.Exact(synth.EditionDay)})
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
		rows += done.Tally.Rows
	}
	fmt.Printf("%d rows, sealed and in the ledger: %.0f rows/s", rows, float64(rows)/time.Since(began).Seconds())
	return nil
}

// unlock builds the index in memory: from its sealed snapshot, or, before a run has kept one, from the sealed records.
func unlock(ctx context.Context, db *store.DB, step string) error {
	r, began := review.Open(db), time.Now()
	if err := r.Refresh(ctx, nil); err != nil {
		return err
	}
	took := time.Since(began)
	from := map[string]string{"unlock": "the snapshot", "rebuild": "the records"}[step]
	fmt.Printf("%d records from "+from+" in %s: %.0f records/s", r.Len(), took.Round(time.Millisecond), float64(r.Len())/took.Seconds())
	return nil
}

func bringUpToDate(ctx context.Context, db *store.DB) error {
	began := time.Now()
	done, err := pipeline.New(db).Run(ctx, nil)
	if err != nil {
		return err
	}
	fmt.Printf("%d pairs (%d new), %d persons in %s", done.Review.Pairs, done.Review.New, done.Registry.Persons, time.Since(began).Round(time.Millisecond))
	return nil
}

func verify(ctx context.Context, db *store.DB) error {
	v, err := db.Verify(ctx, homeward.Operator, nil)
	if err != nil {
		return err
	}
	fmt.Printf("%d leaves, %d hashes, %d findings", v.Leaves, v.Hashes, len(v.Findings))
	return nil
}
