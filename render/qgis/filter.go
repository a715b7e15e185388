package qgis

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"stpmap/render/internal/markup"
	"stpmap/render/layer"
)

// otherwise is the filter of a rule for what no other rule takes.
const otherwise = "ELSE"

// filter is what an entry of a layer's legend takes, in QGIS's expression
// language; empty for everything.
func filter(l *layer.Layer, e *layer.Entry) string {
	q, c := quoteName(l.Style.Field), &e.Class
	switch e.Takes {
	case layer.TakesValue:
		return q + " = " + expressionValue(c.Value)
	case layer.TakesRange:
		return fmt.Sprintf("%s >= %s AND %s <= %s", q, markup.Decimal(c.Lower), q, markup.Decimal(c.Upper))
	case layer.TakesAbove:
		return fmt.Sprintf("%s > %s AND %s <= %s", q, markup.Decimal(c.Lower), q, markup.Decimal(c.Upper))
	case layer.TakesUnknown:
		return q + " IS NULL"
	case layer.TakesSized:
		return sizeFilter(quoteName(l.Fields[l.SizeField()].Name), e)
	case layer.TakesRest:
		return otherwise
	}
	return ""
}

func sizeFilter(q string, e *layer.Entry) string {
	var parts []string
	if !math.IsInf(e.Most, 1) {
		parts = append(parts, q+" < "+markup.Decimal(e.Most))
	}
	if !math.IsInf(e.Least, -1) {
		parts = append(parts, q+" >= "+markup.Decimal(e.Least))
	}
	if len(parts) == 0 {
		return q + " IS NOT NULL"
	}
	return strings.Join(parts, " AND ")
}

// quoteName writes a column in QGIS's expression language.
func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// quoteText writes a string in QGIS's expression language.
func quoteText(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}

func expressionValue(v any) string {
	switch x := v.(type) {
	case string:
		return quoteText(x)
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case int:
		return strconv.Itoa(x)
	case float64:
		return markup.Decimal(x)
	}
	return quoteText(fmt.Sprint(v))
}
