package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/gazetteer"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/places"
)

type placesCmd struct {
	Find   placesFindCmd   `cmd:"" help:"Say which places words may mean, the likeliest first."`
	Import placesImportCmd `cmd:"" help:"Bring a larger list of places into the register: KATOTTH or GeoNames."`
}

type placesFindCmd struct {
	Text []string `arg:"" help:"Words that name a place, in any script and spelling; - reads them from standard input."`
}

func (placesFindCmd) Help() string {
	return `Finds places of Ukraine, Russia and Belarus by their present and former names, in any script; what stands beside a name narrows it. It needs no register; where there is one, the lists it was given are searched as well.

Examples:

  homeward places find "м. Артемівськ, Донецька обл."
  homeward places find Dneprodzerzhinsk --json`
}

// place is a place as printed.
type place struct {
	ID        places.ID   `json:"id"`
	Kind      places.Kind `json:"kind"`
	Ukrainian string      `json:"uk"`
	Russian   string      `json:"ru"`
	English   string      `json:"en"`
	Formerly  []string    `json:"formerly"`
	Country   string      `json:"country"`
	Region    string      `json:"region"`
	Raion     string      `json:"raion"`
	Hromada   string      `json:"hromada"`
	Lat       *float64    `json:"lat"` // null when not known
	Lon       *float64    `json:"lon"`
}

func (c placesFindCmd) Run(sh *shell) error {
	text, err := sh.spoken(strings.Join(c.Text, " "))
	if err != nil {
		return err
	}
	g, err := sh.gazetteer()
	if err != nil {
		return err
	}
	list := []place{}
	for _, p := range g.Find(text) {
		list = append(list, placeOf(g, p))
	}
	err = sh.print(list, func(w io.Writer) {
		for _, p := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.English, p.Kind, strings.Join(present(p.Raion, p.Region, p.Country), ", "), p.where(), formerly(p.Formerly))
		}
	})
	if err == nil && len(list) == 0 {
		return advise(fmt.Errorf("no place of that name: %w", homeward.ErrNotFound), "homeward places import brings in a larger list")
	}
	return err
}

func placeOf(g *places.Gazetteer, p places.Place) place {
	in := func(id places.ID) string {
		area, _ := g.Place(id)
		return area.Name.EN
	}
	out := place{
		ID: p.ID, Kind: p.Kind, Ukrainian: p.Name.UK, Russian: p.Name.RU, English: cmp.Or(p.Name.EN, p.Name.UK), Formerly: append([]string{}, p.Old...),
		Country: p.Country, Region: in(p.Region), Raion: in(p.Raion), Hromada: in(p.Hromada),
	}
	if p.At.Known() {
		out.Lat, out.Lon = &p.At.Lat, &p.At.Lon
	}
	return out
}

func (p place) where() string {
	if p.Lat == nil {
		return ""
	}
	return fmt.Sprintf("%.2f %.2f", *p.Lat, *p.Lon)
}

func present(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

func formerly(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "formerly " + strings.Join(names, ", ")
}

// gazetteer returns the register's places, or our own where there is no register.
func (sh *shell) gazetteer() (*places.Gazetteer, error) {
	var g *places.Gazetteer
	err := sh.with(func(db *store.DB) (err error) {
		g, err = gazetteer.Load(sh.ctx, db, homeward.Operator)
		return err
	})
	if errors.Is(err, homeward.ErrNotFound) && sh.Database == "" {
		return places.Ours(), nil
	}
	return g, err
}

type placesImportCmd struct {
	File string `arg:"" help:"A list: KATOTTH as CSV, GeoNames as txt or zip." type:"path"`
}

func (placesImportCmd) Help() string {
	return `Brings the codifier of Ukraine's settlements (KATOTTH, from data.gov.ua) or a dump of GeoNames (from download.geonames.org) into the register. The format is told by the file. The newest list of each format is used; the same file twice changes nothing. Of GeoNames the places of Ukraine, Russia and Belarus are kept.

Example:

  homeward places import katottg.csv
  homeward places import UA.zip`
}

// placesKept is what an import of places did.
type placesKept struct {
	Format string `json:"format"`
	Places int    `json:"places"`
	New    int    `json:"new"`
	Added  bool   `json:"added"`
}

func (c placesImportCmd) Run(sh *shell) error {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return fileError("open the list", err)
	}
	return sh.with(func(db *store.DB) error {
		r, err := gazetteer.Import(sh.ctx, db, homeward.Operator, file)
		if err != nil {
			return advise(err, "give KATOTTH as CSV, or GeoNames as txt or zip: homeward places import --help")
		}
		return sh.print(placesKept{r.Format, r.Read, r.New, r.Added}, func(w io.Writer) {
			if !r.Added {
				fmt.Fprintf(w, "%s: read before, nothing changed\n", r.Format)
				return
			}
			fmt.Fprintf(w, "%s: %s, %s of them new\n", r.Format, many(r.Read, "place"), amount(r.New))
		})
	})
}
