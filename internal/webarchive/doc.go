// Package webarchive reads, verifies and writes archives of web pages: WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/), which is a
// ZIP, and the WARC 1.0 and 1.1 (ISO 28500) inside it or alone.
//
// What flows in: bytes that a stranger sent. What flows out: a [Report] with a verdict, what was found, and the pages as plain text
// with their links and a screenshot. Two reports of one page give their difference as facts, by [Compare].
//
// Invariants.
//   - Reading never fails and never panics: what is wrong with an archive is in its report, with what was read before it.
//   - Memory is bounded by [Limits], whatever the archive says of itself; nothing is believed of a length that was not counted.
//   - Nothing is unpacked to a disk, and a name in an archive is looked at, never followed.
//   - Every digest that an archive carries is computed again: of the files that a WACZ lists, of the list itself, of the blocks and
//     payloads of records. What carries none is said to be unproven, which is not the same as whole.
//   - Text is text: no markup, no script, no character that turns the direction of writing or does not print.
//
// A verdict says that an archive is what its maker closed. It does not say that the page was so: whoever makes an archive makes its
// digests. A signature adds whose key closed it, and is verified as https://specs.webrecorder.net/wacz-auth/0.1.0/ says, as far as no
// network and no list of trusted authorities is needed. What is written here is signed by a [Key], or not at all; whose key it is, its caller knows.
//
// Pure: no clock, no network, no file of its own. [NewKey] alone draws lots.
package webarchive
