package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/exchange/tiles"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

type ledgerCmd struct {
	Checkpoint  ledgerCheckpointCmd  `cmd:"" help:"Print the newest checkpoint: give it to somebody outside."`
	Proof       ledgerProofCmd       `cmd:"" help:"Prove that an act is in the log."`
	Consistency ledgerConsistencyCmd `cmd:"" help:"Prove that the log begins with the log of an older size."`
	Export      ledgerExportCmd      `cmd:"" help:"Write the log as static files that anyone can verify."`
	Publish     ledgerPublishCmd     `cmd:"" help:"Sign a padded log and ask the witnesses: at fixed times."`
	Policy      ledgerPolicyCmd      `cmd:"" help:"Say which witnesses are asked, and how many make a quorum."`
	Cosign      ledgerCosignCmd      `cmd:"" help:"Ask the witnesses of the policy to cosign what was published."`
	Authorities ledgerAuthoritiesCmd `cmd:"" help:"Say which authorities are asked for time-stamps, and which roots are trusted."`
	Stamp       ledgerStampCmd       `cmd:"" help:"Ask the authorities for time-stamps over what was published; write them to files."`
	Key         ledgerKeyCmd         `cmd:"" help:"Let one key of the log follow another."`
	Status      ledgerStatusCmd      `cmd:"" help:"Show how the log stands, and what is wrong."`
	Close       ledgerCloseCmd       `cmd:"" help:"Close an alarm with a reason."`
	Check       ledgerCheckCmd       `cmd:"" help:"Recompute a folder that export wrote, without a register."`
}

type ledgerCheckpointCmd struct {
	Size int64 `help:"The checkpoint signed at this size, not the newest." placeholder:"LEAVES"`
}

func (ledgerCheckpointCmd) Help() string {
	return `Signs the log when it has grown, and prints the checkpoint: a C2SP signed note. Who holds one can prove later that nothing before it was changed or taken out.

Example:

  homeward ledger checkpoint > checkpoint-2026-11-23.txt`
}

// signedNote is a checkpoint for scripts.
type signedNote struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"`
	Note   string `json:"note"`
}

func (c ledgerCheckpointCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		text, err := sh.checkpoint(db, c.Size)
		if err != nil {
			return err
		}
		read, err := ledger.ReadCheckpoint(text)
		if err != nil {
			return err
		}
		return sh.print(signedNote{read.Origin, read.Size, read.Root.String(), string(text)}, func(w io.Writer) { w.Write(text) })
	})
}

// checkpoint returns the checkpoint of a size, or the newest, signed now, when the size is 0.
func (sh *shell) checkpoint(db *store.DB, size int64) (text []byte, err error) {
	if size == 0 {
		if text, err = db.Checkpoint(sh.ctx); err == nil && text == nil {
			err = advise(fmt.Errorf("checkpoint: the log is empty: %w", homeward.ErrNotFound), "import a list first, or let somebody sign in")
		}
		return text, err
	}
	err = db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		text, err = tx.CosignedCheckpoint(size)
		return err
	})
	return text, advise(err, "no checkpoint was signed at this size: leave --size out for the newest")
}

type ledgerProofCmd struct {
	Act  string `arg:"" help:"Index of a leaf, or id of an entry, a record, a decision or any other object: the act that made it."`
	Leaf string `help:"Write the leaf, which the proof is of, to a file." type:"path" placeholder:"FILE"`
}

func (ledgerProofCmd) Help() string {
	return `Prints a proof in the form of c2sp.org/tlog-proof@v1 that the leaf of an act is in the log of the newest checkpoint, which it carries. It tells nothing of what the act was.

Example:

  homeward ledger proof 019abc12-7f00-7000-8000-000000000001 --leaf act.leaf > act.tlog-proof`
}

// proved is a proof for scripts.
type proved struct {
	Index int64  `json:"index"`
	Leaf  string `json:"leaf"`
	Proof string `json:"proof"`
}

func (c ledgerProofCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		text, err := sh.checkpoint(db, 0)
		if err != nil {
			return err
		}
		var p proved
		err = db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			p, err = prove(tx, c.Act, text)
			return err
		})
		if err != nil {
			return err
		}
		if c.Leaf != "" {
			if err := os.WriteFile(c.Leaf, []byte(p.Leaf), 0o644); err != nil {
				return fileError("write the leaf", err)
			}
		}
		return sh.print(p, func(w io.Writer) { io.WriteString(w, p.Proof) })
	})
}

// prove proves an act named by its index or by an id.
func prove(tx *store.Tx, act string, checkpoint []byte) (p proved, err error) {
	var leaf []byte
	if index, notNumber := strconv.ParseInt(act, 10, 64); notNumber == nil {
		p.Index = index
		leaf, err = tx.Leaf(index)
	} else {
		p.Index, leaf, err = tx.LeafOf(act)
	}
	if err != nil {
		return p, err
	}
	proof, err := tx.Prove(p.Index, checkpoint)
	p.Leaf, p.Proof = string(leaf), string(proof)
	return p, err
}

type ledgerConsistencyCmd struct {
	Old int64 `arg:"" help:"Leaves of the older log: the second line of an older checkpoint."`
	New int64 `arg:"" optional:"" help:"Size of the newer checkpoint; the newest when left out."`
}

func (ledgerConsistencyCmd) Help() string {
	return `Prints a proof that the log begins with the log of an older size: nothing was changed, taken out or put in between since. It has the form that witnesses are asked in (c2sp.org/tlog-witness).

Example:

  homeward ledger consistency 5331 > consistency-5331.txt`
}

