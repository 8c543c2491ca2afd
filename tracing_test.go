package homeward_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
)

// TestARequestReachesReunifiedOnlyPastVerified walks every way through the states.
func TestARequestReachesReunifiedOnlyPastVerified(t *testing.T) {
	for _, from := range homeward.RequestStates {
		if from != homeward.RequestVerified && from.LeadsTo(homeward.RequestReunified) {
			t.Errorf("%s leads to reunified", from)
		}
		if from != homeward.RequestProposed && from.LeadsTo(homeward.RequestVerified) {
			t.Errorf("%s leads to verified", from)
		}
		if from != homeward.RequestOpen && from != homeward.RequestInProgress && !from.LeadsTo(homeward.RequestInProgress) {
			t.Errorf("%s cannot be taken back", from)
		}
	}
	if homeward.RequestState("no such state").LeadsTo(homeward.RequestInProgress) {
		t.Error("a state nobody knows leads somewhere")
	}
}

func TestTheLastAnswerAboutAPurposeStands(t *testing.T) {
	r := homeward.Request{Consents: []homeward.Consent{
		{Purpose: homeward.PurposeTracing, Answer: homeward.ConsentGiven},
		{Purpose: homeward.PurposeSharing, Answer: homeward.ConsentGiven},
		{Purpose: homeward.PurposeSharing, Answer: homeward.ConsentWithdrawn},
	}}
	for purpose, want := range map[homeward.Purpose]bool{homeward.PurposeTracing: true, homeward.PurposeSharing: false, homeward.PurposePublishing: false} {
		if got := r.ConsentsTo(purpose); got != want {
			t.Errorf("consent to %s: %t", purpose, got)
		}
	}
}

func TestTheCodeOfARequestTellsNothing(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	a, b := homeward.RequestID(homeward.NewID(now)), homeward.RequestID(homeward.NewID(now))
	if len(a.Code()) != len("TR-0000-0000-0000") || a.Code() == b.Code() || homeward.RequestID("short").Code() != "" {
		t.Errorf("codes %q and %q", a.Code(), b.Code())
	}
	r := homeward.Request{ID: a, Circumstances: "words", Inquirer: homeward.Inquirer{Name: "words"}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, r); got != "request "+string(a) {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}
