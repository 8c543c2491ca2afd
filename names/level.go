package names

import "fmt"

// Level says how alike two names or words are, from worst to best. LevelMissing says that there was nothing to compare.
type Level uint8

const (
	LevelMissing    Level = iota
	LevelDifferent        // different names
	LevelInitial          // one is only an initial, and it fits
	LevelSimilar          // alike: Jaro-Winkler of the folds at least 0.85
	LevelClose            // one letter apart, or Jaro-Winkler at least 0.92
	LevelDiminutive       // one is a short form of the other
	LevelKey              // the same coarse key
	LevelEquivalent       // the same name in another language, by the table
	LevelFold             // the same sounds
	LevelExact            // the same script and spelling
)

var levelNames = [...]string{"missing", "different", "initial", "similar", "close", "diminutive", "key", "equivalent", "fold", "exact"}

// Levels lists every level, worst first.
var Levels = []Level{LevelMissing, LevelDifferent, LevelInitial, LevelSimilar, LevelClose, LevelDiminutive, LevelKey, LevelEquivalent, LevelFold, LevelExact}

// String returns the level's name: "equivalent".
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("level(%d)", uint8(l))
}

// Same reports whether the level says that both are one name.
func (l Level) Same() bool { return l >= LevelDiminutive }

// Part is the place of a word in a name.
type Part uint8

const (
	PartUnknown Part = iota
	PartGiven
	PartPatronymic
	PartFamily
)

var partNames = [...]string{"name", "given", "patronymic", "family"}

// String returns the part's name: "patronymic".
func (p Part) String() string { return partNames[p%4] }

// Reason is why a comparison came out as it did: a stable code, for translators, and the two texts compared.
type Reason struct {
	Code string // "name.given.equivalent"
	Args []string
}

var levelWords = [...]string{
	"nothing to compare", "different names", "the initial fits", "alike", "a letter apart", "short form of the same name",
	"the same name in another spelling", "the same name in another language", "the same sounds", "the same spelling",
}

// String returns the reason in English.
func (r Reason) String() string {
	for i, name := range levelNames {
		for _, part := range partNames {
			if r.Code == "name."+part+"."+name {
				text := part + ": " + levelWords[i]
				if len(r.Args) == 2 && r.Args[0] != "" && r.Args[1] != "" {
					text += " (" + r.Args[0] + ", " + r.Args[1] + ")"
				}
				return text
			}
		}
	}
	return r.Code
}

// ReasonCodes lists every code a comparison can give.
func ReasonCodes() []string {
	var out []string
	for _, part := range partNames {
		for _, level := range levelNames {
			out = append(out, "name."+part+"."+level)
		}
	}
	return out
}
