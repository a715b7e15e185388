package codebook

import "strings"

// Point is where a postcode or a provider is, in degrees (WGS84).
type Point struct {
	Code     string // a postcode without its space, or a provider's code
	Name     string
	Lon, Lat float64
}

// PostcodeKey is a postcode without spaces, in capitals.
func PostcodeKey(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

// Locate gives organisations the points of their postcodes; missing are those
// without one. The point of a trust is that of its headquarters, which may be
// an office far from its hospitals.
func Locate(orgs []Organisation, postcodes []Point) (points []Point, missing []string) {
	at := make(map[string]Point, len(postcodes))
	for _, p := range postcodes {
		at[p.Code] = p
	}
	for _, o := range orgs {
		p, ok := at[PostcodeKey(o.Postcode)]
		if !ok {
			missing = append(missing, o.Code)
			continue
		}
		points = append(points, Point{Code: o.Code, Name: o.Name, Lon: p.Lon, Lat: p.Lat})
	}
	return points, missing
}
