package places

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/homeward-registry/homeward"
)

// categories are the letters of KATOTTH. Districts of cities (B) are no places of their own here.
var categories = map[string]Kind{
	"O": KindRegion, "K": KindCity, "P": KindRaion, "H": KindHromada, "M": KindCity, "T": KindTown, "X": KindTown, "C": KindVillage,
}

// ReadKATOTTH reads Ukraine's official codifier of administrative units and territories of hromadas: CSV with semicolons, UTF-8,
// four or five columns of codes, then category and name. It has no coordinates and no names but Ukrainian ones. A list that
// is not of this shape is ErrInvalid.
func ReadKATOTTH(r io.Reader) ([]Place, error) {
	rows := csv.NewReader(r)
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = ';', -1, true
	var out []Place
	for n := 1; ; n++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read codifier, row %d: %w: %w", n, homeward.ErrInvalid, err)
		}
		if p, ok := katotth(row); ok {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read codifier: no row has codes, a category and a name: %w", homeward.ErrInvalid)
	}
	return raionless(out), nil
}

// raionless takes the raion from places whose raion the list does not have: the zone around Chornobyl lies in none.
func raionless(list []Place) []Place {
	raions := map[ID]bool{}
	for _, p := range list {
		raions[p.ID] = raions[p.ID] || p.Kind == KindRaion
	}
	for i, p := range list {
		if !raions[p.Raion] {
			list[i].Raion = ""
		}
	}
	return list
}

// katotth reads one row; ok is false for headings, districts of cities, and what is something else.
func katotth(row []string) (p Place, ok bool) {
	if len(row) < 6 {
		return p, false
	}
	codes, category, name := row[:len(row)-2], strings.TrimSpace(row[len(row)-2]), strings.TrimSpace(row[len(row)-1])
	p.Kind, ok = categories[category]
	if !ok || name == "" {
		return p, false
	}
	for level, code := range codes {
		code = strings.TrimPrefix(strings.TrimSpace(code), "\ufeff")
		if !strings.HasPrefix(code, "UA") {
			continue
		}
		p.ID = ID(code)
		switch level {
		case 0:
			p.Region = p.ID
		case 1:
			p.Raion = p.ID
		case 2:
			p.Hromada = p.ID
		}
	}
	p.Country, p.Name.UK = "UA", name
	if p.Kind == KindRaion {
		p.Name.UK += " район"
	}
	if p.Kind == KindHromada {
		p.Name.UK += " громада"
	}
	p.english()
	return p, p.ID != ""
}
