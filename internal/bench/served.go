package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// served is the program serving a desk, in a process of its own.
type served struct {
	cmd   *exec.Cmd
	at    string        // the desk's address
	open  time.Duration // from the start of the process until its first page was there
	spent time.Duration // of the processors, until then
	ended chan struct{} // closed when its log is at an end

	mu     sync.Mutex
	routes map[string][]time.Duration // what its log says that answers took
}

// startPatience is how long a server may take to say where it listens.
const startPatience = 2 * time.Minute

// serveDesk builds the program and lets it serve the register, to this machine alone.
func serveDesk(ctx context.Context, dir string) (*served, error) {
	program := filepath.Join(dir, "homeward")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/homeward-registry/homeward/cmd/homeward").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build homeward: %w\n%s", err, out)
	}
	s := &served{routes: map[string][]time.Duration{}, ended: make(chan struct{})}
	s.cmd = exec.CommandContext(ctx, program, "serve", "--dir", dir, "--listen", "127.0.0.1:0")
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(os.Interrupt) }
	s.cmd.WaitDelay = time.Minute
	s.cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "HOMEWARD_") })
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	log, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.follow(bufio.NewScanner(log))
	err = s.opened(bufio.NewScanner(out))
	s.open, s.spent = time.Since(began), s.processor()
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// opened waits for the address of the desk, and for its first page.
func (s *served) opened(out *bufio.Scanner) error {
	late := time.AfterFunc(startPatience, func() { s.cmd.Process.Kill() })
	defer late.Stop()
	for out.Scan() {
		if at := addressSaid.FindString(out.Text()); at != "" {
			s.at = at
			res, err := http.Get(at + "/sign-in")
			return answered(res, err)
		}
	}
	return errors.New("the server ended, or said nothing of where it listens")
}

var (
	addressSaid = regexp.MustCompile(`http://localhost:\d+`)
	requestSaid = regexp.MustCompile(`msg=request route=("[^"]+"|\S+) .* ms=([\d.]+)`)
)

// follow reads the server's log: how long each answer took by its own clock. What it says of other things is passed on.
func (s *served) follow(log *bufio.Scanner) {
	defer close(s.ended)
	for log.Scan() {
		said := requestSaid.FindStringSubmatch(log.Text())
		if said == nil {
			fmt.Fprintln(os.Stderr, log.Text())
			continue
		}
		if took, err := strconv.ParseFloat(said[2], 64); err == nil {
			s.mu.Lock()
			route := strings.Trim(said[1], `"`)
			s.routes[route] = append(s.routes[route], time.Duration(took*float64(time.Millisecond)))
			s.mu.Unlock()
		}
	}
}

// forget drops what the log said so far.
func (s *served) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.routes)
}

// stop ends the server as an operator would, and waits until it is gone.
func (s *served) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.ended
	return s.cmd.Wait()
}

// processor is the time that the server has had of the processors (Linux tells it in hundredths).
func (s *served) processor() time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(text), ") ") // a name may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is what the server has in memory now and had at most, in MiB.
func (s *served) memory() (now, most int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(line, ":")
		kib, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
		switch name {
		case "VmRSS":
			now = kib >> 10
		case "VmHWM":
			most = kib >> 10
		}
	}
	return now, most
}
