package synth

import "math/bits"

// scatter is a permutation of the numbers below size that tells nothing of their order and needs no memory: a Feistel
// network of four rounds over the next even number of bits, walked until it lands inside (Black and Rogaway 2002).
type scatter struct {
	size, seed uint64
	half       int // bits of one side
}

func newScatter(size int, seed uint64) scatter {
	return scatter{uint64(size), seed, max(1, (bits.Len64(uint64(size))+1)/2)}
}

// at returns where n goes.
func (s scatter) at(n int) int {
	mask := uint64(1)<<s.half - 1
	for x := uint64(n); ; {
		left, right := x>>s.half, x&mask
		for round := range uint64(4) {
			left, right = right, left^mix(right^s.seed+round<<56)&mask
		}
		if x = left<<s.half | right; x < s.size {
			return int(x)
		}
	}
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
