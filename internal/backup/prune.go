package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// A file that is to expire carries the time of its making in its name: copies lose the times of files, and an encrypted file tells
// nothing of itself.
const (
	nameHead = "homeward-"
	nameTime = "20060102T150405Z"
	nameEnd  = ".backup"
	keysEnd  = ".keys"
)

// Name returns the name of a file of data that was made at an instant; that of its keys ends in .keys besides.
func Name(at time.Time) string { return nameHead + at.UTC().Format(nameTime) + nameEnd }

// File is a file of a backup that tells its time by its name.
type File struct {
	Name string    `json:"file"`
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"`
}

// named reads a name. ok is false for every file that is not ours to expire.
func named(name string) (f File, ok bool) {
	rest, ok := strings.CutPrefix(name, nameHead)
	if !ok {
		return f, false
	}
	f = File{Name: name, Kind: Data}
	if bare, keys := strings.CutSuffix(rest, keysEnd); keys {
		f.Kind, rest = Keys, bare
	}
	at, ok := strings.CutSuffix(rest, nameEnd)
	if !ok {
		return f, false
	}
	var err error
	f.At, err = time.Parse(nameTime, at)
	return f, err == nil && f.At.Format(nameTime) == at
}

// Retention says for how long files are kept. Keys are kept no longer than data: they are what an erased child could be brought
// back by, and younger keys open all older data but that of the erased.
type Retention struct{ Data, Keys time.Duration }

// Check fails with ErrInvalid when keys would be kept for longer than data, or either for less than a day.
func (r Retention) Check() error {
	switch {
	case min(r.Data, r.Keys) < 24*time.Hour:
		return fmt.Errorf("backups are kept for a day at least: %w", homeward.ErrInvalid)
	case r.Keys > r.Data:
		return fmt.Errorf("keys are kept no longer than data, or an erased child could be brought back: %w", homeward.ErrInvalid)
	}
	return nil
}

// Due returns the files whose time is over. The newest of each kind never is, and neither is one from the future.
func (r Retention) Due(files []File, now time.Time) []File {
	newest := map[Kind]time.Time{}
	for _, f := range files {
		if f.At.After(newest[f.Kind]) && !f.At.After(now) {
			newest[f.Kind] = f.At
		}
	}
	keep := map[Kind]time.Duration{Data: r.Data, Keys: r.Keys}
	return slices.DeleteFunc(slices.Clone(files), func(f File) bool {
		return !f.At.Before(newest[f.Kind]) || now.Sub(f.At) <= keep[f.Kind]
	})
}

// List returns the files of a folder that tell their time by their names, the oldest first, and the unfinished files that killed
// processes left there a day ago or longer.
func List(dir string, now time.Time) (files []File, unfinished []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		if f, ok := named(e.Name()); ok {
			files = append(files, f)
		} else if whole, ok := strings.CutSuffix(e.Name(), partial); ok && leftOver(e, whole, now) {
			unfinished = append(unfinished, e.Name())
		}
	}
	slices.SortStableFunc(files, func(a, b File) int { return a.At.Compare(b.At) })
	return files, unfinished, nil
}

func leftOver(e os.DirEntry, whole string, now time.Time) bool {
	if i := strings.LastIndexByte(whole, '.'); i > 0 { // what made the passing name unique
		whole = whole[:i]
	}
	_, ours := named(whole)
	info, err := e.Info()
	return ours && err == nil && now.Sub(info.ModTime()) > 24*time.Hour
}

// Remove removes files of a folder. One that is gone is removed already.
func Remove(dir string, names []string) error {
	var failed error
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
