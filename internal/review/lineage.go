package review

import (
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// lineages knows which records are versions of one row. Records that are the only version are not held: most are.
type lineages struct {
	roots    map[homeward.RecordID]homeward.RecordID   // record -> oldest accepted version of its row
	versions map[homeward.RecordID][]homeward.RecordID // root -> accepted versions, oldest first
}

// lineagesOf finds the lineages among records; facts come oldest first. Versions in quarantine carry a lineage on but
// are no versions of their own, because nobody compares what could not be read.
func lineagesOf(facts []store.RecordFact) *lineages {
	earlier := map[homeward.RecordID]homeward.RecordID{}
	quarantined := map[homeward.RecordID]bool{}
	for _, x := range facts {
		if x.Supersedes != "" {
			earlier[x.ID] = x.Supersedes
		}
		if x.State != homeward.RecordAccepted {
			quarantined[x.ID] = true
		}
	}
	l := &lineages{map[homeward.RecordID]homeward.RecordID{}, map[homeward.RecordID][]homeward.RecordID{}}
	for _, x := range facts {
		if x.Supersedes == "" || quarantined[x.ID] {
			continue
		}
		root := x.ID
		for id := earlier[x.ID]; id != ""; id = earlier[id] {
			if !quarantined[id] {
				root = id
			}
		}
		if root == x.ID {
			continue
		}
		if l.roots[root] == "" {
			l.roots[root], l.versions[root] = root, []homeward.RecordID{root}
		}
		l.roots[x.ID], l.versions[root] = root, append(l.versions[root], x.ID)
	}
	return l
}

// root returns the record under which a record's row is indexed.
func (l *lineages) root(id homeward.RecordID) homeward.RecordID {
	if r, ok := l.roots[id]; ok {
		return r
	}
	return id
}

// newest returns the version of a row that its source says now.
func (l *lineages) newest(id homeward.RecordID) homeward.RecordID {
	if v := l.versions[l.root(id)]; len(v) > 0 {
		return v[len(v)-1]
	}
	return id
}

// all returns the accepted versions of a row, oldest first.
func (l *lineages) all(id homeward.RecordID) []homeward.RecordID {
	if v := l.versions[l.root(id)]; len(v) > 0 {
		return v
	}
	return []homeward.RecordID{id}
}

// pair returns the pair of the two rows, whichever of their versions the given pair names.
func (l *lineages) pair(id homeward.PairID) (pair homeward.PairID, left, right homeward.RecordID, ok bool) {
	a, b, ok := id.Records()
	a, b = l.root(a), l.root(b)
	if !ok || a == b {
		return id, a, b, false
	}
	if b < a {
		a, b = b, a
	}
	return homeward.PairOf(a, b), a, b, true
}
