package refsys

import "testing"

// Systems are known by number or by their whole name; what is not known, or is a
// projection of a known datum, is nobody's guess.
func TestNamed(t *testing.T) {
	for name, want := range map[string]string{
		"EPSG:4326": "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84": "EPSG:4326", "WGS 84": "EPSG:4326", "WGS 84 (G2139)": "EPSG:4326",
		"urn:ogc:def:crs:OGC::CRS83": "EPSG:4269", "NAD83": "EPSG:4269", "NAD83(2011)": "EPSG:4269", "NAD83(CSRS)": "EPSG:4269", "NAD83(CSRS)v7": "EPSG:4269",
		"ETRS89": "EPSG:4258", "urn:ogc:def:crs:EPSG::4258": "EPSG:4258", "GDA94": "EPSG:4283", "OSGB36": "EPSG:4277", "OSGB 1936": "EPSG:4277",
		"http://www.opengis.net/def/crs/EPSG/0/27700": "EPSG:27700", "EPSG:3857": "EPSG:3857",
		"ETRS89 / UTM zone 30N": "", "ETRS89-extended / LAEA Europe": "", "NAD83 / Texas South Central": "", "NAD27": "", "ED50": "",
		"EPSG:4267": "", "EPSG:3035": "", "OSGB36 / British National Grid": "", "my grid": "", "": "",
	} {
		got, ok := Named(name)
		if ok != (want != "") || got.Code != want {
			t.Errorf("%q is %q, %v, want %q", name, got.Code, ok, want)
		}
	}
}
