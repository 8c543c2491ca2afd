// Package cli is the command line of Homeward: one file per command, and the wiring of the rooms below.
//
// What flows in: arguments, the environment (HOMEWARD_DIR, HOMEWARD_DATABASE, HOMEWARD_KEYS) and files. What flows
// out: text for people, or JSON with --json, on standard output; progress and what went wrong on standard error; and
// an exit code, which is a contract:
//
//	0  done
//	1  a fault of the machine or of the program
//	2  the command line is wrong
//	3  not found
//	4  the input is invalid
//	5  conflict: what was asked contradicts what stands
//	6  denied
//	7  tampered: stored bytes are not those that were written
//	8  unavailable: a database, a key or a file cannot be reached now, or a disk is full
//
// Invariants.
//   - Who works at the shell acts as [homeward.Operator]; every act is in the ledger under that name.
//   - Nothing that a person typed or that a record says is written to standard error or to a log: what is reported
//     there are operations, ids and numbers. Words about children appear only on standard output, when asked for.
//   - A command reads its settings here and nowhere else, and hands them down as values.
//   - Every command can be interrupted and run again.
package cli
