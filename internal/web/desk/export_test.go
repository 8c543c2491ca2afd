package desk

import "github.com/homeward-registry/homeward"

// Asked is a route as the tests enumerate it.
type Asked struct {
	Pattern string
	Action  homeward.Action // empty: anyone, or anyone signed in
}

// Routes returns every route of the desk.
func (d *Desk) Routes() (list []Asked) {
	for _, r := range d.routes() {
		list = append(list, Asked{r.pattern, r.action})
	}
	return list
}

// TakeForLarge makes the desk take its register for a large one.
func (d *Desk) TakeForLarge() { d.tallies.large = 1 }
