package bundle

import (
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// Item is one entry of a ledger as far as it is disclosed.
type Item struct {
	Time      string              // of its leaf: UTC, to the minute
	Disclosed map[string]Field    // path -> what it says
	Withheld  map[string]Withheld // path -> what stands in its place
}

// Field is a disclosed value with the key of its path alone: it proves this value and opens no other.
type Field struct {
	Key   [32]byte
	Value string
}

// Withheld is a path that is not shown. Its digest is the one the ledger committed to; without the key, guessing the
// value does not confirm it.
type Withheld struct {
	Digest [32]byte
	Why    string
}

// Disclose makes an item of an entry. why returns the reason to withhold a path; an empty reason discloses it.
func Disclose(p ledger.Payload, salt ledger.Salt, why func(path string) string) Item {
	it := Item{Time: p.At.UTC().Format(minute), Disclosed: map[string]Field{}, Withheld: map[string]Withheld{}}
	for path, value := range p.Paths() {
		if reason := why(path); reason != "" {
			it.Withheld[path] = Withheld{ledger.FieldDigest(salt, path, value), reason}
		} else {
			it.Disclosed[path] = Field{ledger.FieldKey(salt, path), value}
		}
	}
	return it
}

const minute = "2006-01-02T15:04Z"

// Value returns what a disclosed path says, and nothing for any other.
func (it Item) Value(path string) string { return it.Disclosed[path].Value }

// Leaf returns the leaf that this item is opened from: whatever was disclosed and withheld, it is the same.
func (it Item) Leaf() []byte {
	digests := make(map[string]string, len(it.Disclosed)+len(it.Withheld))
	for path, f := range it.Disclosed {
		digest := ledger.DisclosedDigest(f.Key, f.Value)
		digests[path] = hex.EncodeToString(digest[:])
	}
	for path, w := range it.Withheld {
		digests[path] = hex.EncodeToString(w.Digest[:])
	}
	return fmt.Appendf(nil, `{"c":"%x","t":"%s","v":"1"}`, ledger.CommitDigests(digests), it.Time)
}

// MarshalText returns the item as canonical JSON.
func (it Item) MarshalText() ([]byte, error) {
	disclosed, withheld := map[string]any{}, map[string]any{}
	for path, f := range it.Disclosed {
		disclosed[path] = map[string]any{"key": hex.EncodeToString(f.Key[:]), "value": f.Value}
	}
	for path, w := range it.Withheld {
		withheld[path] = map[string]any{"digest": hex.EncodeToString(w.Digest[:]), "why": w.Why}
	}
	return ledger.CanonicalJSON(map[string]any{"disclosed": disclosed, "time": it.Time, "v": "1", "withheld": withheld})
}

var timeForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$`)

// ParseItem reads what MarshalText wrote and refuses everything else.
func ParseItem(text []byte) (it Item, err error) {
	v, err := ledger.ParseJSON(text)
	if err != nil {
		return it, err
	}
	top, ok := object(v, "disclosed", "time", "v", "withheld")
	at, isText := top["time"].(string)
	if !ok || !isText || !timeForm.MatchString(at) || top["v"] != "1" {
		return it, errItem
	}
	it = Item{Time: at, Disclosed: map[string]Field{}, Withheld: map[string]Withheld{}}
	err = eachPair(top["disclosed"], "key", "value", func(path, key, value string) (bad bool) {
		k, bad := hash(key)
		it.Disclosed[path] = Field{k, value}
		return bad
	})
	if err != nil {
		return it, err
	}
	return it, eachPair(top["withheld"], "digest", "why", func(path, digest, why string) (bad bool) {
		d, bad := hash(digest)
		_, twice := it.Disclosed[path]
		it.Withheld[path] = Withheld{d, why}
		return bad || twice
	})
}

var errItem = fmt.Errorf("parse item: not in its form: %w", homeward.ErrInvalid)

// eachPair reads an object of objects that have two texts each.
func eachPair(v any, first, second string, take func(path, a, b string) (bad bool)) error {
	all, ok := v.(map[string]any)
	if !ok {
		return errItem
	}
	for path, v := range all {
		pair, ok := object(v, first, second)
		a, isA := pair[first].(string)
		b, isB := pair[second].(string)
		if !ok || !isA || !isB || take(path, a, b) {
			return errItem
		}
	}
	return nil
}

// object returns v as an object that has exactly the given keys.
func object(v any, keys ...string) (map[string]any, bool) {
	m, ok := v.(map[string]any)
	for _, k := range keys {
		_, has := m[k]
		ok = ok && has
	}
	return maps.Clone(m), ok && len(m) == len(keys)
}

// hash reads 32 bytes in lower-case hexadecimal.
func hash(text string) (h [32]byte, bad bool) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(h) || hex.EncodeToString(raw) != text {
		return h, true
	}
	return [32]byte(raw), false
}

// momentAgrees reports whether the leaf's minute is that of the instant the entry states, where it is disclosed.
func (it Item) momentAgrees() bool {
	at, shown := it.Disclosed["at"]
	return !shown || len(at.Value) >= 16 && at.Value[:16]+"Z" == it.Time
}
