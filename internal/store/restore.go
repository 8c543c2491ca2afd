package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/backup"
)

// Saved is a backup to restore from: a file of data and a file of keys, which may be younger than the data.
type Saved struct {
	Data, Keys string
	Identities backup.Identities // that open the files, where they are encrypted
	Passphrase string            // the passphrase file, when it is not in the folder yet
	Destroyed  io.Reader         // the list of destroyed keys, where it is at hand; see [DB.WriteTombstones]
	Progress   func(bytes int64) // of exhibits, where it is set
}

// Restored is what a restore found: what the whole ledger says, and which bytes of exhibits are not those that were received.
type Restored struct {
	Verified
	Exhibits int                  // whose bytes are those that were received
	Missing  []homeward.ExhibitID // whose bytes are not there
	Damaged  []homeward.ExhibitID // whose bytes are others: they were when the backup was made
}

// Whole reports whether everything was found as it was written, the bytes of exhibits included.
func (r Restored) Whole() bool { return r.OK() && len(r.Missing)+len(r.Damaged) == 0 }

// restoring is the setting of a store that holds a backup which was not verified yet: it does not open.
const restoring = "restoring"

// Restore brings a backup into a new store at s and verifies the whole ledger. Nothing is written before both files were read to
// their ends, belong together and open with the passphrase file. What was erased since the backup was made is erased from it, and the
// bytes of erased exhibits are not brought back. It refuses a place that holds entries; a store that does not verify stays shut for
// ever. Exhibits whose bytes are missing or damaged are named, and keep nobody from the rest.
func Restore(ctx context.Context, s Settings, from Saved) (Restored, error) {
	out, err := restore(ctx, s, from)
	if err != nil {
		err = fmt.Errorf("restore: %w", err)
	}
	return out, err
}

func restore(ctx context.Context, s Settings, from Saved) (out Restored, err error) {
	work, err := stage(ctx, s, from)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work.dir)) }()
	if from.Passphrase != "" {
		if err := bringPassphrase(from.Passphrase, s.passphrase()); err != nil {
			return out, err
		}
	}
	data, keys, err := openEngines(ctx, s)
	if err != nil {
		return out, err
	}
	// The keys first: data without keys would look like a store that nobody made yet.
	err = copyIn(ctx, work.file(backup.Keys), keys, keyTables)
	if err == nil {
		err = copyIn(ctx, work.file(backup.Data), data, dataTables)
	}
	if err := errors.Join(err, data.close(), keys.close()); err != nil {
		return out, err
	}
	db, err := open(ctx, s)
	if err != nil {
		return out, err
	}
	defer db.Close()
	return db.admit(ctx, from)
}

// admit erases what was erased since the backup was made, brings the bytes of exhibits, verifies, and opens the store to use when
// nothing was found.
func (db *DB) admit(ctx context.Context, from Saved) (out Restored, err error) {
	if from.Destroyed != nil {
		if err := db.applyTombstones(ctx, from.Destroyed); err != nil {
			return out, err
		}
	}
	if err := db.forgetDestroyed(ctx); err != nil {
		return out, err
	}
	if err := db.catchUp(ctx); err != nil {
		return out, err
	}
	if err := db.bringBlobs(ctx, from); err != nil {
		return out, err
	}
	if out.Verified, err = db.Verify(ctx, homeward.Operator, nil); err != nil || !out.OK() {
		return out, err
	}
	if err := db.checkBlobs(ctx, &out); err != nil {
		return out, err
	}
	_, err = db.data.write.ExecContext(ctx, `
		delete from settings
		where name = $1`, restoring)
	if err != nil {
		return out, fmt.Errorf("open the store to use: %w", err)
	}
	return out, nil
}

// bringBlobs keeps the sealed bytes of exhibits that are there still. Bytes that are in place already, in a bucket that outlived
// its register, stay.
func (db *DB) bringBlobs(ctx context.Context, from Saved) error {
	r, err := backup.Open(from.Data, from.Identities)
	if err != nil {
		return err
	}
	defer r.Close()
	var done int64
	for {
		part, size, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name, blob := strings.CutPrefix(part, blobPart)
		if !blob {
			continue
		}
		used, err := db.usedBlobs(ctx, []string{name})
		if err != nil {
			return err
		}
		if !used[name] {
			continue // erased since, or of nothing
		}
		if err := db.blobs.Create(ctx, name, r); err != nil && !errors.Is(err, homeward.ErrConflict) {
			return err
		}
		if done += size; from.Progress != nil {
			from.Progress(done)
		}
	}
}

// checkBlobs reads the bytes of every exhibit to their end and hashes them.
func (db *DB) checkBlobs(ctx context.Context, out *Restored) error {
	var before *homeward.Exhibit
	for {
		var list []homeward.Exhibit
		err := db.View(ctx, homeward.Operator, func(tx *Tx) (err error) {
			list, err = tx.Exhibits(ExhibitFilter{Before: before, Limit: 200})
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			switch err := db.readWhole(ctx, e); {
			case err == nil:
				out.Exhibits++
			case missing(err):
				out.Missing = append(out.Missing, e.ID)
			case tampered(err):
				out.Damaged = append(out.Damaged, e.ID)
			default:
				return err
			}
		}
		before = &list[len(list)-1]
	}
}

// readWhole reads the bytes of an exhibit to their end, where they are compared with those that were received.
func (db *DB) readWhole(ctx context.Context, e homeward.Exhibit) error {
	bytes, err := db.openBlob(ctx, e)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, bytes)
	return errors.Join(err, bytes.Close())
}

