package gazetteer

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/places"
)

// The formats that are read.
const (
	KATOTTH  = "katotth"
	GeoNames = "geonames"
)

// countries are those whose places are kept of GeoNames: where children of Ukraine live, and where they are taken.
var countries = map[string]bool{"UA": true, "RU": true, "BY": true}

// largest is how many bytes a list may have when it is unpacked: all of GeoNames is 1.7 GB, its three countries 120 MB.
const largest = 2 << 30

// Report is what an import did.
type Report struct {
	Format string
	Read   int  // places of the list that are kept
	New    int  // of them, those that no list had before
	Added  bool // false when this very file was read before
}

// Import reads a list into the register. The format is told by the first line. ErrDenied when the actor may not import;
// ErrInvalid when the file is of neither format.
func Import(ctx context.Context, db *store.DB, actor homeward.Actor, file []byte) (Report, error) {
	if !actor.Can(homeward.ActionImport) {
		return Report{}, fmt.Errorf("import places: %w", homeward.ErrDenied)
	}
	format, list, err := Read(file)
	if err != nil {
		return Report{}, fmt.Errorf("import places: %w", err)
	}
	body, err := pack(list)
	if err != nil {
		return Report{}, fmt.Errorf("import places: %w", err)
	}
	report := Report{Format: format, Read: len(list)}
	before, err := Load(ctx, db, actor)
	if err != nil {
		return Report{}, err
	}
	err = db.Update(ctx, actor, func(tx *store.Tx) (err error) {
		report.Added, err = tx.PutGazetteer(store.Gazetteer{Format: format, Digest: sha256.Sum256(file), Amount: len(list), Body: body})
		return err
	})
	if err != nil {
		return Report{}, fmt.Errorf("import places: %w", err)
	}
	report.New = before.With(list).Len() - before.Len()
	return report, nil
}

// Read tells the format of a list and reads its places.
func Read(file []byte) (format string, list []places.Place, err error) {
	text, err := unpacked(file)
	if err != nil {
		return "", nil, err
	}
	first, _, _ := bytes.Cut(text[:min(len(text), 1<<16)], []byte("\n"))
	if bytes.Count(first, []byte(";")) > 3 {
		list, err = places.ReadKATOTTH(bytes.NewReader(text))
		return KATOTTH, list, err
	}
	all, err := places.ReadGeoNames(bytes.NewReader(text))
	for _, p := range all {
		if countries[p.Country] {
			list = append(list, p)
		}
	}
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("no line names a populated place of Ukraine, Russia or Belarus: %w", homeward.ErrInvalid)
	}
	return GeoNames, list, err
}

// unpacked returns the file, or what is in it when it is a zip: its largest text.
func unpacked(file []byte) ([]byte, error) {
	if !bytes.HasPrefix(file, []byte("PK")) {
		return file, nil
	}
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("open zip: %w: %w", homeward.ErrInvalid, err)
	}
	var text *zip.File
	for _, f := range archive.File {
		if name := strings.ToLower(f.Name); !strings.HasSuffix(name, ".txt") && !strings.HasSuffix(name, ".csv") || strings.Contains(name, "readme") {
			continue
		}
		if text == nil || f.UncompressedSize64 > text.UncompressedSize64 {
			text = f
		}
	}
	if text == nil {
		return nil, fmt.Errorf("the zip holds no txt and no csv: %w", homeward.ErrInvalid)
	}
	in, err := text.Open()
	if err != nil {
		return nil, fmt.Errorf("open zip: %w: %w", homeward.ErrInvalid, err)
	}
	out, err := io.ReadAll(io.LimitReader(in, largest+1))
	if err == nil && len(out) > largest {
		err = errors.New("it unpacks to more than 2 GB")
	}
	if err != nil {
		return nil, fmt.Errorf("unpack zip: %w: %w", homeward.ErrInvalid, err)
	}
	return out, in.Close()
}

// pack writes places as compressed JSON.
func pack(list []places.Place) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(list); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}

func unpack(body []byte) (list []places.Place, err error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return list, json.NewDecoder(z).Decode(&list)
}
