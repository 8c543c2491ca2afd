package cli

import (
	"os"

	"github.com/homeward-registry/homeward/internal/evidence"
)

// decodeWord is the command line of the process in which pictures are decoded. It is no command: it takes no register and no
// settings, and is started by this program alone.
const decodeWord = "decode-picture"

// thumbnails makes small pictures in a process of this program.
func thumbnails() evidence.Thumbnails {
	self, err := os.Executable()
	if err != nil {
		return evidence.Thumbnails{} // none are made
	}
	return evidence.Thumbnails{Program: self, Args: []string{decodeWord}}
}

// decoding ends the process when it was started to decode a picture.
func decoding() {
	if len(os.Args) == 2 && os.Args[1] == decodeWord {
		os.Exit(evidence.DecodePicture(os.Stdin, os.Stdout))
	}
}
