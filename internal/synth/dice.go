package synth

import "math/rand/v2"

// dice is the chance of one family or one list.
type dice struct{ *rand.Rand }

func roll(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between draws from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// pick draws one element.
func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// pickCommon draws one element of a list whose first elements are the common ones.
func pickCommon[T any](d dice, list []T) T { return list[min(d.IntN(len(list)), d.IntN(len(list)))] }

// skewed draws from 0 to high, small values more often.
func (d dice) skewed(high int) int { return min(d.IntN(high+1), d.IntN(high+1)) }
