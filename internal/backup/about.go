package backup

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// Kind says which of the two files of a backup a file is.
type Kind string

// The two files of a backup.
const (
	Data Kind = "data"
	Keys Kind = "keys"
)

// Database is the name of the part that holds the database.
func (k Kind) Database() string { return string(k) + ".db" }

// About says what a file is. It is the first part, and holds no word about anyone.
type About struct {
	Form     string    `json:"form"` // always "homeward-backup-1"
	Kind     Kind      `json:"kind"`
	Backup   string    `json:"backup"`   // one id for both files that were made together
	Register string    `json:"register"` // the origin of the register's log
	At       time.Time `json:"at"`       // what the database holds is of this instant
}

const (
	form      = "homeward-backup-1"
	aboutPart = "about.json"
	aboutMost = 4096 // bytes
)

func readAbout(text []byte) (a About, err error) {
	if err := json.Unmarshal(text, &a); err != nil || a.Form != form || a.Kind != Data && a.Kind != Keys || a.Backup == "" || a.At.IsZero() {
		return a, fmt.Errorf("it is no backup of a form that this program knows: %w", homeward.ErrInvalid)
	}
	return a, nil
}

// Pair fails unless one file is of data and the other has keys that can open it: those that were made with it, or younger ones of
// the same register.
func Pair(data, keys About) error {
	switch {
	case data.Kind == Keys && keys.Kind == Data:
		return fmt.Errorf("the two files are swapped: the first is the keys, the second the data: %w", homeward.ErrInvalid)
	case data.Kind != Data:
		return fmt.Errorf("the file of data is a file of keys: %w", homeward.ErrInvalid)
	case keys.Kind != Keys:
		return fmt.Errorf("the file of keys is a file of data: %w", homeward.ErrInvalid)
	case data.Register != keys.Register:
		return fmt.Errorf("the keys are another register's: %w", homeward.ErrInvalid)
	case data.Backup != keys.Backup && keys.At.Before(data.At):
		return fmt.Errorf("the keys are older than the data, and would not open what came in between: %w", homeward.ErrInvalid)
	}
	return nil
}
