package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx", to make and drop databases

	"github.com/homeward-registry/homeward/internal/store"
)

// Postgres returns settings of a fresh store on PostgreSQL: a database for data and one for keys.
func Postgres(t testing.TB) store.Settings {
	t.Helper()
	running, err := cluster()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	if running.address == "" {
		Require(t, "PostgreSQL (initdb)")
	}
	return store.Settings{Dir: t.TempDir(), Database: fresh(t, running.address), Keys: fresh(t, running.address)}
}

var databases atomic.Int64

// fresh makes an empty database and drops it when the test ends.
func fresh(t testing.TB, base string) string {
	t.Helper()
	name := fmt.Sprintf("t%d_%d", os.Getpid(), databases.Add(1))
	admin := func(text string) {
		db, err := sql.Open("pgx", base+"&dbname=postgres")
		if err == nil {
			_, err = db.Exec(text)
			db.Close()
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	admin("create database " + name)
	t.Cleanup(func() { admin("drop database if exists " + name + " with (force)") })
	return base + "&dbname=" + name
}

// server is a running PostgreSQL. Its watcher stops it when the leash is closed: by the kernel when this process ends,
// and until then it must stay reachable, or the garbage collector would close it.
type server struct {
	address string
	leash   io.Closer
}

var none server

// cluster starts the one cluster of this test binary; its address is empty where PostgreSQL is absent. An address in
// HOMEWARD_TEST_POSTGRES is used as it is. The cluster ends with the test binary.
var cluster = sync.OnceValues(func() (server, error) {
	if url := os.Getenv("HOMEWARD_TEST_POSTGRES"); url != "" {
		return server{address: url}, nil
	}
	bin := binaries()
	if bin == "" {
		return none, nil
	}
	dir, err := os.MkdirTemp(memoryFolder(), "homeward-pg-")
	if err != nil {
		return none, err
	}
	attr, err := unprivileged(dir)
	if err != nil {
		return none, err
	}
	data := filepath.Join(dir, "data")
	if out, err := run(attr, dir, filepath.Join(bin, "initdb"), "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-U", "homeward", "-D", data); err != nil {
		return none, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return none, err
	}
	return startServer(filepath.Join(bin, "postgres"), attr, dir, data, port)
})

// startServer runs the server under a watcher that stops it and removes its folder when this process is gone, however
// it went.
func startServer(postgres string, attr *syscall.SysProcAttr, dir, data string, port int) (server, error) {
	const script = `"$1" -D "$2" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 >"$4/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server; wait $server; rm -rf "$4"`
	watcher := exec.Command("/bin/sh", "-c", script, "sh", postgres, data, strconv.Itoa(port), dir)
	watcher.SysProcAttr, watcher.Dir = attr, dir
	leash, err := watcher.StdinPipe()
	if err != nil {
		return none, err
	}
	if err := watcher.Start(); err != nil {
		return none, err
	}
	base := fmt.Sprintf("postgres://homeward@127.0.0.1:%d/?sslmode=disable", port)
	for range 200 {
		db, err := sql.Open("pgx", base+"&dbname=postgres")
		if err != nil {
			return none, err
		}
		err = db.PingContext(context.Background())
		db.Close()
		if err == nil {
			return server{base, leash}, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	return none, fmt.Errorf("the server does not answer: %s", log)
}

func run(attr *syscall.SysProcAttr, dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr, cmd.Dir = attr, dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// binaries returns the folder of initdb: on PATH, or where Debian puts it.
func binaries() string {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

// memoryFolder returns a memory-backed folder with room for a run of the tests, where there is one.
func memoryFolder() string {
	const folder, room = "/dev/shm", 4 << 30 // bytes
	var st syscall.Statfs_t
	if err := syscall.Statfs(folder, &st); err != nil || st.Bavail*uint64(st.Bsize) < room {
		return ""
	}
	return folder
}

// unprivileged returns the user that initdb runs as, since it refuses root, and gives it the folder.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attr, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attr, os.Chown(dir, uid, gid)
	}
	return nil, fmt.Errorf("no user named %s to run as", strings.Join([]string{"postgres", "nobody"}, " or "))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
