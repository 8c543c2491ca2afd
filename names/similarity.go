package names

import "math/bits"

// jaroWinkler returns the Jaro-Winkler similarity of two folds of at most 64 bytes each, from 0 to 1 (Winkler 1990:
// prefix of at most four letters, weight 0.1). It works on bit masks and allocates nothing.
func jaroWinkler(a, b string) float64 {
	if a == b {
		return 1
	}
	if a == "" || b == "" {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a // symmetric to the bit
	} else if len(a) == len(b) && a > b {
		a, b = b, a
	}
	j := jaro(a, b)
	prefix := 0
	for prefix < min(4, len(a)) && a[prefix] == b[prefix] {
		prefix++
	}
	return j + float64(prefix)*0.1*(1-j)
}

func jaro(a, b string) float64 {
	window := max(len(b)/2-1, 0)
	var inA, inB uint64
	for i := range len(a) {
		lo, hi := max(0, i-window), min(len(b)-1, i+window)
		for k := lo; k <= hi; k++ {
			if a[i] == b[k] && inB&(1<<k) == 0 {
				inA |= 1 << i
				inB |= 1 << k
				break
			}
		}
	}
	m := bits.OnesCount64(inA)
	if m == 0 {
		return 0
	}
	moved := 0
	for x, y := inA, inB; x != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)] != b[bits.TrailingZeros64(y)] {
			moved++
		}
	}
	f := float64(m)
	return (f/float64(len(a)) + f/float64(len(b)) + (f-float64(moved/2))/f) / 3
}

// oneEdit reports whether one letter inserted, dropped, changed or two neighbours swapped turn a into b.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return true
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
