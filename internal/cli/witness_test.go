package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAKilledWitnessForgetsNothingItSigned kills the witness while the register publishes again and again. Whenever it
// comes back it knows what it signed: the register goes on from there and no alarm is raised, which a witness that
// forgot a size, or kept one it did not sign, would cause.
func TestAKilledWitnessForgetsNothingItSigned(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	folder := filepath.Join(t.TempDir(), "witness")
	var made struct{ Verifier string }
	must(t, s, "init")
	parse(t, must(t, s, "witness", "init", folder, "--name", "w.example/w", "--json"), &made)
	var log struct{ Verifier string }
	parse(t, must(t, s, "verify", "--json"), &log)
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for range rounds {
		cmd := program(t, s, "witness", "serve", folder, "--log", log.Verifier, "--listen", "127.0.0.1:0")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		address := strings.TrimSpace(line[strings.Index(line, "http://"):])
		policy := filepath.Join(t.TempDir(), "policy")
		text := fmt.Sprintf("log %s\nwitness w %s %s\nquorum w\n", log.Verifier, made.Verifier, address)
		if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		must(t, s, "ledger", "policy", policy)
		ask := program(t, s, "ledger", "publish")
		if err := ask.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(600)) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		ask.Wait() // it may have failed to reach the witness
	}
	var status standing
	parse(t, must(t, s, "ledger", "status", "--json"), &status)
	if len(status.Alarms) > 0 {
		t.Errorf("alarms after %d kills: %v", rounds, status.Alarms)
	}
	must(t, s, "verify")
}

func parse(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

// TestPublishingIsDueAtItsTimes looks at the newest time that has come, across midnight.
func TestPublishingIsDueAtItsTimes(t *testing.T) {
	times, err := parseTimes([]string{"06:30", "18:00"})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for at, want := range map[string]time.Time{
		"06:29": day.Add(-6 * time.Hour), "06:30": day.Add(6*time.Hour + 30*time.Minute),
		"17:59": day.Add(6*time.Hour + 30*time.Minute), "23:00": day.Add(18 * time.Hour),
	} {
		clock, _ := time.Parse("15:04", at)
		now := day.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
		if got := times.due(now); !got.Equal(want) {
			t.Errorf("at %s: due since %s, want %s", at, got, want)
		}
	}
	if _, err := parseTimes([]string{"25:00"}); err == nil {
		t.Error("an hour that no day has is read")
	}
}

// TestAServerPublishesOnceWhenItIsDue and not before its first time.
func TestAServerPublishesOnceWhenItIsDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, began := t.Context(), db.Now()
		steps := []struct {
			due  time.Time
			want int
		}{{began.Add(-time.Hour), 0}, {began.Add(time.Second), 1}, {began.Add(-time.Hour), 1}, {began.Add(time.Second), 2}}
		for i, s := range steps {
			if err := publishDue(ctx, db, s.due, began); err != nil {
				t.Fatal(err)
			}
			var list []store.Publication
			err := db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
				list, err = tx.Publications(10)
				return err
			})
			if err != nil || len(list) != s.want {
				t.Errorf("step %d: published %d times, want %d: %v", i, len(list), s.want, err)
			}
		}
	})
}
