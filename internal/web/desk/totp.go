package desk

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Codes of an application: RFC 6238 with what every application knows, SHA-1, six digits, thirty seconds. One step early or
// late is accepted, for clocks that differ.
const (
	stepSeconds = 30
	codeDigits  = 6
	// codesMissed in a row shut an application's codes (NIST SP 800-63B, section 5.2.2): three of a million fit at any
	// time, so that guessing through succeeds three times in ten thousand.
	codesMissed = 100
	// recoveryCodes are given at a time, each of 80 bits.
	recoveryCodes  = 10
	recoveryLength = 16
)

// newSecret returns 160 bits in base32 without padding, which is what applications take as text.
func newSecret() string { return (rand.Text() + rand.Text())[:32] }

// stepOf returns the time step whose code this is.
func stepOf(secret, code string, now time.Time) (step int64, ok bool) {
	at := now.Unix() / stepSeconds
	for _, near := range []int64{at, at - 1, at + 1} {
		want, err := hotp.GenerateCodeCustom(secret, uint64(near), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return near, true
		}
	}
	return 0, false
}

// plainCode takes out what people put in to read a code, and what they misread.
func plainCode(typed string) string {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(typed))
	if len(code) != codeDigits {
		code = strings.NewReplacer("0", "O", "1", "I").Replace(code)
	}
	return code
}

// newRecoveryCode returns a code in its plain form.
func newRecoveryCode() string { return rand.Text()[:recoveryLength] }

// inFours writes a code in groups of four.
func inFours(code string) string {
	var groups []string
	for len(code) > 4 {
		groups, code = append(groups, code[:4]), code[4:]
	}
	return strings.Join(append(groups, code), "-")
}

// keyURI is what an application reads from a picture: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
func keyURI(user, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {"Homeward"}}
	return "otpauth://totp/Homeward:" + url.PathEscape(user) + "?" + q.Encode()
}

// square is a QR code drawn as one SVG path, with the quiet zone of four modules around it.
type square struct {
	Size int
	Path string
}

func drawQR(text string) (square, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return square{}, fmt.Errorf("draw code: %w", err)
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+4, y+4)
			}
		}
	}
	return square{side + 8, path.String()}, nil
}
