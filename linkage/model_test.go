package linkage_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
)

// TestLevelsAreProbabilities holds that M, S and U of every comparison add up to 1, before and after training, and that
// none is 0: no agreement decides alone.
func TestLevelsAreProbabilities(t *testing.T) {
	for name, m := range models() {
		for _, c := range m.Comparisons {
			var sumM, sumS, sumU float64
			for _, l := range c.Levels {
				sumM, sumS, sumU = sumM+l.M, sumS+l.S, sumU+l.U
				if l.M <= 0 || l.S <= 0 || l.U <= 0 {
					t.Errorf("%s model: %s.%s has a chance of nothing", name, c.Name, l.Name)
				}
			}
			for _, sum := range []float64{sumM, sumS, sumU} {
				if math.Abs(sum-1) > 0.01 {
					t.Errorf("%s model: the levels of %s add up to %.4f, %.4f, %.4f", name, c.Name, sumM, sumS, sumU)
					break
				}
			}
		}
	}
}

// TestStrongerAgreementWeighsMore holds the order of levels where it must not turn: of name and birth date.
func TestStrongerAgreementWeighsMore(t *testing.T) {
	for name, m := range models() {
		for _, chain := range [][2]string{
			{"all", "family_given"}, {"family_given", "near"}, {"near", "both_near"}, {"both_near", "different"},
			{"day", "digit"}, {"day", "quarter"}, {"quarter", "year_off"}, {"year_off", "different"},
		} {
			if strong, weak := bits(m, chain[0]), bits(m, chain[1]); strong <= weak {
				t.Errorf("%s model: %s weighs %.2f bits, %s %.2f", name, chain[0], strong, chain[1], weak)
			}
		}
	}
}

func bits(m *linkage.Model, level string) float64 {
	for _, c := range m.Comparisons {
		for _, l := range c.Levels {
			if l.Name == level {
				return math.Log2(l.M / l.U)
			}
		}
	}
	return math.NaN()
}

// TestAModelThatIsNotUnderstoodIsRefused covers another version, another shape and no model at all.
func TestAModelThatIsNotUnderstoodIsRefused(t *testing.T) {
	other, short := linkage.DefaultModel(), linkage.DefaultModel()
	other.Version++
	short.Comparisons[0].Levels = short.Comparisons[0].Levels[:2]
	for i, m := range []*linkage.Model{other, short, {Version: 1}} {
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := linkage.DecodeModel(text); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("model %d: %v", i, err)
		}
	}
	if _, err := linkage.DecodeModel([]byte("{")); !errors.Is(err, homeward.ErrInvalid) {
		t.Errorf("half a text: %v", err)
	}
}

// TestTooFewRecordsTrainNothing holds that one record, or none, gives the model of the authors.
func TestTooFewRecordsTrainNothing(t *testing.T) {
	if diff := cmp.Diff(linkage.DefaultModel(), linkage.Train(indexOf(linkage.Record{ID: "a"}), linkage.Options{})); diff != "" {
		t.Error(diff)
	}
}

// TestEveryReasonHasWords keeps a code from being shown as it is.
func TestEveryReasonHasWords(t *testing.T) {
	for _, c := range linkage.DefaultModel().Comparisons {
		for _, l := range c.Levels {
			code := c.Name + "." + l.Name
			if text := (linkage.Reason{Code: code}).String(); text == "" || text == code || text[len(text)-1] == ' ' {
				t.Errorf("%s has no words", code)
			}
		}
	}
}

// TestALevelThatWasNeverMetWeighsNoMore holds that training on lists in which every birth date has its day teaches nothing of
// months, and that a column nobody fills stays as it was.
func TestALevelThatWasNeverMetWeighsNoMore(t *testing.T) {
	w := invent(250, 13)
	var records []linkage.Record
	for _, r := range w.records {
		if len(r.Births) > 0 && r.Births[0].Precision == homeward.PrecisionDay {
			r.Births, r.Phones = r.Births[:1], nil
			records = append(records, r)
		}
	}
	before, after := linkage.DefaultModel(), linkage.Train(indexOf(records...), linkage.Options{})
	for _, level := range []string{"month", "overlap"} {
		if was, is := bits(before, level), bits(after, level); is > was+0.2 {
			t.Errorf("%s: %.2f bits before, %.2f after", level, was, is)
		}
	}
	if diff := cmp.Diff(before.Comparisons[len(before.Comparisons)-1], after.Comparisons[len(after.Comparisons)-1], cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Error(diff)
	}
}
