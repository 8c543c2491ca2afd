package names

import (
	"maps"
	"strings"
)

// pairs reads a table of spellings: letter, spelling, letter, spelling; "-" is nothing.
func pairs(text string) map[string]string {
	words := strings.Fields(text)
	out := make(map[string]string, len(words)/2)
	for i := 0; i+1 < len(words); i += 2 {
		out[words[i]] = strings.Trim(words[i+1], "-")
	}
	return out
}

// latinUkrainian is the table of resolution 55 of 2010, with the Russian letters that stray into Ukrainian lists.
var latinUkrainian = pairs(`а a б b в v г h ґ g д d е e є ie ж zh з z и y і i ї i й i к k л l м m н n о o п p р r с s т t у u ф f х kh
	ц ts ч ch ш sh щ shch ь - ю iu я ia зг zgh ' - ’ - ʼ - ы y э e ъ - ё io`)

var latinUkrainianInitial = pairs(`є ye ї yi й y ю yu я ya`)

// latinRussian is the table of ICAO Doc 9303 part 3; Ukrainian letters stray into Russian lists as well.
var latinRussian = merged(latinUkrainian, pairs(`зг zg а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch
	ш sh щ shch ъ ie ы y ь - э e ю iu я ia`))

// cyrillicUkrainian reads Latin spellings as they sound; after a vowel y and i are й.
var cyrillicUkrainian = merged(pairs(`a а b б c к d д e е f ф g г h г i і j й k к l л m м n н o о p п q к r р s с t т u у v в w в x кс y и z з
	kh х ts ц tz ц ch ч sh ш zh ж zgh зг shch щ sch ш tsch ч yi ї ye є ie є yu ю iu ю ju ю ya я ia я ja я yo йо ck к ph ф
	yy ий ii ій iy ій
	á а à а ä а é е è е ê е ë е í і ï ї ó о ö о ú у ü ю ç с č ч š ш ž ж ł л ń н ś с ź з ż ж`), afterVowels())

// cyrillicRussian is the same for Russian readers.
var cyrillicRussian = merged(cyrillicUkrainian, pairs(`i и y ы yi и ye е ie е yo ё kh х yy ый ii ий iy ий h г ï и í и ey ей nyk ник iya ия ia ия`))

func afterVowels() map[string]string {
	out := map[string]string{}
	for latin, cyrillic := range map[string]string{"a": "а", "e": "е", "o": "о", "u": "у"} {
		out[latin+"y"], out[latin+"i"] = cyrillic+"й", cyrillic+"й"
	}
	return out
}

func merged(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
