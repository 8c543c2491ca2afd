package places

import (
	"bufio"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed tables
var tables embed.FS

// written returns the places of our own tables. They are part of the program: a line that cannot be read is a broken
// invariant.
func written() []Place {
	var out []Place
	for _, name := range []string{"ukraine", "russia", "belarus"} {
		text, err := tables.ReadFile("tables/" + name + ".txt")
		if err == nil {
			out, err = readTable(out, string(text))
		}
		if err != nil {
			panic(fmt.Sprintf("places: table %s: %v", name, err))
		}
	}
	return out
}

// reader reads a table; the lines of a settlement belong to the region and raion above them.
type reader struct {
	out    []Place
	ids    map[ID]bool
	within Place // country, region and raion of the next line
}

func readTable(out []Place, text string) ([]Place, error) {
	r := reader{out: out, ids: map[ID]bool{}}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		if err := r.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return r.out, lines.Err()
}

func (r *reader) line(line string) error {
	p := Place{Kind: KindCity, Country: r.within.Country, Region: r.within.Region, Raion: r.within.Raion}
	fields := strings.Split(line, ";")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	head, rest, _ := strings.Cut(fields[0], " ")
	if line == "raion -" { // what follows lies in no raion
		r.within.Raion = ""
		return nil
	}
	switch head {
	case "country", "region":
		p.Kind, p.ID = Kind(head), ID(rest)
		fields = fields[1:]
	case "raion":
		p.Kind, fields[0] = KindRaion, rest
	}
	if len(fields) < 2 {
		return fmt.Errorf("a place has at least two names: %q", line)
	}
	p.Name.UK, p.Name.RU = fields[0], fields[1]
	if p.Name.RU == "=" {
		p.Name.RU = p.Name.UK
	}
	if err := p.details(fields[2:]); err != nil {
		return err
	}
	r.add(p)
	return nil
}

// details reads what stands behind the two names: coordinates, a kind, or a word with its list; what is none of them is
// the English name.
func (p *Place) details(fields []string) error {
	for _, f := range fields {
		word, rest, _ := strings.Cut(f, " ")
		switch {
		case f == "city" || f == "town" || f == "village":
			p.Kind = Kind(f)
		case word == "old":
			p.Old = append(p.Old, list(rest)...)
		case word == "also":
			p.Also = append(p.Also, list(rest)...)
		case word == "en":
			p.Name.EN = rest
		case strings.IndexFunc(f, isDigit) == 0:
			if err := p.At.read(word, rest); err != nil {
				return err
			}
		default:
			p.Name.EN = f
		}
	}
	return nil
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func list(text string) []string {
	var out []string
	for w := range strings.SplitSeq(text, ",") {
		out = append(out, strings.TrimSpace(w))
	}
	return out
}

// read reads coordinates. What stood there instead is not repeated: the file may be another than its reader thinks.
func (p *Point) read(lat, lon string) (err error) {
	if p.Lat, err = degrees(lat, 90); err != nil {
		return fmt.Errorf("latitude: %w", err)
	}
	if p.Lon, err = degrees(lon, 180); err != nil {
		return fmt.Errorf("longitude: %w", err)
	}
	return nil
}

func degrees(text string, most float64) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return 0, strconv.ErrSyntax
	case !(n >= -most && n <= most): // NaN is neither
		return 0, strconv.ErrRange
	}
	return n, nil
}

// add gives the place what follows from its line: English, an id, where it lies.
func (r *reader) add(p Place) {
	p.english()
	switch {
	case p.Kind == KindCountry:
		p.Country = string(p.ID)
		r.within = p
	case p.ID != "": // a region, or a city that is one
		p.Region, p.Raion = p.ID, ""
		r.within = p
	case p.Kind == KindRaion:
		p.ID = r.free(p.Region + ID("/"+slug(p.Name.EN)+"-raion"))
		p.Name.UK, p.Name.RU, p.Name.EN = p.Name.UK+" район", p.Name.RU+" район", p.Name.EN+" Raion"
		p.Raion = p.ID
		r.within.Raion = p.ID
	default:
		p.ID = r.free(p.Region + ID("/"+slug(p.Name.EN)))
		r.centre(p)
	}
	r.ids[p.ID] = true
	r.out = append(r.out, p)
}

// centre gives the region and raion whose first settlement this is its coordinates.
func (r *reader) centre(p Place) {
	for i := range slices.Backward(r.out) {
		at := &r.out[i]
		if at.ID != p.Region && at.ID != p.Raion {
			return
		}
		if !at.At.Known() {
			at.At = p.At
		}
	}
}

func (p *Place) english() {
	switch {
	case p.Name.EN != "":
	case p.Country == "RU":
		p.Name.EN = romanRussian(p.Name.RU)
	default:
		p.Name.EN = romanUkrainian(p.Name.UK)
	}
}

// free returns the id, or one like it that is not taken: two villages of a region may share a name.
func (r *reader) free(id ID) ID {
	for n := 2; ; n++ {
		if !r.ids[id] {
			return id
		}
		id = ID(strings.TrimRight(string(id), "0123456789-") + "-" + strconv.Itoa(n))
	}
}

func slug(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "-", "'", "").Replace(name))
}
