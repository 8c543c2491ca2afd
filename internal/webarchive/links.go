package webarchive

import (
	"net/url"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// linkText bounds the text of one item of a list.
const linkText = 1000

// links returns where a page leads, each address once, in order of appearance. The text of an address is that of the largest
// element around it that holds no other address: of a list of children to be adopted, what the list says of one. cut: there are more
// addresses than are kept.
func links(root *html.Node, base *url.URL, l Limits) (out []Link, cut bool) {
	of := map[*html.Node]string{} // the one address that an element holds; "" when it holds several
	var anchors []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.A {
			continue
		}
		to := address(base, attribute(n, "href"))
		if to == "" {
			continue
		}
		anchors = append(anchors, n)
		for up := n; up != nil; up = up.Parent {
			if held, seen := of[up]; !seen {
				of[up] = to
			} else if held != to {
				of[up] = ""
			}
		}
	}
	seen := map[string]bool{}
	for _, n := range anchors {
		to := of[n]
		if to == "" || seen[to] {
			continue
		}
		if len(out) == l.Links {
			return out, true
		}
		seen[to] = true
		item := n
		for up := n.Parent; up != nil && of[up] == to && up.DataAtom != atom.Body && up.DataAtom != atom.Html && up.Type == html.ElementNode; up = up.Parent {
			item = up
		}
		w := &writer{most: linkText}
		w.node(item)
		out = append(out, Link{to, oneLine(w.out.String(), linkText)})
	}
	return out, false
}

// address returns where a reference leads, without its fragment; "" when that is no page of the web.
func address(base *url.URL, reference string) string {
	to, err := base.Parse(reference)
	if err != nil || reference == "" || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return ""
	}
	to.Fragment, to.RawFragment, to.User = "", "", nil
	out := to.String()
	if len(out) > 2000 {
		return ""
	}
	return oneLine(out, 2000) // what follows a question mark is as the page wrote it
}
