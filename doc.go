// Package homeward is the vocabulary of Homeward: the nouns of family tracing, one file per noun.
//
// Sources speak, and their words are kept as records. Linkage weighs which records are the same child. People
// decide. The registry says who and what happened. Casework brings the child home. Statistics tell the world.
// The ledger proves that nothing was changed.
//
// What flows through here are values only: a [Source] gives an [Edition]; an edition holds rows; each row becomes a
// [Record] with [Claim]s; two records form a [Pair]; a person takes a [Decision] on it; records decided to be one
// child form a [Person]; what was done to the child is an [Event]; a number someone published is a [Figure]; a
// number computed here is a [Count].
//
// Invariants.
//   - The package imports the standard library only and holds no behaviour beyond a single value.
//   - A record is never updated. A correction is a new record that names the one it supersedes.
//   - Two times always: valid time (when true in the world) and known time (when it was learned).
//   - Types that carry words about a child print as their id, never as their words, so that a log line or an error
//     cannot leak a name.
//
// The terms are those of the Inter-agency Guiding Principles on Unaccompanied and Separated Children (2004) and of
// CPIMS; GLOSSARY.md lists every one.
package homeward
