package synth

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// meanings says of each rate of a source, in order of its fields, what it is the share of.
var meanings = [][2]string{
	{"covers", "children who are in the list"}, {"twice", "of those: a second row"}, {"thrice", "of those: a third"},
	{"russian", "row in Russian"}, {"latin", "row in Latin letters, by one of 12 standards"},
	{"typo", "of each part of the name: one mistake of typing"}, {"lookalike", "of each part: one letter of the other script that looks the same"},
	{"short", "pet name for the given name"}, {"initial", "initial for the given name"}, {"exchanged", "given and family name exchanged"},
	{"noPatronymic", "no patronymic"}, {"noBorn", "no birth date"}, {"yearAlone", "the birth year alone"},
	{"daySwapped", "day and month exchanged, where that is a date"}, {"digit", "one digit of the birth date wrong"},
	{"noSex", "no sex"}, {"sexWrong", "the other sex"}, {"noBirthplace", "no birthplace"}, {"noHome", "no home"}, {"moved", "another home"},
	{"noParent", "of each parent: not named"}, {"noSiblings", "siblings not named"}, {"noOrigin", "place taken from not given"},
	{"noLook", "of eyes and of hair: not given"}, {"looks", "of eyes and of hair: given wrong"},
}

// TestTheRatesAreThoseOfTheDocument holds docs/synthetic.md to the code, line by line.
func TestTheRatesAreThoseOfTheDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/synthetic.md")
	if err != nil {
		t.Fatal(err)
	}
	all := append([]source{onePopulation}, severalPopulations...)
	fields := reflect.TypeFor[source]()
	if fields.NumField() != len(meanings)+1 { // and the layout of dates
		t.Fatalf("%d rates, of which %d are explained", fields.NumField()-1, len(meanings))
	}
	for i, m := range meanings {
		if fields.Field(i).Name != m[0] {
			t.Fatalf("rate %d is explained as another", i)
		}
		line := "| " + m[1]
		for _, s := range all {
			line += " | " + percent(reflect.ValueOf(s).Field(i).Float())
		}
		if !strings.Contains(string(text), line+" |\n") {
			t.Errorf("docs/synthetic.md lacks this line:\n%s |", line)
		}
	}
	for what, rate := range map[string]float64{
		"the given name is replaced": rateAlteredGiven, "written in Latin letters": rateAlteredLatin,
		"a brother or sister is not placed with the child, so not named (each)": rateAlteredSplit, "the town it was taken from is known": rateAlteredOrigin,
		"eyes, and hair, not given": rateAlteredNoLook, "eyes, and hair, given wrong": rateAlteredLooks,
	} {
		if line := "| " + what + " | " + percent(rate) + " |\n"; !strings.Contains(string(text), line) {
			t.Errorf("docs/synthetic.md lacks this line:\n%s", line)
		}
	}
}

func percent(rate float64) string {
	if rate == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4g %%", 100*rate)
}
