package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/homeward-registry/homeward/internal/evidence"
)

// The command lines of the processes in which a stranger's bytes are read. They are no commands: they take no register and no
// settings, and are started by this program alone.
const (
	pictureWord = "decode-picture"
	pageWord    = "decode-page"
	captureWord = "read-capture"
)

// thumbnails makes small pictures in a process of this program.
func thumbnails() evidence.Thumbnails {
	self, err := os.Executable()
	if err != nil {
		return evidence.Thumbnails{} // none are made
	}
	return evidence.Thumbnails{Program: self, Args: []string{pictureWord}}
}

// captures reads web captures in processes of this program.
func captures() evidence.Captures {
	self, err := os.Executable()
	if err != nil {
		return evidence.Captures{} // none are read
	}
	return evidence.Captures{Program: self, Reader: []string{captureWord}, Picture: []string{pageWord}}
}

// tellOpen says so when what reads a stranger's bytes could open files of this machine.
func (sh *shell) tellOpen() {
	if !evidence.FilesAreShut() {
		fmt.Fprintln(sh.Err, openWords)
	}
}

const openWords = "The process that reads strangers' files could open files of this machine: the kernel gives no Landlock (Linux 5.13 and newer, with landlock among lsm=)."

// readingApart ends the process when it was started to read a stranger's bytes.
func readingApart() {
	if len(os.Args) != 2 {
		return
	}
	for word, read := range map[string]func(*os.File, io.Writer) int{
		pictureWord: func(in *os.File, out io.Writer) int { return evidence.DecodePicture(in, out) },
		pageWord:    func(in *os.File, out io.Writer) int { return evidence.DecodePage(in, out) },
		captureWord: evidence.ReadCapture,
	} {
		if os.Args[1] == word {
			os.Exit(read(os.Stdin, os.Stdout))
		}
	}
}
