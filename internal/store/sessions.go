package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Sessions keeps the desk's sessions in the form alexedwards/scs asks for. Tokens come in hashed.
type Sessions struct{ db *DB }

// Sessions returns the keeper of sessions.
func (db *DB) Sessions() Sessions { return Sessions{db} }

// FindCtx returns the data of a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	// One session.
	err = s.db.data.read.QueryRowContext(ctx, `
		select data
		from sessions
		where token = $1 and expiry > $2`, token, micros(s.db.Now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read session: %w", err)
	}
	return data, true, nil
}

// CommitCtx keeps a session until it expires, and drops those that have.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.db.data.write.ExecContext(ctx, `
		insert into sessions (token, data, expiry)
		values ($1, $2, $3)
		on conflict (token) do update set data = excluded.data, expiry = excluded.expiry`, token, data, micros(expiry))
	if err != nil {
		return fmt.Errorf("write session: %w", err)
	}
	_, err = s.db.data.write.ExecContext(ctx, `
		delete from sessions
		where expiry <= $1`, micros(s.db.Now()))
	if err != nil {
		return fmt.Errorf("drop expired sessions: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.db.data.write.ExecContext(ctx, `
		delete from sessions
		where token = $1`, token)
	if err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// Find is FindCtx without a context, which scs asks for too.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
