package evidence

import (
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Accounts returns what the child of whom a record tells was heard on, the first account first. To be heard again harms a
// child and changes what it tells: whoever is about to add one is shown these.
func Accounts(tx *store.Tx, record homeward.RecordID) ([]homeward.Exhibit, error) {
	records := []homeward.RecordID{record}
	if id, err := tx.PersonOf(record); err == nil { // none yet, until the next run
		person, err := tx.Person(id)
		if err != nil {
			return nil, err
		}
		records = person.Records
	}
	list, err := tx.Exhibits(store.ExhibitFilter{Kind: homeward.ExhibitAccount, Records: records})
	slices.Reverse(list)
	return list, err
}
