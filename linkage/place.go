package linkage

import "hash/maphash"

// placeTable finds the place of a record among entries by its id. The ids stand in the entries and nowhere else, and a place takes
// four bytes, twice that where the table has just grown.
type placeTable struct {
	seed  maphash.Seed
	slots []int32 // 1 + the place; 0 where nothing stands
	used  int
}

func newPlaceTable() placeTable {
	return placeTable{seed: maphash.MakeSeed(), slots: make([]int32, 16)}
}

// find returns the place of a living record.
func (t *placeTable) find(entries []*entry, id string) (place int32, there bool) {
	for i := t.slot(id); t.slots[i] != 0; i = t.next(i) {
		if e := entries[t.slots[i]-1]; e.id == id && !e.dead {
			return t.slots[i] - 1, true
		}
	}
	return 0, false
}

// put notes the place of a record whose id is not there. That of one that died stays until the table grows.
func (t *placeTable) put(entries []*entry, place int32) {
	if t.used >= len(t.slots)/2 {
		t.grow(entries)
	}
	i := t.slot(entries[place].id)
	for t.slots[i] != 0 {
		i = t.next(i)
	}
	t.slots[i] = place + 1
	t.used++
}

// grow makes room for twice as many as live.
func (t *placeTable) grow(entries []*entry) {
	living := make([]int32, 0, t.used)
	for _, s := range t.slots {
		if s != 0 && !entries[s-1].dead {
			living = append(living, s-1)
		}
	}
	size := 16
	for size < 4*len(living) {
		size *= 2
	}
	t.slots, t.used = make([]int32, size), 0
	for _, place := range living {
		t.put(entries, place)
	}
}

func (t *placeTable) slot(id string) int {
	return int(maphash.String(t.seed, id) & uint64(len(t.slots)-1))
}

func (t *placeTable) next(slot int) int { return (slot + 1) & (len(t.slots) - 1) }
