package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/homeward-registry/homeward/internal/backup"
)

type backupPruneCmd struct {
	Folder   string `arg:"" help:"The folder that homeward backup FOLDER writes to." type:"path"`
	DataDays int    `help:"For how many days data is kept." default:"365" placeholder:"N"`
	KeysDays int    `help:"For how many days keys are kept: no longer than data." default:"30" placeholder:"N"`
	DryRun   bool   `help:"Only say what would go."`
}

func (backupPruneCmd) Help() string {
	return `Removes backups by the time in their names, homeward-YYYYMMDDTHHMMSSZ.backup, and keys sooner than data. The newest of each is never removed, and no other file is touched, but unfinished ones of such names (.partial) that a killed backup left a day ago or longer; those of a name you chose yourself you remove yourself. Data without its own keys opens with any younger ones: homeward restore FILE --keys-from NEWEST.keys, and whoever was erased in between is not in them. After so many days as keys are kept, no backup can bring an erased child back.

Example:

  homeward backup prune /mnt/away --data-days 365 --keys-days 30`
}

// pruned is what prune did.
type pruned struct {
	DryRun     bool          `json:"dry_run"`
	Removed    []backup.File `json:"removed"`
	Kept       []backup.File `json:"kept"`
	Unfinished int           `json:"unfinished"`
}

func (c backupPruneCmd) Run(sh *shell) error {
	days := func(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
	keep := backup.Retention{Data: days(c.DataDays), Keys: days(c.KeysDays)}
	if err := keep.Check(); err != nil {
		return advise(err, "choose --keys-days no larger than --data-days")
	}
	now := time.Now()
	files, unfinished, err := backup.List(c.Folder, now)
	if err != nil {
		return fileError("list the folder", err)
	}
	result := pruned{DryRun: c.DryRun, Removed: keep.Due(files, now), Kept: []backup.File{}, Unfinished: len(unfinished)}
	due := map[string]bool{}
	names := unfinished
	for _, f := range result.Removed {
		due[f.Name] = true
		names = append(names, f.Name)
	}
	for _, f := range files {
		if !due[f.Name] {
			result.Kept = append(result.Kept, f)
		}
	}
	if !c.DryRun {
		if err := backup.Remove(c.Folder, names); err != nil {
			return fileError("remove from the folder", err)
		}
	}
	return sh.print(result, result.words)
}

func (p pruned) words(w io.Writer) {
	verb := "removed"
	if p.DryRun {
		verb = "would remove"
	}
	for _, f := range p.Removed {
		fmt.Fprintf(w, "%s\t%s\t%s\n", verb, f.Kind, f.Name)
	}
	for _, f := range p.Kept {
		fmt.Fprintf(w, "kept\t%s\t%s\n", f.Kind, f.Name)
	}
	if p.Unfinished > 0 {
		fmt.Fprintf(w, "%s\t%s that a killed process left\n", verb, many(p.Unfinished, "unfinished file"))
	}
	if len(p.Removed)+len(p.Kept) == 0 {
		fmt.Fprintln(w, "No backups with a time in their names are here: homeward backup FOLDER writes them.")
	}
}
