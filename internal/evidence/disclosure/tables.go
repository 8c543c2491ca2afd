package disclosure

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// withheldTable lists every path that is not shown, and why.
func withheldTable(entries []store.Disclosed) []byte {
	rows := [][]string{{"item", "entry", "path", "why"}}
	for i, e := range entries {
		for _, path := range slices.Sorted(maps.Keys(e.Item.Withheld)) {
			rows = append(rows, []string{number(i), e.Type, path, e.Item.Withheld[path].Why})
		}
	}
	return table(rows)
}

// originalsTable lists the exhibits with what their bytes hash to, and where those lie that go along, encrypted.
func originalsTable(exhibits []homeward.Exhibit, places map[homeward.ExhibitID]string) []byte {
	rows := [][]string{{"file", "exhibit", "bytes", "sha256", "sha512"}}
	for _, e := range exhibits {
		rows = append(rows, []string{places[e.ID], string(e.ID), fmt.Sprint(e.Size), e.SHA256, e.SHA512})
	}
	return table(rows)
}

// number is how the bundle numbers its items and originals.
func number(i int) string { return fmt.Sprintf("%06d", i+1) }

// table writes rows as CSV (RFC 4180). No cell begins with what a spreadsheet takes for a formula: ids, hashes, paths that
// begin with a word, and our own words.
func table(rows [][]string) []byte {
	var b bytes.Buffer
	csv.NewWriter(&b).WriteAll(rows) // to memory: it cannot fail
	return b.Bytes()
}

// version returns which program this is.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" {
			return build.Main.Version + " " + s.Value
		}
	}
	return build.Main.Version
}

// component is a module in a bill of materials.
type component struct {
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// billOfMaterials lists what this program was built of, as CycloneDX 1.5 JSON, from what the Go tool wrote into it.
func billOfMaterials() []byte {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		build = &debug.BuildInfo{}
	}
	program := component{Type: "application", Name: build.Main.Path, Version: build.Main.Version}
	program.Properties = append(program.Properties, property{"go:version", build.GoVersion})
	for _, s := range build.Settings {
		program.Properties = append(program.Properties, property{"go:build:" + s.Key, s.Value})
	}
	parts := []component{}
	for _, m := range build.Deps {
		c := component{Type: "library", Name: m.Path, Version: m.Version, PURL: "pkg:golang/" + strings.ToLower(m.Path) + "@" + m.Version}
		if m.Sum != "" {
			c.Properties = []property{{"go:sum", m.Sum}}
		}
		parts = append(parts, c)
	}
	text, err := json.MarshalIndent(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": map[string]any{"component": program}, "components": parts,
	}, "", "  ")
	if err != nil {
		panic(fmt.Errorf("bill of materials: %w", err)) // text alone
	}
	return append(text, '\n')
}
