package desk

import (
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type ledgerPage struct {
	frame
	Verified   *store.Verified // nil until the reader asked
	Checkpoint string
	Verifier   string
	Size       int64
}

// SizeInt is the size for the plural of its noun.
func (p ledgerPage) SizeInt() int { return int(p.Size) }

func (d *Desk) showLedger(v *visit) error { return v.showLedgerPage(nil) }

func (v *visit) showLedgerPage(verified *store.Verified) error {
	p := &ledgerPage{Verified: verified, Verifier: v.d.DB.Verifier()}
	err := v.view(func(tx *store.Tx) (err error) {
		if p.Size, err = tx.TreeSize(); err != nil {
			return err
		}
		text, err := tx.LatestCheckpoint()
		p.Checkpoint = string(text)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "ledger", p)
}

// verifyLedger recomputes everything and shows what it found. It changes nothing. One at a time: it takes the whole
// machine.
func (d *Desk) verifyLedger(v *visit) error {
	if !d.verifying.TryLock() {
		return homeward.ErrUnavailable
	}
	defer d.verifying.Unlock()
	verified, err := d.DB.Verify(v.ctx(), v.user.Actor(), nil)
	if err != nil {
		return err
	}
	return v.showLedgerPage(&verified)
}
