package homeward

import "errors"

// The kinds of failure. Every error that crosses a package boundary wraps one of these or is a fault of the machine.
// Only the doors (desk, api, cli) turn a kind into a status or an exit code. Errors carry operations and ids, never
// words about a person.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("invalid")
	ErrConflict    = errors.New("conflict")
	ErrDenied      = errors.New("denied")
	ErrUnavailable = errors.New("unavailable")
	// ErrTampered says that stored bytes are not those that were written.
	ErrTampered = errors.New("tampered")
)

// Message is an error that people may read: a key of the catalogs with arguments, and its kind. Everything else a
// door shows as "something failed, reference X".
type Message struct {
	Key  string         // catalog key, for example "import.error.empty"
	Args map[string]any // placeholders of the text: numbers, ids, column headings; never words about a person
	Kind error          // one of the kinds above
	Text string         // the English text, complete, for logs and the command line
}

func (m *Message) Error() string { return m.Text }
func (m *Message) Unwrap() error { return m.Kind }
