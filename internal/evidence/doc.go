// Package evidence keeps pieces of evidence as they were received, and the list of everyone who handled them.
//
// What flows in: a file of any kind and of any size, with what is told of it. What flows out: an exhibit, whose bytes are the
// file's, and its chain of custody.
//
// Invariants.
//   - Bytes are hashed (SHA-256 and SHA-512) before anything else touches them, sealed, and never changed, parsed or rendered.
//     Each reading hashes them again.
//   - What is made of an exhibit is an exhibit of its own, which names its parent, who made it and with what.
//   - Who reads an exhibit is written into its custody before the first byte is returned.
//   - A process killed anywhere leaves an exhibit whole or not at all; a file that became none is swept.
//
// The rules follow the Berkeley Protocol on Digital Open Source Investigations (OHCHR 2022) and ISO/IEC 27037, as far as they
// concern who keeps the evidence; what is promised beyond them is in docs/evidence.md.
package evidence
