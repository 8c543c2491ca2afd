package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/witness"
)

type witnessCmd struct {
	Init   witnessInitCmd   `cmd:"" help:"Make the key of a witness."`
	Serve  witnessServeCmd  `cmd:"" help:"Answer the logs that are named."`
	Cosign witnessCosignCmd `cmd:"" help:"Answer one request from a file, for sites without a network."`
}

type witnessInitCmd struct {
	Folder string `arg:"" help:"Folder for the witness's key and memory." type:"path"`
	Name   string `required:"" help:"Name of the witness, as an address without a scheme: red.example/witness." placeholder:"NAME"`
}

func (witnessInitCmd) Help() string {
	return `Makes a folder with the key of a witness and prints the verifier key, by which policies name it. A witness is run by somebody else than the register, best in another country.

Example:

  homeward witness init /srv/witness --name red.example/witness`
}

func (c witnessInitCmd) Run(sh *shell) error {
	verifier, err := witness.Create(c.Folder, c.Name)
	if err != nil {
		return advise(err, "name a folder that holds no witness yet, and a name without spaces or plus signs")
	}
	result := struct {
		Folder   string `json:"folder"`
		Verifier string `json:"verifier"`
	}{c.Folder, verifier}
	return sh.print(result, func(w io.Writer) {
		fmt.Fprintf(w, "Give this line to the register's operator, for the policy:\n  witness %s %s\n", "NAME", verifier)
		fmt.Fprintf(w, "Next: homeward witness serve %s --log KEY, with the verifier key of the register's log\n", c.Folder)
	})
}

// watching is what both ways of witnessing need.
type watching struct {
	Folder string   `arg:"" help:"Folder that witness init made." type:"path"`
	Log    []string `required:"" help:"Verifier key of a log to witness; may be repeated." placeholder:"KEY" sep:"none"`
}

func (w watching) open() (*witness.Witness, error) {
	opened, err := witness.Open(w.Folder, w.Log, time.Now)
	return opened, advise(err, "make the folder with homeward witness init; name each log by the verifier key that its operator printed with homeward verify; one process works on a folder")
}

type witnessServeCmd struct {
	watching
	Listen string `help:"Where the witness listens." default:"127.0.0.1:8090" placeholder:"HOST:PORT"`
}

func (witnessServeCmd) Help() string {
	return `Answers requests of c2sp.org/tlog-witness: POST /add-checkpoint. It signs each log's history once: an older log, and another history, are refused. It sees sizes and roots and nothing else. It speaks HTTP: put a proxy with TLS before it.

Example:

  homeward witness serve /srv/witness --log 'homeward.local/019abc+4f2c9a10+AR…'`
}

func (c witnessServeCmd) Run(sh *shell) error {
	w, err := c.open()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		w.Close()
		return advise(fmt.Errorf("listen at %s: %w", c.Listen, homeward.ErrUnavailable), "another program may listen there: choose another address with --listen HOST:PORT")
	}
	logger := slog.New(slog.NewTextHandler(sh.Err, nil))
	server := &http.Server{
		Handler: w, ReadHeaderTimeout: headerPatience, ReadTimeout: headerPatience, WriteTimeout: headerPatience, IdleTimeout: idlePatience,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	fmt.Fprintf(sh.Out, "The witness listens at http://%s\n%s\n", listener.Addr(), w.Verifier())
	go sh.stopWith(sh.ctx, server)
	if err = server.Serve(listener); errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return closing(w, err)
}

type witnessCosignCmd struct {
	watching
	Request string `required:"" help:"File that homeward ledger consistency printed." type:"existingfile" placeholder:"FILE"`
}

func (witnessCosignCmd) Help() string {
	return `Answers one request that was carried here by hand, and prints the cosignature to be carried back to homeward ledger cosign --answer FILE.

Example:

  homeward witness cosign /srv/witness --log 'homeward.local/019abc+4f2c9a10+AR…' --request consistency.txt > answer.txt`
}

func (c witnessCosignCmd) Run(sh *shell) error {
	w, err := c.open()
	if err != nil {
		return err
	}
	request, err := readFile(c.Request, 1<<20)
	if err != nil {
		return closing(w, err)
	}
	line, err := w.Cosign(request)
	if err != nil {
		return closing(w, advise(fmt.Errorf("cosign: %w: %w", err, refusalKind(err)), "make the request anew from the size that this witness saw last: homeward ledger consistency SIZE"))
	}
	result := struct {
		Cosignature string `json:"cosignature"`
	}{line}
	return closing(w, sh.print(result, func(out io.Writer) { io.WriteString(out, line) }))
}

// refusalKind says which kind of failure a refusal is: another history is tampering, everything else a wrong request.
func refusalKind(err error) error {
	if witness.AnotherHistory(err) {
		return homeward.ErrTampered
	}
	return homeward.ErrInvalid
}
