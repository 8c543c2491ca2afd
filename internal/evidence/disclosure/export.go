package disclosure

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"time"

	"filippo.io/age"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

// Result says what was exported.
type Result struct {
	homeward.Export
	Originals int
	Enclosed  map[string][]byte // of a dossier: its files, by their names in the bundle
	Key       string            // the log's: the recipient needs it from elsewhere
}

// Export packs a bundle and writes it. The ledger holds the entry of it before the first byte is written. Encrypted
// originals wait in a temporary folder until they are packed.
func Export(ctx context.Context, db *store.DB, actor homeward.Actor, o Order, w io.Writer) (r Result, err error) {
	if !actor.Can(homeward.ActionExport) {
		return r, fmt.Errorf("export bundle: %w", homeward.ErrDenied)
	}
	if err := o.check(); err != nil {
		return r, err
	}
	scratch, err := os.MkdirTemp("", "homeward-export-")
	if err != nil {
		return r, fmt.Errorf("export bundle: %w", err)
	}
	defer os.RemoveAll(scratch)
	x := exporter{ctx: ctx, db: db, actor: actor, order: o, scratch: scratch}
	for _, step := range []func() error{x.originals, x.disclose, x.draft, x.enclose, x.outside, x.enter, x.prove} {
		if err := step(); err != nil {
			return r, fmt.Errorf("export bundle: %w", err)
		}
	}
	return Result{x.export, len(x.packed), x.enclosed, x.log.Key}, x.bundle.Write(w, x.log)
}

// exporter is an export on its way through the steps.
type exporter struct {
	ctx     context.Context
	db      *store.DB
	actor   homeward.Actor
	order   Order
	scratch string

	selection Selection
	packed    []original
	bundle    bundle.Draft
	enclosed  map[string][]byte
	version   int
	export    homeward.Export
	log       bundle.Log
}

// original is an exhibit whose bytes go along.
type original struct {
	homeward.Exhibit
	file bundle.Original
}

// originals encrypts the bytes of the chosen exhibits to the recipient. Each leaves a line in its custody first.
func (x *exporter) originals() error {
	to, err := x.order.recipients()
	if err != nil || to == nil {
		return err
	}
	err = x.db.View(x.ctx, x.actor, func(tx *store.Tx) error {
		_, err := x.selection.choose(tx, x.order)
		return err
	})
	if err != nil {
		return err
	}
	for i, e := range x.selection.Exhibits {
		path := fmt.Sprintf("%s/%06d.age", x.scratch, i+1)
		if err := x.encrypt(e.ID, path, to); err != nil {
			return err
		}
		file, err := bundle.Measure(func() (io.ReadCloser, error) { return os.Open(path) })
		if err != nil {
			return err
		}
		x.packed = append(x.packed, original{e, file})
	}
	return nil
}

func (x *exporter) encrypt(id homeward.ExhibitID, path string, to []age.Recipient) error {
	line := homeward.Custody{Act: homeward.CustodyExported, Purpose: x.order.Purpose, Person: x.order.Recipient}
	_, content, err := x.db.ReadExhibit(x.ctx, x.actor, id, line)
	if err != nil {
		return err
	}
	defer content.Close()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	sealed, err := age.Encrypt(f, to...)
	if err != nil {
		return fmt.Errorf("encrypt exhibit %s: %w", id, err)
	}
	if _, err := io.Copy(sealed, content); err != nil {
		return fmt.Errorf("encrypt exhibit %s: %w", id, err)
	}
	return cmp.Or(sealed.Close(), f.Close())
}

// disclose opens what was chosen, chosen anew: reading the originals wrote lines of custody.
func (x *exporter) disclose() error {
	if _, err := x.db.Checkpoint(x.ctx); err != nil {
		return err
	}
	return x.db.View(x.ctx, x.actor, func(tx *store.Tx) error {
		objects, err := x.selection.choose(tx, x.order)
		if err != nil {
			return err
		}
		x.selection.Entries, err = tx.Disclose(objects, x.order.Withhold)
		return err
	})
}

