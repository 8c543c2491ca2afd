package synth

import "github.com/homeward-registry/homeward"

// voices says how many rows each list has about a child: none, one, or two that do not know of each other.
type voices struct{ reports, listing, notes int }

// drawVoices draws who speaks of the child. Only a child who was placed can be listed; a child of whom nobody would
// speak is reported by the family.
func drawVoices(d dice, c *Child) voices {
	v := voices{reports: d.voice(rateReported, rateReportedTwo), notes: d.voice(rateNoted, rateNotedTwo)}
	if _, placed := c.Happened(homeward.EventPlaced); placed {
		v.listing = d.voice(rateListed, rateListedTwo)
	}
	if v == (voices{}) {
		v.reports = 1
	}
	return v
}

func (d dice) voice(once, twice float64) int {
	switch {
	case !d.chance(once):
		return 0
	case d.chance(twice):
		return 2
	}
	return 1
}
