package webarchive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	packageFile = "datapackage.json"
	digestFile  = "datapackage-digest.json"
	pagesFile   = "pages/pages.jsonl"
	listBytes   = 16 << 20 // of datapackage.json
)

// dataPackage is datapackage.json, as far as it is read here.
type dataPackage struct {
	Profile  string     `json:"profile"`
	Version  string     `json:"wacz_version"`
	Software string     `json:"software,omitempty"`
	Created  string     `json:"created,omitempty"`
	Title    string     `json:"title,omitempty"`
	MainPage string     `json:"mainPageUrl,omitempty"`
	MainDate string     `json:"mainPageDate,omitempty"`
	Listed   []resource `json:"resources"`
}

type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// wacz reads a WACZ: first the list of what it holds, then everything that is listed, then the pages.
func (a *archive) wacz(r io.ReaderAt, size int64) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		a.report.find(BadZip, "")
		return
	}
	if a.report.Files = len(z.File); len(z.File) > a.limits.Files {
		a.report.find(TooLarge, "")
		return
	}
	files := a.files(z)
	list, ok := a.list(files)
	if !ok {
		return
	}
	a.report.Format = "WACZ " + oneLine(list.Version, 20)
	a.report.Software, a.report.Created = oneLine(list.Software, 200), oneLine(list.Created, 60)
	a.listedFiles(list, files)
	if f := files[pagesFile]; f != nil {
		a.pages(f)
	} else {
		a.report.find(NoList, pagesFile)
	}
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "archive/") || files[f.Name] != f || !isWARC(f.Name) {
			continue
		}
		in, err := f.Open()
		if err != nil {
			a.report.find(BadZip, f.Name)
			continue
		}
		a.warc(in, f.Name)
		in.Close()
	}
}

func isWARC(name string) bool {
	return strings.HasSuffix(name, ".warc") || strings.HasSuffix(name, ".warc.gz")
}

// files returns the files of a ZIP by name, without those whose name leads elsewhere, is there twice or is that of no file.
func (a *archive) files(z *zip.Reader) map[string]*zip.File {
	out := map[string]*zip.File{}
	for _, f := range z.File {
		folder := strings.HasSuffix(f.Name, "/")
		switch {
		case out[f.Name] != nil, !plainPath(strings.TrimSuffix(f.Name, "/")), !folder && !f.Mode().IsRegular():
			a.report.find(BadPath, f.Name)
		case !folder:
			out[f.Name] = f
		}
	}
	return out
}

// plainPath reports whether a name is that of a file inside the archive, on every system.
func plainPath(name string) bool {
	return name != "" && name != "." && utf8.ValidString(name) && path.Clean(name) == name && !path.IsAbs(name) && name != ".." && !strings.HasPrefix(name, "../") &&
		!strings.ContainsAny(name, "\\:\x00") && len(name) <= 1000
}

// list reads datapackage.json and compares it with its own digest and signature.
func (a *archive) list(files map[string]*zip.File) (list dataPackage, ok bool) {
	f := files[packageFile]
	if f == nil {
		a.report.find(NoPackage, packageFile)
		return list, false
	}
	text, err := a.content(f)
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil || len(list.Listed) == 0 {
		a.report.find(NoPackage, packageFile)
		return list, false
	}
	sum := sha256.Sum256(text)
	if d := files[digestFile]; d != nil {
		text, err := a.content(d)
		if err != nil {
			a.report.find(BadDigest, digestFile)
			return list, true
		}
		a.closed(text, "sha256:"+hex.EncodeToString(sum[:]))
	} else {
		a.report.find(NoDigest, packageFile)
	}
	return list, true
}

// content reads a small file.
func (a *archive) content(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(&metered{in, &a.left}, listBytes+1))
	if err == nil && len(text) > listBytes {
		err = errTooLarge
	}
	return text, err
}

// listedFiles hashes everything that the package lists, and looks for what it does not list.
func (a *archive) listedFiles(list dataPackage, files map[string]*zip.File) {
	listed := map[string]bool{packageFile: true, digestFile: true}
	for _, x := range list.Listed {
		name := x.Path
		if listed[name] && name != packageFile && name != digestFile {
			a.report.find(BadPath, name)
			continue
		}
		listed[name] = true
		f := files[name]
		if f == nil {
			a.report.find(Missing, name)
			continue
		}
		a.hash(f, x)
	}
	for _, name := range slices.Sorted(keys(files)) {
		if !listed[name] {
			a.report.find(Unlisted, name)
		}
	}
}

func keys(files map[string]*zip.File) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	}
}

func (a *archive) hash(f *zip.File, x resource) {
	in, err := f.Open()
	if err != nil {
		a.report.find(BadZip, f.Name)
		return
	}
	defer in.Close()
	d := newDigest(x.Hash)
	n, err := io.Copy(d.into(), &metered{in, &a.left})
	switch {
	case errors.Is(err, errTooLarge):
		a.report.find(TooLarge, f.Name)
	case err != nil:
		a.report.find(Truncated, f.Name)
	case n != x.Bytes:
		a.report.find(BadSize, f.Name)
	case d == nil:
		a.report.find(NoDigest, f.Name)
	default:
		a.compare(d, d.agrees(d.hash.Sum(nil)), BadHash, f.Name)
	}
}

// pageLine is a line of pages.jsonl. The first tells the format of the others.
type pageLine struct {
	Format string `json:"format,omitempty"`
	ID     string `json:"id,omitempty"`
	URL    string `json:"url,omitempty"`
	At     string `json:"ts,omitempty"`
	Title  string `json:"title,omitempty"`
}

// pages reads which pages the archive holds.
func (a *archive) pages(f *zip.File) {
	in, err := f.Open()
	if err != nil {
		a.report.find(BadPages, pagesFile)
		return
	}
	defer in.Close()
	a.listed = true
	lines := bufio.NewScanner(&metered{in, &a.left})
	lines.Buffer(nil, 4<<20) // some writers put the text of a page on its line
	for nth := 0; lines.Scan(); nth++ {
		line := bytes.TrimSpace(lines.Bytes())
		var p pageLine
		if len(line) == 0 {
			continue
		}
		if err := json.Unmarshal(line, &p); err != nil || p.URL == "" && p.Format == "" {
			a.report.find(BadPages, pagesFile)
			return
		}
		if _, seen := a.of[p.URL]; p.URL == "" || seen {
			continue
		}
		if len(a.report.Pages) == a.limits.Pages {
			a.report.Cut = true // the others are verified as the rest of the archive is, and not shown
			return
		}
		at, _ := time.Parse(time.RFC3339Nano, p.At) // zero when it is not told
		a.of[p.URL] = len(a.report.Pages)
		a.report.Pages = append(a.report.Pages, Page{URL: clean(p.URL, 2000), Title: oneLine(p.Title, 500), At: at})
	}
	if lines.Err() != nil {
		a.report.find(BadPages, pagesFile)
	}
}
