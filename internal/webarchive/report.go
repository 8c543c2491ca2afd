package webarchive

import (
	"fmt"
	"slices"
	"time"
)

// Verdict is what the reading of an archive comes to.
type Verdict string

const (
	Whole      Verdict = "whole"      // every digest it carries agrees, and it carries some for everything
	Unproven   Verdict = "unproven"   // read to the end, but not everything carries a digest
	Damaged    Verdict = "damaged"    // something is not what its digest or its place says
	Unreadable Verdict = "unreadable" // no archive, or larger than is read here
)

// Code is a kind of finding.
type Code string

const (
	NoArchive Code = "no-archive" // neither WACZ nor WARC
	BadZip    Code = "bad-zip"
	TooLarge  Code = "too-large"  // more bytes, files or records than are read here
	BadPath   Code = "bad-path"   // a name in the ZIP that leads elsewhere, is there twice, or is no file
	NoPackage Code = "no-package" // datapackage.json is missing or can not be read
	Missing   Code = "missing"    // listed, and not there
	Unlisted  Code = "unlisted"   // there, and not listed
	BadSize   Code = "bad-size"
	BadHash   Code = "bad-hash"      // of a file that the package lists
	BadDigest Code = "bad-digest"    // datapackage-digest.json does not fit datapackage.json
	BadSign   Code = "bad-signature" // the signature is not one of what it signs
	BadRecord Code = "bad-record"    // a record of a WARC that is not written as its standard says
	BadLength Code = "bad-length"    // Content-Length does not lead to the end of the record
	Truncated Code = "truncated"     // the bytes end, or stop to unpack, inside a record
	BadBlock  Code = "bad-block"     // WARC-Block-Digest
	BadBody   Code = "bad-payload"   // WARC-Payload-Digest
	BadPages  Code = "bad-pages"     // the list of pages can not be read
	NoList    Code = "no-list"       // it does not say which pages it holds: those that were found are shown
	NoPage    Code = "no-page"       // a page is listed, and its answer is not in the archive
	Encoded   Code = "encoded"       // a page is compressed in a way that is not read here
	CutShort  Code = "cut-short"     // an answer that was not kept in full, as its record says
	NoDigest  Code = "no-digest"     // something carries no digest, or one that is not known here
	Unsigned  Code = "unsigned"
	BadStamp  Code = "bad-stamp"   // the time-stamp is not one of the signature, or of another time than the archive says
	BadChain  Code = "bad-chain"   // the certificates do not lead to one another, or were not good then
	Unstamped Code = "unstamped"   // signed in the name of a domain, and no time-stamp says when
	Untrusted Code = "certificate" // signed in the name of a domain; that the certificate is the domain's is not looked up
)

// Verdicts and Codes list all there are, the gravest verdict last.
var (
	Verdicts = []Verdict{Whole, Unproven, Damaged, Unreadable}
	Codes    = []Code{
		NoArchive, BadZip, TooLarge, BadPath, NoPackage, Missing, Unlisted, BadSize, BadHash, BadDigest, BadSign, BadRecord, BadLength, Truncated,
		BadBlock, BadBody, BadPages, NoList, NoPage, Encoded, CutShort, NoDigest, Unsigned, BadStamp, BadChain, Unstamped, Untrusted,
	}
)

// weight says what a finding makes of the verdict.
func (c Code) weight() Verdict {
	switch c {
	case NoArchive, BadZip, TooLarge:
		return Unreadable
	case NoDigest:
		return Unproven
	case NoList, NoPage, Encoded, CutShort, Unsigned, Unstamped, Untrusted:
		return Whole
	}
	return Damaged
}

// Finding is something that was found, and where: the name of a file in the archive, or which record of it.
type Finding struct {
	Code  Code   `json:"code"`
	Where string `json:"where,omitempty"`
	Times int    `json:"times"` // how often; where it was first is said
}

