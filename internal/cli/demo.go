package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/synth"
)

type demoCmd struct {
	Listen   string `help:"Where the desk listens." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Reset    bool   `help:"Start over: forget everything done in this demonstration."`
	Children int    `help:"How many invented children, when it is made." default:"2000" hidden:""`
	Prepare  bool   `help:"Make it ready and stop, without the desk." hidden:""`
}

func (demoCmd) Help() string {
	return `Invents families, brings in three lists that contradict one another, takes a few hundred decisions, and opens the desk on this machine with every role one click away. Nobody in it exists. What you do in it is kept until --reset.

Example:

  homeward demo --listen 127.0.0.1:8080`
}

const (
	// demoMarker is the file that tells a demonstration's folder from a register: only such a folder is ever removed.
	demoMarker = "DEMONSTRATION"
	demoReady  = "ready\n"
	// demoSeed makes every demonstration the same, so that what is told of one can be found in another.
	demoSeed = 1
)

func (c demoCmd) Run(sh *shell) error {
	if sh.Database != "" || sh.Keys != "" {
		return needs("the demonstration keeps its own folder: leave out --database and --keys (or HOMEWARD_DATABASE and HOMEWARD_KEYS)")
	}
	at, err := sh.demoFolder()
	if err != nil {
		return err
	}
	if err := c.prepare(sh, at); err != nil {
		return err
	}
	if c.Prepare {
		return nil
	}
	db, err := store.Open(sh.ctx, at)
	if err != nil {
		return err
	}
	return closing(db, sh.serve(db, service{listen: c.Listen, demo: true}))
}

// demoFolder returns the demonstration's folder: the one named by --dir or HOMEWARD_DIR, or one in the user's cache.
func (sh *shell) demoFolder() (store.Settings, error) {
	if sh.Dir != "" {
		return store.Settings{Dir: sh.Dir}, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return store.Settings{}, needs("name the demonstration's folder with --dir")
	}
	return store.Settings{Dir: filepath.Join(cache, "homeward-demo")}, nil
}

// prepare makes the demonstration when it is not there. One that was interrupted while it was made is made anew.
func (c demoCmd) prepare(sh *shell, at store.Settings) error {
	state, err := demoState(at.Dir)
	if err != nil {
		return err
	}
	if state == demoReady && !c.Reset {
		fmt.Fprintf(sh.Err, "The demonstration in %s goes on as it was left.\n", at.Dir)
		return nil
	}
	if state != "" {
		if err := os.RemoveAll(at.Dir); err != nil {
			return fileError("remove the demonstration", err)
		}
	}
	if err := os.MkdirAll(at.Dir, 0o700); err != nil {
		return fileError("make the folder", err)
	}
	if err := markDemo(at.Dir, "being made\n"); err != nil {
		return err
	}
	began := time.Now()
	if err := c.build(sh, at); err != nil {
		return fmt.Errorf("make the demonstration: %w", err)
	}
	fmt.Fprintf(sh.Err, "The demonstration was made in %s, in %s.\n", at.Dir, time.Since(began).Round(100*time.Millisecond))
	return markDemo(at.Dir, demoReady)
}

func markDemo(dir, state string) error {
	if err := os.WriteFile(filepath.Join(dir, demoMarker), []byte(state), 0o600); err != nil {
		return fileError("write the demonstration's marker", err)
	}
	return nil
}

// demoState returns what the marker says, or "" for a folder that is empty or missing. A folder with something else in
// it is refused: it may be a register.
func demoState(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, demoMarker))
	if err == nil {
		return string(text), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fileError("read the demonstration's marker", err)
	}
	held, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fileError("read the folder", err)
	}
	if len(held) > 0 {
		return "", advise(fmt.Errorf("the folder holds something that is no demonstration: %w", homeward.ErrConflict),
			"name another folder with --dir; HOMEWARD_DIR may point at a register")
	}
	return "", nil
}

// build fills a new register with the invented lists, figures, users, decisions and tracing requests.
func (c demoCmd) build(sh *shell, at store.Settings) (err error) {
	world := synth.Generate(synth.Options{Children: c.Children, Seed: demoSeed})
	lists := filepath.Join(at.Dir, "lists")
	if err := world.Write(lists); err != nil {
		return err
	}
	if _, err := store.Init(sh.ctx, at); err != nil {
		return err
	}
	db, err := store.Open(sh.ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = closing(db, err) }()
	team, err := demoTeam(sh.ctx, db)
	if err != nil {
		return err
	}
	for _, list := range world.Lists {
		if err := sh.bringIn(db, team[homeward.RoleIntakeClerk], filepath.Join(lists, list.File), list); err != nil {
			return err
		}
	}
	if _, _, err := statistics.ImportFigures(sh.ctx, db, team[homeward.RoleReleaseOfficer], statistics.Published()); err != nil {
		return err
	}
	stages := pipeline.New(db)
	if _, err := sh.bringUpToDate(stages); err != nil {
		return err
	}
	if err := decideSome(sh.ctx, db, stages.Review, team, world.Truth); err != nil {
		return err
	}
	if err := seekSome(sh.ctx, db, team); err != nil {
		return err
	}
	if err := fenceSome(sh.ctx, db, team); err != nil {
		return err
	}
	_, err = sh.bringUpToDate(stages)
	return err
}

// bringIn imports one of the demonstration's lists.
func (sh *shell) bringIn(db *store.DB, clerk homeward.Actor, path string, list synth.List) error {
	file, err := openFile(path)
	if err != nil {
		return err
	}
	bar := sh.progress("bringing in " + list.Source)
	_, err = intake.Import(sh.ctx, db, clerk, intake.Input{
		File: file, Source: list.Source, Edition: homeward.Exact(synth.EditionDay), Lang: list.Language,
		Progress: func(done, total int) { bar.at(int64(done), int64(total)) },
	})
	bar.end()
	return closing(file, err)
}
