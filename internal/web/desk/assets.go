package desk

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"

	"github.com/homeward-registry/homeward/internal/drawing"
)

//go:embed static
var staticFiles embed.FS

// assets are the stylesheet, the script and the mark. Their address holds the hash of their content, so that a
// browser may keep them for ever; they hold nothing about anyone.
type assets struct {
	byPath map[string]asset // "/static/1f2e…/desk.css"
	paths  map[string]string
}

type asset struct {
	kind string
	body []byte
}

var assetKinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func newAssets() *assets {
	a := &assets{byPath: map[string]asset{}, paths: map[string]string{}}
	files, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		panic("read embedded assets: " + err.Error())
	}
	for _, f := range files {
		body, err := fs.ReadFile(staticFiles, "static/"+f.Name())
		if err != nil {
			panic("read embedded assets: " + err.Error())
		}
		if f.Name() == "desk.css" {
			body = append(body, drawing.Styles...)
		}
		sum := sha256.Sum256(body)
		at := "/static/" + hex.EncodeToString(sum[:8]) + "/" + f.Name()
		a.paths[f.Name()] = at
		a.byPath[at] = asset{kind: assetKinds[path.Ext(f.Name())], body: body}
	}
	return a
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.byPath[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", file.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(file.body)
}
