// Package store keeps everything Homeward knows, on SQLite by default or on PostgreSQL, from one SQL text. It is the
// only package that speaks SQL.
//
// What flows in: values of package homeward through the Put methods of [Tx]. What flows out: the same values, through
// methods named after their noun. There is no access without an actor: [DB.View] reads, [DB.Update] writes, and both
// take a function that may run twice, with a clock of its own ([Tx.Now]).
//
// Invariants.
//   - Every write of knowledge is an entry with a pending leaf of the ledger in the same transaction. The sequencer
//     moves pending leaves into the Merkle log, one sequencer at a time; stages follow the log with named cursors.
//   - Every table has one writer, named in the schema. Records are never updated. Persons are derived.
//   - Words about people are sealed with a random key per object (package seal). Plain columns hold ids, times,
//     compartments, states and numbers. What must be found again without its words is found by a keyed fingerprint.
//   - Wrapped keys live in a separate database. A key is committed before the data it seals; keys without data, left
//     by a crash between the two, are swept at start. Deleting a key erases its object in every backup of the data.
//   - Reading a child's data writes an audit row first; when the audit row cannot be written the read fails.
//   - An actor who does not reach everything reads through a fence (access.go): before each statement stand the tables of
//     children's data as the actor reaches them. A new query is fenced without its writer thinking of it. What is not the
//     actor's is [homeward.ErrNotFound], on the same path as what never was.
//   - Claims of a class that the actor's role does not see are left out when a record is opened.
//   - The settings that durability rests on are asserted at start (SQLite: WAL, synchronous FULL, foreign keys,
//     secure_delete; PostgreSQL: fsync, synchronous_commit, full_page_writes); the store refuses to open otherwise.
//
// The difference between the databases lives in sqlite.go and postgres.go, nowhere else. The SQL keeps to their
// meeting ground: text ids made in Go, bigint times, on conflict, returning, window functions, row-value paging.
package store
