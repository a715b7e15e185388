package geojsonread

import "strconv"

// Page is what a server says of how much of its features it sent.
type Page struct {
	// Exceeded is set by ArcGIS servers that cut an answer off.
	Exceeded bool
	// Matched is how many features there are at the server; 0 if it does not say.
	Matched int
	// Next is set where the answer links to one with the features that follow.
	Next bool
}

// Missing gives the member of the file by which it is not all; empty if nothing
// says so. features is how many are in it.
func (p Page) Missing(features int) string {
	switch {
	case p.Exceeded:
		return "exceededTransferLimit"
	case p.Matched > features:
		return "numberMatched " + strconv.Itoa(p.Matched)
	case p.Next:
		return `a link to the "next" page`
	}
	return ""
}

// pageMember takes a member of the collection that belongs to Page.
func (r *reader) pageMember(key string) error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	if key == "links" {
		if c != '[' {
			return r.skip()
		}
		return r.array(r.link)
	}
	if c == '{' || c == '[' || c == '"' {
		return r.skip()
	}
	text, err := r.literal()
	if err != nil {
		return err
	}
	r.pageValue(key, string(text))
	return nil
}

func (r *reader) pageValue(key, text string) {
	switch key {
	case "exceededTransferLimit":
		r.c.Page.Exceeded = r.c.Page.Exceeded || text == "true"
	case "numberMatched", "totalFeatures":
		if n, err := strconv.Atoi(text); err == nil {
			r.c.Page.Matched = max(r.c.Page.Matched, n)
		}
	}
}

// link looks for {"rel":"next"}.
func (r *reader) link() error {
	if c, err := r.peek(); err != nil {
		return err
	} else if c != '{' {
		return r.skip()
	}
	return r.object(func(key string) error {
		if key != "rel" {
			return r.skip()
		}
		rel, err := r.stringOrSkip()
		r.c.Page.Next = r.c.Page.Next || rel == "next"
		return err
	})
}

// pageProperties takes what stands in the collection's own properties.
func (r *reader) pageProperties(f Feature) {
	for _, p := range f.Properties {
		r.pageValue(r.c.Keys[p.Key], p.Text)
	}
}
