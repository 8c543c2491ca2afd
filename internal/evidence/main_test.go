package evidence_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/internal/evidence"
)

// TestMain lets this binary be the process in which pictures are decoded, and one that tries what that process may not do.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "decode-picture":
			os.Exit(evidence.DecodePicture(os.Stdin, os.Stdout))
		case "decode-page":
			os.Exit(evidence.DecodePage(os.Stdin, os.Stdout))
		case "read-capture":
			os.Exit(evidence.ReadCapture(os.Stdin, os.Stdout))
		case "dial":
			os.Exit(dial(os.Args[2]))
		case "open":
			os.Exit(open(os.Args[2]))
		case "sleep":
			time.Sleep(time.Hour)
		case "grow":
			os.Exit(grow())
		}
	}
	os.Exit(m.Run())
}

// escaped is told by a process that did what it may not do: the head of a JPEG, so that it counts as a picture.
func escaped() int {
	os.Stdout.Write([]byte{0xff, 0xd8, 0xff})
	return 0
}

// dial tries to reach an address.
func dial(address string) int {
	if c, err := net.DialTimeout("tcp", address, 3*time.Second); err == nil {
		c.Close()
		return escaped()
	}
	return 1
}

// open binds itself as a decoder does and then tries to read a file, to list its folder and to write beside it, on many threads.
func open(name string) int {
	evidence.DecodePicture(emptied{}, os.Stdout)
	got := make(chan bool)
	for range 8 {
		go func() {
			runtime.LockOSThread()
			_, read := os.ReadFile(name)
			_, list := os.ReadDir(filepath.Dir(name))
			_, write := os.Create(name + ".new")
			got <- read == nil || list == nil || write == nil
		}()
	}
	for range 8 {
		if <-got {
			return escaped()
		}
	}
	return 1
}

// grow binds itself as a decoder does and then takes memory.
func grow() int {
	evidence.DecodePicture(emptied{}, os.Stdout)
	var held [][]byte
	for range 40 {
		b := make([]byte, 64<<20)
		for i := range b {
			b[i] = 1
		}
		held = append(held, b)
	}
	if len(held) == 40 {
		return escaped()
	}
	return 1
}

type emptied struct{}

func (emptied) Read([]byte) (int, error) { return 0, os.ErrClosed }