func (c ledgerConsistencyCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		text, err := sh.checkpoint(db, c.New)
		if err != nil {
			return err
		}
		var proof []byte
		err = db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			proof, err = tx.ProveConsistency(c.Old, text)
			return err
		})
		if err != nil {
			return err
		}
		result := struct {
			Old   int64  `json:"old"`
			Proof string `json:"proof"`
		}{c.Old, string(proof)}
		return sh.print(result, func(w io.Writer) { w.Write(proof) })
	})
}

type ledgerExportCmd struct {
	Out       string `required:"" help:"Folder to write into, or to bring up to date." type:"path" placeholder:"DIR"`
	Newest    bool   `help:"Up to the newest act, not to the checkpoint that was published last."`
	NoEntries bool   `help:"Leave the entries out: they tell in which minute each act was, and nothing else."`
}

func (ledgerExportCmd) Help() string {
	return `Writes the log as static files of c2sp.org/tlog-tiles: tiles of hashes, bundles of entries and, last, the checkpoint with its cosignatures. Any web server can publish the folder. Run again, it goes on where the folder stands; a folder that holds another history is refused with exit code 7.

Example:

  homeward ledger export --out /srv/www/log`
}

// exported is what an export wrote.
type exported struct {
	Dir   string `json:"dir"`
	Size  int64  `json:"size"`
	From  int64  `json:"from"`
	Files int    `json:"files"`
}

func (c ledgerExportCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		size, err := sh.published(db, 0)
		if c.Newest || errors.Is(err, homeward.ErrNotFound) {
			size, err = sh.newest(db)
		}
		if err != nil {
			return err
		}
		result, err := sh.export(db, c.Out, size, c.NoEntries)
		if err != nil {
			return err
		}
		return sh.print(result, func(w io.Writer) {
			fmt.Fprintf(w, "%s in the folder, %s there before; %s written.\n", many(result.Size, "leaf"), amount(result.From), many(result.Files, "file"))
			fmt.Fprintf(w, "Check it anywhere: homeward ledger check %s --log '%s'\n", result.Dir, db.Verifier())
		})
	})
}

// newest signs the log and returns its size.
func (sh *shell) newest(db *store.DB) (int64, error) {
	text, err := sh.checkpoint(db, 0)
	if err != nil {
		return 0, err
	}
	c, err := ledger.ReadCheckpoint(text)
	return c.Size, err
}

// export brings a folder up to the checkpoint of a size.
func (sh *shell) export(db *store.DB, dir string, size int64, noEntries bool) (exported, error) {
	text, err := sh.checkpoint(db, size)
	if err != nil {
		return exported{}, err
	}
	bar := sh.progress("writing")
	report, err := tiles.Write(sh.ctx, db, homeward.Operator, dir, tiles.Options{Checkpoint: text, NoEntries: noEntries, Progress: bar.at})
	bar.end()
	if err != nil {
		return exported{}, fileError("export the log", err)
	}
	return exported{dir, report.Size, report.From, report.Files}, nil
}

type ledgerCheckCmd struct {
	Folder string `arg:"" help:"Folder that export wrote." type:"existingdir"`
	Log    string `xor:"trust" required:"" help:"The log's verifier key, as homeward init and homeward verify print it." placeholder:"KEY"`
	Policy string `xor:"trust" required:"" help:"Policy file: the log's key, witnesses and their quorum." type:"existingfile" placeholder:"FILE"`
}

func (ledgerCheckCmd) Help() string {
	return `Reads the folder, recomputes every leaf, tile and the root, and compares. It needs no register, no key but the log's public one, and no network.

Example:

  homeward ledger check /srv/www/log --log 'homeward.local/019abc+4f2c9a10+AR…'`
}

// checked is what a check found.
type checked struct {
	OK       bool      `json:"ok"`
	Size     int64     `json:"size"`
	Root     string    `json:"root"`
	Findings []finding `json:"findings"`
}

func (c ledgerCheckCmd) Run(sh *shell) error {
	policy, err := ledger.ParsePolicy([]byte("log " + c.Log + "\nquorum none\n"))
	if c.Policy != "" {
		policy, _, err = readPolicy(c.Policy)
	}
	if err != nil {
		return advise(err, "name the log by the verifier key that its operator printed")
	}
	read, found, err := tiles.Check(os.DirFS(c.Folder), func(signed []byte) (ledger.Checkpoint, error) {
		read, _, err := policy.Open(signed)
		return read, err
	})
	if err != nil {
		return advise(err, "see that the folder is one that ledger export wrote, and that the key is its log's")
	}
	result := checked{OK: len(found) == 0, Size: read.Size, Root: read.Root.String(), Findings: findings(found)}
	if err := sh.print(result, result.words); err != nil || result.OK {
		return err
	}
	return fmt.Errorf("check: %s: %w", many(len(found), "finding"), homeward.ErrTampered)
}

func (c checked) words(w io.Writer) {
	for _, f := range c.Findings {
		fmt.Fprintf(w, "ALTERED  %s\t%d\t%s\n", f.Place, f.Index, f.What)
	}
	if c.OK {
		fmt.Fprintln(w, "Nothing was changed.")
	}
	fmt.Fprintf(w, "%s, root %s\n", many(c.Size, "leaf"), c.Root)
}

// findings are findings for scripts.
func findings(found []ledger.Finding) []finding {
	out := []finding{}
	for _, f := range found {
		out = append(out, finding{f.Place, f.ID, f.Index, f.What})
	}
	return out
}
