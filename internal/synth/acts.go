package synth

// Acts is a set of what was done to the truth when a row was written, so that tests and measures can count it.
type Acts uint32

// What can be done. From [Renamed] on they alter an identity; the others are mistakes and habits of lists.
const (
	InRussian    Acts = 1 << iota // names and places in Russian
	InLatin                       // names and places in Latin letters
	Mistyped                      // a letter of a name is wrong, missing, doubled or changed places
	Shortened                     // a pet name stands for the given name
	Initialled                    // the given name's first letter alone
	Exchanged                     // the given name stands as the family name
	Lookalike                     // a letter is another script's that looks the same
	DaySwapped                    // day and month of birth in each other's place
	DigitSlipped                  // one digit of the birth date is wrong
	YearAlone                     // the year of birth alone
	Moved                         // another home than the family's
	SexWrong                      // the other sex
	Remade                        // another family name, and always so where an identity is altered
	Renamed                       // another given name
	Refathered                    // another patronymic
	Shifted                       // another birth date, up to 90 days away
	Relocated                     // another birthplace
	Split                         // a brother or sister is not named beside the child
	OriginKnown                   // where the child was taken from is known
)

// Has reports whether all of the given were done.
func (a Acts) Has(all Acts) bool { return a&all == all }
