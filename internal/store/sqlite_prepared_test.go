package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

// keeping opens a pool of one connection with a table of numbers, and returns its keeper too.
func keeping(t *testing.T) (*sql.DB, *keeper) {
	t.Helper()
	db, err := sqlitePool(sqliteURL(filepath.Join(t.TempDir(), "homeward.db"), "deferred"), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(`create table numbers (n bigint primary key, word text not null); insert into numbers values (1, 'one'), (2, 'two'), (3, 'three')`); err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var k *keeper
	if err := conn.Raw(func(c any) error { k = c.(*keeper); return nil }); err != nil {
		t.Fatal(err)
	}
	return db, k
}

func word(t *testing.T, q interface {
	QueryRow(string, ...any) *sql.Row
}, n int) (w string) {
	t.Helper()
	if err := q.QueryRow(`select word from numbers where n = $1`, n).Scan(&w); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAStatementIsKeptAndAnswersAnew(t *testing.T) {
	db, k := keeping(t)
	for n, want := range map[int]string{1: "one", 2: "two", 3: "three"} {
		if got := word(t, db, n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
	if k.used.Len() != 1 {
		t.Errorf("%d statements are kept, want 1", k.used.Len())
	}
	if _, err := db.Exec(`update numbers set word = $1 where n = $2`, "uno", 1); err != nil || word(t, db, 1) != "uno" {
		t.Errorf("a kept statement does not see what was written: %v", err)
	}
	// What the statement rests on may change.
	if _, err := db.Exec(`alter table numbers rename column word to other; alter table numbers add column word text not null default 'new'`); err != nil {
		t.Fatal(err)
	}
	if got := word(t, db, 1); got != "new" {
		t.Errorf("after the schema changed it is %s", got)
	}
}

// TestAStatementThatIsBeingReadIsAskedAgain asks within a loop over the same statement.
func TestAStatementThatIsBeingReadIsAskedAgain(t *testing.T) {
	db, k := keeping(t)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	const text = `select n from numbers where n >= $1 order by n`
	count := 0
	rows, err := tx.Query(text, 1)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		inner, err := tx.Query(text, 2)
		if err != nil {
			t.Fatal(err)
		}
		for inner.Next() {
			count++
		}
		inner.Close()
	}
	rows.Close()
	if count != 6 || k.used.Len() != 1 || k.at[text].Value.(*kept).busy {
		t.Errorf("%d rows within, %d statements kept", count, k.used.Len())
	}
}

func TestAFailedStatementIsNotKept(t *testing.T) {
	db, k := keeping(t)
	const text = `insert into numbers (n, word) values ($1, $2)`
	if _, err := db.Exec(text, 1, "again"); err == nil {
		t.Fatal("a second number 1 was taken")
	}
	if k.at[text] != nil {
		t.Error("it is kept")
	}
	if _, err := db.Exec(text, 4, "four"); err != nil || word(t, db, 4) != "four" {
		t.Errorf("after a failure: %v", err)
	}
	cut, stop := context.WithCancel(context.Background())
	stop()
	if _, err := db.QueryContext(cut, `select word from numbers where n = $1`, 4); err == nil {
		t.Error("asked after the end")
	}
	if word(t, db, 4) != "four" {
		t.Error("nothing is answered after a question that was given up")
	}
}

func TestOnlySoManyStatementsAreKept(t *testing.T) {
	db, k := keeping(t)
	word(t, db, 1)
	for n := range preparedHeld + 20 {
		if n%50 == 0 {
			word(t, db, 1) // used again and again
		}
		if _, err := db.Exec(fmt.Sprintf(`delete from numbers where n = %d`, 100+n)); err != nil {
			t.Fatal(err)
		}
	}
	if k.used.Len() != preparedHeld || k.at[`select word from numbers where n = $1`] == nil {
		t.Errorf("%d statements are kept", k.used.Len())
	}
	for text, want := range map[string]bool{
		"select 1; select 2": false, "pragma synchronous": false, "begin immediate": false, "": false, "select": false,
		"\n\t\tselect\n\t\t\tn from numbers": true, "with x as (select 1) select * from x": true,
	} {
		if single(text) != want {
			t.Errorf("%q: kept %v", text, !want)
		}
	}
}
