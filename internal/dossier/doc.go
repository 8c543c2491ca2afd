// Package dossier freezes what is known of a child, or of several, for those who will judge it: the claims that are graded well
// enough, all that speaks against them, the exhibits, what happened, what named humans concluded in law, and the card that Additional
// Protocol I art. 78(3) asks for.
//
// What flows in: an [Order]: whom, from which grade on, what for, for whom. What flows out: a proof bundle (package bundle) that
// encloses the dossier and the cards, as pages and for paper, in three languages.
//
// Invariants.
//   - Frozen: the ledger's entry of the dossier holds the digest of every file, and its version follows the last about the same
//     subject. It is never changed; another version is another entry.
//   - A floor leaves out claims, and says how many. It never leaves out what contradicts, or what speaks for somebody accused.
//   - Nothing is concluded here. Every conclusion, in law or that two records are one child, names the human whose it is.
//   - Who freezes needs what exporting needs, and sees what its role sees; each read is audited.
//   - Where a child is now stands on no card: the Protocol asks for it only where it does the child no harm, and a file that
//     leaves cannot know that.
package dossier
