package linkage

import (
	"slices"
	"strconv"

	"github.com/homeward-registry/homeward/names"
)

// A blocking pass files a record under keys; two records that share a key of any pass are proposed. Each pass survives
// the failure of others: a changed name, a changed date, a lost patronymic, words in another order.

// The passes. PassNames[i] says what pass i files by.
const (
	passTokens      = iota // any two words of the name, whatever their order
	passNameYear           // family name, and the birth year or a year beside it
	passGivenYear          // given name with the family name's first letter, and the birth year or a year beside it
	passBirthday           // the birth day, and the first letter of a name
	passSwapped            // the given name, and the birth day with day and month in order
	passPatronymic         // given name and patronymic
	passParents            // given name and a parent
	passFamilyYear         // a parent, and the birth year
	passSiblings           // a sibling's given name with one's own
	passPlaceDay           // place taken from, institution or an extra column, and the birth day
	passFamilyPlace        // family name, and a word of the birthplace or the home, or an extra column
	passAddress            // two parts of the home that stand in columns of their own, or one and an extra column
	passNumber             // a document or telephone number
	passOneWord            // a name of one word
	passKin                // both parents, or two siblings: neither name nor date of one's own
	passTransfer           // two of place taken from, institution and transfer group, or two extra columns: neither name nor date
	passes
)

// PassNames names the blocking passes.
var PassNames = [passes]string{
	"tokens", "name_year", "given_year", "birthday", "swapped", "patronymic", "parents", "family_year", "siblings", "place_day", "family_place", "address", "number", "one_word",
	"kin", "transfer",
}

// blockKey is a key of one pass: the pass in the uppermost bits, so that keys sort by pass.
type blockKey uint64

const passBits = 4

// hash is a running FNV-1a over the parts of a key, the same in every process.
type hash uint64

func hashBegun() hash { return 14695981039346656037 }

func (h hash) text(s string) hash {
	for i := range len(s) {
		h = (h ^ hash(s[i])) * 1099511628211
	}
	return (h ^ 0xff) * 1099511628211
}

func (h hash) number(n uint64) hash {
	for range 8 {
		h = (h ^ hash(n&0xff)) * 1099511628211
		n >>= 8
	}
	return h
}

// stirred lets all bits depend on all parts.
func (h hash) stirred() uint64 {
	x := uint64(h)
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>29) * 0xc4ceb9fe1a85ec53
	return x ^ x>>32
}

func hashOf(texts []string) uint64 {
	h := hashBegun()
	for _, s := range texts {
		h = h.text(s)
	}
	return h.stirred()
}

// both is a hash of two parts in any order.
func both(a, b uint64) hash { return hashBegun().number(min(a, b)).number(max(a, b)) }

// keying makes the keys of records, of passes from one and before another; it is the room of one goroutine.
type keying struct {
	from, to int

	keys  []blockKey
	words []uint64
	years []int
	days  []born
}

// wants reports whether keys of a pass are asked for; keys of others need not be made, and are left out.
func (k *keying) wants(pass int) bool { return pass >= k.from && pass < k.to }

func (k *keying) add(pass int, h hash) {
	if !k.wants(pass) {
		return
	}
	k.keys = append(k.keys, blockKey(h.stirred()>>passBits|uint64(pass)<<(64-passBits)))
}

// of returns the keys a record is filed under, each once, sorted; they are overwritten by the next call.
func (k *keying) of(e *entry) []blockKey {
	k.keys, k.years, k.days = k.keys[:0], birthYears(e.births, k.years[:0]), birthDays(e.births, k.days[:0])
	for _, n := range e.names {
		k.name(e, n)
	}
	if k.to > passFamilyYear {
		k.kin(e)
		k.anchors(e)
	}
	slices.Sort(k.keys)
	return slices.Compact(k.keys)
}

func (k *keying) name(e *entry, n names.Name) {
	if k.wants(passTokens) || k.wants(passOneWord) {
		k.tokens(n)
	}
	if k.wants(passNameYear) || k.wants(passFamilyPlace) {
		k.family(e, n)
	}
	first := initialOf(n, names.PartFamily)
	if k.wants(passBirthday) {
		k.initials(first, initialOf(n, names.PartGiven))
	}
	if k.to <= passGivenYear || k.from > passSiblings {
		return
	}
	if t := firstOf(n, names.PartGiven); t != nil && !t.Initial {
		k.given(e, n, tokenHash(t), first)
		for _, c := range t.ShortFor() {
			k.given(e, n, classHash(c), first)
		}
	}
}

