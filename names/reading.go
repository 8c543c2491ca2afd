package names

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// readings are the ways to read a Latin word beside the one its fold takes: c is ц on Slavic maps and к in English, ch is ч, ш
// or х, z is ц in German, zh is ж and in some tables зг. A word that says which it means by its letters has one fold all the
// same; the others stand here, and a word of another spelling that has one of them for its fold is the same name spelt
// otherwise.
type readings struct {
	folds []string
	stems []string // as family names, without the ending that tells the sex
}

// maxReadings bounds the readings of a word.
const maxReadings = 8

// readingsOf returns the other readings of a clean word, or nil when there are none, as for most words.
func readingsOf(text, fold string, script Script) *readings {
	if script != ScriptLatin || !ambiguous(text) {
		return nil
	}
	var out readings
	out.add(text, fold)
	if plain := unmarked(text); plain != text {
		out.add(plain, fold)
	}
	if out.folds == nil {
		return nil
	}
	return &out
}

func (r *readings) add(text, fold string) {
	var buffer [maxFold + 8]byte
	for h := habitEnglish; h <= habitCoded; h++ {
		f := foldInto(buffer[:0], text, h)
		if len(f) == 0 || string(f) == fold || len(r.folds) == maxReadings || slices.Contains(r.folds, string(f)) {
			continue
		}
		r.folds = append(r.folds, string(f))
	}
}

// asFamily adds the stems that a family name has by its other readings.
func (r *readings) asFamily() {
	if r == nil || r.stems != nil {
		return
	}
	r.stems = make([]string, len(r.folds))
	for i, f := range r.folds {
		r.stems[i], _ = familyStem(f)
	}
}

// ambiguous reports whether a word has a letter that standards read in different ways.
func ambiguous(text string) bool {
	if len(text) > 1 && strings.ContainsRune("sS", rune(text[0])) && strings.ContainsRune("aeiouyAEIOUY", rune(text[1])) {
		return true
	}
	if strings.HasSuffix(text, "ou") || strings.HasSuffix(text, "OU") {
		return true
	}
	for _, group := range []string{"sh", "Sh", "SH", "eh", "Eh", "EH"} {
		if strings.Contains(text, group) {
			return true
		}
	}
	return strings.ContainsAny(text, "cCzZjJxX") || strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// unmarked returns a word without the marks on its letters, as a clerk with another keyboard writes it.
func unmarked(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 }) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

// reads reports whether the word may be read as the other is.
func (r *readings) reads(fold string) bool { return r != nil && slices.Contains(r.folds, fold) }

// stands reports whether the word may be read as a family name of that stem.
func (r *readings) stands(stem string) bool {
	return r != nil && len(stem) > 2 && slices.Contains(r.stems, stem)
}
