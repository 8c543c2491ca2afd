// Package webarchivetest makes web captures for tests: one page of a list that does not exist, on a day that is always the
// same.
//
// [Page] gives the capture as a value. A test that wants an archive writes it with webarchive.Write, one that wants another
// page, a screenshot or a second exchange changes the value first. Nothing of it is read from a disk or a network, and two
// captures of the same markup are the same to the byte.
package webarchivetest

import (
	"time"

	"github.com/homeward-registry/homeward/internal/webarchive"
)

// Page is a capture of one page. A nil screenshot is left out.
func Page(markup, screenshot []byte) webarchive.Capture {
	const address = "https://list.example/"
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	return webarchive.Capture{
		Asked: address, Final: address, Start: at, End: at, Software: "test", Screenshot: screenshot,
		Exchanges: []webarchive.Exchange{{
			URL: address, At: at, Type: "text/html", Status: 200, Body: markup,
			Response: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"),
		}},
	}
}
