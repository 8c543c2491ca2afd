package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
)

// TestEachSettingOfSQLiteIsAsserted opens a database with one setting after the other as it must not be.
func TestEachSettingOfSQLiteIsAsserted(t *testing.T) {
	wrong := map[string]string{
		"journal_mode": "DELETE", "synchronous": "NORMAL", "foreign_keys": "0", "secure_delete": "0", "temp_store": "DEFAULT",
		"trusted_schema": "1", "cell_size_check": "0", "cache_size": "-1", "wal_autocheckpoint": "7",
	}
	for _, p := range sqlitePragmas {
		path := filepath.Join(t.TempDir(), "homeward.db")
		address := strings.Replace(sqliteURL(path, "deferred"), "_pragma="+p.name+"%28"+p.set+"%29", "_pragma="+p.name+"%28"+wrong[p.name]+"%29", 1)
		db, err := sql.Open("sqlite", address)
		if err != nil {
			t.Fatal(err)
		}
		err = assertSQLite(context.Background(), db, "writer")
		if !errors.Is(err, homeward.ErrUnavailable) || !strings.Contains(err.Error(), p.name) {
			t.Errorf("%s: %v", p.name, err)
		}
		db.Close()
	}
}

// TestAFullDiskIsKnownForOne fills a database to the pages it may have.
func TestAFullDiskIsKnownForOne(t *testing.T) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "full.db")+"?_pragma=max_page_count(4)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec("create table t as select zeroblob(100000) as b")
	if !Full(fmt.Errorf("commit: %w", err)) {
		t.Errorf("not known for a full disk: %v", err)
	}
	if _, err := db.Exec("select nothing"); err == nil || Full(err) || Full(nil) {
		t.Errorf("taken for a full disk: %v", err)
	}
}
