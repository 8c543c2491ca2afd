package names

import "math/bits"

// letters is what a fold is made of, whatever the order: enough to tell most words apart that are not near.
type letters struct {
	there letterSet
	soft  letterSet // what may stand in the place of one, or be lost, for less than an edit
	fold  string
}

func lettersOf(fold string) letters {
	l := letters{fold: fold}
	for i := range len(fold) {
		l.there |= letterBit(fold[i])
		l.soft |= softLetters[fold[i]&127]
	}
	return l
}

// unlike reports whether the letters alone tell that two folds are not near.
func (l *letters) unlike(o *letters) bool {
	return max(l.price(o), o.price(l)) > nearLimit(max(len(l.fold), len(o.fold)))
}

// near reports whether two folds are near.
func (l *letters) near(o *letters) bool {
	return !l.unlike(o) && near(l.fold, o.fold) != LevelDifferent
}

// price is what it costs at least to make these letters those of another word: each that the other lacks is changed or dropped.
func (l *letters) price(o *letters) int {
	lacking := l.there &^ o.there
	return fullEdit*bits.OnesCount64(uint64(lacking&^o.soft)) + softEdit*bits.OnesCount64(uint64(lacking&o.soft))
}

// letterSet is a set of letters of folds.
type letterSet uint64

// letterBit is the place of a letter in a set. Letters may share one, which makes two sets more alike than they are.
func letterBit(c byte) letterSet { return 1 << (c & 63) }

var softLetters = func() (out [128]letterSet) {
	for a := range out {
		out[a] = letterBit('i') // dropped for less
		for b := range changeCost[a] {
			if changeCost[a][b] < fullEdit {
				out[a] |= letterBit(byte(b))
			}
		}
	}
	return out
}()
