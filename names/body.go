package names

import (
	"strings"
	"unicode"
)

// formTable holds the legal forms of bodies: the form, then how it is written, spaces as underscores. Written by us.
const formTable = `
llc LLC Limited_Liability_Company ООО ОсОО ТОВ Общество_с_ограниченной_ответственностью Товариство_з_обмеженою_відповідальністю ТДВ
ltd Ltd Limited Pte_Ltd Pty_Ltd Pty Pte Private_Limited
jsc JSC OJSC PJSC CJSC Joint_Stock_Company ОАО ПАО ЗАО АО АТ ПАТ ПрАТ Акционерное_общество Акціонерне_товариство Публичное_акционерное_общество OAO PAO ZAO Public_Joint_Stock_Company
inc Inc Incorporated
corp Corp Corporation
co Co Company
ag AG AkG Aktiengesellschaft
gmbh GmbH Gesellschaft_mit_beschränkter_Haftung
plc plc Public_Limited_Company
sa SA Société_anonyme Sociedad_anónima
srl SRL Societatea_cu_Răspundere_Limitată Società_a_responsabilità_limitata Societate_cu_raspundere_limitata
spzoo Sp_z_oo Spółka_z_ograniczoną_odpowiedzialnością spzoo
bv BV
nv NV
lp LP Limited_Partnership
llp LLP Limited_Liability_Partnership
as AS Aktieselskab
ab AB Aktiebolag
oy Oy Oyj
ano АНО ANO Автономная_некоммерческая_организация
`

// Words that a name can lack, in lower letters: titles and particles; and words so common among bodies that they say little.
var (
	little = wordSet("Mr Mrs Ms Dr Prof Sir Lord President Sheikh Shaikh Shaykh Haji Hajji Hajj Mullah Maulavi Mawlawi Qari Sayyid Sayed Imam Ustad General Colonel " +
		"пан пані господин госпожа доктор al el ul as ad de da do di du del des der den von van und and the of for la le les bin ben ibn ould abu MV MT Intl St y e і и та")
	common = wordSet("Group Holding Holdings International Bank Company Trust Fund Foundation Industries Systems Management Solutions Services Trading Global National")
	sonOf  = wordSet("bin ben ibn")
	forms  = shortForms()
)

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[strings.ToLower(w)] = true
	}
	return out
}

// shortForms returns the form of each word that is one.
func shortForms() map[string]string {
	out := map[string]string{}
	eachForm(func(form, written string) {
		if !strings.Contains(written, "_") {
			out[strings.ToLower(written)] = form
		}
	})
	return out
}

func eachForm(use func(form, written string)) {
	for line := range strings.Lines(strings.TrimSpace(formTable)) {
		words := strings.Fields(line)
		for _, w := range words[1:] {
			use(words[0], w)
		}
	}
}

// longForms are the forms of several words, as written in lower letters, with the short form that stands for each.
var longForms = func() *strings.Replacer {
	var pairs []string
	eachForm(func(form, written string) {
		if strings.Contains(written, "_") {
			pairs = append(pairs, " "+strings.ToLower(strings.ReplaceAll(written, "_", " "))+" ", " "+form+" ")
		}
	})
	return strings.NewReplacer(pairs...)
}()

// unfoldForms writes the legal forms of bodies in one word each, joins letters parted by dots, "L.X.C", and parts words
// that a capital inside joins, "SergeiLavrov".
func unfoldForms(text string) string {
	words := strings.Fields(partWords(text))
	for i, w := range words {
		words[i] = strings.TrimRight(undot(w), ".")
	}
	plain := strings.Join(words, " ")
	lower := " " + strings.ToLower(plain) + " "
	if out := longForms.Replace(lower); out != lower {
		return strings.TrimSpace(out)
	}
	return plain
}

// undot joins three letters or more that are parted by dots, and two as well when the word ends in a dot: "S.A.".
func undot(word string) string {
	bare := strings.TrimRight(word, ".,")
	parts := strings.Split(bare, ".")
	if len(parts) < 2 || len(parts) == 2 && len(bare) == len(word) {
		return word
	}
	for _, p := range parts {
		if len([]rune(p)) != 1 {
			return word
		}
	}
	return strings.Join(parts, "")
}

// partWords parts words at a capital that follows three small letters and begins three more.
func partWords(text string) string {
	var out []rune
	runes := []rune(text)
	small := func(from, to int) bool {
		if from < 0 || to > len(runes) {
			return false
		}
		for _, r := range runes[from:to] {
			if !unicode.IsLower(r) {
				return false
			}
		}
		return true
	}
	for i, r := range runes {
		if unicode.IsUpper(r) && small(i-3, i) && small(i+1, i+3) {
			out = append(out, ' ')
		}
		out = append(out, r)
	}
	return string(out)
}
