// Package casework is the work on tracing requests: a family's search for one or several children, from the day it is
// recorded until the children are with their family.
//
// What flows in: what an officer wrote down while the inquirer told it ([Draft]), moves, and answers about consent. What
// flows out: a request in the store, and one record for each sought child, so that it meets every other record in
// linkage.
//
// A request is a source of its own, named by its code and by no word about anyone. Its sought children are records of
// that source, and take the path that the rows of lists take: an edition, a record with its row as told and the claims
// read from it, an entry in the log; the index, pairs and the review follow. Claims are read by the same [Reader] that
// reads lists; package intake has it, and a door passes it in, because the stages of one floor do not import one another.
//
// Invariants.
//   - A request, its source, its edition and its records are written in one transaction, or none of them is.
//   - Nothing in a request is changed: what becomes of it is a [homeward.Move], what the inquirer allows a
//     [homeward.Consent], what is best for a child a [homeward.Determination], each an entry of its own. A child that is added is
//     an entry too; what is known of a child better is a record that corrects the one before, which stays.
//   - The children are looked for only while consent to tracing stands. Its withdrawal withdraws the request and takes its
//     records out of linkage, at once; what was decided stays, and consent given again brings them back.
//   - A request is proposed, verified or reunified only while people's decision *same* on one of its records stands.
//   - The family is verified by another than who proposed it; reunified needs the family verified, and of every sought child a
//     best-interests determination that it should be with this family, or a supervisor's waiver with its reason.
//
// The terms are those of the Inter-agency Guiding Principles on Unaccompanied and Separated Children (2004), part V:
// https://www.icrc.org/en/publication/1101-inter-agency-guiding-principles-unaccompanied-and-separated-children
package casework
