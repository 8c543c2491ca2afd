package desk_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	updateScreens = flag.Bool("update-screens", false, "take the pictures of docs/screens anew")
	onlyScreens   = flag.String("screens", "", "of these pages only, separated by commas")
)

// TestScreens takes the pictures of the documents: each page wide in English and narrow in Ukrainian, and the two that
// people look at all day in the dark.
func TestScreens(t *testing.T) {
	if !*updateScreens {
		return // that none is missing is seen where every page is audited
	}
	b := browser(t)
	s := stage(t)
	folder := screensFolder()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, l := range []look{{lang: "en", width: 1280, scripts: true}, {lang: "uk", width: 360, scripts: true}, {lang: "en", width: 1280, dark: true, scripts: true}} {
		for _, scene := range s.scenes(l.lang) {
			if *onlyScreens != "" && !slices.Contains(strings.Split(*onlyScreens, ","), scene.name) {
				continue
			}
			if l.dark && scene.name != "pair" && scene.name != "person" {
				continue
			}
			x := s.tab(t, b, scene.reader, l)
			x.open(scene.path)
			if err := os.WriteFile(filepath.Join(folder, screenName(scene.name, l)), x.picture(l.width), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func screensFolder() string { return filepath.Join("..", "..", "..", "docs", "screens") }

func screenName(scene string, l look) string {
	name := scene + "-" + l.lang + "-1280"
	if l.width == 360 {
		name = scene + "-" + l.lang + "-360"
	}
	if l.dark {
		name += "-dark"
	}
	return name + ".png"
}

// pictured fails when a page has no picture: make screens takes them.
func pictured(t *testing.T, scene string) {
	t.Helper()
	for _, l := range []look{{lang: "en", width: 1280}, {lang: "uk", width: 360}} {
		text, err := os.ReadFile(filepath.Join(screensFolder(), screenName(scene, l)))
		if err != nil || !bytes.HasPrefix(text, []byte("\x89PNG")) {
			t.Errorf("docs/screens lacks %s: run make screens", screenName(scene, l))
		}
	}
}
