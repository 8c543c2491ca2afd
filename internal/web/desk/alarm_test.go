package desk_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAnAlarmIsTheFirstThingSeen by who may verify the log, in every language, and by nobody else; closed, it is gone.
func TestAnAlarmIsTheFirstThingSeen(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	kinds := []store.AlarmKind{store.AlarmRollback, store.AlarmFork, store.AlarmEdited, store.AlarmClock}
	for _, kind := range kinds {
		if err := w.db.Raise(ctx, kind, 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, role := range homeward.Roles {
		if _, works := w.team[role]; !works {
			continue
		}
		for _, lang := range []string{"uk", "en", "ru"} {
			text := w.as(role, lang).get("/").text
			sees := strings.Contains(text, `role="alert"`) && strings.Count(text, "<p><b>") >= len(kinds)
			if may := (homeward.Actor{Role: role}).Can(homeward.ActionVerify); sees != may {
				t.Errorf("%s in %s sees the alarm: %v, want %v", role, lang, sees, may)
			}
		}
	}
	err := w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		list, err := tx.OpenAlarms()
		for _, a := range list {
			if err := tx.CloseAlarm(a.ID, "understood"); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(w.as(homeward.RoleAdministrator, "en").get("/").text, `role="alert"`) {
		t.Error("a closed alarm is shown")
	}
}

// TestAnAlarmPassesAxeAndFits with all four standing, wide and narrow, in every language.
func TestAnAlarmPassesAxeAndFits(t *testing.T) {
	w, b := open(t, storetest.Open(t), 0), browser(t)
	for _, kind := range []store.AlarmKind{store.AlarmRollback, store.AlarmFork, store.AlarmEdited, store.AlarmClock} {
		if err := w.db.Raise(ctx, kind, 1); err != nil {
			t.Fatal(err)
		}
	}
	for _, lang := range []i18n.Lang{i18n.Ukrainian, i18n.English, i18n.Russian} {
		w.looker(t, b, w.as(homeward.RoleAuditor, string(lang)), lang)("/")
	}
}
