package review_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestWhatMayBeJoinedIsWhatAllDecisionsAllow decides pairs of a dozen records at random, and says beforehand, from all decisions there
// are, which of them will be refused: those that stand decided, and those that would join what is apart.
func TestWhatMayBeJoinedIsWhatAllDecisionsAllow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rng := rand.New(rand.NewPCG(7, 9))
		var rows [][]homeward.Claim
		for i := range 12 {
			rows = append(rows, []homeward.Claim{{Path: homeward.PathNameFull, Value: fmt.Sprint("Вигаданенко Олена ", i)}})
		}
		ids := storetest.Put(t, db, "list", rows...)
		r := review.Open(db)
		propose(t, r)
		stands, child := map[homeward.PairID]homeward.Judgement{}, map[homeward.RecordID]int{}
		for i, id := range ids {
			child[id] = i
		}
		joins := func(a, b homeward.RecordID) bool { // whether nothing stands between the two children
			for pair, j := range stands {
				l, rt, _ := pair.Records()
				if j == homeward.Different && (child[l] == child[a] && child[rt] == child[b] || child[l] == child[b] && child[rt] == child[a]) {
					return false
				}
			}
			return true
		}
		refused := 0
		for range 80 {
			a, b := ids[rng.IntN(len(ids))], ids[rng.IntN(len(ids))]
			if a == b {
				continue
			}
			pair, j := homeward.PairOf(a, b), []homeward.Judgement{homeward.Same, homeward.Different}[rng.IntN(2)]
			allowed := stands[pair] == "" && (j == homeward.Different || joins(a, b))
			_, err := r.Decide(ctx, officer, pair, j, "because")
			if (err == nil) != allowed {
				t.Fatalf("%s, allowed %v: %v", j, allowed, err)
			}
			if err != nil {
				refused++
				continue
			}
			stands[pair] = j
			if was := child[b]; j == homeward.Same {
				for id, c := range child {
					if c == was {
						child[id] = child[a]
					}
				}
			}
		}
		if refused < 5 {
			t.Errorf("only %d were refused", refused)
		}
	})
}
