package stamp_test

import (
	"crypto"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/stamp"
	"github.com/homeward-registry/homeward/stamp/stamptest"
)

var message = []byte("homeward.local/x\n5331\nroot\n")

// authority reads an authority as the operator names it.
func authority(t *testing.T, a *stamptest.Authority) stamp.Authority {
	t.Helper()
	list, err := stamp.ParseAuthorities([]byte(a.Text()))
	if err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	return list[0]
}

func answer(t *testing.T, a *stamptest.Authority, r stamp.Request) []byte {
	t.Helper()
	der, err := r.DER()
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Answer(der)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAStampIsOfItsMessageAndItsRequest(t *testing.T) {
	a := stamptest.New(t, "one", stamptest.ForStamps)
	roots, r := authority(t, a).Roots, stamp.NewRequest(message)
	got := answer(t, a, r)
	at, err := r.Check(got, roots)
	if err != nil || time.Since(at) > time.Minute {
		t.Fatalf("%v %v", at, err)
	}
	if again, err := stamp.Verify(got, message, roots); err != nil || !again.Equal(at) {
		t.Errorf("%v %v", again, err)
	}
	other := authority(t, stamptest.New(t, "two", stamptest.ForStamps)).Roots
	for name, err := range map[string]error{
		"another message": second(stamp.Verify(got, message[1:], roots)), "another root": second(stamp.Verify(got, message, other)),
		"no root": second(stamp.Verify(got, message, nil)), "another request": second(stamp.NewRequest(message).Check(got, roots)),
		"nothing": second(stamp.Verify(nil, message, roots)), "rubbish": second(stamp.Verify([]byte("0\x80\x00"), message, roots)),
		"too much": second(stamp.Verify(append(got, make([]byte, stamp.MaxAnswer)...), message, roots)),
	} {
		if !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ time.Time, err error) error { return err }

// TestWhatAnAuthorityGetsWrongIsRefused: everything RFC 3161 asks a requester to look at.
func TestWhatAnAuthorityGetsWrongIsRefused(t *testing.T) {
	for name, wrong := range map[string]func(*timestamp.Timestamp){
		"no certificates":             func(t *timestamp.Timestamp) { t.AddTSACertificate = false },
		"another hash":                func(t *timestamp.Timestamp) { t.HashedMessage[0] ^= 1 },
		"another algorithm":           func(t *timestamp.Timestamp) { t.HashAlgorithm, t.HashedMessage = crypto.SHA512, make([]byte, 64) },
		"another nonce":               func(t *timestamp.Timestamp) { t.Nonce = big.NewInt(7) },
		"no nonce":                    func(t *timestamp.Timestamp) { t.Nonce = nil },
		"before its certificate":      func(t *timestamp.Timestamp) { t.Time = t.Time.Add(-48 * time.Hour) },
		"after its certificate ended": func(t *timestamp.Timestamp) { t.Time = t.Time.Add(48 * time.Hour) },
	} {
		a := stamptest.New(t, "one", stamptest.ForStamps)
		a.Wrong = wrong
		r := stamp.NewRequest(message)
		if at, err := r.Check(answer(t, a, r), authority(t, a).Roots); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("%s: %v %v", name, at, err)
		}
	}
	for _, purpose := range []stamptest.Purpose{stamptest.ForStampsNotCritical, stamptest.ForServersAsWell, stamptest.ForServers} {
		a := stamptest.New(t, "one", purpose)
		r := stamp.NewRequest(message)
		if _, err := r.Check(answer(t, a, r), authority(t, a).Roots); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("purpose %d: %v", purpose, err)
		}
	}
}

// TestNoFlippedBitMovesTheTime flips every bit of an answer: it is refused, or says the same of the same message. What may
// change unseen are bytes that nobody signs, such as certificates that the chain does not need.
func TestNoFlippedBitMovesTheTime(t *testing.T) {
	a := stamptest.New(t, "one", stamptest.ForStamps)
	roots, r := authority(t, a).Roots, stamp.NewRequest(message)
	got := answer(t, a, r)
	at, err := r.Check(got, roots)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for bit := range len(got) * 8 {
		got[bit/8] ^= 1 << (bit % 8)
		if when, err := r.Check(got, roots); err == nil {
			if passed++; !when.Equal(at) {
				t.Errorf("bit %d moves the time to %v", bit, when)
			}
		}
		got[bit/8] ^= 1 << (bit % 8)
	}
	t.Logf("%d of %d flips are of bytes that nobody signs", passed, len(got)*8)
}

// TestOpensslAgrees verifies the same bytes with the stock tool.
func TestOpensslAgrees(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("HOMEWARD_REQUIRE_ALL") != "" {
			t.Fatal("openssl is required here")
		}
		t.Skip("SKIPPED: openssl is not on this machine; this promise was NOT tested")
	}
	a := stamptest.New(t, "one", stamptest.ForStamps)
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tsr, root := put("answer.tsr", answer(t, a, stamp.NewRequest(message))), put("root.pem", authority(t, a).PEM)
	verify := func(data string) error {
		return exec.Command(openssl, "ts", "-verify", "-data", data, "-in", tsr, "-CAfile", root).Run()
	}
	if err := verify(put("message", message)); err != nil {
		t.Errorf("openssl refuses the stamp: %v", err)
	}
	if verify(put("other", message[1:])) == nil {
		t.Error("openssl accepts another message")
	}
}

func TestAuthoritiesAreReadStrictly(t *testing.T) {
	a, b := stamptest.New(t, "one", stamptest.ForStamps), stamptest.New(t, "two", stamptest.ForStamps)
	list, err := stamp.ParseAuthorities([]byte("# two of them\n\n" + a.Text() + string(b.Root) + "\n" + b.Text()))
	if err != nil || len(list) != 2 || list[0].Name != "one" || len(list[0].PEM) != len(a.Root)+len(b.Root) || list[1].URL != b.URL {
		t.Errorf("%d authorities: %v", len(list), err)
	}
	for name, text := range map[string]string{
		"nothing": "", "only a comment": "# none\n", "no certificate": "authority one https://tsa.example/\n", "a name twice": a.Text() + a.Text(),
		"no address": "authority one tsa\n" + string(a.Root), "another scheme": "authority one ftp://tsa.example/\n" + string(a.Root),
		"a certificate alone": string(a.Root), "a broken certificate": "authority one https://tsa.example/\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"rubbish below": a.Text() + "rubbish\n",
	} {
		if _, err := stamp.ParseAuthorities([]byte(text)); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte("0\x03\x02\x01\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := stamp.Verify(b, message, nil); !errors.Is(err, homeward.ErrTampered) {
			t.Fatal("rubbish is verified")
		}
	})
}

func FuzzParseAuthorities(f *testing.F) {
	f.Add([]byte("authority one https://tsa.example/\n-----BEGIN CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) { stamp.ParseAuthorities(b) })
}
