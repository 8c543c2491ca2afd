package desk

import (
	"net/http"
	"time"
)

// printedPage is a child's page as one sheet of paper: what is known, and how far it goes.
type printedPage struct {
	*personPage
	By string
	At time.Time
}

func (d *Desk) showPrinted(v *visit) error {
	p, err := d.readPerson(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "printed", &printedPage{p, v.user.Name, d.Now()})
}
