package linkage

import "math"

// A rule that decides many pairs is tried on a random sample first. These two functions say what the sample proves of the rest.
// The pairs are a finite list, drawn from without replacement, so the count of wrong ones in a sample is hypergeometric, and the
// bound is exact, as that of Clopper and Pearson (1934) is for the binomial: it needs no normal approximation, which says nothing
// of error rates near zero, where all rules worth applying lie.

// Confidence of the bounds: of a hundred rules that err more than their bound, at most five show a sample this good.
const Confidence = 0.95

// MostWrong returns how many of so many pairs may be wrong at the most, with [Confidence], when of a random sample of them so many
// were judged and so many of those were wrong. Nothing judged proves nothing: then it may be all.
func MostWrong(pairs, judged, wrong int) int {
	if judged <= 0 {
		return pairs
	}
	low, high := wrong, pairs-(judged-wrong)
	for low < high { // the greatest number that is not yet ruled out
		middle := (low + high + 1) / 2
		if atMost(wrong, pairs, middle, judged) > 1-Confidence {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// ErrorBound returns the share of wrong ones among the pairs that were not judged, at the most, with [Confidence].
func ErrorBound(pairs, judged, wrong int) float64 {
	if judged >= pairs {
		return 0
	}
	return float64(MostWrong(pairs, judged, wrong)-wrong) / float64(pairs-judged)
}

// SampleFor returns how many of so many pairs have to be judged so that, when none of them is wrong, [ErrorBound] is at most a share.
func SampleFor(pairs int, share float64) int {
	for n := 1; n < pairs; n++ {
		if ErrorBound(pairs, n, 0) <= share {
			return n
		}
	}
	return pairs
}

// atMost returns the probability of at most x wrong ones in a sample of n out of so many pairs of which so many are wrong.
func atMost(x, pairs, wrong, n int) (p float64) {
	all := choose(pairs, n)
	for i := max(0, n-(pairs-wrong)); i <= min(x, wrong, n); i++ {
		p += math.Exp(choose(wrong, i) + choose(pairs-wrong, n-i) - all)
	}
	return p
}

// choose returns the logarithm of the binomial coefficient.
func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
