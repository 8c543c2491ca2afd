package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/homeward-registry/homeward"
)

// Access returns the actor of this transaction with what was entrusted to it, as of now. It is read once.
func (tx *Tx) Access() (homeward.Access, error) {
	if tx.who == nil {
		fencing := tx.fencing
		tx.fencing = true // what tells who somebody is lies before the fence, whatever is asked first
		who, err := tx.readAccess()
		tx.fencing = fencing
		if err != nil {
			return homeward.Access{}, err
		}
		tx.who = &who
	}
	return *tx.who, nil
}

// whole lets this transaction read everything, for what is about the store and not about children: verifying it.
func (tx *Tx) whole() { tx.who = &homeward.Access{Actor: tx.Actor, Everywhere: true} }

// reachesAll reports whether nothing is closed to the actor.
func (tx *Tx) reachesAll() (bool, error) {
	who, err := tx.Access()
	return who.Everywhere || tx.everything, err
}

// Reaches returns those of some records that exist as far as the actor is concerned.
func (tx *Tx) Reaches(records []homeward.RecordID) (map[homeward.RecordID]bool, error) {
	out := make(map[homeward.RecordID]bool, len(records))
	for chunk := range chunks(records, 400) {
		err := tx.query("read which records are reached", `
			select id
			from records
			where id in (`+placeholders(1, len(chunk))+`)`, anys(chunk), func(r *sql.Rows) error {
			var id homeward.RecordID
			err := r.Scan(&id)
			out[id] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AccessOf returns what another actor may reach now.
func (tx *Tx) AccessOf(actor homeward.Actor) (homeward.Access, error) {
	other := *tx
	other.Actor, other.who, other.everything = actor, nil, false
	return other.Access()
}

func (tx *Tx) readAccess() (homeward.Access, error) {
	who := homeward.Access{Actor: tx.Actor}
	if tx.Actor.Role == homeward.RoleSystem || tx.Actor.Role == homeward.RoleOperator {
		who.Everywhere = true
		return who, nil
	}
	if !tx.Actor.Role.WorksOnChildren() {
		return who, nil
	}
	tx.everything = true
	err := tx.query("read compartments of "+string(tx.Actor.ID), `
		select c.id, coalesce(m.state, '')
		from (select id from compartments union all select 'main') c
		left join members m on m.compartment = c.id and m.member = $1`, []any{tx.Actor.ID}, func(r *sql.Rows) error {
		var id homeward.CompartmentID
		var state string
		if err := r.Scan(&id, &state); err != nil {
			return err
		}
		if state == "in" || state == "" && id == homeward.Main {
			who.Compartments = append(who.Compartments, id)
		} else {
			tx.everything = false
		}
		return nil
	})
	if err != nil {
		return who, err
	}
	slices.Sort(who.Compartments)
	if tx.everything && !tx.seesRestricted() {
		any, err := tx.anyRestricted()
		if tx.everything = !any; err != nil {
			return who, err
		}
	}
	who.Opened, err = tx.opened()
	return who, err
}

// opened returns the single records that are open to the actor now, and what of them: by accepted referrals, cut down to
// what they give, and by broken glass, whole.
func (tx *Tx) opened() (map[homeward.RecordID]homeward.Classes, error) {
	out := map[homeward.RecordID]homeward.Classes{}
	return out, tx.query("read what is open to "+string(tx.Actor.ID), `
		select d.record, r.classes
		from referrals r
		join referred d on d.referral = r.id
		where r.recipient = $1 and r.state = 'accepted' and r.ends_at > $2
		union all
		select record, `+strconv.Itoa(int(homeward.AllClasses))+`
		from glass
		where actor = $1 and ends_at > $2`, []any{tx.Actor.ID, micros(tx.Now)}, func(r *sql.Rows) error {
		var id homeward.RecordID
		var classes homeward.Classes
		err := r.Scan(&id, &classes)
		out[id] |= classes
		return err
	})
}

// reach returns what the table gives the actor for an action.
func (tx *Tx) reach(action homeward.Action) (homeward.Reach, error) {
	who, err := tx.Access()
	return homeward.ReachOf(who, action), err
}

// must fails with ErrDenied unless the actor may do the action on the thing.
func (tx *Tx) must(action homeward.Action, on homeward.Resource) error {
	who, err := tx.Access()
	if err == nil && !homeward.Can(who, action, on) {
		err = fmt.Errorf("%s by %s: %w", action, tx.Actor.ID, homeward.ErrDenied)
	}
	return err
}

// fence returns the statement as the actor may have it answered: with every table of children's data replaced by what
// the actor reaches. Statements that write, and those that ask for nothing of children, are returned as they are.
func (tx *Tx) fence(text string, args []any) (string, []any, error) {
	if tx.fencing || !selects(text) || !fencedTables(text) {
		return text, args, nil
	}
	tx.fencing = true // what follows asks for the actor's own reach
	who, err := tx.Access()
	tx.fencing = false
	if err != nil || who.Everywhere || tx.everything {
		return text, args, err
	}
	fenced, extra := tx.db.fences.around(tx.db.data.base, who, text, len(args))
	return fenced, append(slices.Clone(args), extra...), nil
}

// fencesHeld is how many fenced statements are kept: a few kilobytes each.
const fencesHeld = 500

// fences keep statements as they read with a fence around them: a page asks the same for the same reach again and again, and each
// fence names every table.
type fences struct {
	mu   sync.Mutex
	kept map[fenceKey]string
}

type fenceKey struct {
	who, text string
	arguments int
}

// around returns a statement of so many arguments within the fence of an actor, and the arguments that come with the fence.
func (f *fences) around(base string, who homeward.Access, text string, arguments int) (fenced string, extra []any) {
	opened := slices.Sorted(maps.Keys(who.Opened))
	clause := fencing{base: base, before: arguments}
	key := fenceKey{fmt.Sprint(who.Can(homeward.ActionSeeRestricted), len(who.Compartments), len(opened)), text, arguments}
	f.mu.Lock()
	defer f.mu.Unlock()
	fenced, ok := f.kept[key]
	if !ok {
		if f.kept == nil || len(f.kept) >= fencesHeld {
			f.kept = map[fenceKey]string{}
		}
		fenced = clause.clause(who, len(opened)) + text
		f.kept[key] = fenced
	}
	return fenced, append(anys(who.Compartments), anys(opened)...)
}

func selects(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "select") }

// fenced are the tables of children's data as a limited reader sees them, each after those it rests on. "@" stands for
// the table behind the fence, [in] for the compartments, [open] for the opened records, [out] for those whose processing is
// restricted, where the reader's role does not see them.
var fenced = []struct{ table, sees string }{
	{"records", `select * from @records where (compartment in [in] or id in [open]) and id not in [out]`},
	{"sources", `select * from @sources where compartment in [in] or id in (select source from @records where id in [open])`},
	{"editions", `select * from @editions where source in (select id from @sources where compartment in [in])
		or id in (select edition from @changes where record in [open] or previous in [open] and kind = 'changed')`},
	{"changes", `select * from @changes x where exists (select 1 from records r where r.id = x.record)`},
	{"current_rows", `select * from @current_rows x where exists (select 1 from records r where r.id = x.record)`},
	{"events", `select * from @events x where exists (select 1 from records r where r.id = x.record)`},
	{"pairs", `select * from @pairs where (left_in in [in] or left_record in [open]) and (right_in in [in] or right_record in [open])
		and left_record not in [out] and right_record not in [out]`},
	{"decisions", `select * from @decisions x where exists (select 1 from records r where r.id = x.left_record)
		and exists (select 1 from records r where r.id = x.right_record)`},
	{"opinions", `select * from @opinions x where exists (select 1 from records r where r.id = x.left_record)
		and exists (select 1 from records r where r.id = x.right_record)`},
	{"batches", `select * from @batches where compartment in [in]`},
	{"batch_acts", `select * from @batch_acts x where exists (select 1 from batches b where b.id = x.batch)`},
	{"batch_pairs", `select * from @batch_pairs x where exists (select 1 from batches b where b.id = x.batch)`},
	{"memberships", `select * from @memberships x where exists (select 1 from records r where r.id = x.record)`},
	{"persons", `select * from @persons x where exists (select 1 from memberships m where m.person = x.id)`},
	{"siblings", `select * from @siblings x where exists (select 1 from memberships m where m.person = x.person)
		and exists (select 1 from memberships m where m.person = x.sibling)`},
	{"requests", `select * from @requests where compartment in [in]`},
	{"sought", `select * from @sought x where exists (select 1 from requests r where r.id = x.request) and x.record not in [out]`},
	{"request_moves", `select * from @request_moves x where exists (select 1 from requests r where r.id = x.request)`},
	{"consents", `select * from @consents x where exists (select 1 from requests r where r.id = x.request)`},
	{"exhibits", `select * from @exhibits where compartment in [in] and (record = '' or record not in [out])`},
	{"custody", `select * from @custody x where exists (select 1 from exhibits e where e.id = x.exhibit)`},
	{"citations", `select * from @citations x where exists (select 1 from exhibits e where e.id = x.exhibit)
		and exists (select 1 from records r where r.id = x.record)`},
	{"assessments", `select * from @assessments x where exists (select 1 from records r where r.id = x.record)`},
	{"determinations", `select * from @determinations x where exists (select 1 from requests r where r.id = x.request) and x.child not in [out]`},
	{"assignments", `select * from @assignments x where exists (select 1 from records r where r.id = x.record)`},
	{"erasures", `select * from @erasures x where not exists (
		select 1 from @erasure_records r where r.erasure = x.id and r.compartment not in [in])`},
	{"marks", `select * from @marks x where exists (select 1 from records r where r.id = x.record)`},
}

func fencedTables(text string) bool {
	for _, f := range fenced {
		if strings.Contains(text, f.table) {
			return true
		}
	}
	return false
}

// fencing writes the clause that stands before a statement.
type fencing struct {
	base   string // what a table behind the fence is called by
	before int    // how many arguments the statement has
}

// clause speaks of compartments and opened records by their number: they follow the statement's own arguments in this order.
func (f fencing) clause(who homeward.Access, opened int) string {
	out := "('')"
	if !who.Can(homeward.ActionSeeRestricted) {
		out = strings.ReplaceAll(restricted, "@", f.base)
	}
	with := strings.NewReplacer("@", f.base, "[in]", f.list(0, len(who.Compartments)), "[open]", f.list(len(who.Compartments), opened), "[out]", out)
	parts := make([]string, len(fenced))
	for i, t := range fenced {
		parts[i] = t.table + " as not materialized (" + with.Replace(t.sees) + ")"
	}
	return "with " + strings.Join(parts, ", ")
}

// list returns the placeholders of some of the fence's arguments in brackets; none is a list that nothing is in, not even
// the empty text that stands where there is no id.
func (f fencing) list(from, n int) string {
	if n == 0 {
		return "(select '' where 1 = 0)"
	}
	return "(" + placeholders(f.before+from+1, n) + ")"
}
