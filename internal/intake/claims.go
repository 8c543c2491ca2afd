package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// Reasons of quarantine: catalog keys.
const (
	reasonNoName     = "quarantine.no_name"    // nothing that names or identifies a child
	reasonExtra      = "quarantine.columns"    // more cells than headings
	reasonUnreadable = "quarantine.unreadable" // characters that could not be decoded
)

// Reasons lists every reason of quarantine, so that each can be shown in every language.
var Reasons = []string{reasonNoName, reasonExtra, reasonUnreadable}

// Claims reads the claims of a row: what each mapped cell says. asOf is the date as of which the list speaks; ages count
// back from it. reason, when not empty, is why the row goes to quarantine; its claims are still given.
func Claims(cells []homeward.Cell, m homeward.Mapping, asOf homeward.Date, lang string) (claims []homeward.Claim, reason string) {
	asOf = rowDate(cells, m, asOf)
	verified, renamed := false, false
	for _, c := range cells {
		path := pathOf(c.Heading, m)
		text := strings.TrimSpace(c.Text)
		if text == "" || path == homeward.PathIgnore || path == homeward.PathRowID {
			continue
		}
		if path == homeward.PathDocVerified {
			verified = isYes(text)
		}
		if t, _, ok := path.Event(); ok && t == homeward.EventRenamed {
			renamed = true
		}
		claims = append(claims, claimsOf(homeward.Claim{Path: path, Value: text, Lang: lang, Heading: c.Heading}, asOf)...)
	}
	mark(claims, verified, renamed)
	return claims, quarantine(cells, claims)
}

func pathOf(heading string, m homeward.Mapping) homeward.Path {
	if p, ok := m[heading]; ok {
		return p
	}
	return homeward.TextPath(heading)
}

// rowDate is the row's own date where it has one, the list's otherwise.
func rowDate(cells []homeward.Cell, m homeward.Mapping, asOf homeward.Date) homeward.Date {
	for _, c := range cells {
		if m[c.Heading] == homeward.PathListDate {
			if d := homeward.ParseDates(c.Text, homeward.Date{}); len(d) == 1 {
				return d[0]
			}
		}
	}
	return asOf
}

// claimsOf splits what holds several values, and reads dates.
func claimsOf(c homeward.Claim, asOf homeward.Date) []homeward.Claim {
	switch {
	case c.Path == homeward.PathNameAlias:
		return parts(c, names.SplitAliases(c.Value))
	case c.Path == homeward.PathSiblings:
		if isYes(c.Value) || isNo(c.Value) {
			c.Path = homeward.TextPath("siblings") // whether there are any, not who they are
			return []homeward.Claim{c}
		}
		return parts(c, strings.FieldsFunc(c.Value, func(r rune) bool { return strings.ContainsRune(",;/\n", r) }))
	case c.Path.IsDate():
		return dates(c, asOf)
	}
	c.Imposed = c.Path == homeward.PathNameImposed || c.Path == homeward.PathBirthPlaceImp
	return []homeward.Claim{c}
}

func parts(c homeward.Claim, values []string) []homeward.Claim {
	var out []homeward.Claim
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			c.Value, c.Part = v, len(out)
			out = append(out, c)
		}
	}
	return out
}

// dates makes a claim of every date in the cell; one claim without a date when none can be read, so that the words stay.
func dates(c homeward.Claim, asOf homeward.Date) []homeward.Claim {
	c.Imposed = c.Path == homeward.PathBirthDateImposed
	found := homeward.ParseDates(c.Value, asOf)
	if len(found) == 0 {
		return []homeward.Claim{c}
	}
	out := make([]homeward.Claim, len(found))
	for i, d := range found {
		c.When, c.Part = d, i
		out[i] = c
	}
	return out
}

// mark passes on what one cell says of another: that the document was seen, and that the name was changed. A row that
// tells of a renaming gives the imposed name as the child's, and the name before it beside.
func mark(claims []homeward.Claim, verified, renamed bool) {
	before := false
	for _, c := range claims {
		before = before || c.Path == homeward.PathNameAlias
	}
	for i := range claims {
		c := &claims[i]
		if c.Path == homeward.PathDocument {
			c.Verified = verified
		}
		if renamed && before && c.Path != homeward.PathNameAlias && c.Path.IsName() {
			c.Imposed = true
		}
	}
}

func quarantine(cells []homeward.Cell, claims []homeward.Claim) string {
	for _, c := range cells {
		if unreadable(c.Text) {
			return reasonUnreadable
		}
	}
	for _, c := range claims {
		if identifies(c.Path) && (c.Path == homeward.PathDocument || hasLetter(c.Value)) {
			return ""
		}
	}
	return reasonNoName
}

// identifies reports whether a claim of the path can say which child a row is about.
func identifies(p homeward.Path) bool { return p.IsName() || p == homeward.PathDocument }

func unreadable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func isYes(s string) bool { return oneOf(s, "yes y true 1 так є да есть + x") }
func isNo(s string) bool  { return oneOf(s, "no n false 0 ні немає нема нет - none") }

func oneOf(s, words string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	for w := range strings.FieldsSeq(words) {
		if s == w {
			return true
		}
	}
	return false
}
