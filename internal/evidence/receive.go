package evidence

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Delivery is a file that comes in, with what is told of it.
type Delivery struct {
	Exhibit   homeward.Exhibit // compartment, class, kind, parent, request, record and intake; the rest is found out
	Purpose   string           // what it is kept for
	Authority string           // on whose authority
	Bytes     io.Reader
	Local     *time.Location // of the receiving machine's clock; nil means the machine's own
}

// Receive keeps a file as an exhibit. What may not come in is refused before its bytes are read: an examination, which only the
// program makes, among it.
func Receive(ctx context.Context, db *store.DB, actor homeward.Actor, d Delivery) (homeward.Exhibit, error) {
	if d.Exhibit.Kind == homeward.ExhibitExamination || d.Exhibit.Intake.Verdict != "" {
		return d.Exhibit, fmt.Errorf("receive exhibit: nobody brings an examination in: %w", homeward.ErrInvalid)
	}
	return receive(ctx, db, actor, d)
}

func receive(ctx context.Context, db *store.DB, actor homeward.Actor, d Delivery) (homeward.Exhibit, error) {
	e := d.Exhibit
	e.Compartment, e.Class = cmp.Or(e.Compartment, homeward.Main), cmp.Or(e.Class, homeward.ClassEvidence)
	e.Intake = tidied(e.Intake)
	err := db.View(ctx, actor, func(tx *store.Tx) error { return welcome(tx, &e) })
	if err != nil {
		return e, fmt.Errorf("receive exhibit: %w", err)
	}
	received, err := db.Receive(ctx, e.Compartment, d.Bytes)
	if err != nil {
		return e, fmt.Errorf("receive exhibit: %w", err)
	}
	line := homeward.Custody{Purpose: strings.TrimSpace(d.Purpose), Authority: strings.TrimSpace(d.Authority)}
	e.Intake.Local = db.Now().In(cmp.Or(d.Local, time.Local)).Format(time.RFC3339)
	return e, db.Update(ctx, actor, func(tx *store.Tx) (err error) {
		e, err = tx.PutExhibit(e, received, line)
		return err
	})
}

// welcome fails unless the actor may bring the exhibit in.
func welcome(tx *store.Tx, e *homeward.Exhibit) error {
	if e.Parent != "" {
		parent, err := tx.Exhibit(e.Parent)
		if err != nil {
			return err
		}
		e.Compartment, e.Class = parent.Compartment, parent.Class
	}
	who, err := tx.Access()
	if err == nil && !homeward.Can(who, homeward.ActionAddExhibit, homeward.Resource{Compartment: e.Compartment, Class: e.Class}) {
		err = homeward.ErrDenied
	}
	return err
}

// tidied trims the words of an intake record. Of the file's name only its last part is kept: the folders of somebody's machine
// are not evidence.
func tidied(i homeward.Intake) homeward.Intake {
	for _, s := range []*string{&i.Name, &i.Collector, &i.When, &i.Place, &i.From, &i.Consent, &i.Tool, &i.Present} {
		*s = strings.TrimSpace(strings.ToValidUTF8(*s, "\uFFFD"))
	}
	i.Name = path.Base(strings.ReplaceAll(i.Name, `\`, "/"))
	if i.Name == "." || i.Name == "/" {
		i.Name = ""
	}
	i.Method = cmp.Or(i.Method, homeward.MethodUnknown)
	return i
}
