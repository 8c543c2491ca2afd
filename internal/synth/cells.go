package synth

// maybe fills a cell with probability p.
func maybe(d dice, text string, p float64) string {
	if !d.chance(p) {
		return ""
	}
	return text
}

// slip makes a mistake of typing with probability p.
func slip(d dice, text string, p float64) string {
	if d.chance(p) {
		return typo(d, text)
	}
	return text
}

// short writes the pet name in place of the given name with probability p.
func short(d dice, name, pet string, p float64) string {
	return choose(d.chance(p), pet, name)
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// showDocument fills the two cells of a document: its number, and whether the source read it from the document.
func (c *Child) showDocument(d dice, given, verified float64, yes, no string) (number, checked string) {
	if c.Document == "" || !d.chance(given) {
		return "", ""
	}
	return c.Document, choose(d.chance(verified), yes, no)
}
