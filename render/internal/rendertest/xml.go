package rendertest

import (
	"encoding/xml"
	"testing"
)

// Element is any XML element.
type Element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []Element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

// Attr is the value of an attribute, empty if there is none.
func (e *Element) Attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// All are the descendants of a name, in document order.
func (e *Element) All(name string) []*Element {
	var out []*Element
	for i := range e.Children {
		if e.Children[i].XMLName.Local == name {
			out = append(out, &e.Children[i])
		}
		out = append(out, e.Children[i].All(name)...)
	}
	return out
}

// TextAt is the text of the element that a path of names leads to.
func (e *Element) TextAt(path ...string) string {
	for _, name := range path {
		var next *Element
		for i := range e.Children {
			if e.Children[i].XMLName.Local == name {
				next = &e.Children[i]
				break
			}
		}
		if next == nil {
			return "(no " + name + ")"
		}
		e = next
	}
	return e.Text
}

// ParseXML reads a document, and fails where it is not well-formed.
func ParseXML(t *testing.T, b []byte) *Element {
	t.Helper()
	var e Element
	if err := xml.Unmarshal(b, &e); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	return &e
}
