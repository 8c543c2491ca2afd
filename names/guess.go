package names

import (
	"strings"
	"unicode/utf8"
)

// draft is a name being read: its words, and what part each is taken for.
type draft struct{ slots []slot }

// slot is a word in its place.
type slot struct {
	*Token       // as analysed, of no part
	Part    Part // the part it is taken for
	guessed bool // the word alone told its part
}

// guess gives every word of unknown part one.
func (d *draft) guess() {
	known := [4]int{}
	for i := range d.slots {
		known[d.slots[i].Part]++
	}
	if known[PartUnknown] == 0 {
		return
	}
	for i := range d.slots {
		d.slots[i].guessed = d.slots[i].Part == PartUnknown
	}
	d.mark(PartPatronymic, known, func(i int, t *slot) bool {
		_, _, ok := splitPatronymic(t.Fold)
		return ok && !t.Initial && len(d.slots) > 1 && (i > 0 || len(d.slots) > 2)
	}, true)
	d.mark(PartFamily, known, func(_ int, t *slot) bool { return shouted(t.Text) && d.mixed() }, false)
	d.mark(PartGiven, known, func(_ int, t *slot) bool { return given.classOf(t.Fold) != 0 }, true)
	d.mark(PartGiven, known, func(_ int, t *slot) bool { return given.shorts(t.Fold) != nil && !looksFamily(t.Fold) }, true)
	d.mark(PartGiven, known, func(_ int, t *slot) bool { return given.shorts(t.Fold) != nil && len(d.slots) > 1 }, true)
	d.mark(PartGiven, known, func(_ int, t *slot) bool { return given.inCase(t.Fold) != 0 && !looksFamily(t.Fold) }, true)
	d.rest()
}

// mark gives the part to words that fit, to the last one only when one is asked for and the part is not known yet.
func (d *draft) mark(p Part, known [4]int, fits func(int, *slot) bool, one bool) {
	if one && (known[p] > 0 || d.has(p)) {
		return
	}
	for k := range d.slots {
		i := k
		if p == PartPatronymic {
			i = len(d.slots) - 1 - k
		}
		t := &d.slots[i]
		if t.Part == PartUnknown && fits(i, t) {
			t.Part = p
			if one {
				return
			}
		}
	}
}

func (d *draft) has(p Part) bool {
	for i := range d.slots {
		if d.slots[i].Part == p {
			return true
		}
	}
	return false
}

// mixed reports whether some words are written in capitals and some are not.
func (d *draft) mixed() bool {
	loud := 0
	for i := range d.slots {
		if shouted(d.slots[i].Text) {
			loud++
		}
	}
	return loud > 0 && loud < len(d.slots)
}

// shouted reports whether a word of two letters or more is written in capitals.
func shouted(s string) bool {
	return utf8.RuneCountInString(s) > 1 && strings.ToUpper(s) == s && strings.ToLower(s) != s
}

// looksFamily reports whether a word ends as family names do.
func looksFamily(fold string) bool {
	for _, end := range []string{"enko", "ov", "ev", "in", "ina", "ova", "eva", "ski", "ska", "skaia", "uk", "iuk", "4ak", "4enko", "ko", "i6in"} {
		if strings.HasSuffix(fold, end) && len(fold) > len(end)+1 {
			return true
		}
	}
	return false
}

// rest gives the words left their parts: beside a patronymic the given name stands next before it; otherwise a word
// that ends as family names do is one; otherwise the given name comes first.
func (d *draft) rest() {
	free := d.free()
	if len(free) > 0 && !d.has(PartGiven) {
		pick := free[0]
		for _, i := range free {
			if i+1 < len(d.slots) && d.slots[i+1].Part == PartPatronymic {
				pick = i
				break
			}
			if looksFamily(d.slots[pick].Fold) && !looksFamily(d.slots[i].Fold) && !d.slots[i].Initial {
				pick = i
			}
		}
		if len(d.slots) > 1 || !looksFamily(d.slots[pick].Fold) {
			d.slots[pick].Part = PartGiven
		}
	}
	for _, i := range d.free() {
		d.slots[i].Part = PartFamily
	}
}

func (d *draft) free() []int {
	var out []int
	for i := range d.slots {
		if d.slots[i].Part == PartUnknown {
			out = append(out, i)
		}
	}
	return out
}
