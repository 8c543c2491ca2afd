// Package backup is the form of a backup: a stream of parts in one file, which is there whole or not at all, sealed to those who
// may open it, and which opens whole or not at all.
//
// What flows in: parts with their names and sizes, and the public keys of those who may open the file. What flows out: the
// same parts, once they are known to be the ones that were written. The room knows no register and no database.
//
// A file is a tar archive, so that it outlives this program, with one line behind it:
//
//	tar:      about.json          what the file is: [About]
//	          data.db | keys.db   an SQLite database
//	          blobs/NAME          sealed files, in a file of data only
//	trailer:  homeward-backup-1 SHA-256 of all bytes before it, in hex, and a line feed
//
// With recipients all of it, trailer included, is an age file (https://c2sp.org/age): `age -d -i KEY FILE | tar -x` opens it
// with stock tools. A backup is two such files, of data and of keys, because the two have different lifetimes and keepers.
//
// Invariants.
//   - Under the final name is a whole file or none, also when the process is killed: it is written under another name, synced,
//     renamed, and the folder is synced.
//   - A reader that reached the end has seen all bytes that were written and no other. What was cut off, extended or altered
//     fails with homeward.ErrTampered. Where nobody's key seals the file, this finds accidents, not forgers: whoever
//     can write the file can write its trailer. The ledger inside finds those.
//   - Memory is constant however large a part is.
//
// Failures: a file that is no backup, or the wrong one of the two, is homeward.ErrInvalid; one that none of the identities
// opens is homeward.ErrDenied. No error repeats a path.
package backup
