package ledger

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
)

// CanonicalJSON returns text, a []any or a map[string]any of nothing but these in the form of RFC 8785. There are no
// numbers: two programs that agree on every string still disagree on numbers. Anything else is refused.
func CanonicalJSON(v any) ([]byte, error) { return appendJSON(nil, v) }

func appendJSON(b []byte, v any) (_ []byte, err error) {
	switch v := v.(type) {
	case string:
		if !utf8.ValidString(v) {
			return nil, fmt.Errorf("canonical JSON: text is not valid UTF-8: %w", homeward.ErrInvalid)
		}
		return appendString(b, v), nil
	case []any:
		return appendList(b, v)
	case map[string]any:
		return appendMap(b, v)
	}
	return nil, fmt.Errorf("canonical JSON: a %T is neither text, list nor object: %w", v, homeward.ErrInvalid)
}

func appendList(b []byte, list []any) (_ []byte, err error) {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, v); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendMap(b []byte, m map[string]any) (_ []byte, err error) {
	names := make(map[string]string, len(m))
	for k := range m {
		names[k] = ""
	}
	b = append(b, '{')
	for i, k := range sortedKeys(names) {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, k); err != nil {
			return nil, err
		}
		if b, err = appendJSON(append(b, ':'), m[k]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// ParseJSON reads what [CanonicalJSON] writes and refuses everything else.
func ParseJSON(text []byte) (any, error) {
	malformed := fmt.Errorf("parse JSON: not in canonical form: %w", homeward.ErrInvalid)
	var v any
	if json.Unmarshal(text, &v) != nil {
		return nil, malformed
	}
	again, err := CanonicalJSON(v)
	if err != nil || !bytes.Equal(again, text) {
		return nil, malformed
	}
	return v, nil
}

// DisclosedDigest returns the digest of a path from its own key, as [FieldKey] gave it, and its value: what a verifier
// computes who was given nothing but these.
func DisclosedDigest(key [32]byte, value string) [32]byte {
	mac := hmac.New(sha256.New, key[:])
	mac.Write(appendString(nil, value))
	return [32]byte(mac.Sum(nil))
}

// Paths returns every path that a commitment to the payload covers, with its value.
func (p Payload) Paths() map[string]string {
	out := make(map[string]string, len(p.Body)+len(p.Source)+len(p.Prev)+6)
	p.eachField(sortedKeys(p.Body), func(prefix, name, value string) { out[prefix+name] = value })
	return out
}
