package synth

import "sort"

// zipf draws ranks as names are given: the first far more often than the tenth, and a long tail. The share of rank r is
// proportional to (r+shift)^-power, after Zipf and Mandelbrot.
type zipf []float64 // cumulative shares

// ranks makes a zipf of n ranks of power 1 or 2.
func ranks(n int, shift float64, power int) zipf {
	z, sum := make(zipf, n), 0.0
	for r := range z {
		share := 1 / (float64(r) + shift)
		if power == 2 {
			share *= share
		}
		sum += share
		z[r] = sum
	}
	for r := range z {
		z[r] /= sum
	}
	return z
}

// draw returns a rank from 0.
func (z zipf) draw(d dice) int { return min(sort.SearchFloat64s(z, d.Float64()), len(z)-1) }
