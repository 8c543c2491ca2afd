package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

// CaptureKey is a key that signs web captures made here, as far as anybody may see it.
type CaptureKey struct {
	ID     string
	Name   string // as reports of captures call it
	Public []byte // SubjectPublicKeyInfo, DER
	At     time.Time
}

// CaptureKeys returns the keys that sign captures, or did, oldest first.
func (tx *Tx) CaptureKeys() ([]CaptureKey, error) {
	list, err := tx.captureKeys("")
	out := make([]CaptureKey, len(list))
	for i, k := range list {
		out[i] = k.CaptureKey
	}
	return out, err
}

// CaptureSigner returns the key that signs captures. The first is made when it is asked for.
func (db *DB) CaptureSigner(ctx context.Context) (key webarchive.Key, err error) {
	err = db.View(ctx, homeward.System, func(tx *Tx) (err error) {
		key, err = tx.captureSigner()
		return err
	})
	if !errors.Is(err, homeward.ErrNotFound) {
		return key, err
	}
	return key, db.Update(ctx, homeward.System, func(tx *Tx) (err error) {
		if key, err = tx.captureSigner(); errors.Is(err, homeward.ErrNotFound) { // another may have made it meanwhile
			key, err = tx.putCaptureKey()
		}
		return err
	})
}

// PutCaptureKey makes the key that signs captures from now on. What the keys before it signed stays this register's.
func (tx *Tx) PutCaptureKey() error {
	if err := tx.must(homeward.ActionManageRooms, homeward.Resource{}); err != nil {
		return err
	}
	_, err := tx.putCaptureKey()
	return err
}

func (tx *Tx) putCaptureKey() (made webarchive.Key, err error) {
	if made, err = webarchive.NewKey(); err != nil {
		return made, err
	}
	private, err := made.Private()
	if err != nil {
		return made, fmt.Errorf("encode capture key: %w", err)
	}
	id := homeward.NewID(tx.Now)
	key, err := tx.newKey(id)
	if err != nil {
		return made, err
	}
	sealed, err := key.Seal("capture_keys", "sealed", id, private)
	if err != nil {
		return made, fmt.Errorf("seal capture key %s: %w", id, err)
	}
	err = tx.exec("put capture key "+id, `
		insert into capture_keys (id, public, at, sealed)
		values ($1, $2, $3, $4)`, id, made.Public(), micros(tx.Now), sealed)
	if err != nil {
		return made, err
	}
	return made, tx.put(draft{typ: entryCaptureKey, object: id, keyID: id, key: key, body: captureKeyBody(made.Public())})
}

func captureKeyBody(public []byte) map[string]string {
	return map[string]string{"public": base64.StdEncoding.EncodeToString(public)}
}

// captureSigner opens the newest key, or returns ErrNotFound.
func (tx *Tx) captureSigner() (webarchive.Key, error) {
	list, err := tx.captureKeys("")
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read capture key: %w", homeward.ErrNotFound)
	}
	if err != nil {
		return webarchive.Key{}, err
	}
	return tx.openCaptureKey(list[len(list)-1])
}

// openCaptureKey opens the secret half. ErrTampered when it is not that of the public one.
func (tx *Tx) openCaptureKey(k sealedCaptureKey) (out webarchive.Key, err error) {
	key, err := tx.key(k.ID)
	if errors.Is(err, homeward.ErrNotFound) { // there is a capture key, and what opens it is gone: no other is made in silence
		err = fmt.Errorf("the key database does not hold it: %w", homeward.ErrTampered)
	}
	var private []byte
	if err == nil {
		private, err = key.Open("capture_keys", "sealed", k.ID, k.sealed)
	}
	if err == nil {
		out, err = webarchive.OpenKey(private)
	}
	if err == nil && !bytes.Equal(out.Public(), k.Public) {
		err = fmt.Errorf("its halves are not of one another: %w", homeward.ErrTampered)
	}
	if err != nil {
		return webarchive.Key{}, fmt.Errorf("open capture key %s: %w", k.ID, err)
	}
	return out, nil
}

type sealedCaptureKey struct {
	CaptureKey
	sealed []byte
}

// captureKeys selects by a clause written in this file, oldest first.
func (tx *Tx) captureKeys(where string, args ...any) ([]sealedCaptureKey, error) {
	var out []sealedCaptureKey
	return out, tx.query("read capture keys", `
		select id, public, at, sealed
		from capture_keys
		`+where+`
		order by id`, args, func(r *sql.Rows) error {
		var k sealedCaptureKey
		var at int64
		err := r.Scan(&k.ID, &k.Public, &at, &k.sealed)
		k.At, k.Name = fromMicros(at), webarchive.NameOf(k.Public)
		out = append(out, k)
		return err
	})
}

func (v *verification) captureKeyRow(id string) (map[string]string, error) {
	list, err := v.tx.captureKeys("where id = $1", id)
	if err != nil {
		return nil, err
	}
	if _, err := v.tx.openCaptureKey(list[0]); err != nil {
		return nil, err
	}
	body := captureKeyBody(list[0].Public)
	body["at"] = fmt.Sprint(micros(list[0].At))
	return body, nil
}
