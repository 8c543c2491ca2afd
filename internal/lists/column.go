package lists

import (
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
)

// Column is one column of a list and what it is taken for.
type Column struct {
	Heading string        `json:"heading"`
	Holds   homeward.Path `json:"holds"`
	Weighed bool          `json:"weighed"`
}

// textPrefix begins the path of a column that is kept under its own name.
var textPrefix = string(homeward.TextPath(""))

// extra reports whether the column is kept under its own name.
func (c Column) extra() bool { return strings.HasPrefix(string(c.Holds), textPrefix) }

// telling are extra columns that are worth weighing, the most telling first, with the headings that hold them where
// nothing else is said.
var telling = []struct {
	name     string
	headings string
}{
	{"postcode", "postcode|post code|postal code|zip|zip code|postcode fake"},
	{"occupation", "occupation|profession|job"},
	{"state", "state|county|province"},
	{"street number", "street number|house number|house no"},
	{"religion", "religion|denomination"},
}

// tells returns the extra column that a heading holds.
func tells(heading string) (homeward.Path, bool) {
	heading = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading)), "_", " ")
	for _, t := range telling {
		for h := range strings.SplitSeq(t.headings, "|") {
			if h == heading {
				return homeward.TextPath(t.name), true
			}
		}
	}
	return "", false
}

// extras are the extra columns that are weighed, each in a comparison of its own.
type extras []homeward.Path

// extras are those that the mapping names with text:, in the order of their names, and then the telling ones; as many as
// linkage has room for.
func (o Options) extras() extras {
	var out extras
	for _, path := range slices.Sorted(maps.Values(o.Mapping)) {
		if (Column{Holds: path}).extra() {
			out = append(out, path)
		}
	}
	out = slices.Compact(out)
	for _, t := range telling {
		if path := homeward.TextPath(t.name); !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out[:min(len(out), linkage.MaxExtra)]
}

// known are the names of comparisons that linkage has by itself.
var known = func() map[string]bool {
	names := map[string]bool{}
	for _, c := range linkage.DefaultModel().Comparisons {
		names[c.Name] = true
	}
	return names
}()

// named returns the name of an extra column: its own, unless a comparison has that.
func (extras) named(p homeward.Path) string {
	if name := strings.TrimPrefix(string(p), textPrefix); !known[name] {
		return name
	}
	return string(p)
}

// put returns what puts a column of a path into a record; nil when it is not weighed.
func (x extras) put(p homeward.Path) func(*said, string) {
	if !slices.Contains(x, p) {
		return nil
	}
	name := x.named(p)
	return func(row *said, t string) {
		b := row.batch
		from := len(b.extra) - len(row.Extra)
		b.extra = append(b.extra, linkage.Text{Column: name, Value: t})
		row.Extra = slices.Clip(b.extra[from:])
	}
}

// none are the columns of a shape without any text. Linkage compares extra columns in the order in which it meets them, which
// must not depend on the row that happens to stand first.
func (x extras) none(s *shape) (out []linkage.Text) {
	for _, path := range x {
		if slices.ContainsFunc(s.cells, func(c *cells) bool { return c.path == path }) {
			out = append(out, linkage.Text{Column: x.named(path)})
		}
	}
	return out
}

// words says what a signal says, without the values compared.
func (x extras) words(s linkage.Signal) string {
	if slices.ContainsFunc(x, func(p homeward.Path) bool { return x.named(p) == s.Comparison }) {
		return map[string]string{"same": "the same ", "partly": "partly the same ", "differ": "another "}[s.Level] + s.Comparison
	}
	return linkage.Reason{Code: s.Reason.Code}.String()
}

// oneWord lets a name of a single word be a given name or a family name: lists put what little they know into the first
// column there is.
func oneWord(list []linkage.NameText) []linkage.NameText {
	word := ""
	for _, n := range list {
		for _, part := range []string{n.Full, n.Given, n.Patronymic, n.Family} {
			switch {
			case part == "" || part == word:
			case word != "" || strings.ContainsAny(part, " ,.-"):
				return list
			default:
				word = part
			}
		}
	}
	if word == "" {
		return list
	}
	for _, n := range []linkage.NameText{{Given: word}, {Family: word}} {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