// family files a family name with years and places.
func (k *keying) family(e *entry, n names.Name) {
	family, ok := familyHash(n)
	if !ok {
		return
	}
	for _, y := range k.years {
		k.add(passNameYear, hash(family).number(uint64(y)))
	}
	if !k.wants(passFamilyPlace) {
		return
	}
	for _, c := range e.cells {
		if c.column >= knownColumns {
			k.add(passFamilyPlace, hash(family).number(c.hash))
		}
		if c.column == colBirthPlace || c.column == colHome {
			for _, w := range c.words {
				k.add(passFamilyPlace, hash(family).number(w))
			}
			if c.place != nil {
				k.add(passFamilyPlace, hash(family).number(c.hash))
			}
		}
	}
}

// initials files the first sounds of the names with the birth day.
func (k *keying) initials(family, given byte) {
	for _, d := range k.days {
		if given != 0 {
			k.add(passBirthday, hashBegun().text("given").number(uint64(given)).number(uint64(d.from)))
		}
		if family != 0 {
			k.add(passBirthday, hashBegun().text("family").number(uint64(family)).number(uint64(d.from)))
		}
	}
}

// tokens files any two words of a name.
func (k *keying) tokens(n names.Name) {
	k.words = k.words[:0]
	for _, t := range n.Tokens {
		if h, ok := wordHash(t); ok && !slices.Contains(k.words, h) {
			k.words = append(k.words, h)
		}
	}
	for i, w := range k.words {
		for _, other := range k.words[i+1:] {
			k.add(passTokens, both(w, other))
		}
	}
	if len(k.words) == 1 {
		k.add(passOneWord, hash(k.words[0]))
	}
}

// given files one given name that the child may have: first is the family name's first sound.
func (k *keying) given(e *entry, n names.Name, given uint64, first byte) {
	for _, y := range k.years {
		if first != 0 && k.wants(passGivenYear) {
			k.add(passGivenYear, hash(given).number(uint64(first)).number(uint64(y)))
		}
	}
	for _, d := range k.days {
		k.add(passBirthday, hash(given).number(uint64(d.from)))
		k.add(passSwapped, hash(given).number(uint64(d.year)).number(uint64(min(d.month, d.day))).number(uint64(max(d.month, d.day))))
	}
	if father, ok := fatherHash(n); ok {
		k.add(passPatronymic, hash(given).number(father))
	}
	for _, c := range e.cells {
		switch c.column {
		case colMother, colFather:
			if p, ok := personHash(c.name); ok {
				k.add(passParents, hash(given).number(p))
			}
		case colSibling:
			if s, ok := givenHash(c.name); ok {
				for _, y := range k.years {
					k.add(passSiblings, both(given, s).number(uint64(y)))
				}
				if len(k.years) == 0 {
					k.add(passSiblings, both(given, s))
				}
			}
		}
	}
}

// kin files what the family tells without a name of the child.
func (k *keying) kin(e *entry) {
	siblings := e.in(colSibling)
	for i, c := range siblings {
		s, ok := givenHash(c.name)
		if !ok {
			continue
		}
		for _, d := range k.days {
			k.add(passSiblings, hash(s).number(uint64(d.from)))
		}
		for _, other := range siblings[i+1:] {
			if o, ok := givenHash(other.name); ok && o != s {
				k.add(passKin, both(s, o))
			}
		}
	}
	for _, c := range e.cells {
		if c.column != colMother && c.column != colFather {
			continue
		}
		p, ok := personHash(c.name)
		if !ok {
			continue
		}
		for _, y := range k.years {
			k.add(passFamilyYear, hash(p).number(uint64(y)))
		}
		if c.column == colMother {
			for _, f := range e.in(colFather) {
				if o, ok := personHash(f.name); ok {
					k.add(passKin, both(p, o))
				}
			}
		}
	}
}

// anchors files what is known of where the child was, whatever it is called.
func (k *keying) anchors(e *entry) {
	homes := e.in(colHome)
	for i, c := range homes {
		for _, other := range homes[i+1:] {
			k.add(passAddress, both(c.hash, other.hash))
		}
		for _, x := range e.extra() {
			k.add(passAddress, both(c.hash, x.hash))
		}
	}
	extra := e.extra()
	for i, x := range extra {
		for _, d := range k.days {
			k.add(passPlaceDay, hash(x.hash).number(uint64(d.from)))
		}
		for _, other := range extra[i+1:] {
			if other.column != x.column {
				k.add(passTransfer, hash(x.hash).number(other.hash))
			}
		}
	}
	for i, c := range e.cells {
		switch c.column {
		case colTakenFrom, colInstitution, colGroup:
			for _, other := range e.cells[i+1:] {
				if other.column != c.column && other.column <= colGroup {
					k.add(passTransfer, hash(c.hash).number(other.hash))
				}
			}
			if c.column != colGroup {
				for _, d := range k.days {
					k.add(passPlaceDay, hash(c.hash).number(uint64(d.from)))
				}
			}
		case colDocument, colPhone:
			k.add(passNumber, hashBegun().number(uint64(c.column)).text(c.number))
		}
	}
}

