package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Sizes in bytes. The work of Argon2id is [seal.Effort], and each hash keeps its own.
const (
	argonSalt = 16
	argonKey  = 32
)

// hashing bounds how many passwords are hashed at once: each takes 64 MiB and a good part of a second.
var hashing = newTurns(2)

// HashPassword returns the hash of a password with its parameters beside it, in the PHC string format:
// $argon2id$v=19$m=65536,t=3,p=2$salt$hash. An empty password is ErrInvalid.
func HashPassword(password string) (string, error) {
	return hashPassword(context.Background(), "", password)
}

// hashPassword waits for its turn among those of other addresses.
func hashPassword(ctx context.Context, from, password string) (string, error) {
	if password == "" {
		return "", fmt.Errorf("hash password: empty: %w", homeward.ErrInvalid)
	}
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	if err := hashing.take(ctx, from); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	defer hashing.give()
	w := seal.Effort
	key := derive(password, salt, w.Passes, w.Memory, w.Threads, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, w.Memory, w.Passes, w.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// checkPassword is [fits] in its turn among those of other addresses; ErrUnavailable when too many wait.
func checkPassword(ctx context.Context, from, hash, password string) (bool, error) {
	if err := hashing.take(ctx, from); err != nil {
		return false, fmt.Errorf("check password: %w", err)
	}
	defer hashing.give()
	return fits(hash, password), nil
}

// fits reports whether the password is the one of the hash. A hash that cannot be read fits no password.
func fits(hash, password string) bool {
	var version, passes int
	var memory uint32
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil || !sane(memory, passes, threads) {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) < 16 {
		return false
	}
	got := derive(password, salt, uint32(passes), memory, threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1
}

// sane refuses parameters that Argon2 refuses with a panic, or that would exhaust the machine.
func sane(memory uint32, passes int, threads uint8) bool {
	return memory > 0 && memory <= 1<<20 && passes > 0 && passes <= 16 && threads > 0
}

// derive takes the password in one form of Unicode: some keyboards write й as one character and some as two, and nobody
// sees which (NIST SP 800-63B, section 5.1.1.2).
func derive(password string, salt []byte, passes, memory uint32, threads uint8, size uint32) []byte {
	return argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, passes, memory, threads, size)
}
