package store

import (
	linked "container/list"
	"context"
	"database/sql/driver"
	"errors"
	"strings"
)

// A page asks for the same few dozen things at every request, and SQLite takes longer to understand a fenced statement than to
// answer it. So each connection keeps the statements it used last, understood (pgx does the same for PostgreSQL). Beneath
// database/sql, because a statement prepared there would wait for a connection while its transaction holds the only one.

// preparedHeld is how many statements a connection keeps.
const preparedHeld = 200

// preparing connects as the driver does, to connections that keep statements.
type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver is of another version"), conn.Close())
	}
	return &keeper{sqliteConn: c, at: map[string]*linked.Element{}}, nil
}

// sqliteConn is what the driver's connections can do, and database/sql makes use of.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keeper is a connection that keeps statements. As any connection it is used by one goroutine at a time.
type keeper struct {
	sqliteConn
	used linked.List // of *kept, those used last in front
	at   map[string]*linked.Element
}

type kept struct {
	text string
	stmt sqliteStmt
	busy bool // its rows are being read
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// ExecContext runs a statement.
func (c *keeper) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	k, err := c.take(ctx, text)
	if err != nil || k == nil {
		return c.sqliteConn.ExecContext(ctx, text, args) // which says what is wrong in the words it always had
	}
	res, err := k.stmt.ExecContext(ctx, args)
	return res, errors.Join(err, c.give(k, err))
}

// QueryContext runs a query.
func (c *keeper) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	k, err := c.take(ctx, text)
	if err != nil || k == nil {
		return c.sqliteConn.QueryContext(ctx, text, args)
	}
	rows, err := k.stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, c.give(k, err))
	}
	return &keptRows{rows, c, k}, nil
}

// take returns the statement, understood; nil when it is none to be kept, or is being read already.
func (c *keeper) take(ctx context.Context, text string) (*kept, error) {
	if e := c.at[text]; e != nil {
		k := e.Value.(*kept)
		if k.busy {
			return nil, nil
		}
		k.busy = true
		c.used.MoveToFront(e)
		return k, nil
	}
	if !single(text) {
		return nil, nil
	}
	stmt, err := c.sqliteConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s, ok := stmt.(sqliteStmt)
	if !ok {
		return nil, stmt.Close()
	}
	k := &kept{text, s, true}
	c.at[text] = c.used.PushFront(k)
	return k, c.forget()
}

// forget drops what was used longest ago when too much is kept; what is being read stays.
func (c *keeper) forget() error {
	for e := c.used.Back(); e != nil && c.used.Len() > preparedHeld; {
		k, before := e.Value.(*kept), e.Prev()
		if !k.busy {
			if err := c.drop(k); err != nil {
				return err
			}
		}
		e = before
	}
	return nil
}

// give takes a statement back; one that failed is dropped, so that nothing of its failure stays.
func (c *keeper) give(k *kept, failed error) error {
	k.busy = false
	if failed == nil {
		return nil
	}
	c.drop(k) // closing says once more what failed
	return nil
}

func (c *keeper) drop(k *kept) error {
	c.used.Remove(c.at[k.text])
	delete(c.at, k.text)
	return k.stmt.Close()
}

// Close closes the statements and the connection.
func (c *keeper) Close() error {
	var err error
	for c.used.Len() > 0 {
		err = errors.Join(err, c.drop(c.used.Front().Value.(*kept)))
	}
	return errors.Join(err, c.sqliteConn.Close())
}

// single reports whether a text is one statement that reads or writes rows: scripts and settings are not kept.
func single(text string) bool {
	const space = " \t\n"
	text = strings.TrimLeft(text, space)
	switch text[:max(strings.IndexAny(text, space), 0)] {
	case "select", "with", "insert", "update", "delete":
		return !strings.Contains(text, ";")
	}
	return false
}

// keptRows gives the statement back when they are closed.
type keptRows struct {
	driver.Rows
	from *keeper
	of   *kept
}

// Close ends the reading.
func (r *keptRows) Close() error {
	if r.of == nil {
		return nil
	}
	k := r.of
	r.of = nil
	err := r.Rows.Close()
	return errors.Join(err, r.from.give(k, err))
}
