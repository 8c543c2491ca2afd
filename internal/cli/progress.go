package cli

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// patience is how long work may take before a progress bar appears.
const patience = time.Second

// progress shows how far long work has come, on a terminal only.
type progress struct {
	out   io.Writer
	since time.Time
	label string
	total int64
	bar   *progressbar.ProgressBar
}

// progress starts watching a piece of work. The result is silent when standard error is not a terminal.
func (sh *shell) progress(label string) *progress {
	p := &progress{out: sh.Err, label: label, since: time.Now()}
	if f, ok := sh.Err.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		p.out = nil
	}
	return p
}

// at says that done of total is done; a total of 0 is not known. Work must call it from one goroutine.
func (p *progress) at(done, total int64) {
	if p.out == nil || time.Since(p.since) < patience {
		return
	}
	if p.bar == nil || total != p.total {
		p.begin(total)
	}
	p.bar.Set64(done) // fails only when the bar is full
}

// step begins a new piece of work under a new label.
func (p *progress) step(label string) {
	p.end()
	p.label = label
}

func (p *progress) begin(total int64) {
	p.end()
	p.total = total
	if total <= 0 {
		total = -1 // a spinner
	}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.out),
		progressbar.OptionSetDescription(p.label),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(p.total > 0),
	)
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
}
