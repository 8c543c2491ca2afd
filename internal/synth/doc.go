// Package synth invents families: for the demonstration, for tests and for measures. Nobody in it ever lived.
//
// There are two kinds of worlds. A [World] is small and told in full; a [Population] is as large as a measure needs, plain
// rows in one list or several, with duplicates, twins and altered identities, and is a function from the number of a row to
// the row. What follows is about the first; population.go and docs/synthetic.md are about the second.
//
// What flows in: a number of children and a seed. What flows out: a [World], which is the invented truth (families,
// children, what happened to each) and three lists that speak of it, as such lists speak:
//
//   - family reports in Ukrainian (UTF-8, comma): good names, mostly full birth dates, home, parents, who asks;
//   - an adoption listing in Russian (windows-1251, semicolon): Russified and shortened names, shifted birth dates, new
//     birthplaces, new surnames;
//   - a list of a non-profit in Latin letters (UTF-8, comma): five romanisations mixed, names in either order, dates
//     written four ways.
//
// The lists disagree on purpose, and the truth file says which rows are one child, so that linkage can be scored.
//
// Invariants.
//   - The same options give the same world and the same bytes: every family draws from a generator of its own
//     (PCG, seeded by the seed and the family's number), and nothing depends on the order of a map.
//   - Every child is in at least one list, and every row of every list is in the truth exactly once.
//   - What happened to a child happened in an order that is possible, between 24 February 2022 and [EditionDay].
//   - Two rows that carry the same document number with "verified" speak of the same child.
//   - Ids of rows are dealt after shuffling, so that the number of a row tells nothing about the child.
//
// Every share and rate is in rates.go and rates_population.go, and nowhere else; docs/synthetic.md repeats the latter. Given names, stems of surnames, towns and words are in small
// tables of their own. Towns and regions are public geography in Ukraine's internationally recognised borders:
// a child brought to Crimea was transferred, not deported.
package synth
