package main

import (
	"bufio"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestQuestionsAreMixedByTheirShares(t *testing.T) {
	m := &mix{pages: append((&reader{}).pages(), deciding)}
	total, asked := 0, map[string]int{}
	for _, p := range m.pages {
		total += p.share
	}
	for _, p := range m.order(10 * total) {
		asked[p.name]++
	}
	for _, p := range m.pages {
		if asked[p.name] != 10*p.share {
			t.Errorf("%s: %d of %d questions, want %d", p.name, asked[p.name], 10*total, 10*p.share)
		}
	}
	if total < 95 || total > 105 {
		t.Errorf("shares of a hundred come to %d", total)
	}
}

// TestWaitingCounts asks more than is answered: a question is late from when it was due, not from when there was time for it.
func TestWaitingCounts(t *testing.T) {
	turn := make(chan struct{}, 1)
	slow := func(*reader, int) error {
		turn <- struct{}{}
		defer func() { <-turn }()
		time.Sleep(3 * time.Second / perSecond)
		return nil
	}
	m := &mix{pages: []asking{{"slow", 1, "", slow}}, team: []*reader{{}}}
	m.run(20)
	if took := m.took["slow"]; len(took) != 20 || percentile(took, 95) < 20*time.Second/perSecond {
		t.Errorf("%d answers, 95 of 100 within %s", len(took), percentile(took, 95))
	}
}

func TestAFailedQuestionIsTold(t *testing.T) {
	m := &mix{pages: []asking{{"broken", 1, "", func(*reader, int) error { return errors.New("status 500") }}}, team: []*reader{{}}}
	m.run(3)
	if err := m.failure(); err == nil || !strings.Contains(err.Error(), "3 questions failed, the first: broken: status 500") {
		t.Errorf("%v", err)
	}
}

// TestTheLogOfTheServerIsRead reads lines as the desk writes them.
func TestTheLogOfTheServerIsRead(t *testing.T) {
	s := &served{routes: map[string][]time.Duration{}, ended: make(chan struct{})}
	s.follow(bufio.NewScanner(strings.NewReader(`time=2026-11-26T12:54:13.527Z level=INFO msg=request route="GET /pairs/{pair}" method=GET status=200 ms=31 actor=boss
time=2026-11-26T12:54:13.527Z level=INFO msg=request route=/ method=GET status=404 ms=2
`)))
	if got := s.routes["GET /pairs/{pair}"]; len(got) != 1 || got[0] != 31*time.Millisecond {
		t.Errorf("%v", got)
	}
	if got := s.routes["/"]; len(got) != 1 || got[0] != 2*time.Millisecond {
		t.Errorf("%v", got)
	}
}

func TestMoreQuestionsThanOneMeasureHoldsAreRefused(t *testing.T) {
	if err := load(sizes{rows: 1, queries: mostAsked + 1, dir: t.TempDir()}); err == nil {
		t.Error("asked without bound")
	}
}