// bringPassphrase copies a passphrase file to where it belongs, readable by its owner alone. Another one that is there already is
// never overwritten.
func bringPassphrase(from, to string) error {
	secret, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read the passphrase file: %w", err)
	}
	if there, err := os.ReadFile(to); err == nil && string(there) == string(secret) {
		return nil
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("another passphrase file is in the folder already: %w", homeward.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("write the passphrase file: %w", err)
	}
	_, err = f.Write(secret)
	return errors.Join(err, f.Sync(), f.Close())
}

// staged is a backup's two databases, unpacked into a folder beside where they are going to be.
type staged struct{ dir string }

func (w staged) file(k backup.Kind) string { return filepath.Join(w.dir, k.Database()) }

// stage reads both files to their ends and unpacks their databases, and fails unless they belong together, are what they should be,
// and open with the root secret. When it fails nothing of it is left.
func stage(ctx context.Context, s Settings, from Saved) (w staged, err error) {
	for _, path := range []string{from.Data, from.Keys} {
		if _, err := os.Stat(path); err != nil {
			return w, fmt.Errorf("a backup is two files, and one is not there: %w", homeward.ErrNotFound)
		}
	}
	_, absent := os.Stat(s.Dir)
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return w, err
	}
	if w.dir, err = os.MkdirTemp(s.Dir, "restore-*"+partialEnd); err != nil {
		return w, err
	}
	defer func() {
		if err == nil {
			return
		}
		err = errors.Join(err, os.RemoveAll(w.dir))
		if absent != nil {
			os.Remove(s.Dir) // only an empty folder goes
		}
	}()
	data, err := w.unpack(backup.Data, from.Data, from.Identities)
	if err != nil {
		return w, fmt.Errorf("the data: %w", err)
	}
	keys, err := w.unpack(backup.Keys, from.Keys, from.Identities)
	if err != nil {
		return w, fmt.Errorf("the keys: %w", err)
	}
	if data != (backup.About{}) && keys != (backup.About{}) {
		if err := backup.Pair(data, keys); err != nil {
			return w, err
		}
	}
	if err := errors.Join(w.holds(ctx, backup.Data, dataTables), w.holds(ctx, backup.Keys, keyTables)); err != nil {
		return w, err
	}
	return w, w.unlocks(ctx, s, from.Passphrase)
}

// unpack reads a file to its end and writes its database into the folder.
func (w staged) unpack(kind backup.Kind, path string, with backup.Identities) (backup.About, error) {
	r, err := backup.Open(path, with)
	if err != nil {
		return backup.About{}, err
	}
	defer r.Close()
	found := false
	for {
		part, _, err := r.Next()
		if err == io.EOF && !found && r.About.Kind == kind {
			err = fmt.Errorf("it holds no database: %w", homeward.ErrInvalid)
		}
		if err == io.EOF {
			return r.About, nil
		}
		if err != nil {
			return r.About, err
		}
		if part != kind.Database() && !r.Bare {
			continue
		}
		found = true
		if err := writeFile(w.file(kind), r); err != nil {
			return r.About, err
		}
	}
}

func writeFile(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// holds fails unless a staged database is one of ours, of this program's schema or an older one.
func (w staged) holds(ctx context.Context, kind backup.Kind, tables []string) (err error) {
	e, err := openSQLite(ctx, w.file(kind))
	if err != nil {
		return fmt.Errorf("the %s: it is no database: %w", kind, homeward.ErrTampered)
	}
	defer func() { err = errors.Join(err, e.close()) }()
	there, err := e.having(ctx, tables)
	switch {
	case err != nil:
		return fmt.Errorf("the %s: it is no database that can be read: %w", kind, homeward.ErrTampered)
	case len(there) == 0 || there[0] != tables[0]:
		return fmt.Errorf("the %s: it is no database of a backup's %s: %w", kind, kind, homeward.ErrInvalid)
	}
	fsys, dir := schemaOf(tables)
	_, _, err = e.versions(ctx, fsys, dir)
	return err
}

// unlocks fails unless the root secret opens the staged keys.
func (w staged) unlocks(ctx context.Context, s Settings, passphrase string) error {
	if passphrase == "" {
		passphrase = s.passphrase()
	}
	if _, err := os.Stat(passphrase); err != nil && s.Root == nil {
		return fmt.Errorf("the passphrase file is not there: %w", homeward.ErrNotFound)
	}
	keys, err := openSQLite(ctx, w.file(backup.Keys))
	if err != nil {
		return err
	}
	defer keys.close()
	header, err := (&DB{keys: keys}).rootHeader(ctx)
	if err != nil {
		return err
	}
	root, err := s.rootBy(passphrase, header)
	if err != nil {
		return err
	}
	_, err = openMain(ctx, keys, root)
	return err
}
