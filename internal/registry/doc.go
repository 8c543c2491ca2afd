// Package registry says who and what happened: from records and standing decisions it derives persons, their events
// and their siblings, and it draws a person's page.
//
// What flows in: the log's entries of new records, decisions and revocations, through the cursor "registry". What
// flows out: the derived tables persons, memberships, siblings and events, whose one writer it is; and values for
// pages: [View] of one person, [Consequences] of a decision before it is taken.
//
// How a person comes to be. A person is a cluster of accepted records. Two things join records: a source that lists
// the same row again in a later edition (one lineage), and a standing decision "same". Decisions are applied oldest
// first; a join that would bring two records with a standing decision "different" into one cluster is not made and is
// reported as a [Conflict]: a wrong join hides a missing child, a missing join only delays. The person's id is that
// of its oldest record.
//
// Invariants.
//   - Derived means rebuildable: empty the tables, run, and the same persons, memberships, events and siblings are
//     there, with the same ids. A property test says exactly this.
//   - Running again is safe and cheap: only differences are written, and words are read only of records that are new.
//   - Nothing is joined here that no source and no decision joins, and no value is made up: every value, name and
//     event that a page shows leads to the claim of a record.
//   - The tables are moved in one transaction together with the cursor, so that a crash at any moment loses nothing.
package registry
