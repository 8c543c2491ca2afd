package disclosure

import (
	"fmt"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// Order says what is to be taken out.
type Order struct {
	Kind      homeward.ExportKind
	Subject   string // an id; of a person that of any of its records leads to it
	Withhold  store.Withhold
	Purpose   string
	Recipient string              // who receives it, in words
	Persons   []homeward.PersonID // of a dossier: whom it is about; Subject names them together
	Enclose   Enclosure           // of a dossier: what it says
	To        string              // the recipient's age key (age1…); without one, originals of exhibits stay here
}

// Enclosure writes what a dossier says in a language, and the card of each child, once its version is known.
type Enclosure func(l *i18n.Localizer, version int) (dossier, card Document)

// check refuses an order that cannot be carried out, before anything is read.
func (o Order) check() error {
	switch {
	case !slices.Contains(homeward.ExportKinds, o.Kind) || o.Subject == "":
		return fmt.Errorf("order: about nothing there is: %w", homeward.ErrInvalid)
	case (o.Kind == homeward.ExportDossier) != (o.Enclose != nil && len(o.Persons) > 0):
		return fmt.Errorf("order: a dossier says something of somebody: %w", homeward.ErrInvalid)
	case strings.TrimSpace(o.Purpose) == "" || strings.TrimSpace(o.Recipient) == "":
		return &homeward.Message{Key: "export.problem.words", Kind: homeward.ErrInvalid, Text: "order: without a purpose or a recipient"}
	}
	_, err := o.recipients()
	return err
}

// recipients returns to whom originals are encrypted: nobody when no key was given.
func (o Order) recipients() ([]age.Recipient, error) {
	if strings.TrimSpace(o.To) == "" {
		return nil, nil
	}
	list, err := age.ParseRecipients(strings.NewReader(o.To))
	if err != nil {
		return nil, &homeward.Message{Key: "export.problem.key", Kind: homeward.ErrInvalid, Text: "order: the recipient's key is not one of age"}
	}
	return list, nil
}
