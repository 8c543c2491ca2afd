// Package statistics counts children by a stated definition, and keeps the numbers that others published beside.
//
// What flows in: the plain facts of the store (records, events, decisions and pairs, without a word of any child), a
// definition, a day in the world and a moment of knowledge. What flows out: a [homeward.Count], which is never one
// number but four that carry their definition with them:
//
//	records   rows that say it, each for itself: what counting lists would give
//	children  distinct children, as far as decided or likely (pending pairs of probability 0.5 and more are joined)
//	lower     distinct children if every pending pair is one child
//	upper     distinct children if none is
//
// A child meets a definition as a whole: one of its records may say deported and another returned. So a definition
// such as "deported-not-returned" is asked child by child. "Deported minus returned" is refused: the two numbers are
// of different populations (an ambassador said in December 2025 that many returnees were never on the list of the
// deported), and their difference counts nobody.
//
// What takes long is the same for every definition, so it is done once: a [Table] answers all of them for one day and one moment.
//
// A count can be divided by region, age and month ([Sketches.Distribute]). For that alone the records are opened, once; what
// is kept of each in memory has no name and no place finer than a region.
//
// Two times. An event counts when the earliest day its words allow is not after the valid-as-of day; an event without
// any date counts always, because it was said to have happened. Records, events, pairs, decisions and revocations
// count when they were known by the known-as-of moment. What an older version of a row said keeps counting, as it
// stays on the child's page: a list that withdraws a word does not make it unsaid. The probability of a pair is
// today's.
//
// Invariants.
//   - lower <= children <= upper <= records, for every definition and both times: the three are counts over
//     partitions each of which refines the one before, and joining children never makes a definition true of more.
//   - The upper bound counts exactly the persons of the registry, by the same rule: lineages first, then decisions
//     "same", oldest first, except those that would join what stands decided "different".
//   - The result does not depend on the order of the facts.
//   - Figures of others are dated claims. They are never corrected, merged or netted, and a figure of people of all
//     ages never enters a series of children.
package statistics
