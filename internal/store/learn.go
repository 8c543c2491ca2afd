package store

import "github.com/homeward-registry/homeward"

// MayLearn fails unless the actor may add what was learned to a compartment. One that is not the actor's is ErrNotFound.
func (tx *Tx) MayLearn(in homeward.CompartmentID) error { return tx.mayPut(homeward.ActionLearn, in) }
