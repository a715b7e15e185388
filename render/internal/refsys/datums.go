package refsys

import (
	"errors"
	"regexp"
	"strings"
)

// ErrUnknown is a reference system that is not known; test with errors.Is.
var ErrUnknown = errors.New("unknown coordinate reference system")

// nearWGS84 are systems of longitude and latitude that differ from WGS 84 by the
// drift of their continent alone, which is less than two metres: about what the
// transformation of the British National Grid is good to. Others (NAD27, ED50,
// Tokyo) lie hundreds of metres off and are refused.
var nearWGS84 = []struct {
	system System
	also   []string       // further numbers in EPSG's list, of its realisations
	datum  *regexp.Regexp // of a datum's name without case, spaces and signs
}{
	{WGS84, []string{"4979", "9057", "9755"}, regexp.MustCompile(`^(wgs1984|wgs84|worldgeodeticsystem1984)(ensemble|g\d+)?$`)},
	{ETRS89, []string{"4937"}, regexp.MustCompile(`^(etrs1989|etrs89|europeanterrestrialreferencesystem1989)`)},
	{System{Code: "EPSG:4269", Name: "NAD83"}, []string{"6318", "4152", "4759", "4617", "8860"}, regexp.MustCompile(`^(nad83|nad1983|northamerican1983|northamericandatum1983|northamericandatumof1983)`)},
	{System{Code: "EPSG:4283", Name: "GDA94"}, nil, regexp.MustCompile(`^(gda94|gda1994|geocentricdatumofaustralia1994)$`)},
	{System{Code: "EPSG:7844", Name: "GDA2020"}, nil, regexp.MustCompile(`^(gda2020|geocentricdatumofaustralia2020)$`)},
	{System{Code: "EPSG:4167", Name: "NZGD2000"}, nil, regexp.MustCompile(`^(nzgd2000|newzealandgeodeticdatum2000)$`)},
	{System{Code: "EPSG:4674", Name: "SIRGAS 2000"}, nil, regexp.MustCompile(`^(sirgas2000|sistemadereferenciageocentricoparalasamericas2000|sistemadereferenciageocentricoparaamericadelsur2000)$`)},
	{System{Code: "EPSG:6668", Name: "JGD2011"}, []string{"4612"}, regexp.MustCompile(`^(jgd2000|jgd2011|japanesegeodeticdatum20(00|11))$`)},
	{System{Code: "EPSG:4171", Name: "RGF93"}, []string{"9777", "9782"}, regexp.MustCompile(`^(rgf93|rgf1993|reseaugeodesiquefrancais1993)(v\d|v\da|v\db)?$`)},
	{System{Code: "EPSG:4173", Name: "IRENET95"}, nil, regexp.MustCompile(`^irenet95$`)},
	{System{Code: "EPSG:4148", Name: "Hartebeesthoek94"}, nil, regexp.MustCompile(`^hartebeesthoek(94|1994)$`)},
	{System{Code: "EPSG:4490", Name: "CGCS2000"}, nil, regexp.MustCompile(`^(cgcs2000|china2000|chinageodeticcoordinatesystem2000)$`)},
}

var osgbDatum = regexp.MustCompile(`^(osgb36|osgb1936|ordnancesurveyofgreatbritain1936)`)

var notDatumLetter = regexp.MustCompile(`[^a-z0-9]+`)

// datumNamed finds a system of longitude and latitude by the name of its datum
// or its own.
func datumNamed(name string) (System, bool) {
	plain := strings.ToLower(strings.TrimSpace(name))
	for _, before := range []string{"gcs_", "d_"} {
		plain = strings.TrimPrefix(plain, before)
	}
	plain = notDatumLetter.ReplaceAllString(plain, "")
	if osgbDatum.MatchString(plain) {
		return OSGB36, true
	}
	for _, s := range nearWGS84 {
		if s.datum.MatchString(plain) {
			return s.system, true
		}
	}
	return System{}, false
}

// realisation is what may follow the name of a datum: its year or network. Words
// such as "UTM zone 30N" are of a projection.
var realisation = regexp.MustCompile(`^(\d+|csrs(v?\d+)?|harn|nsrs2007)?$`)

// geographicNamed finds a system of longitude and latitude by its whole name, as
// "ETRS89", "NAD83(2011)" or OGC's "CRS83".
func geographicNamed(name string) (System, bool) {
	if strings.HasSuffix(strings.ToUpper(name), "CRS83") {
		name = "NAD83"
	}
	plain := notDatumLetter.ReplaceAllString(strings.ToLower(name), "")
	for _, s := range nearWGS84 {
		if at := s.datum.FindStringIndex(plain); at != nil && realisation.MatchString(plain[at[1]:]) {
			return s.system, true
		}
	}
	if osgbDatum.FindString(plain) == plain && plain != "" {
		return OSGB36, true
	}
	return System{}, false
}

// numberNearWGS84 finds a system near WGS 84 by its number.
func numberNearWGS84(number string) (System, bool) {
	for _, s := range nearWGS84 {
		if s.system.Code == "EPSG:"+number {
			return s.system, true
		}
		for _, n := range s.also {
			if n == number {
				return s.system, true
			}
		}
	}
	return System{}, false
}

// Drifts says whether a system is taken for WGS 84 though it is not quite that.
func (c System) Drifts() bool {
	return c.ToWGS84 == nil && c.Code != WGS84.Code && c.Code != ETRS89.Code
}
