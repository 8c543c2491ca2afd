package desk

import (
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
)

type startPage struct {
	frame
	Alarms  []store.Alarm // for who may verify
	Waiting bool
	Asking  bool // nobody has confirmed the reader's own role yet
	Awaits  []awaiting
	Glance  []glance
	State   bool   // there is more to see of how the register stands
	Work    []work // assigned to the reader
	Batches []carriedOut
	Log     *logState // nil when the reader does not count and may not verify
}

// awaiting is one thing that waits for the reader.
type awaiting struct {
	Key   string // of the words after the count; Key+".do" names what to do
	Count int
	Path  string // empty when the reader can do nothing about it
}

// DoKey is the key of the link's words.
func (a awaiting) DoKey() string { return a.Key + ".do" }

type glance struct {
	Key   string
	Count int
}

type logState struct {
	Signed         bool
	CheckpointSize int
	Pending        int // acts since the checkpoint
	MayOpen        bool
}

// facts are what the start page counts, without a word of any child.
type facts struct {
	amounts
	sources        int
	reading        []homeward.Edition
	offered        int // referrals to the reader
	glass          int // broken by others, to be reviewed
	grants         int // roles that wait for the reader to confirm
	recoveries     int // people who lost access and wait for the reader to check
	assigned       []work
	awaited        map[review.Section]int
	batches        []review.AtWork
	fresh          int // records in the reader's saved searches that are new to them
	users          int
	alarms         []store.Alarm
	leaves, signed int64 // leaves of the log; those that the newest checkpoint covers, -1 when there is none
}

func (d *Desk) showStart(v *visit) error {
	var f facts
	err := v.view(func(tx *store.Tx) (err error) {
		if f, err = d.countFacts(tx); err != nil {
			return err
		}
		return v.countWork(tx, &f)
	})
	if err != nil {
		return err
	}
	if f.fresh, err = d.freshFor(v); err != nil {
		return err
	}
	if f.awaited, err = v.awaitedCounts(); err != nil {
		return err
	}
	if f.batches, err = v.batchesAtWork(); err != nil {
		return err
	}
	p := &startPage{Batches: underWay(f.batches), Awaits: v.awaits(f), Log: v.logState(f), Work: f.assigned, State: v.can(homeward.ActionSeePerson), Asking: v.user.Role == homeward.RoleAwaiting}
	if v.can(homeward.ActionVerify) {
		p.Alarms, p.Waiting = f.alarms, len(f.alarms) > 0
	}
	if v.can(homeward.ActionCount) {
		p.Glance = f.glance()
	}
	for _, a := range p.Awaits {
		p.Waiting = p.Waiting || a.Count > 0
	}
	return v.show(http.StatusOK, "start", p)
}

func (d *Desk) countFacts(tx *store.Tx) (f facts, err error) {
	if f.amounts, err = d.counted(tx); err != nil {
		return f, err
	}
	sources, err := tx.Sources()
	if err != nil {
		return f, err
	}
	editions, err := tx.Editions("")
	if err != nil {
		return f, err
	}
	for _, e := range editions {
		if e.State == homeward.EditionReading {
			f.reading = append(f.reading, e)
		}
	}
	users, err := tx.Users()
	if err != nil {
		return f, err
	}
	f.sources, f.users = len(sources), len(users)
	return f, d.countLog(tx, &f)
}

func (d *Desk) countLog(tx *store.Tx, f *facts) (err error) {
	f.signed = -1
	if f.leaves, err = tx.TreeSize(); err != nil {
		return err
	}
	if f.alarms, err = tx.OpenAlarms(); err != nil {
		return err
	}
	text, err := tx.LatestCheckpoint()
	if err != nil || len(text) == 0 {
		return err
	}
	if c, err := ledger.ReadCheckpoint(text); err == nil { // an altered one is an alarm, and no reason to show nothing
		f.signed = c.Size
	}
	return nil
}

func (f facts) count(state homeward.RecordState) (n int) {
	for _, of := range f.rows {
		n += of[state]
	}
	return n
}

// awaits lists what waits for the reader's role, the most important first.
func (v *visit) awaits(f facts) []awaiting {
	var out []awaiting
	if v.can(homeward.ActionDecide) {
		out = append(out,
			awaiting{"await.pairs", f.pairs[homeward.PairProposed], "/review"},
			awaiting{"await.unsure", f.pairs[homeward.PairUnsure], "/review?state=unsure"})
	}
	for _, s := range []review.Section{review.SectionDisputed, review.SectionSecond} {
		if n := f.awaited[s]; n > 0 {
			out = append(out, awaiting{"await." + string(s), n, "/review?section=" + string(s)})
		}
	}
	out = append(out, v.awaitsOfBatches(f.batches)...)
	if v.can(homeward.ActionConfirmRole) && f.grants > 0 {
		out = append(out, awaiting{"await.grants", f.grants, "/admin/grants"})
	}
	if v.can(homeward.ActionCheckIdentity) && f.recoveries > 0 {
		out = append(out, awaiting{"await.recoveries", f.recoveries, "/recoveries"})
	}
	if v.can(homeward.ActionReviewGlass) {
		out = append(out, awaiting{"await.glass", f.glass, "/glass"})
	}
	if v.can(homeward.ActionAcceptReferral) && f.offered > 0 {
		out = append(out, awaiting{"await.referrals", f.offered, "/referrals"})
	}
	if v.can(homeward.ActionSearch) && f.fresh > 0 {
		out = append(out, awaiting{"await.searches", f.fresh, "/searches"})
	}
	if v.can(homeward.ActionImport) {
		a := awaiting{"await.reading", len(f.reading), ""}
		if len(f.reading) > 0 {
			a.Path = "/editions/" + string(f.reading[0].ID)
		}
		out = append(out, awaiting{"await.quarantine", f.count(homeward.RecordQuarantined), "/quarantine"}, a)
	}
	if v.can(homeward.ActionManageUsers) && f.users < 2 {
		out = append(out, awaiting{"await.invite", 1, "/admin/users"})
	}
	return out
}

func (f facts) glance() []glance {
	decided := f.pairs[homeward.PairSame] + f.pairs[homeward.PairDifferent] + f.pairs[homeward.PairUnsure]
	return []glance{
		{"glance.persons", f.persons}, {"glance.records", f.count(homeward.RecordAccepted)},
		{"glance.sources", f.sources}, {"glance.decided", decided},
	}
}

func (v *visit) logState(f facts) *logState {
	if !v.can(homeward.ActionCount) && !v.can(homeward.ActionVerify) {
		return nil
	}
	s := &logState{Signed: f.signed >= 0, CheckpointSize: int(f.signed), Pending: int(f.leaves - max(f.signed, 0)), MayOpen: v.can(homeward.ActionVerify)}
	return s
}
