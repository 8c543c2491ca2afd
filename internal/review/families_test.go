package review_test

import (
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestPairsAreDecidedTogetherOrNotAtAll judges two families in one form: one refusal refuses all, and a grave pair still takes two.
func TestPairsAreDecidedTogetherOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		sister, brother := claims("name.full", "Вигаданка Олена", "birth.date", "2012-03-04"), claims("name.full", "Вигаданко Петро", "birth.date", "2014-05-06")
		a := storetest.Put(t, db, "one", sister, brother)
		b := storetest.Put(t, db, "two", sister, append(claims("event.returned.date", "2024-05-01"), brother...))
		r := review.Open(db)
		propose(t, r)
		rows := func(ids []homeward.RecordID) [][]homeward.RecordID { return [][]homeward.RecordID{{ids[0]}, {ids[1]}} }
		cells, err := r.Families(ctx, officer, rows(a), rows(b))
		if err != nil || len(cells) != 2 || len(cells[0]) != 2 {
			t.Fatalf("%d rows: %v", len(cells), err)
		}
		if cells[0][0].Grave || !cells[1][1].Grave || !cells[0][0].MayDecide || cells[0][0].Pair.Weight <= cells[0][1].Pair.Weight {
			t.Errorf("the cells are %+v", cells)
		}
		say := func(i, j int, x homeward.Judgement) homeward.Decision {
			return homeward.Decision{Pair: cells[i][j].Pair.ID, Judgement: x, Reason: "one family"}
		}
		// The brother cannot be kept from the sister of the other list and be her: the last judgement contradicts the first.
		if _, err := r.DecideTogether(ctx, officer, []homeward.Decision{say(0, 0, homeward.Same), say(0, 0, homeward.Different)}); !refusedWith(err, "review.conflict.standing") {
			t.Errorf("decided what contradicts itself: %v", err)
		}
		standing(t, db, 0)
		out, err := r.DecideTogether(ctx, officer, []homeward.Decision{say(0, 1, homeward.Unsure), say(0, 0, homeward.Same), say(1, 1, homeward.Same)})
		if err != nil || len(out) != 3 || out[1].ID == "" || out[2].ID != "" || out[2].Awaits != homeward.AwaitsSecond {
			t.Fatalf("outcomes %+v: %v", out, err)
		}
		cells, err = r.Families(ctx, officer, rows(a), rows(b))
		if err != nil || !cells[0][0].Joined || !cells[1][1].Mine || cells[1][1].MayDecide {
			t.Errorf("afterwards %+v: %v", cells, err)
		}
		cells, err = r.Families(ctx, reviewer, rows(a), rows(b))
		if err != nil || cells[1][1].Awaits != homeward.AwaitsSecond || !cells[1][1].MayDecide {
			t.Errorf("the second reviewer sees %+v: %v", cells[1][1], err)
		}
	})
}
