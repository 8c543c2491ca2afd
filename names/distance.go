package names

// distance returns how far apart two folds of at most 64 bytes are, in quarters of an edit: a letter left out, put in or
// exchanged is 4, two neighbours exchanged 3, a vowel for a vowel or a sound for one often written or heard for it 2. It is
// symmetric, stands on the stack and gives up beyond limit with limit+1 (Wagner and Fischer 1974; the neighbours after
// Damerau 1964).
func distance(a, b string, limit int) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if (len(b)-len(a))*softEdit > limit {
		return limit + 1
	}
	var rows [3][maxFold + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := 1; j <= len(b); j++ {
		last[j] = last[j-1] + dropCost[b[j-1]&127]
	}
	for i := 1; i <= len(a); i++ {
		drop, change := dropCost[a[i-1]&127], &changeCost[a[i-1]&127]
		row[0] = last[0] + drop
		least := row[0]
		for j := 1; j <= len(b); j++ {
			d := min(last[j-1]+change[b[j-1]&127], last[j]+drop, row[j-1]+dropCost[b[j-1]&127])
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				d = min(d, before[j-2]+swapEdit)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}

// The prices of edits, in quarters of one.
const (
	fullEdit = 4
	swapEdit = 3
	softEdit = 2
)

// dropCost is the price of a letter that one of two words lacks: an i that carries no stress is easily lost.
var dropCost = func() (out [128]int) {
	for c := range out {
		out[c] = fullEdit
	}
	out['i'] = softEdit
	return out
}()

// changeCost is the price of one letter in the place of another: less for vowels among themselves and for sounds that are
// written or heard for one another.
var changeCost = func() (out [128][128]int) {
	for a := range out {
		for b := range out[a] {
			switch {
			case a == b:
			case isVowel(byte(a)) && isVowel(byte(b)):
				out[a][b] = softEdit
			default:
				out[a][b] = fullEdit
			}
		}
	}
	for _, p := range []string{"g8", "gk", "8k", "67", "46", "36", "z3", "z5", "s5", "sz", "s6", "45", "4d", "3d", "vu", "vb", "vf", "bp", "dt", "fp", "ft", "iv"} {
		out[p[0]][p[1]], out[p[1]][p[0]] = softEdit, softEdit
	}
	return out
}()
