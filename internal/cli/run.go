package cli

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/homeward-registry/homeward/internal/blobs"
	"github.com/homeward-registry/homeward/internal/store"
)

// Streams are the standard streams of a command.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// settings are the flags that every command knows.
type settings struct {
	Dir      string `help:"Folder of the register (default: .homeward in the home folder)." env:"HOMEWARD_DIR" placeholder:"DIR"`
	Database string `help:"postgres://… when the register is kept in PostgreSQL." env:"HOMEWARD_DATABASE" placeholder:"URL"`
	Keys     string `help:"postgres://… of the key database, when it is not a file in the folder." env:"HOMEWARD_KEYS" placeholder:"URL"`
	Blobs    string `help:"s3://HOST/BUCKET when the bytes of exhibits are kept in a bucket, and not in the folder." env:"HOMEWARD_BLOBS" placeholder:"URL"`
	BlobsID  string `help:"What the bucket's service knows us by." env:"AWS_ACCESS_KEY_ID" hidden:""`
	BlobsKey string `help:"Its secret." env:"AWS_SECRET_ACCESS_KEY" hidden:""`
	JSON     bool   `help:"Print JSON." name:"json"`
}

// commands is the command line, in the order in which help lists it.
type commands struct {
	settings

	Demo     demoCmd     `cmd:"" help:"Open a demonstration: invented families, every role one click away."`
	Init     initCmd     `cmd:"" help:"Make a new register, or bring its schema up to date."`
	Serve    serveCmd    `cmd:"" help:"Serve the desk to the people who work with the register."`
	Link     linkCmd     `cmd:"" help:"Link lists without a register: pairs, clusters and a report."`
	Import   importCmd   `cmd:"" help:"Bring in a list: CSV, TSV, XLSX or JSON lines."`
	Run      runCmd      `cmd:"" help:"Bring every stage up to date: index, pairs, persons, checkpoint."`
	Review   reviewCmd   `cmd:"" help:"See and decide which records are the same child."`
	Search   searchCmd   `cmd:"" help:"Search the register in any script and spelling."`
	Show     showCmd     `cmd:"" help:"Show a child: what each source says, what happened, who decided."`
	Request  requestCmd  `cmd:"" help:"List and show tracing requests."`
	Evidence evidenceCmd `cmd:"" help:"Keep exhibits and their custody; see who handled them."`
	Capture  captureCmd  `cmd:"" help:"Capture pages of the web, verify captures, and see what they hold."`
	Count    countCmd    `cmd:"" help:"Count children by a definition, as of a date, with bounds."`
	Figures  figuresCmd  `cmd:"" help:"Keep numbers that others published as dated claims."`
	Export   exportCmd   `cmd:"" help:"Take what a court needs out of the register, as a proof bundle."`
	Verify   verifyCmd   `cmd:"" help:"Recompute everything from the stored bytes and name what was altered."`
	Ledger   ledgerCmd   `cmd:"" help:"Prove, publish and check the log of every act."`
	Witness  witnessCmd  `cmd:"" help:"Be a witness of somebody's log: cosign its checkpoints."`
	Backup   backupCmd   `cmd:"" help:"Write a backup of the register to a file."`
	Restore  restoreCmd  `cmd:"" help:"Restore a register from a backup into an empty folder."`
	Erase    eraseCmd    `cmd:"" help:"Erase a child on request: checked, approved by two, after fourteen days."`
	User     userCmd     `cmd:"" help:"Say who may sign in, and as what."`
	Rooms    roomsCmd    `cmd:"" name:"compartment" help:"Say what lies in which compartment, and who is in it."`
	Names    namesCmd    `cmd:"" help:"Compare, explain and rank names, without a register."`
	Places   placesCmd   `cmd:"" help:"Find places by old and new names in any script; bring in larger lists of them."`
	Synth    synthCmd    `cmd:"" help:"Write lists of invented families, with the truth about them."`
	Version  versionCmd  `cmd:"" help:"Say which version this is."`
}

// shell is what a command works with.
type shell struct {
	settings
	Streams
	ctx context.Context
}

// Main runs the program's own command line until it is done or interrupted, and returns its exit code.
func Main() int {
	readingApart()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}

// Run runs one command line, without the program's name, and returns its exit code.
func Run(ctx context.Context, args []string, streams Streams) int {
	slog.SetDefault(slog.New(slog.NewTextHandler(streams.Err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	var line commands
	helped := false
	parser, err := kong.New(&line,
		kong.Name("homeward"),
		kong.Description("Which records are the same child, who says so, and what happened. Every command's --help shows an example."),
		kong.Writers(streams.Out, streams.Err),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return explain(streams.Err, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped:
		return codeDone
	case err != nil:
		return explain(streams.Err, usageError(err))
	}
	return explain(streams.Err, parsed.Run(&shell{settings: line.settings, Streams: streams, ctx: ctx}))
}

// where returns where the register is.
func (sh *shell) where() (store.Settings, error) {
	dir := sh.Dir
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return store.Settings{}, needs("name the register's folder with --dir or HOMEWARD_DIR")
		}
		dir = filepath.Join(home, ".homeward")
	}
	at := store.Settings{Dir: dir, Database: sh.Database, Keys: sh.Keys}
	if sh.Blobs == "" {
		return at, nil
	}
	bucket, err := blobs.At(sh.Blobs, blobs.Keys{ID: sh.BlobsID, Secret: sh.BlobsKey})
	at.Blobs = bucket
	return at, advise(err, "write the address as s3://HOST/BUCKET, and the keys into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
}

// open opens the register. The caller closes it.
func (sh *shell) open() (*store.DB, error) {
	at, err := sh.where()
	if err != nil {
		return nil, err
	}
	return store.Open(sh.ctx, at)
}

// with opens the register, does the work and closes it.
func (sh *shell) with(work func(*store.DB) error) error {
	db, err := sh.open()
	if err != nil {
		return err
	}
	return closing(db, work(db))
}

// closing closes what a command opened, and reports the first thing that went wrong.
func closing(c io.Closer, err error) error {
	if closed := c.Close(); err == nil {
		return closed
	}
	return err
}
