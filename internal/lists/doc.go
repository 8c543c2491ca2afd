// Package lists links several lists without a register: files go in, and tables of pairs and clusters, the model and a
// report come out. It keeps nothing, and what people decide has no place in it: that is what a register is for.
//
// What flows: package intake reads each file as it would for a register, package review puts a row's claims into columns,
// and linkage weighs them. One list is searched for duplicates; several are linked, and searched for duplicates too, unless
// each is known to hold a child once.
//
//	read ──▶ index ──▶ train ──▶ weigh ──▶ cluster ──▶ score ──▶ write
//
// A column that linkage does not know is compared under its own name: postcode, occupation and what a mapping keeps as text.
// What agreeing on it is worth is learned from the lists.
//
// Lists are read in batches, several at a time, and rows become records without the claims that a register would keep.
// From then on a row is a number, its place in the order of keys: pairs, clusters and the truth are counted in numbers.
//
// Invariants.
//   - The same lists give the same bytes, whatever the order of their rows and the number of processors.
//   - Every row is in one cluster, one that names nobody too. A row without an id of its own is named by its number.
//   - A truth that is known is for scoring only: its column is neither weighed nor learned from.
//   - A folder is written whole or not at all, file by file under other names first; a folder that holds anything else is
//     left alone.
//   - The report asks nothing of the network: one file, no script, no reference that leads out of it.
//   - Errors name lists by their place and rows by their line, never by a word of theirs.
//
// Scores are those of record linkage (Christen 2012): precision, recall and F1 over pairs, and B-cubed over records
// (Bagga and Baldwin 1998), which does not let one large cluster decide.
package lists
