package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
)

// verifiedBundle is what the verification of a bundle tells.
type verifiedBundle struct {
	Verdict   bundle.Verdict `json:"verdict"`
	Bundle    string         `json:"bundle"`
	Items     int            `json:"items"`
	Originals int            `json:"originals"`
	Earlier   int            `json:"earlier"`
	Witnesses []string       `json:"witnesses"` // of the enclosed policy
	Witnessed int            `json:"witnessed"` // earlier checkpoints that enough of them cosigned
	Stamps    []stampSeen    `json:"stamps"`    // over earlier checkpoints
	Exported  string         `json:"exported,omitempty"`
	Kind      string         `json:"kind,omitempty"`
	Subject   string         `json:"subject,omitempty"`
	Size      int64          `json:"size"`
	Root      string         `json:"root"`
	Log       string         `json:"log"`
	LogKnown  bool           `json:"log_known"` // it is the key that was given
	Findings  []finding      `json:"findings"`
}

// stampSeen is a time-stamp of a bundle that holds under the roots beside it.
type stampSeen struct {
	Number    string `json:"number"`
	At        string `json:"at"`
	Authority string `json:"authority"`
}

func (c verifyCmd) bundle(sh *shell) error {
	f, err := openFile(c.Bundle)
	if err != nil {
		return err
	}
	defer f.Close()
	found := bundle.Verify(f, c.Log)
	result := verifiedBundle{
		Verdict: found.Verdict, Bundle: found.Base, Items: found.Items, Originals: found.Originals, Earlier: found.Earlier,
		Witnesses: append([]string{}, found.Witnesses...), Witnessed: found.Witnessed,
		Exported: found.Seal.Value("at"), Kind: found.Seal.Value("body/kind"), Subject: found.Seal.Value("body/subject"),
		Size: found.Checkpoint.Size, Root: found.Checkpoint.Root.String(), Log: found.Key, LogKnown: c.Log != "", Findings: []finding{}, Stamps: []stampSeen{},
	}
	for _, s := range found.Stamps {
		result.Stamps = append(result.Stamps, stampSeen{s.Number, s.At.Format(time.RFC3339), s.By})
	}
	for _, f := range found.Findings {
		result.Findings = append(result.Findings, finding{Place: f.Place, Index: -1, What: f.What})
	}
	if err := sh.print(result, result.words); err != nil {
		return err
	}
	switch found.Verdict {
	case bundle.Tampered:
		return advise(fmt.Errorf("verify bundle: %s: %w", many(len(found.Findings), "finding"), homeward.ErrTampered),
			"keep the file as it is, and ask who gave it to you for another copy")
	case bundle.Invalid:
		return advise(fmt.Errorf("verify bundle: it is not one: %w", homeward.ErrInvalid), "see that the file is whole and is one that homeward export bundle wrote")
	}
	return nil
}

func (v verifiedBundle) words(w io.Writer) {
	for _, f := range v.Findings {
		fmt.Fprintf(w, "ALTERED\t%s\t%s\n", f.Place, f.What)
	}
	if v.Verdict == bundle.Verified {
		fmt.Fprintf(w, "%s of %s %s, exported %s; %s, %s that the log grew from.\n", many(v.Items, "item"), v.Kind, v.Subject, v.Exported,
			many(v.Originals, "original"), many(v.Earlier, "earlier checkpoint"))
		fmt.Fprintf(w, "log\t%s\n", v.Log)
		for _, key := range v.Witnesses {
			fmt.Fprintf(w, "witness\t%s\n", key)
		}
		if len(v.Witnesses) > 0 {
			fmt.Fprintf(w, "%s of %d cosigned by witnesses enough for the policy enclosed. Compare their keys as well.\n", many(v.Witnessed, "earlier checkpoint"), v.Earlier)
		}
		for _, s := range v.Stamps {
			fmt.Fprintf(w, "time-stamp\t%s\t%s by %s\n", s.Number, s.At, s.Authority)
		}
		if len(v.Stamps) > 0 {
			fmt.Fprintln(w, "Whether to trust an authority of time-stamps is yours to decide: compare the roots in data/log/stamps with its own.")
		}
		if !v.LogKnown {
			fmt.Fprintln(w, "Compare this key with the one you have from elsewhere, or give it: --log KEY. Without that the bundle agrees only with itself.")
		}
	}
	fmt.Fprintln(w, v.Verdict)
}
