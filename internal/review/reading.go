package review

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
	"github.com/homeward-registry/homeward/places"
)

// Reading is how the words of a search were read. Whoever searched can see it and put it right.
type Reading struct {
	Name    string       // words that nothing else explains: of a name, or of a place
	Place   string       // after "from"
	Born    string       // the words of a date of birth or an age
	Sex     homeward.Sex // of the child
	Number  string       // of a document or a telephone
	Sibling bool         // the child was with a brother or sister
	Strict  bool         // leave out whom sex or birth contradict
	Where   store.Where  `json:",omitzero"` // of which source, edition and compartment
}

// Empty reports whether there is nothing to search for.
func (r Reading) Empty() bool {
	r.Strict, r.Where = false, store.Where{}
	return r == Reading{}
}

// Births reads the words of a birth, an age as of today.
func (r Reading) Births(today homeward.Day) []homeward.Date {
	return homeward.ParseDates(r.Born, homeward.Exact(today))
}

// query is the reading as linkage asks for it. Words that nothing explains may be of a place as well.
func (r Reading) query(today homeward.Day) linkage.Query {
	return linkage.Query{
		Name: r.Name, Births: r.Births(today), Sex: names.Sex(r.Sex), Number: r.Number, Place: strings.TrimSpace(r.Name + " " + r.Place),
	}
}

// Read reads the words of a search in Ukrainian, Russian or English: "boy about 9 from Маріуполь taken with sister" is a sex,
// an age, a place and a sibling. What it does not understand stays part of a name.
func Read(words string) Reading {
	letters := strings.IndexFunc(words, unicode.IsLetter) >= 0
	if whole := linkage.Number(words); !letters && len(whole) >= 6 && len(homeward.ParseDates(words, homeward.Date{})) == 0 {
		return Reading{Number: strings.TrimSpace(words)}
	}
	r := reader{words: strings.Fields(words)}
	for len(r.words) > 0 {
		r.words = r.words[r.next():]
	}
	r.out.Name, r.out.Place = strings.Join(r.name, " "), strings.Join(r.place, " ")
	r.out.Born = strings.Join(r.born, "; ")
	return r.out
}

// reader reads words from the first on.
type reader struct {
	words             []string
	name, place, born []string
	out               Reading
}

// next reads what stands at the beginning and returns how many words it took.
func (r *reader) next() int {
	for _, read := range []func() int{r.date, r.age, r.sex, r.sibling, r.whence, r.number, r.filler} {
		if n := read(); n > 0 {
			return n
		}
	}
	r.name = append(r.name, r.words[0])
	return 1
}

// word returns the i-th word from here in lower case, without punctuation.
func (r *reader) word(i int) string {
	if i >= len(r.words) {
		return ""
	}
	return strings.ToLower(strings.Trim(r.words[i], ".,;:!?()«»\""))
}

// date reads a date of up to three words. An age needs a day, which is not told here, and so is none.
func (r *reader) date() int {
	for n := min(3, len(r.words)); n > 0; n-- {
		text := strings.Trim(strings.Join(r.words[:n], " "), ",;")
		if !strings.ContainsFunc(text, unicode.IsDigit) || unicode.IsLetter([]rune(text)[0]) && !known(aboutWords, r.word(0)) && n < 3 {
			continue
		}
		if len(homeward.ParseDates(text, homeward.Date{})) == 1 {
			r.born = append(r.born, text)
			return n
		}
	}
	return 0
}

var ageWord = regexp.MustCompile(`^([~≈]?)(\d{1,2}(?:[-–]\d{1,2})?)(?:[-–]?(?:річн\p{L}*|летн\p{L}*|ти|year-old|years?|yrs?|yo|р|г|л))?$`)

// oldest is the greatest number that is taken for the age of a child.
const oldest = 21

// age reads "about 9", "9 років", "8-10", "9-year-old", "aged 9".
func (r *reader) age() int {
	at, about := 0, ""
	if known(aboutWords, r.word(0)) {
		at, about = 1, "~"
	}
	m := ageWord.FindStringSubmatch(r.word(at))
	if m == nil || number(m[2]) > oldest {
		return 0
	}
	if m[1] != "" {
		about = "~"
	}
	r.born = append(r.born, about+strings.ReplaceAll(m[2], "–", "-")+" years")
	at++
	for known(ageUnits, r.word(at)) {
		at++
	}
	return at
}

// number reads the digits at the beginning.
func number(s string) (n int) {
	for _, d := range s {
		if d < '0' || d > '9' {
			break
		}
		n = 10*n + int(d-'0')
	}
	return n
}

func (r *reader) sex() int {
	w := r.word(0)
	sex := homeward.ReadSex(w)
	if utf8.RuneCountInString(w) < 3 {
		sex = homeward.SexUnknown // an initial, or short for a town
	}
	for of, words := range sexWords {
		if known(words, w) {
			sex = of
		}
	}
	if sex == homeward.SexUnknown {
		return 0
	}
	r.out.Sex = sex
	return 1
}

// sibling reads "sister", "з братом".
func (r *reader) sibling() int {
	if !known(siblingWords, r.word(0)) {
		return 0
	}
	r.out.Sibling = true
	return 1
}

// whence reads a place after "from", as far as it is one.
func (r *reader) whence() int {
	if !known(whenceWords, r.word(0)) || len(r.words) < 2 {
		return 0
	}
	n := 1
	for known(placeKinds, r.word(n)) {
		n++
	}
	if w := r.word(n); w == "" || r.explained(n) {
		return 0
	}
	r.place = append(r.place, strings.Trim(r.words[n], ".,;"))
	n++
	// Of "Біла Церква" the gazetteer knows both words together, of "Маріуполя Марія" the first alone.
	if n < len(r.words) && len(places.Find(r.words[n-1])) == 0 && len(places.Find(r.words[n-1]+" "+r.words[n])) > 0 {
		r.place = append(r.place, strings.Trim(r.words[n], ".,;"))
		n++
	}
	return n
}

// explained reports whether the n-th word is one that is read otherwise: "з сестрою" is no place.
func (r *reader) explained(n int) bool {
	ahead := reader{words: r.words[n:]}
	return ahead.sex()+ahead.sibling()+ahead.age()+ahead.filler() > 0
}

func (r *reader) number() int {
	if !strings.ContainsFunc(r.words[0], unicode.IsDigit) || linkage.Number(r.words[0]) == "" {
		return 0
	}
	r.out.Number += r.words[0]
	return 1
}

// filler passes over words that say nothing of who the child is.
func (r *reader) filler() int {
	if known(fillers, r.word(0)) || known(whenceWords, r.word(0)) && len(r.words) > 1 {
		return 1
	}
	return 0
}

func known(words []string, w string) bool { _, ok := slices.BinarySearch(words, w); return ok }

func sorted(words string) []string {
	out := strings.Fields(words)
	slices.Sort(out)
	return out
}
