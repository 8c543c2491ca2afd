// Package intake turns the files of sources into records: any shape of CSV, TSV, XLSX or JSON lines, in the encodings of
// Ukrainian and Russian offices.
//
// What flows in: a file as received. What flows out: one record a row, through package store, with the row kept cell by
// cell and a claim for every cell whose column is understood. A row that cannot be a child's record is kept too, in
// quarantine, with a reason a clerk understands.
//
// A file is read twice. The first reading hashes it, counts it and refuses what is no list or is broken, before anything
// is written. The second writes, some hundreds of rows a transaction.
//
// What people of ours were told or saw comes in one row at a time ([Learn]), under a source of our own.
//
// Invariants.
//   - The same file of a source is the same edition: reading it again changes nothing.
//   - Every row is accounted for: added, changed, unchanged or quarantined. A row that the edition before had and this
//     one has not is removed, which is a fact of its own; its record stays.
//   - An import that was interrupted, however hard, goes on where it stopped: a row is found again by a keyed
//     fingerprint of its own id, or of its content where it carries none.
//   - Nothing is guessed: a date is as precise as its words, an unknown column is kept under its own heading.
//
// CSV is that of RFC 4180, with any of , ; tab | between fields. It is cut into blocks of whole rows, which those who work on
// a list without a register read on every processor ([Batches]).
package intake
