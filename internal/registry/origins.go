package registry

import "github.com/homeward-registry/homeward"

// Origins returns how many sources say the value now: two and more corroborate it. A source that says a thing in several
// editions, or of several rows, is one. Whether one source copied another is not known here; the page names them all.
func (v Value) Origins() int {
	seen := map[homeward.SourceID]bool{}
	for _, s := range v.Claims {
		if s.SupersededBy == "" {
			seen[s.Source] = true
		}
	}
	return len(seen)
}
