package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// micros is how times are stored: unix microseconds. The zero time is stored as 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// each calls scan for every row and closes rows.
func each(rows *sql.Rows, scan func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// collect returns what scan makes of every row and closes rows.
func collect[T any](rows *sql.Rows, scan func() (T, error)) ([]T, error) {
	var out []T
	err := each(rows, func() error {
		v, err := scan()
		if err == nil {
			out = append(out, v)
		}
		return err
	})
	return out, err
}

// once keeps each of a few texts once, however many rows say it.
type once[T ~string] map[T]T

func (o once[T]) of(text T) T {
	kept, ok := o[text]
	if !ok {
		o[text], kept = text, text
	}
	return kept
}

// placeholders returns "$first, $first+1, …", n of them.
func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	return b.String()
}

func anys[T any](in []T) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}

// chunks yields runs of at most n elements.
func chunks[T any](in []T, n int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for len(in) > 0 {
			k := min(n, len(in))
			if !yield(in[:k]) {
				return
			}
			in = in[k:]
		}
	}
}

// insertParameters bounds the parameters of one statement: SQLite finds each by walking a list of them all.
const insertParameters = 120

// insertRows inserts many rows with few statements. head is "insert into t (columns)", tail an "on conflict" clause
// or nothing.
func insertRows(ctx context.Context, t *sql.Tx, head string, rows [][]any, tail string) error {
	if len(rows) == 0 {
		return nil
	}
	width := len(rows[0])
	full := max(1, insertParameters/width)
	var prepared *sql.Stmt
	for chunk := range chunks(rows, full) {
		args := make([]any, 0, len(chunk)*width)
		for _, r := range chunk {
			args = append(args, r...)
		}
		if len(chunk) < full {
			if _, err := t.ExecContext(ctx, valuesText(head, width, len(chunk), tail), args...); err != nil {
				return fmt.Errorf("%s: %w", head, err)
			}
			continue
		}
		if prepared == nil {
			var err error
			if prepared, err = t.PrepareContext(ctx, valuesText(head, width, full, tail)); err != nil {
				return fmt.Errorf("%s: %w", head, err)
			}
			defer prepared.Close()
		}
		if _, err := prepared.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("%s: %w", head, err)
		}
	}
	return nil
}

func valuesText(head string, width, n int, tail string) string {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString(" values ")
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		b.WriteString(placeholders(1+i*width, width))
		b.WriteByte(')')
	}
	b.WriteString(" " + tail)
	return b.String()
}
