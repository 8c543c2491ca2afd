package witness

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// Witness cosigns checkpoints of the logs it knows. It is an http.Handler with the one route add-checkpoint.
type Witness struct {
	mu    sync.Mutex
	state state
	lock  *os.File
	key   ledger.Cosigner
	logs  ledger.Policy
	names map[string]bool // origins
	clock func() time.Time
}

// Open opens the witness in a folder for logs named by their verifier keys.
func Open(dir string, logs []string, clock func() time.Time) (*Witness, error) {
	w := &Witness{names: map[string]bool{}, clock: clock}
	text := "quorum none\n"
	for _, key := range logs {
		text += "log " + key + "\n"
		name, _, _ := strings.Cut(key, "+")
		w.names[name] = true
	}
	var err error
	if w.logs, err = ledger.ParsePolicy([]byte(text)); err != nil || len(logs) == 0 {
		return nil, fmt.Errorf("open witness: name each log once by its verifier key: %w", homeward.ErrInvalid)
	}
	if w.state, w.key, w.lock, err = openState(dir); err != nil {
		return nil, fmt.Errorf("open witness: %w", err)
	}
	return w, nil
}

// Close lets the folder go.
func (w *Witness) Close() error { return errors.Join(w.lock.Close(), w.state.root.Close()) }

// Verifier returns the witness's verifier key.
func (w *Witness) Verifier() string { return w.key.Verifier() }

// refusal is an answer of the protocol that is no cosignature.
type refusal struct {
	status int
	known  int64 // with 409: the size the witness saw last
	what   string
}

func (r refusal) Error() string { return r.what }

// Cosign answers an add-checkpoint request: the signature line, or why not.
func (w *Witness) Cosign(request []byte) (line string, err error) {
	p, err := ledger.ParseConsistency(request)
	if err != nil {
		return "", refusal{http.StatusBadRequest, 0, "the request is malformed"}
	}
	c, err := w.open(p.Checkpoint)
	if err != nil {
		return "", err
	}
	if p.Old > c.Size {
		return "", refusal{http.StatusBadRequest, 0, "the old size is larger than the checkpoint's"}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	seen, err := w.state.seen(c.Origin)
	if err != nil {
		return "", err
	}
	if err := follows(p, seen, c); err != nil {
		return "", err
	}
	if err := w.state.put(w.state.file(c.Origin), p.Checkpoint); err != nil {
		return "", err
	}
	return w.key.Cosign(c, w.clock()), nil
}

// open reads a checkpoint that a known log signed.
func (w *Witness) open(text []byte) (ledger.Checkpoint, error) {
	c, err := ledger.ReadCheckpoint(text)
	switch {
	case err != nil:
		return c, refusal{http.StatusBadRequest, 0, "the checkpoint is malformed"}
	case !w.names[c.Origin]:
		return c, refusal{http.StatusNotFound, 0, "the log is unknown"}
	}
	if c, _, err = w.logs.Open(text); err != nil {
		return c, refusal{http.StatusForbidden, 0, "no key of the log signed the checkpoint"}
	}
	return c, nil
}

// follows fails unless the checkpoint continues what was seen.
func follows(p ledger.Consistency, seen, c ledger.Checkpoint) error {
	switch {
	case p.Old != seen.Size:
		return refusal{http.StatusConflict, seen.Size, "another size was seen last"}
	case seen.Size == c.Size && seen.Size > 0 && seen.Root != c.Root:
		return refusal{http.StatusConflict, seen.Size, "another root of this size was seen"}
	case p.Between(seen, c) != nil:
		return refusal{http.StatusUnprocessableEntity, 0, "the checkpoint does not continue what was seen"}
	}
	return nil
}

// maxRequest is far more than 63 hashes and a checkpoint with many signatures.
const maxRequest = 64 << 10

// ServeHTTP answers POST …/add-checkpoint.
func (w *Witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/add-checkpoint") {
		http.Error(rw, "not found", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodPost {
		rw.Header().Set("Allow", http.MethodPost)
		http.Error(rw, "a checkpoint is posted", http.StatusMethodNotAllowed)
		return
	}
	request, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxRequest))
	if err != nil {
		http.Error(rw, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	line, err := w.Cosign(request)
	var no refusal
	switch {
	case err == nil:
		io.WriteString(rw, line)
	case errors.As(err, &no) && no.status == http.StatusConflict:
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(no.status)
		fmt.Fprintf(rw, "%d\n", no.known)
	case errors.As(err, &no):
		http.Error(rw, no.what, no.status)
	default:
		http.Error(rw, "the witness cannot keep what it saw", http.StatusInternalServerError)
	}
}

// AnotherHistory reports whether a request was refused because the log does not continue what the witness saw.
func AnotherHistory(err error) bool {
	var no refusal
	return errors.As(err, &no) && (no.status == http.StatusUnprocessableEntity || no.status == http.StatusConflict)
}
