package synth

import (
	"strings"
	"unicode"
)

// scheme is a way to write Cyrillic with Latin letters.
type scheme struct {
	russian bool              // made for Russian: it takes the Russian form of a name
	letters map[rune]string   // lower case
	initial map[rune]string   // at the start of a word, where it differs
	groups  *strings.Replacer // several letters with one spelling, applied first, lower case
}

func letters(base string, changes string) map[rune]string {
	m := make(map[rune]string)
	for _, list := range []string{base, changes} {
		for _, pair := range strings.Fields(list) {
			from, to, _ := strings.Cut(pair, "=")
			m[[]rune(from)[0]] = to
		}
	}
	return m
}

const (
	ukrainianBase = `а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f
	х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia '= ё=io ы=y э=e ъ=`
	russianBase = `а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f
	х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya`
)

// schemes in use by the volunteers, with their names in rates.go:
//
//	kmu      Resolution 55 of the Cabinet of Ministers of Ukraine, 2010
//	bgn      BGN/PCGN 1965 system for Ukrainian, marks left out
//	russian  from the Russian form, as newspapers write it
//	french   old passports, French spelling
//	german   German spelling
var (
	kmu = scheme{
		letters: letters(ukrainianBase, ""),
		initial: letters("", "є=ye ї=yi й=y ю=yu я=ya"),
		groups:  strings.NewReplacer("зг", "zgh"),
	}
	bgn     = scheme{letters: letters(ukrainianBase, "є=ye ї=yi й=y ю=yu я=ya")}
	russian = scheme{russian: true, letters: letters(russianBase, ""), groups: strings.NewReplacer("ий", "y", "ье", "ye")}
	french  = scheme{letters: letters(ukrainianBase, "в=v г=g є=ie ж=j й=i у=ou х=kh ц=ts ч=tch ш=ch щ=chtch ю=iou я=ia")}
	german  = scheme{letters: letters(ukrainianBase, "в=w з=s й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ж=sh є=je ї=ji ю=ju я=ja")}
)

func drawScheme(d dice) scheme {
	at := d.Float64()
	for _, s := range []struct {
		share  float64
		scheme scheme
	}{{shareKMU, kmu}, {shareBGN, bgn}, {shareRussian, russian}, {shareFrench, french}} {
		if at -= s.share; at < 0 {
			return s.scheme
		}
	}
	return german // the rest, shareGerman
}

// write romanises the Ukrainian or the Russian form, whichever the scheme is made for.
func (s scheme) write(uk, ru string) string {
	if s.russian {
		return s.text(ru)
	}
	return s.text(uk)
}

func (s scheme) text(t string) string {
	words := strings.Split(t, " ")
	for i, w := range words {
		words[i] = s.word(w)
	}
	return strings.Join(words, " ")
}

func (s scheme) word(w string) string {
	lower := strings.ToLower(w)
	if s.groups != nil {
		lower = s.groups.Replace(lower)
	}
	var b strings.Builder
	start := true
	for _, r := range lower {
		out, known := s.letters[r]
		if other, differs := s.initial[r]; start && differs {
			out = other
		}
		if !known {
			out = string(r)
		}
		b.WriteString(out)
		start = r == '-'
	}
	return capital(b.String(), w)
}

// capital gives text the capital that the word it was made from began with.
func capital(text, from string) string {
	if text == "" || from != "" && strings.IndexFunc(from, unicode.IsUpper) != 0 {
		return text
	}
	letters := []rune(text)
	letters[0] = unicode.ToUpper(letters[0])
	return string(letters)
}