// firstOf returns the first word of a part, or nil.
func firstOf(n names.Name, p names.Part) *names.Token {
	for _, t := range n.Tokens {
		if t.Part == p {
			return t
		}
	}
	return nil
}

// familyWord returns the first family name that is no initial, or nil; patronymicWord the first patronymic.
func familyWord(n names.Name) *names.Token     { return wholeWord(n, names.PartFamily) }
func patronymicWord(n names.Name) *names.Token { return wholeWord(n, names.PartPatronymic) }

func wholeWord(n names.Name, p names.Part) *names.Token {
	for _, t := range n.Tokens {
		if t.Part == p && !t.Initial {
			return t
		}
	}
	return nil
}

// givenWord returns the first given name, or nil when that is an initial.
func givenWord(n names.Name) *names.Token {
	if t := firstOf(n, names.PartGiven); t != nil && !t.Initial {
		return t
	}
	return nil
}

// wordKey is what a word is filed and counted under: the class of a given name or of the father that a patronymic tells, so
// that Микола meets Nikolai; otherwise its stem.
func wordKey(t *names.Token) string {
	switch {
	case t == nil:
		return ""
	case t.Part != names.PartFamily && t.Class != 0:
		return classKey(t.Class)
	case t.Part == names.PartGiven:
		return t.Key
	}
	return t.Stem()
}

func classKey(c names.Class) string { return "#" + strconv.Itoa(int(c)) }

func classHash(c names.Class) uint64 { return hashBegun().text("class").number(uint64(c)).stirred() }

// tokenHash is the hash of what wordKey tells.
func tokenHash(t *names.Token) uint64 {
	switch {
	case t.Part != names.PartFamily && t.Class != 0:
		return classHash(t.Class)
	case t.Part == names.PartGiven:
		return hashBegun().text(t.Key).stirred()
	}
	return hashBegun().text(t.Stem()).stirred()
}

// wordHash is the hash of a word beside others of its name, whatever part it was put in: given and family names stand in each
// other's column. The father's name is not the child's.
func wordHash(t *names.Token) (uint64, bool) {
	switch {
	case t.Initial:
		return 0, false
	case t.Part == names.PartPatronymic:
		return hash(tokenHash(t)).text("father").stirred(), true
	}
	class, stem := t.Anywhere()
	if class != 0 {
		return classHash(class), true
	}
	return hashBegun().text(stem).stirred(), true
}

func hashed(t *names.Token) (uint64, bool) {
	if t == nil {
		return 0, false
	}
	return tokenHash(t), true
}

func familyHash(n names.Name) (uint64, bool) { return hashed(familyWord(n)) }
func givenHash(n names.Name) (uint64, bool)  { return hashed(givenWord(n)) }
func fatherHash(n names.Name) (uint64, bool) { return hashed(patronymicWord(n)) }

// personHash is the hash of a parent: family and given name, as far as they are there.
func personHash(n names.Name) (uint64, bool) {
	family, okFamily := familyHash(n)
	given, okGiven := givenHash(n)
	return hash(family).number(given).stirred(), okFamily || okGiven
}

// initialOf is the first sound of the first word of a part, coarse as in a key, because lists that hide children write "Микола К.";
// 0 when there is none.
func initialOf(n names.Name, p names.Part) byte {
	t := firstOf(n, p)
	if t == nil {
		return 0
	}
	switch c := t.Fold[0]; c {
	case 'a', 'e', 'i', 'o', 'u':
		return 'a'
	case '8':
		return 'g'
	case '7':
		return '6'
	default:
		return c
	}
}

// birthYears returns the years the births allow and the ones beside an exact one, onto out; none for a birth that allows more
// than six.
func birthYears(births []born, out []int) []int {
	for i := range births {
		b := &births[i]
		if !b.known() {
			continue
		}
		from, to := int(b.year), b.lastYear()
		if to-from > 6 {
			continue
		}
		if from == to {
			from, to = from-1, to+1
		}
		for y := from; y <= to; y++ {
			out = append(out, y)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// birthDays returns the days of exact births, onto out.
func birthDays(births []born, out []born) []born {
	for _, b := range births {
		if b.exact() && !slices.ContainsFunc(out, func(o born) bool { return o.from == b.from }) {
			out = append(out, b)
		}
	}
	return out
}
