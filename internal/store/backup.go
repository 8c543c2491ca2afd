package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/backup"
)

// A backup is two files of the same form whichever database the store runs on: the data with the sealed bytes of exhibits, and the
// keys, because the two have different lifetimes and keepers. Words stay sealed in the one, keys stay wrapped in the other, and
// neither opens without the passphrase file, which is in neither. A backup of SQLite can be restored into PostgreSQL and the other
// way round.

// Away says where a backup goes, and who may open it.
type Away struct {
	Data, Keys     string            // files; neither may exist
	DataTo, KeysTo backup.Recipients // none: not encrypted
	Progress       func(bytes int64) // of exhibits, where it is set
}

// To says that a backup goes to path, its keys to KeysFile(path), not encrypted.
func To(path string) Away { return Away{Data: path, Keys: KeysFile(path)} }

// KeysFile returns the path of the keys that belong to a backup.
func KeysFile(path string) string { return path + ".keys" }

// Backed is what a backup holds.
type Backed struct {
	ID                 string
	At                 time.Time
	DataSize, KeysSize int64
	Exhibits           int                  // whose bytes are in it
	Missing            []homeward.ExhibitID // whose bytes were not there
}

// Backup writes the data and the keys, each a consistent snapshot. The keys are copied after the data, so that every key the data
// needs is among them, and published before it: a file of data of its final name is a whole backup.
func (db *DB) Backup(ctx context.Context, to Away) (Backed, error) {
	for _, path := range []string{to.Data, to.Keys} {
		if err := backup.Free(path); err != nil {
			return Backed{}, fmt.Errorf("backup: %w", err)
		}
	}
	if err := SweepPartial(db.dir, "*"); err != nil {
		return Backed{}, fmt.Errorf("backup: %w", err)
	}
	out := Backed{ID: homeward.NewID(db.Now()), At: db.Now()}
	data, err := db.backUpData(ctx, to, &out)
	if err != nil {
		return out, fmt.Errorf("back up data: %w", err)
	}
	defer data.Abandon()
	keys, err := db.backUpKeys(ctx, to, out.ID)
	if err != nil {
		return out, fmt.Errorf("back up keys: %w", err)
	}
	defer keys.Abandon()
	if out.KeysSize, err = keys.Publish(); err != nil {
		return out, fmt.Errorf("back up keys: %w", err)
	}
	if out.DataSize, err = data.Publish(); err != nil {
		return out, fmt.Errorf("back up data: %w", err)
	}
	return out, nil
}

func (db *DB) backUpData(ctx context.Context, to Away, out *Backed) (*backup.Writer, error) {
	about := backup.About{Kind: backup.Data, Backup: out.ID, Register: db.origin, At: out.At}
	return db.written(ctx, to.Data, to.DataTo, about, func(w *backup.Writer, copied string) error {
		return db.addBlobs(ctx, w, copied, to.Progress, out)
	})
}

func (db *DB) backUpKeys(ctx context.Context, to Away, id string) (*backup.Writer, error) {
	about := backup.About{Kind: backup.Keys, Backup: id, Register: db.origin, At: db.Now()}
	return db.written(ctx, to.Keys, to.KeysTo, about, func(*backup.Writer, string) error { return nil })
}

// written finishes a file with a snapshot of a database and what more adds, which is handed the snapshot.
func (db *DB) written(ctx context.Context, path string, to backup.Recipients, about backup.About, more func(*backup.Writer, string) error) (*backup.Writer, error) {
	dir, err := os.MkdirTemp(db.dir, "backup-*"+partialEnd)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	from, tables, copied := db.data, dataTables, filepath.Join(dir, about.Kind.Database())
	if about.Kind == backup.Keys {
		from, tables = db.keys, keyTables
	}
	if err := copyOut(ctx, from, copied, tables); err != nil {
		return nil, err
	}
	w, err := backup.Create(path, to, about)
	if err != nil {
		return nil, err
	}
	err = addFile(w, about.Kind.Database(), copied)
	if err == nil {
		err = more(w, copied)
	}
	if err == nil {
		err = w.Finish()
	}
	if err != nil {
		return nil, errors.Join(err, w.Abandon())
	}
	return w, nil
}

func addFile(w *backup.Writer, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return w.Add(name, info.Size(), f)
}

// blobPart begins the names of the parts that hold the bytes of exhibits.
const blobPart = "blobs/"

// addBlobs adds the sealed bytes of the exhibits that a copied database knows.
func (db *DB) addBlobs(ctx context.Context, w *backup.Writer, copied string, progress func(int64), out *Backed) error {
	from, err := openSQLite(ctx, copied)
	if err != nil {
		return err
	}
	defer from.close()
	// The exhibits of the copy, which nobody else reads.
	rows, err := from.read.QueryContext(ctx, `
		select id, blob
		from exhibits
		order by id`)
	if err != nil {
		return err
	}
	var done int64
	return each(rows, func() error {
		var id homeward.ExhibitID
		var blob string
		if err := rows.Scan(&id, &blob); err != nil {
			return err
		}
		size, err := db.addBlob(ctx, w, blob)
		if missing(err) {
			return db.missed(ctx, id, out)
		}
		out.Exhibits++
		if done += size; progress != nil {
			progress(done)
		}
		return err
	})
}

func (db *DB) addBlob(ctx context.Context, w *backup.Writer, blob string) (int64, error) {
	size, err := db.blobs.Size(ctx, blob)
	if err != nil {
		return 0, err
	}
	bytes, err := db.blobs.Open(ctx, blob)
	if err != nil {
		return 0, err
	}
	return size, errors.Join(w.Add(blobPart+blob, size, bytes), bytes.Close())
}

// missed remembers an exhibit whose bytes are not there, unless it was erased since the copy was made.
func (db *DB) missed(ctx context.Context, id homeward.ExhibitID, out *Backed) error {
	_, err := db.objectKey(ctx, string(id))
	if missing(err) {
		return nil
	}
	out.Missing = append(out.Missing, id)
	return err
}

// partialEnd ends the names of folders in the register's that a backup, a restore or a drill works in.
const partialEnd = ".partial"

// partialGrace is how long ago a working folder must have been made to be left over: no backup takes so long.
const partialGrace = 24 * time.Hour

// SweepPartial removes the working folders of a kind ("*": of any) that killed processes left in a folder: they hold copies of keys,
// which would outlive an erasure.
func SweepPartial(dir, kind string) error {
	left, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range left {
		if ours, _ := filepath.Match(kind+"-*"+partialEnd, e.Name()); !ours || !e.IsDir() {
			continue
		}
		info, lost := e.Info()
		if lost != nil || time.Since(info.ModTime()) < partialGrace {
			continue
		}
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}
