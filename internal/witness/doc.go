// Package witness is both sides of c2sp.org/tlog-witness: a witness that others run for a log of ours, or we for
// theirs, and the asking of the witnesses that a register's operator named.
//
// What flows in: checkpoints with proofs that they continue what the witness saw before; a policy with the addresses of
// witnesses. What flows out: cosignatures, which say "I saw this, at this time, and nothing that contradicts it".
//
// It asks authorities of time-stamps as well: witnesses of another kind, whose word is for courts.
//
// A witness sees the log's name, its size and its root: nothing of what the log is about. It keeps the newest
// checkpoint of each log, and never signs a second history of one.
//
// Invariants.
//   - A checkpoint is on disk before its cosignature leaves: killed at any moment, a witness forgets nothing it signed.
//   - Comparing with what was seen, and keeping what is seen now, are one step: requests at the same time cannot roll a
//     log back.
//   - Nobody is asked whom the operator did not name. What a witness answers is believed only when its signature
//     verifies; that it refuses is an alarm.
package witness