// draft makes the files that the ledger's entry will vouch for.
func (x *exporter) draft() error {
	now := x.db.Now()
	id := homeward.NewID(now)
	x.bundle = bundle.Draft{ID: id, Info: info(id, now), Files: map[string][]byte{}}
	for _, e := range x.selection.Entries {
		x.bundle.Items = append(x.bundle.Items, e.Item)
	}
	for _, o := range x.packed {
		x.bundle.Originals = append(x.bundle.Originals, o.file)
	}
	x.bundle.Files["data/withheld.csv"] = withheldTable(x.selection.Entries)
	x.bundle.Files["data/originals.csv"] = originalsTable(x.selection.Exhibits, x.places())
	x.bundle.Files["data/sbom.json"] = billOfMaterials()
	return x.reports(now)
}

// places returns where in the bundle the bytes of each exhibit lie.
func (x *exporter) places() map[homeward.ExhibitID]string {
	out := map[homeward.ExhibitID]string{}
	for i, o := range x.packed {
		out[o.ID] = "data/originals/" + number(i) + ".age"
	}
	return out
}

func info(id string, now time.Time) []string {
	return []string{
		"Bag-Software-Agent: homeward " + version(), "Bagging-Date: " + now.UTC().Format(time.DateOnly), "External-Identifier: " + id,
		"BagIt-Profile-Identifier: https://github.com/homeward-registry/homeward/blob/main/docs/verify-a-bundle.md",
	}
}

// enclose writes what a dossier says, in each language, as a page and for paper.
func (x *exporter) enclose() error {
	if x.order.Enclose == nil {
		return nil
	}
	err := x.db.View(x.ctx, x.actor, func(tx *store.Tx) error {
		last, err := tx.LastVersion(x.selection.Subject)
		x.version = last + 1
		return err
	})
	if err != nil {
		return err
	}
	x.enclosed = map[string][]byte{}
	for _, lang := range bundle.Languages {
		dossier, card := x.order.Enclose(i18n.For(i18n.Lang(lang)), x.version)
		for folder, d := range map[string]Document{"dossier": dossier, "card": card} {
			page, err := d.page()
			if err != nil {
				return err
			}
			paper, err := d.paper(x.db.Now())
			if err != nil {
				return err
			}
			x.enclosed["data/"+folder+"/"+lang+".html"], x.enclosed["data/"+folder+"/"+lang+".pdf"] = page, paper
		}
	}
	maps.Copy(x.bundle.Files, x.enclosed)
	return nil
}

// enter writes the export into the ledger.
func (x *exporter) enter() error {
	content, err := x.bundle.Content()
	if err != nil {
		return err
	}
	_, withheld := x.selection.Amounts()
	e := homeward.Export{
		ID: homeward.ExportID(x.bundle.ID), Kind: x.order.Kind, Subject: x.selection.Subject, Compartment: x.selection.In,
		Purpose: x.order.Purpose, Recipient: x.order.Recipient, Content: content, Items: len(x.bundle.Items), Version: x.version,
	}
	for _, n := range withheld {
		e.Withheld += n
	}
	return x.db.Update(x.ctx, x.actor, func(tx *store.Tx) (err error) {
		x.export, err = tx.PutExport(e)
		return err
	})
}

// prove signs the log and takes the proofs.
func (x *exporter) prove() error {
	checkpoint, err := x.db.Checkpoint(x.ctx)
	if err != nil {
		return err
	}
	if _, err := ledger.OpenCheckpoint(checkpoint, x.log.Key); err != nil {
		return fmt.Errorf("the log was handed to another key meanwhile, try again: %w", homeward.ErrConflict)
	}
	x.log.Checkpoint = checkpoint
	return x.db.View(x.ctx, x.actor, func(tx *store.Tx) error {
		seal, err := tx.SealOf(x.export.ID)
		if err != nil {
			return err
		}
		x.log.Seal = seal.Item
		if x.log.SealProof, err = tx.Prove(seal.Index, checkpoint); err != nil {
			return err
		}
		x.log.Proofs = nil
		for _, e := range x.selection.Entries {
			proof, err := tx.Prove(e.Index, checkpoint)
			if err != nil {
				return err
			}
			x.log.Proofs = append(x.log.Proofs, proof)
		}
		x.log.Consistency, err = x.grown(tx, checkpoint)
		return err
	})
}
