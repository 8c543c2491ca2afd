package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
)

// learnForm is the form on a child's page that takes what we learned ourselves.
type learnForm struct {
	Fields []homeward.Path // beside the name
	Events []homeward.EventType
	Today  string
	Wrong  bool // something is missing, or cannot be so
	sent   url.Values
}

// Said returns what was written in a field when the form was refused.
func (f *learnForm) Said(field any) string { return f.sent.Get(fmt.Sprint(field)) }

// AsOf is the day that stands in the form.
func (f *learnForm) AsOf() string { return cmp.Or(f.Said("as_of"), f.Today) }

// learnFields are what a person may be told of a child, beside the name and an event.
var learnFields = []homeward.Path{
	homeward.PathBirthDate, homeward.PathHome, homeward.PathMother, homeward.PathFather, homeward.PathSiblings, homeward.PathMarks,
	homeward.PathNameImposed, homeward.PathNote,
}

// longestLearned is of one field, in characters.
const longestLearned = 2000

// learnForm returns the form, or nil where the reader may not add to the child's compartment.
func (v *visit) learnForm(first homeward.Record) (*learnForm, error) {
	may, err := v.may(homeward.ActionLearn, homeward.Resource{Compartment: first.Compartment})
	if err != nil || !may {
		return nil, err
	}
	return &learnForm{Fields: learnFields, Events: homeward.EventTypes, Today: homeward.DayOf(v.d.Now().UTC()).String()}, nil
}

// learn keeps what we learned of a child as a record of a source of our own, and puts it before review beside the record
// that the page goes by. The child's other records stay as they are.
func (d *Desk) learn(v *visit) error {
	var of homeward.Record
	person := homeward.PersonID(v.r.PathValue("person"))
	err := v.view(func(tx *store.Tx) error {
		p, err := tx.Person(person)
		if err == nil {
			of, err = tx.Record(p.Records[0])
		}
		return err
	})
	if err != nil {
		return err
	}
	l, err := v.learned(of.Compartment)
	if errors.Is(err, homeward.ErrInvalid) {
		return d.askAgain(v)
	}
	if err != nil {
		return err
	}
	id, err := intake.Learn(v.ctx(), d.DB, v.user.Actor(), l)
	if err != nil {
		return err
	}
	pair, err := d.Pipeline.Review.Introduce(v.ctx(), v.user.Actor(), id, of.ID)
	if err != nil {
		return err
	}
	d.Pipeline.Wake()
	v.tell("notice.learned", "")
	if v.can(homeward.ActionReview) {
		return v.redirect("/pairs/" + string(pair))
	}
	return v.redirect("/persons/" + string(person))
}

// askAgain shows the child's page with the form as it was sent.
func (d *Desk) askAgain(v *visit) error {
	p, err := d.readPerson(v)
	if err != nil {
		return err
	}
	if p.Learn == nil {
		return homeward.ErrDenied
	}
	p.Learn.Wrong, p.Learn.sent = true, v.r.PostForm
	return v.show(http.StatusUnprocessableEntity, "person", p)
}

// learned reads the form. Headings are the words under which the form asked.
func (v *visit) learned(in homeward.CompartmentID) (intake.Learned, error) {
	l := intake.Learned{Names: v.ownSource(), Compartment: in, Lang: string(v.l.Lang), Mapping: homeward.Mapping{}}
	when, err := time.Parse(time.DateOnly, v.r.PostFormValue("as_of"))
	if err != nil || when.After(v.d.Now().Add(24*time.Hour)) {
		return l, homeward.ErrInvalid
	}
	l.AsOf = homeward.Exact(homeward.DayOf(when))
	told := 0
	add := func(field string, path homeward.Path) {
		text := strings.TrimSpace(v.r.PostFormValue(field))
		if utf8.RuneCountInString(text) > longestLearned {
			err = homeward.ErrInvalid
		}
		if text == "" {
			return
		}
		heading := pathName(v.l, path)
		l.Cells, l.Mapping[heading] = append(l.Cells, homeward.Cell{Heading: heading, Text: text}), path
		told++
	}
	add("name", homeward.PathNameFull)
	add("teller", homeward.PathInquirer)
	for _, path := range learnFields {
		add(string(path), path)
	}
	if event := homeward.EventType(v.r.PostFormValue("event")); event != "" {
		for _, part := range []string{"date", "place", "actor"} {
			add("event_"+part, homeward.EventPath(event, part))
		}
	}
	if told < 3 || l.Mapping[pathName(v.l, homeward.PathNameFull)] == "" || l.Mapping[pathName(v.l, homeward.PathInquirer)] == "" {
		return l, homeward.ErrInvalid // who the child is, who told us, and something told
	}
	return l, err
}

// ownSource returns the names of the source of our own, that of the reader's language first.
func (v *visit) ownSource() []string {
	out := []string{v.l.T("source.own")}
	for _, lang := range v.d.Catalogs.Languages() {
		if name := v.d.pages[lang].localizer.T("source.own"); name != out[0] {
			out = append(out, name)
		}
	}
	return out
}
