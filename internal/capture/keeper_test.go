package capture

import (
	"slices"
	"testing"

	"github.com/homeward-registry/homeward/internal/webarchive"
)

// TestWhatIsNotKeptIsTold adds answers that are cut, too large, and too many.
func TestWhatIsNotKeptIsTold(t *testing.T) {
	k := &keeper{left: 10}
	k.add(webarchive.Exchange{Body: []byte("123")})
	if got := k.told(); len(got) != 0 {
		t.Errorf("nothing is lost: %q", got)
	}
	k.add(webarchive.Exchange{Cut: true})
	k.add(webarchive.Exchange{Body: []byte("12345678")})
	if x := k.exchanges()[2]; !x.Cut || len(x.Body) != 0 {
		t.Errorf("more than there is room for: %+v", x)
	}
	for range mostAnswers {
		k.add(webarchive.Exchange{})
	}
	want := []string{"answers whose body is not kept: 2", "answers behind the first 5000, which are not kept: 3"}
	if got := k.told(); !slices.Equal(got, want) || len(k.exchanges()) != mostAnswers {
		t.Errorf("got %q of %d answers", got, len(k.exchanges()))
	}
}
