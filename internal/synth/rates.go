package synth

import "github.com/homeward-registry/homeward"

// The window in which everything happens, and the day as of which the three lists speak.
var (
	// FirstDay is the first day on which anything can happen to a child.
	FirstDay = homeward.YMD(2022, 2, 24)
	// EditionDay is the day as of which all three lists speak; ages are as of this day.
	EditionDay = homeward.YMD(2025, 2, 22)
)

// Families. A rate is a probability between 0 and 1 unless its name says otherwise.
const (
	rateSecondChild = 0.55 // a family with one child has another one in the world
	rateThirdChild  = 0.40 // of those with two
	rateFourthChild = 0.30 // of those with three
	rateTwin        = 0.02 // a birth is followed by a twin's
	rateBoy         = 0.51
	rateOwnSurname  = 0.12 // the mother has another surname than the father
	rateNoFather    = 0.10 // nobody names the father
	rateMovedBefore = 0.15 // born in another town than the home
	rateMark        = 0.22 // has a mark worth writing down
	rateSickly      = 0.25 // health group 3 or more
	rateDocument    = 0.75 // has a document with a number
)

// What happens. Each rate is the share among the children to whom the event before the slash happened.
const (
	rateTogether    = 0.85 // siblings share one fate up to the placement
	rateTaken       = 0.95 // taken / separated
	rateTransferred = 0.45 // transferred / taken
	rateDeported    = 0.90 // deported / taken
	rateBelarus     = 0.08 // to Belarus / deported
	ratePlaced      = 0.92 // placed / deported
	rateRenamed     = 0.22 // renamed / placed
	rateAllRenamed  = 0.30 // the given name changed too / renamed
	rateCitizenship = 0.38 // citizenship imposed / deported
	rateContactLost = 0.80 // contact lost / separated
	rateMistreated  = 0.15 // mistreated / taken
	rateLocated     = 0.30 // located / taken
	rateReturned    = 0.35 // returned / located
	rateReunified   = 0.85 // reunified / returned
)

// Who speaks of whom: together about 2.6 rows a child.
const (
	rateReported     = 0.94 // the family reports the child
	rateReportedTwo  = 0.06 // another relative reports it again / reported
	rateListed       = 0.88 // in the adoption listing / placed
	rateListedTwo    = 0.04 // listed again, by another region / listed
	rateNoted        = 0.85 // in the list of the non-profit
	rateNotedTwo     = 0.03 // noted again, by another volunteer / noted
	rateFirstColumns = 0.97 // a cell that is usually filled is filled
)

// Family reports.
const (
	rateReportPatronymic = 0.93
	rateReportAboutYear  = 0.05 // "бл. 2015"
	rateReportAboutAge   = 0.04 // "близько 8 років"
	rateReportTypo       = 0.015
	rateReportShort      = 0.02 // the pet name in place of the given name
	rateReportDocument   = 0.70 // the number is given / has a document
	rateReportVerified   = 0.50 // read from the document / the number is given
	rateReportSiblings   = 0.85
	rateReportMarks      = 0.90
	rateReportMonthOnly  = 0.15 // of an event, the month alone is known
)

// Adoption listing.
const (
	rateListedInitial    = 0.62 // "Николай К."
	rateListedPatronymic = 0.18 // of those with a whole surname
	rateNewPatronymic    = 0.30 // the patronymic is invented / it is written
	rateListedExact      = 0.45 // the true birth date
	rateListedYear       = 0.10 // the year alone
	rateListedSwapped    = 0.03 // day and month swapped, where that is a date
	rateListedFirstJan   = 0.04 // 1 January of the year
	daysShifted          = 90   // the rest: shifted by up to so many days either way
	rateNewBirthplace    = 0.45 // the birthplace is a Russian town; always for the renamed
	rateNoBirthplace     = 0.25 // no birthplace is given / not new
	rateListedFormer     = 0.25 // the former name is given / renamed
	rateListedSiblings   = 0.60 // siblings are mentioned at all
	rateListedNamed      = 0.55 // by name / mentioned
	rateListedDocument   = 0.12
	rateListedVerified   = 0.30
	rateListedEyesWrong  = 0.06
)

// List of the non-profit.
const (
	rateNotedSwapped    = 0.30 // family name first
	rateNotedCapitals   = 0.10 // family name in capitals
	rateNotedPatronymic = 0.20
	rateNotedShort      = 0.06 // the pet name in place of the given name
	rateNotedAlias      = 0.25
	rateNotedSpelling   = 0.30 // another spelling of the whole name / alias
	rateNotedNewName    = 0.40 // the imposed name is known / renamed
	rateNotedTypo       = 0.025
	rateNotedBorn       = 0.72 // a birth date; otherwise the age alone
	rateNotedYear       = 0.12 // the year alone / a birth date
	rateNotedWrongDay   = 0.03 // one digit of the day is wrong
	rateNotedAge        = 0.35 // an age beside the birth date
	rateNotedHome       = 0.80
	rateNotedParents    = 0.50
	rateNotedSiblings   = 0.45
	rateNotedDocument   = 0.35
	rateNotedVerified   = 0.45
	rateNotedMonthOnly  = 0.25
)

// romanisations of the non-profit's volunteers, as shares that add up to 1.
const (
	shareKMU     = 0.45
	shareBGN     = 0.15
	shareRussian = 0.20 // from the Russian form
	shareFrench  = 0.10
	shareGerman  = 0.10
)
