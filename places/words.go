package places

import (
	"strings"
	"unicode"

	"github.com/homeward-registry/homeward/names"
)

// mark is what a word says about the name beside it.
type mark int

const (
	nothing mark = iota
	settlement
	raion
	region
	hromada
	street // what follows in the same part of the text names a street
)

// marks are the words that say what kind of place is named, short and in full, in the cases they stand in.
var marks = func() map[string]mark {
	out := map[string]mark{}
	for m, list := range map[mark]string{
		settlement: `м м. місто місті міста г гор город городе города городского city town m g gor gorod misto с село селі села смт пгт пос поселок посёлок
			поселке посёлке поселка селище селищі д дер деревня деревне ст станица станице хутор village selo smt pgt pos аг агрогородок горад
			вёска`,
		raion: `район районі району района районе рн raion rayon raiony district р-н`,
		region: `обл область області области областю областью oblast oblasti obl region край краю края krai kray республіка республіці республіки
			республика республике республики респ republic respublika округ окрузі округу округа okrug вобласць`,
		hromada: `громада громаді громади отг тг община hromada community`,
		street: `вул вулиця вулиці ул улица улице street str пров провулок пер переулок просп проспект пр бул бульвар площа площадь шосе шоссе
			набережна набережная vul ul`,
	} {
		for w := range strings.FieldsSeq(list) {
			out[w] = m
		}
	}
	return out
}()

// word is one word of a text.
type word struct {
	text   string
	sounds string // folded
	mark   mark
	last   bool // a comma, a bracket or the end follows
}

// joined keeps the one short form that has a hyphen in one word.
var joined = strings.NewReplacer("р-н", "рн", "Р-Н", "рн", "r-n", "raion")

// words parts a text at whatever is no letter; a hyphen parts words too, because some write it and some do not.
func words(text string) []word {
	text = joined.Replace(text)
	var out []word
	var b strings.Builder
	end := func(last bool) {
		if b.Len() > 0 {
			out = append(out, newWord(b.String()))
			b.Reset()
		}
		if last && len(out) > 0 {
			out[len(out)-1].last = true
		}
	}
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune("'’ʼ`", r):
			b.WriteRune(r)
		default:
			end(strings.ContainsRune(",;:/|()[]→>\n", r))
		}
	}
	end(true)
	return out
}

func newWord(text string) word {
	w := word{text: text, mark: marks[strings.ToLower(text)]}
	if w.mark == nothing {
		w.sounds = names.Fold(text)
	}
	return w
}
