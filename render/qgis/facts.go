package qgis

import (
	"strings"

	"stpmap/flow/plaintext"
	"stpmap/render/layer"
)

// factFields are the columns that tell most of a feature, in the order in which
// map tips and the pages of the atlas give them.
var factFields = []string{
	"footprint", "rating", "score", "rank", "domains_failing", "population", "areas", "providers", "patients", "catchment_population",
	"localisation_index", "market_share_index", "inside_share", "inside", "top_provider", "next_footprint", "confidence",
}

// fact is a column in words, and the expression that gives its value as text.
type fact struct{ title, expression string }

// facts are those of factFields that the layer has, besides its name; of gives the
// expression of a field's value.
func facts(l *layer.Layer, of func(field string) string) []fact {
	var all []fact
	for _, name := range factFields {
		at := l.FieldIndex(name)
		if at < 0 || name == l.NameField() {
			continue
		}
		f := &l.Fields[at]
		q := of(f.Name)
		var value string
		switch f.Type {
		case layer.Integer:
			value = "format_number(" + q + ", 0)"
		case layer.Real:
			// Shares have two decimals, numbers of people none.
			value = "format_number(" + q + ", if(abs(" + q + ") < 10 AND " + q + " <> round(" + q + "), 2, 0))"
		case layer.Boolean:
			value = "if(" + q + ", 'yes', 'no')"
		default:
			value = q
		}
		all = append(all, fact{plaintext.QGIS(short(f.Alias)), "coalesce(" + value + ", 'not known')"})
	}
	return all
}

// short is an alias without the remark in brackets behind it.
func short(alias string) string {
	before, _, found := strings.Cut(alias, " (")
	if !found {
		return alias
	}
	return before
}

// mapTip is what QGIS shows of a feature under the pointer, as HTML: its name and
// facts in words, with what HTML would take for markup as text.
func mapTip(l *layer.Layer) string {
	var b strings.Builder
	b.WriteString("<b>" + htmlText(quoteName(l.NameField())) + "</b>")
	for _, f := range facts(l, quoteName) {
		b.WriteString("<br>" + htmlEscape.Replace(f.title) + ": " + htmlText(f.expression))
	}
	return b.String()
}

var htmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// htmlText is an expression whose value stands as text in HTML.
func htmlText(expression string) string {
	return "[% replace(replace(" + expression + ", '&', '&amp;'), '<', '&lt;') %]"
}

// hasPlainName reports whether a layer has a name that an expression can hold: a
// "]" would end the expression.
func hasPlainName(l *layer.Layer) bool {
	name := l.NameField()
	return name != "" && !strings.Contains(name, "]")
}

// legalEndings are what the names of providers end with and no map needs.
var legalEndings = []string{"NHS Foundation Trust", "NHS Trust", "Foundation Trust", "NHS FT"}

// labelExpression is the label of a feature: for points with names, the name
// without the words that all of them share.
func labelExpression(l *layer.Layer) (text string, expression bool) {
	field := l.Style.LabelField
	if layer.KindOf(l.Geometry) != layer.PointKind || field != "name" {
		return field, false
	}
	return "regexp_replace(" + quoteName(field) + ", '(?i),? +(" + strings.Join(legalEndings, "|") + ")$', '')", true
}
