package disclosure

import (
	"bytes"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward/internal/i18n"
)

// Document is something people read, as a page and for paper, in one language.
type Document struct {
	*i18n.Localizer
	Title, Lead string
	Foot        string // stands under every page of paper
	Sections    []Section
}

// Section is a part of a document under a heading: words, then rows, then items with rows of their own.
type Section struct {
	Title string
	Words []string
	Rows  []Line
	Items []Item
}

func (d Document) page() ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "document.html", d); err != nil {
		return nil, fmt.Errorf("write document: %w", err)
	}
	return b.Bytes(), nil
}

// paper writes the document as PDF. The same document gives the same bytes.
func (d Document) paper(now time.Time) ([]byte, error) {
	p := newSheet(d.Title, d.Foot, now)
	p.heading(16, d.Title)
	p.words(d.Lead)
	for _, s := range d.Sections {
		if len(s.Items) > 0 && s.Items[0].Figure != nil {
			p.keep(p.height(s.Items[0].Figure.Map) + 50)
		}
		p.heading(13, s.Title)
		for _, text := range s.Words {
			p.words(text)
		}
		p.rows(s.Rows)
		for _, it := range s.Items {
			if it.Figure != nil {
				p.keep(p.height(it.Figure.Map) + 20) // the heading stays with its map
			}
			p.heading(10.5, it.Title)
			if it.Figure != nil {
				p.drawn(it.Figure.Map)
				p.rows(it.Figure.Rows)
			}
			p.rows(it.Said)
		}
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("write document for paper: %w", err)
	}
	return out.Bytes(), nil
}