// Report is what an archive is, and holds.
type Report struct {
	Format    string     `json:"format"` // "WACZ 1.1.1", "WARC 1.1"
	Verdict   Verdict    `json:"verdict"`
	Findings  []Finding  `json:"findings"`
	Files     int        `json:"files"`
	Records   int        `json:"records"`
	Agreed    int        `json:"digests"`  // digests that agree
	Software  string     `json:"software"` // that made it, as it says of itself
	Created   string     `json:"created"`  // as it says
	Signature *Signature `json:"signature,omitempty"`
	Pages     []Page     `json:"pages"`
	Cut       bool       `json:"cut"` // there are more pages than are kept
	Picture   *Picture   `json:"-"`   // the screenshot of the first page that has one
}

// Signature is who closed an archive, as far as its own bytes tell.
type Signature struct {
	Valid    bool   `json:"valid"`
	Key      string `json:"key"`              // SHA-256 of the public key, in hex
	Domain   string `json:"domain,omitempty"` // in whose name; not looked up
	Created  string `json:"created"`          // as it says: the signature is not of this
	Software string `json:"software"`         // likewise
	// Stamped is when an authority saw the signature, under the certificates that the archive holds; zero without a time-stamp.
	Stamped time.Time `json:"stamped,omitzero"`
}

// Page is a page that an archive holds.
type Page struct {
	URL    string    `json:"url"`
	Title  string    `json:"title"`
	At     time.Time `json:"at"`
	Status int       `json:"status"` // of the answer; 0 when it is not in the archive
	Head   string    `json:"head"`   // of the answer: its first line and fields
	Text   string    `json:"text"`
	Cut    bool      `json:"cut"` // there is more text, or there are more links, than are kept
	Unread Unread    `json:"unread,omitempty"`
	Links  []Link    `json:"links"`
}

// Unread is why the text of a page is not that of its answer; empty when it is.
type Unread string

const (
	UnreadEncoded  Unread = "encoded"   // compressed in a way that is not read here
	UnreadRevisit  Unread = "revisit"   // the archive refers to an earlier answer, kept elsewhere
	UnreadCutShort Unread = "cut-short" // not kept in full
	UnreadNoText   Unread = "no-text"   // no text, or markup that is too tangled
)

// Link is an address that a page leads to, with the text that stands around it and around no other: of a list, one item.
type Link struct {
	URL  string `json:"url"`
	Text string `json:"text"`
}

// Picture is a screenshot, as it lies in the archive: nobody has decoded it.
type Picture struct {
	Page    string `json:"page"`
	Type    string `json:"type"`
	Content []byte `json:"content"`
}

// find adds a finding; the same kind again is counted.
func (r *Report) find(c Code, where string) {
	for i := range r.Findings {
		if r.Findings[i].Code == c {
			r.Findings[i].Times++
			return
		}
	}
	r.Findings = append(r.Findings, Finding{c, clean(where, 200), 1})
}

// judge draws the verdict from what was found, the gravest finding first.
func (r *Report) judge() {
	grave := func(f Finding) int { return slices.Index(Verdicts, f.Code.weight()) }
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return grave(b) - grave(a) })
	r.Verdict = Whole
	if len(r.Findings) > 0 {
		r.Verdict = r.Findings[0].Code.weight()
	}
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	if r.Pages == nil {
		r.Pages = []Page{}
	}
}

// Limits bound what reading an archive takes.
type Limits struct {
	Files    int   // in a ZIP
	Records  int   // in all WARCs
	Expanded int64 // bytes in all, unpacked
	Pages    int   // of which text and links are kept
	Markup   int64 // bytes of a page that are read
	Text     int   // bytes of its text that are kept
	Links    int   // of a page
	Picture  int64 // bytes of a screenshot
}

// Usual are the limits of an archive of some pages.
var Usual = Limits{
	Files: 10_000, Records: 200_000, Expanded: 4 << 30, Pages: 50, Markup: 2 << 20, Text: 256 << 10, Links: 2000, Picture: 24 << 20,
}

// fault is what stops the reading of a file in an archive.
type fault struct {
	code  Code
	where string
}

func (f *fault) Error() string { return fmt.Sprintf("%s: %s", f.code, f.where) }
