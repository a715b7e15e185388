package codebook

import (
	"io"

	"stpmap/data/table"
)

// WriteOrganisations writes organisations as a table of providers, with a point
// where points has one of their code.
func WriteOrganisations(w io.Writer, orgs []Organisation, points []Point) error {
	at := make(map[string]Point, len(points))
	for _, p := range points {
		at[p.Code] = p
	}
	out := table.NewWriter(w, "provider_code", "provider_name", "lon", "lat", "provider_type", "region", "geography", "postcode", "opened", "closed", "status", "parent")
	for _, o := range orgs {
		lon, lat := "", ""
		if p, ok := at[o.Code]; ok {
			lon, lat = table.FormatNumber(p.Lon), table.FormatNumber(p.Lat)
		}
		out.Row(o.Code, o.Name, lon, lat, string(o.Type), o.NationalGrouping, o.Geography, o.Postcode, o.Opened, o.Closed, o.Status, o.Parent)
	}
	return out.Close()
}

// WriteSuccessors writes old and new codes and dates.
func WriteSuccessors(w io.Writer, list []Succession) error {
	out := table.NewWriter(w, "old_code", "new_code", "date")
	for _, s := range list {
		out.Row(s.Old, s.New, s.Date)
	}
	return out.Close()
}

// WriteLookup writes all columns of a lookup.
func WriteLookup(w io.Writer, l *Lookup) error {
	heads := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		heads[i] = c.Heading
	}
	out := table.NewWriter(w, heads...)
	cells := make([]string, len(heads))
	for r := range l.rows {
		for i := range l.Columns {
			cells[i] = l.Columns[i].names.List[l.Columns[i].values[r]]
		}
		out.Row(cells...)
	}
	return out.Close()
}

// WritePoints writes codes with longitude and latitude.
func WritePoints(w io.Writer, points []Point) error {
	out := table.NewWriter(w, "code", "name", "lon", "lat")
	for _, p := range points {
		out.Row(p.Code, p.Name, table.FormatNumber(p.Lon), table.FormatNumber(p.Lat))
	}
	return out.Close()
}
