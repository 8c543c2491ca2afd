package desk_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// ways are the ways in which people ask their screens to show pages. 320 pixels are a screen of 1280 at a zoom of 400 %
// (WCAG 1.4.10).
func ways() map[string]look {
	out := map[string]look{}
	for _, width := range []int64{320, 360, 1280, 1920} {
		for _, dark := range []bool{false, true} {
			out[fmt.Sprintf("%d-dark-%t", width, dark)] = look{width: width, dark: dark}
		}
	}
	out["print"] = look{width: 1280, paper: true}
	out["stillness"] = look{width: 1280, asks: map[string]string{"prefers-reduced-motion": "reduce"}}
	out["forced-colours"] = look{width: 1280, dark: true, asks: map[string]string{"forced-colors": "active"}}
	return out
}

// TestEveryComponentPassesInEveryWay holds the page of all components against axe and against the width of the screen. With
// HOMEWARD_LOOK it leaves pictures in that folder.
func TestEveryComponentPassesInEveryWay(t *testing.T) {
	b := browser(t)
	w := open(t, storetest.Open(t), 0, withMirrored(t))
	for i, lang := range []string{"uk", "en", "ru", string(mirrored)} {
		r := w.as(homeward.RoleSupervisor, lang)
		one := w.tab(t, b, r, look{lang: lang, width: 1280})
		for name, l := range ways() {
			if i > 0 && l.width != 320 && l.width != 1280 {
				continue
			}
			l.lang = lang
			x := one.next(t, r, l)
			x.open("/design")
			x.fits(name+" "+lang, l.width)
			if folder := os.Getenv("HOMEWARD_LOOK"); folder != "" && i < 2 {
				x.must(os.WriteFile(filepath.Join(folder, "design-"+lang+"-"+name+".png"), x.whole(l.width), 0o600))
			}
			x.audit(name + " " + lang)
		}
	}
}

// TestNothingMovesForThoseWhoAskForStillness looks for a transition or an animation.
func TestNothingMovesForThoseWhoAskForStillness(t *testing.T) {
	b := browser(t)
	w := open(t, storetest.Open(t), 0)
	moving := `[...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e); return parseFloat(s.transitionDuration) > 0 || s.animationName !== "none" }).length`
	for asks, moves := range map[string]bool{"reduce": false, "no-preference": true} {
		x := w.tab(t, b, w.as(homeward.RoleSupervisor, "en"), look{lang: "en", width: 1280, scripts: true, asks: map[string]string{"prefers-reduced-motion": asks}})
		x.open("/design")
		if got := evaluate[int](x, moving) > 0; got != moves {
			t.Errorf("%s: moves %t", asks, got)
		}
	}
}

// TestNoNameBreaksAPage gives two children and their sources names of sixty letters without a space, and looks at every page
// that shows them at a zoom of 400 %.
func TestNoNameBreaksAPage(t *testing.T) {
	b := browser(t)
	w := open(t, storetest.Open(t), 0)
	long := strings.Repeat("Незабудькін", 6)[:2*60]
	for n := range 2 {
		in := intake.Input{
			File:   strings.NewReader(fmt.Sprintf("id;ПІБ;дата народження;місто\n%s;%s %s;13.4.2014;%s\n", strings.Repeat("7", 40), long, long, long)),
			Source: fmt.Sprintf("%s%d", long, n), Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1)),
		}
		if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
			t.Fatal(err)
		}
	}
	w.run()
	w.shownWith(t, b, long)
}

func (w *world) shownWith(t *testing.T, b context.Context, long string) {
	t.Helper()
	r := w.as(homeward.RoleSupervisor, "uk")
	hits := r.post("/search", map[string][]string{"words": {long}})
	paths := []string{"/review", "/sources", "/quarantine", "/import", hits.at}
	w.view(func(tx *store.Tx) error {
		persons, err := tx.Persons("", 1)
		paths = append(paths, "/persons/"+string(persons[0].ID), "/persons/"+string(persons[0].ID)+"/near")
		sources, _ := tx.Sources()
		editions, _ := tx.Editions("")
		paths = append(paths, "/sources/"+string(sources[0].ID), "/editions/"+string(editions[0].ID))
		return err
	})
	for _, p := range w.pairs(homeward.PairProposed) {
		paths = append(paths, "/pairs/"+string(p.ID))
	}
	for _, width := range []int64{320, 1280} {
		x := w.tab(t, b, r, look{lang: "uk", width: width})
		for _, path := range paths {
			x.open(path)
			x.fits(path, width)
		}
	}
}

// TestEverySectionIsInSight looks at the navigation of who has the most sections: where there is room, none is out of sight, and who
// is signed in stands beside the name of the desk.
func TestEverySectionIsInSight(t *testing.T) {
	b := browser(t)
	w := open(t, storetest.Open(t), 0)
	for _, lang := range []string{"uk", "en", "ru"} {
		r := w.as(homeward.RoleSupervisor, lang)
		for _, width := range []int64{768, 1024, 1280, 1920} {
			x := w.tab(t, b, r, look{lang: lang, width: width})
			x.open("/counts")
			hidden := evaluate[int64](x, `[...document.querySelectorAll(".nav li")].filter(e => e.getBoundingClientRect().right > innerWidth).length`)
			apart := evaluate[bool](x, `document.querySelector(".who").getBoundingClientRect().top > document.querySelector(".wordmark").getBoundingClientRect().bottom`)
			if hidden > 0 || apart {
				t.Errorf("%s at %d pixels: %d sections are out of sight, the reader's name stands apart: %t", lang, width, hidden, apart)
			}
		}
	}
}
