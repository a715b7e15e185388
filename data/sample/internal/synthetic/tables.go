package synthetic

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Notice stands in everything made of the sample.
const Notice = "Synthetic data: no real place or organisation"

// File is one file of the sample.
type File struct {
	Name    string
	Content []byte
}

// Files makes the sample, the same bytes for the same seed.
func Files(seed uint64) ([]File, error) {
	c, err := populated(seed)
	if err != nil {
		return nil, err
	}
	return []File{
		{"README.txt", c.readme()},
		{"areas.geojson", c.areasGeoJSON()},
		{"flows.csv", c.flowsTable()},
		{"indicators.csv", c.indicatorsTable()},
		{"population.csv", c.populationTable()},
		{"providers.csv", c.providersTable()},
		{"reference_partition.csv", c.referenceTable()},
		{"reference_providers.csv", c.referenceProvidersTable()},
		{"reference_systems.csv", c.systemsTable()},
	}, nil
}

// populated lays out a country, with its hospitals and who goes where.
func populated(seed uint64) (*country, error) {
	c, err := found(seed)
	if err != nil {
		return nil, err
	}
	c.name()
	if err := c.build(); err != nil {
		return nil, err
	}
	c.travel()
	return c, c.fail()
}

// table writes a CSV, sorted by its first columns.
func table(header []string, rows [][]string) []byte {
	slices.SortStableFunc(rows, slices.Compare)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	// Writing to a buffer cannot fail.
	_ = w.Write(header)
	_ = w.WriteAll(rows)
	return b.Bytes()
}

func (c *country) flowsTable() []byte {
	rows := make([][]string, 0, len(c.flows))
	for _, f := range c.flows {
		rows = append(rows, []string{c.areas[f.area].code, c.providers[f.provider].code, c.printed(f)})
	}
	return table([]string{"area", "provider", "count"}, rows)
}

func (c *country) populationTable() []byte {
	var rows [][]string
	for _, a := range c.areas {
		rows = append(rows, []string{a.code, a.name + suffix, strconv.Itoa(a.people)})
	}
	return table([]string{"area", "area_name", "population"}, rows)
}

func (c *country) providersTable() []byte {
	var rows [][]string
	for _, p := range c.providers {
		kind := "acute"
		if p.specialist {
			kind = "specialist"
		}
		rows = append(rows, []string{p.code, p.name + suffix, decimal(p.at.x), decimal(p.at.y), kind})
	}
	return table([]string{"provider_code", "provider_name", "lon", "lat", "type"}, rows)
}

func (c *country) referenceTable() []byte {
	var rows [][]string
	for _, a := range c.areas {
		s := c.systems[a.system]
		rows = append(rows, []string{a.code, a.name + suffix, s.code, s.name + suffix})
	}
	return table([]string{"area_code", "area_name", "footprint", "footprint_name"}, rows)
}

func (c *country) referenceProvidersTable() []byte {
	var rows [][]string
	for _, p := range c.providers {
		s := c.systems[p.system]
		rows = append(rows, []string{p.code, p.name + suffix, s.code, s.name + suffix})
	}
	return table([]string{"provider_code", "provider_name", "footprint", "footprint_name"}, rows)
}

func (c *country) systemsTable() []byte {
	areas, providers := make([]int, len(c.systems)), make([]int, len(c.systems))
	for _, a := range c.areas {
		areas[a.system]++
	}
	for _, p := range c.providers {
		providers[p.system]++
	}
	var rows [][]string
	for i, s := range c.systems {
		rows = append(rows, []string{
			s.code, s.name + suffix, strconv.Itoa(areas[i]), strconv.Itoa(providers[i]),
			strconv.Itoa(s.people), strconv.FormatBool(s.failing),
		})
	}
	return table([]string{"footprint", "footprint_name", "areas", "providers", "population", "underperforming"}, rows)
}

// decimal writes a coordinate in degrees, without needless zeros.
func decimal(units int64) string {
	return strconv.FormatFloat(float64(units)/perDegree, 'f', -1, 64)
}

// areasGeoJSON follows RFC 7946: WGS84, outer rings counter-clockwise.
func (c *country) areasGeoJSON() []byte {
	west, south, east, north := c.areas[0].label.x, c.areas[0].label.y, c.areas[0].label.x, c.areas[0].label.y
	for _, a := range c.areas {
		for _, polygon := range a.polygons {
			for _, p := range polygon[0] {
				west, east = min(west, p.x), max(east, p.x)
				south, north = min(south, p.y), max(north, p.y)
			}
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"type\":\"FeatureCollection\",\"name\":\"areas\",\"notice\":%q,\"bbox\":[%s,%s,%s,%s],\"features\":[",
		Notice, decimal(west), decimal(south), decimal(east), decimal(north))
	for k, i := range alphabetical(len(c.areas), func(i int) string { return c.areas[i].code }) {
		a := c.areas[i]
		if k > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(a.name + suffix) // a string always encodes
		fmt.Fprintf(&b, "\n{\"type\":\"Feature\",\"id\":%q,\"properties\":{\"area_code\":%q,\"area_name\":%s,\"population\":%d,\"lon\":%s,\"lat\":%s},\"geometry\":",
			a.code, a.code, name, a.people, decimal(a.label.x), decimal(a.label.y))
		if len(a.polygons) == 1 {
			b.WriteString(`{"type":"Polygon","coordinates":`)
			writePolygon(&b, a.polygons[0])
		} else {
			b.WriteString(`{"type":"MultiPolygon","coordinates":[`)
			for n, polygon := range a.polygons {
				if n > 0 {
					b.WriteByte(',')
				}
				writePolygon(&b, polygon)
			}
			b.WriteByte(']')
		}
		b.WriteString("}}")
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

func writePolygon(b *bytes.Buffer, polygon []ring) {
	b.WriteByte('[')
	for n, r := range polygon {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('[')
		for _, p := range append(slices.Clone(r), r[0]) {
			if b.Bytes()[b.Len()-1] == ']' {
				b.WriteByte(',')
			}
			fmt.Fprintf(b, "[%s,%s]", decimal(p.x), decimal(p.y))
		}
		b.WriteByte(']')
	}
	b.WriteByte(']')
}

func (c *country) readme() []byte {
	return fmt.Appendf(nil, `Synthetic England
%s.

Invented commissioners, hospitals and health systems, laid inside England's
outline (Natural Earth 1:50m, public domain) and made by a program from seed %d.
Any likeness of a name, a number or a border to a real one is chance.

areas.geojson            %d commissioners' areas, WGS84
population.csv           people in each area
providers.csv            %d acute and %d specialist providers
flows.csv                patients in a year from area to provider; <5 and * are withheld
indicators.csv           performance by provider in three years
reference_partition.csv  the %d planted systems by area
reference_providers.csv  and by provider
reference_systems.csv    the systems; %d were planted as underperforming
`, Notice, c.seed, len(c.areas), acuteCount, specialists, len(c.systems), failingCount)
}
