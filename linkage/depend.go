package linkage

// Comparisons are not independent: most children live where they were born, and a given name tells the sex. Two strangers who agree
// on the one then agree on the other more often than by chance, and counted twice the same agreement would make them one child. So
// the chances of strangers form a tree (Chow and Liu 1968): each comparison depends on at most one before it, the one with which it
// shares most, and its U is that of its parent's level.

// groups is how many levels of a parent are told apart; 0 is that it has nothing to compare.
const groups = 4

// group is the level of a parent as far as others depend on it. Of the name it is whether the given name agrees.
func group(parent, level int) int {
	if parent != cmpName {
		return level
	}
	switch level {
	case 0:
		return 0
	case nameAll, nameFamilyGiven, nameGivenPatronymic, nameNoPatronymic, nameGiven:
		return same
	case nameAllNear, nameNear, nameBothNear:
		return partly
	}
	return differ
}

// The least that is taken for dependence: so many random pairs that agree on both, so many times as many as by chance.
const (
	leastTogether = 30
	leastRatio    = 1.3
)

// priorTogether is how many random pairs independence is worth.
const priorTogether = 100

// depend finds for each comparison the one it depends on, from the patterns of random pairs, after taking out what pairs of one
// child add to them.
func (m *Model) depend(met map[pattern]float64) {
	for c := cmpSex; c < len(m.Comparisons); c++ {
		m.Comparisons[c].On, m.Comparisons[c].Given = "", nil
		best := leastRatio
		for _, parent := range m.parents(c) {
			t := m.together(met, parent, c)
			if ratio := t.ratio(); ratio > best {
				best = ratio
				m.Comparisons[c].On, m.Comparisons[c].Given = m.Comparisons[parent].Name, t.given(m.Comparisons[c].Levels)
			}
		}
	}
}

// parents lists what a comparison may depend on: sex on the name, texts on texts before them.
func (m *Model) parents(c int) (out []int) {
	if c == cmpSex {
		return []int{cmpName}
	}
	if !column(c - cmpColumns).shape().words() {
		return nil
	}
	for p := cmpColumns; p < c; p++ {
		if column(p - cmpColumns).shape().words() {
			out = append(out, p)
		}
	}
	return out
}

// joint is how often two comparisons show which levels together among strangers.
type joint [groups][groups]float64

func (m *Model) together(met map[pattern]float64, parent, c int) (t joint) {
	total := 0.0
	for p, n := range met {
		if k, l := group(parent, p.level(parent)), p.level(c); k > 0 && l > 0 {
			t[k][l] += n
			total += n
		}
	}
	var ofParent [groups]float64
	for l, level := range m.Comparisons[parent].Levels {
		ofParent[group(parent, l+1)] += level.M
	}
	for k := 1; k < groups; k++ {
		for l, level := range m.Comparisons[c].Levels {
			t[k][l+1] = max(0, t[k][l+1]-m.Lambda*total*ofParent[k]*level.M)
		}
	}
	return t
}

func (t *joint) row(k int) (sum float64) {
	for _, n := range t[k] {
		sum += n
	}
	return sum
}

// ratio is how many times as often as by chance both agree; 0 where that was hardly ever met.
func (t *joint) ratio() float64 {
	if t[same][same] < leastTogether {
		return 0
	}
	total, column := 0.0, 0.0
	for k := range t {
		total += t.row(k)
		column += t[k][same]
	}
	return t[same][same] * total / (t.row(same) * column)
}

// given returns U of every level for every level of the parent, drawn towards independence.
func (t *joint) given(levels []Level) [][]float64 {
	out := make([][]float64, groups)
	for k := range out {
		out[k] = make([]float64, len(levels))
		for l, level := range levels {
			out[k][l] = (t[k][l+1] + priorTogether*level.U) / (t.row(k) + priorTogether)
		}
	}
	return out
}

// on returns the place of the comparison that another depends on, or -1.
func (m *Model) on(c int) int {
	if m.Comparisons[c].On != "" {
		for p := range c {
			if m.Comparisons[p].Name == m.Comparisons[c].On {
				return p
			}
		}
	}
	return -1
}
