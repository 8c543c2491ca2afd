package cli

import (
	"context"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/synth"
)

// demoTeam makes one user for each role, named after it, without a password: the demonstration's sign-in page needs
// none, and no other lets them in.
func demoTeam(ctx context.Context, db *store.DB) (map[homeward.Role]homeward.Actor, error) {
	team := map[homeward.Role]homeward.Actor{}
	return team, db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		for _, role := range homeward.Roles {
			u, err := tx.PutUser(string(role), role, "")
			if err != nil {
				return err
			}
			team[role] = u.Actor()
		}
		return nil
	})
}

// How many decisions of each kind the demonstration holds. The rest of the queue is left for whoever looks.
const (
	demoSame      = 260
	demoDifferent = 60
	demoUnsure    = 20
)

// demoReasons are the words of those who decided, in turn.
var demoReasons = map[homeward.Judgement][]string{
	homeward.Same: {
		"Ті самі мати, батько та місце народження; дату зсунуто.",
		"Збігаються прізвище, по батькові та дата народження; ім’я записане російською.",
		"Той самий заклад і та сама група; прикмети збігаються.",
		"Same patronymic and home town; the spelling is the agency's.",
		"Збігаються імена братів і сестер.",
	},
	homeward.Different: {
		"Брат і сестра: спільні батьки й адреса, різні імена й дати.",
		"Two brothers: the dates are two years apart and both are on one list.",
		"Однофамільці з різних міст; по батькові різне.",
	},
	homeward.Unsure: {
		"Збігається лише ім’я та рік; чекаємо на відповідь родини.",
		"The listing gives no patronymic and another birthplace: ask for the photograph.",
	},
}

// decider takes the demonstration's decisions, as people who know the truth would.
type decider struct {
	ctx     context.Context
	db      *store.DB
	reviews *review.Review
	team    []homeward.Actor
	child   map[homeward.RecordID]int
	taken   map[homeward.Judgement]int
	grave   int // pairs that took two
}

// decideSome takes a few hundred decisions on the proposed pairs, spread over the roles that decide and over the
// queue: every other pair is left.
func decideSome(ctx context.Context, db *store.DB, reviews *review.Review, team map[homeward.Role]homeward.Actor, truth []synth.Mention) error {
	d := &decider{
		ctx: ctx, db: db, reviews: reviews, taken: map[homeward.Judgement]int{},
		team: []homeward.Actor{team[homeward.RoleTracingOfficer], team[homeward.RoleReviewer]}, // the supervisor is left to decide between them
	}
	var err error
	if d.child, err = children(ctx, db, truth); err != nil {
		return err
	}
	var queue []homeward.Pair
	err = db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		queue, err = tx.Pairs(store.PairFilter{State: homeward.PairProposed})
		return err
	})
	if err != nil {
		return err
	}
	for i, p := range queue {
		if i%2 == 0 {
			continue
		}
		if err := d.decide(p); err != nil {
			return err
		}
	}
	return nil
}

// children returns the child of each record, as the truth has it.
func children(ctx context.Context, db *store.DB, truth []synth.Mention) (map[homeward.RecordID]int, error) {
	names, of := map[homeward.SourceID]string{}, map[synth.Mention]int{}
	for _, m := range truth {
		of[synth.Mention{Source: m.Source, SourceID: m.SourceID}] = m.Child
	}
	err := db.View(ctx, homeward.System, func(tx *store.Tx) error {
		list, err := tx.Sources()
		for _, s := range list {
			names[s.ID] = s.Name
		}
		return err
	})
	child := map[homeward.RecordID]int{}
	if err == nil {
		err = db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
			child[r.ID] = of[synth.Mention{Source: names[r.Source], SourceID: r.SourceRow}]
			return nil
		})
	}
	return child, err
}

// decide takes one decision, when there is room for one of its kind.
func (d *decider) decide(p homeward.Pair) error {
	j, most := d.judge(p)
	if d.taken[j] >= most {
		return nil
	}
	n := d.taken[homeward.Same] + d.taken[homeward.Different] + d.taken[homeward.Unsure]
	words := demoReasons[j]
	out, err := d.reviews.Decide(d.ctx, d.team[n%len(d.team)], p.ID, j, words[d.taken[j]%len(words)])
	if err == nil && out.Awaits == homeward.AwaitsSecond {
		err = d.second(p, j, d.team[(n+1)%len(d.team)], words[(d.taken[j]+1)%len(words)])
	}
	if err != nil {
		return fmt.Errorf("decide on a pair of the demonstration: %w", err)
	}
	d.taken[j]++
	return nil
}

// second gives the second opinion on a grave pair: now and then none, or another.
func (d *decider) second(p homeward.Pair, j homeward.Judgement, who homeward.Actor, reason string) error {
	switch d.grave++; {
	case d.grave%6 == 0:
		return nil
	case d.grave%20 == 1:
		j, reason = homeward.Unsure, demoReasons[homeward.Unsure][0]
	}
	_, err := d.reviews.Decide(d.ctx, who, p.ID, j, reason)
	return err
}

// judge says what people who know the truth would say: of pairs in the middle of the scale, now and then, unsure.
func (d *decider) judge(p homeward.Pair) (j homeward.Judgement, most int) {
	truly := d.child[p.Left] == d.child[p.Right]
	switch {
	case p.Probability > 0.2 && p.Probability < 0.8 && d.taken[homeward.Unsure] < demoUnsure:
		return homeward.Unsure, demoUnsure
	case truly:
		return homeward.Same, demoSame
	}
	return homeward.Different, demoDifferent
}
