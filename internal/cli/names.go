package cli

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

type namesCmd struct {
	Compare namesCompareCmd `cmd:"" help:"Say whether two spellings are one name, and why."`
	Explain namesExplainCmd `cmd:"" help:"Say how a name is read: parts, sounds, what it stands for."`
	Rank    namesRankCmd    `cmd:"" help:"Find names of a list in another, the likeliest first."`
}

type namesCompareCmd struct {
	A string `arg:"" help:"A name, in any script and order; - reads both names from standard input, a line each."`
	B string `arg:"" optional:"" help:"Another name."`
}

func (namesCompareCmd) Help() string {
	return `Compares two names and says on which level they agree: different, initial, similar, close, diminutive, key, equivalent, fold (the same sounds) or exact. From diminutive on they are one name; of long names with parts left out or letters mistyped the probability decides. It needs no register.

Examples:

  homeward names compare "Шевченко Микола Іванович" "Nikolai Schewtschenko"
  homeward names compare - --json < two-lines.txt`
}

// compared is what two names come to, as printed.
type compared struct {
	A           string   `json:"a"`
	B           string   `json:"b"`
	Same        bool     `json:"same"`
	Level       string   `json:"level"`
	Probability float64  `json:"probability"`
	Family      string   `json:"family"`
	Given       string   `json:"given"`
	Patronymic  string   `json:"patronymic"`
	Swapped     bool     `json:"swapped"`
	Reasons     []string `json:"reasons"`
}

func (c namesCompareCmd) Run(sh *shell) error {
	a, b, err := c.both(sh)
	if err != nil {
		return err
	}
	j := names.Judge(a, b)
	out := compared{
		A: a, B: b, Same: j.Same, Level: j.Level.String(), Probability: math.Round(j.Probability*1e6) / 1e6, Family: j.Family.String(), Given: j.Given.String(),
		Patronymic: j.Patronymic.String(), Swapped: j.Swapped, Reasons: []string{},
	}
	for _, r := range j.Reasons {
		out.Reasons = append(out.Reasons, r.String())
	}
	return sh.print(out, func(w io.Writer) {
		verdict := "two names"
		if out.Same {
			verdict = "one name"
		}
		fmt.Fprintf(w, "%s, level %s, probability %s\n", verdict, out.Level, percent(out.Probability))
		for _, r := range out.Reasons {
			fmt.Fprintf(w, "  %s\n", r)
		}
	})
}

// both returns the two names, from the command line or from two lines of standard input.
func (c namesCompareCmd) both(sh *shell) (a, b string, err error) {
	a, b = c.A, c.B
	if a == "-" && b == "" {
		text, err := io.ReadAll(io.LimitReader(sh.In, 1<<16))
		if err != nil {
			return "", "", fmt.Errorf("read two names: %w", err)
		}
		a, b, _ = strings.Cut(strings.TrimPrefix(string(text), "\ufeff"), "\n")
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	}
	if names.Parse(a).Empty() || names.Parse(b).Empty() {
		return "", "", needs(`give two names with a letter in each: homeward names compare "A" "B", or two lines after -`)
	}
	return a, b, nil
}

type namesExplainCmd struct {
	Name []string `arg:"" help:"A name, in any script and order; - reads it from standard input."`
}

func (namesExplainCmd) Help() string {
	return `Shows each word of a name as it is read: its part, script, sounds (one sign a sound, whatever the spelling), coarse key, the name it stands for or may be short for, and the sex it tells. It needs no register.

Examples:

  homeward names explain Шевченко Сашко Миколайович
  homeward names explain - --json`
}

// explained is a name as it is read, as printed.
type explained struct {
	Name  string          `json:"name"`
	Sex   string          `json:"sex"`
	Words []explainedWord `json:"words"`
}

type explainedWord struct {
	Text     string   `json:"text"`
	Part     string   `json:"part"`
	Script   string   `json:"script"`
	Sounds   string   `json:"sounds"`
	Key      string   `json:"key"`
	Stem     string   `json:"stem"`
	Initial  bool     `json:"initial"`
	Stands   string   `json:"stands_for"`
	Father   string   `json:"father"`
	ShortFor []string `json:"short_for"`
}

func (c namesExplainCmd) Run(sh *shell) error {
	text, err := sh.spoken(strings.Join(c.Name, " "))
	if err != nil {
		return err
	}
	n := names.Parse(text)
	if n.Empty() {
		return advise(fmt.Errorf("that has no letters: %w", homeward.ErrInvalid), "give a name with a letter in it: homeward names explain NAME")
	}
	out := explained{Name: n.String(), Sex: string(names.SexOf(n)), Words: make([]explainedWord, len(n.Tokens))}
	for i, t := range n.Tokens {
		out.Words[i] = explainedWordOf(t)
	}
	return sh.print(out, func(w io.Writer) { printExplained(w, out) })
}

func explainedWordOf(t *names.Token) explainedWord {
	out := explainedWord{
		Text: t.Text, Part: t.Part.String(), Script: t.Script.String(), Sounds: t.Fold, Key: t.Key, Stem: t.Stem(), Initial: t.Initial, ShortFor: []string{},
	}
	if t.Part == names.PartPatronymic {
		out.Father = t.Class.String()
	} else {
		out.Stands = t.Class.String()
	}
	for _, c := range t.ShortFor() {
		out.ShortFor = append(out.ShortFor, c.String())
	}
	return out
}

func printExplained(w io.Writer, e explained) {
	fmt.Fprintln(w, "word\tpart\tscript\tsounds\tkey\tstands for")
	for _, t := range e.Words {
		stands := t.Stands
		switch {
		case t.Initial:
			stands = "an initial"
		case t.Father != "":
			stands = "child of " + t.Father
		case stands == "" && len(t.ShortFor) > 0:
			stands = "short for " + strings.Join(t.ShortFor, ", ")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.Text, t.Part, t.Script, t.Sounds, t.Key, stands)
	}
	if e.Sex != "" {
		fmt.Fprintf(w, "sex told: %s\n", e.Sex)
	}
}
