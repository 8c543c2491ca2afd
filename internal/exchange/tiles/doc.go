// Package tiles writes the log as static files of c2sp.org/tlog-tiles and reads them back:
//
//	checkpoint                       the signed note, with the cosignatures collected for it
//	tile/<level>/<n>[.p/<width>]     hashes of the tree, 256 in a full tile
//	tile/entries/<n>[.p/<width>]     the leaves themselves
//
// What flows in: a register, or a folder. What flows out: a folder that any web server can publish, or what is wrong
// with one. Nobody here serves anything.
//
// Invariants.
//   - The checkpoint is written last and by renaming: a folder always holds the whole log of its checkpoint, whenever
//     the writer was killed.
//   - Writing again goes on from the checkpoint that is there, and mends nothing silently: a folder whose checkpoint is
//     not a beginning of the register's log holds another history and is refused.
//   - A leaf is a salted commitment and tells nothing of anybody; but it carries the minute of the act. Whoever
//     publishes should leave the entries out when the rhythm of the work must stay unknown.
package tiles
