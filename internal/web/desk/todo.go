package desk

import (
	"slices"

	"github.com/homeward-registry/homeward"
)

// todo is something that is left to do for a child, and where on the page it is done.
type todo struct {
	Key   string
	Count int
	Path  string
}

// leftToDo lists what the page itself tells is unfinished.
func (p *personPage) leftToDo() {
	add := func(key string, count int, path string) {
		if count > 0 {
			p.Todo = append(p.Todo, todo{key, count, path})
		}
	}
	if len(p.Contradictions) > 0 {
		add("todo.contradictions", len(p.Contradictions), "#"+p.Contradictions[0].Anchor)
	}
	unsure := 0
	for _, pair := range p.Open {
		if pair.State == homeward.PairUnsure {
			unsure++
		}
	}
	add("todo.pairs", len(p.Open)-unsure, "#open-pairs")
	add("todo.unsure", unsure, "#open-pairs")
	unheeded := 0
	for _, d := range p.Decisions {
		if d.Unheeded {
			unheeded++
		}
	}
	add("todo.unheeded", unheeded, "#decided")
	add("todo.single", p.uncorroborated(), "#where")
}

// whereabouts are the events that tell where a child is now.
var whereabouts = []homeward.EventType{homeward.EventPlaced, homeward.EventLocated}

// uncorroborated counts what tells of the whereabouts by a single source.
func (p *personPage) uncorroborated() (n int) {
	for _, m := range p.Timeline {
		if slices.Contains(whereabouts, m.Type) && m.Origins == 1 {
			n++
		}
	}
	return n
}
