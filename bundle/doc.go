// Package bundle is what leaves the register for a court: a proof bundle, how it is packed, and how a stranger verifies
// it. It is pure: readers and writers come from outside, it knows no register, no clock and no network.
//
// What flows in: entries of a ledger with their salts, which of their paths to withhold and why, files of any size that
// are packed as they are, and the log's word (key, checkpoint, proofs). What flows out: a ZIP; or, from a ZIP, a verdict.
//
// # The archive
//
// A bundle is a bag of BagIt 1.0 (RFC 8493) in a ZIP that has exactly one form for its names and contents (archive.go):
// stored, 64-bit, one date, in order of names. Reading it is one pass from the first byte to the last. Every name it may
// hold is known beforehand:
//
//	homeward-<id of the export>/
//	  bagit.txt  bag-info.txt  manifest-sha256.txt  manifest-sha512.txt  tagmanifest-sha256.txt  tagmanifest-sha512.txt
//	  verify.py  verify-uk.txt  verify-en.txt  verify-ru.txt      the second verifier, and the page for the court
//	  data/items/000001.json …                                    entries, as far as they are disclosed
//	  data/originals/000001.age …                                 exhibits, encrypted to their recipient
//	  data/report/en.html …  data/report/en.pdf …                 for people
//	  data/dossier/en.html …  data/card/en.html …                 of a dossier: what was frozen, and the card of each child
//	  data/withheld.csv  data/originals.csv  data/sbom.json       what is withheld and why; what exhibits hash to; what made it
//	  data/log/key.txt  data/log/checkpoint.txt                   the log's key and signed note
//	  data/log/proofs/000001.txt …                                c2sp.org/tlog-proof@v1 of each item
//	  data/log/seal.json  data/log/proofs/000000.txt              the entry of this export, and its proof
//	  data/log/identity.txt                                       where the log's keys followed one another: who named each
//	  data/log/successors/000001.txt data/log/handovers/000001.txt …  successor, in which statement, and the checkpoint both signed
//	  data/log/earlier/000001.txt …                               older checkpoints, and that the log grew from them
//	  data/log/consistency/000001.txt …                           (the form of c2sp.org/tlog-witness)
//	  data/log/policy.txt                                         whose cosignatures count (c2sp.org/tlog-policy), in one form
//	  data/log/cosigned/000001.txt …                              what witnesses said of the checkpoint of that number
//	  data/log/stamps/000001-1.tsr  data/log/stamps/000001-1.pem  time-stamps over them (RFC 3161), with the authority's roots
//
// # An item
//
// Canonical JSON (RFC 8785) in which everything is text:
//
//	{"disclosed":{path:{"key":hex,"value":text}},"time":"2026-11-23T12:00Z","v":"1","withheld":{path:{"digest":hex,"why":text}}}
//
// The digest of a disclosed path is HMAC-SHA-256(key, JCS(value)); of a withheld one it stands there. All of them make the
// commitment and the leaf as package ledger says. The key of a path comes from the entry's salt one way: it opens its own
// path and confirms no guess about another.
//
// # The seal
//
// Exporting is an entry of the ledger too. Its body holds the SHA-256 of the list of every file that was there before
// (isSealed), older checkpoints, their time-stamps and the log's keys among them, and the bundle carries that entry and its
// proof. What is made after it is required, or proves one of those. So a file cannot be taken out, put in or changed, even
// by who writes all the lists anew.
//
// # Time-stamps
//
// Each is over the older checkpoint of its number and has the roots of its authority beside it, each signed by itself.
// Both verifiers check it at its own time, so that the verdict rests on no day, and say by whom it is; whose roots these
// are and whether to trust them is for the reader to say. Package stamp says what form a token has that two parsers read
// alike.
//
// # Invariants
//
//   - Three verdicts: verified, tampered, invalid. The same bytes get the same verdict from [Verify] and from verify.py: a
//     test runs both over thousands of good and mutated bundles.
//   - Hostile input costs bounded memory and time: counts, names and sizes are bounded (layout.go), nothing expands, and
//     no name outside the layout is accepted.
//   - The same draft and log give the same bytes.
package bundle
