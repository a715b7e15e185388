package data

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Organisation is an entry of the Organisation Data Service's lists: trusts
// (etr), their sites (ets), commissioners (eccg), practices (epraccur).
type Organisation struct {
	Code, Name       string
	NationalGrouping string // region: "Y62"
	Geography        string // integrated care board or its forerunner: "QOP"
	Postcode         string
	Opened, Closed   string // "2017-10-01"; empty where open or unknown
	Status           string // of practices: A(ctive), C(losed), D(ormant), P(roposed)
	Parent           string // trust of a site, commissioner of a practice
	Setting          string // prescribing setting of a practice; "4" is a GP practice
	Type             ProviderType
	Line             int
}

// ProviderType is what kind of care an organisation gives, as far as its code
// and name tell.
type ProviderType string

// The types; the lists of the Organisation Data Service do not hold them.
const (
	AcuteTrust        ProviderType = "acute"
	SpecialistTrust   ProviderType = "specialist"
	MentalHealthTrust ProviderType = "mental health"
	CommunityTrust    ProviderType = "community"
	AmbulanceTrust    ProviderType = "ambulance"
	IndependentSector ProviderType = "independent"
	GeneralPractice   ProviderType = "practice"
	OtherProvider     ProviderType = "other"
)

// organisationFormat is the lists of the Organisation Data Service: the older
// ones have no heading and as many columns as the last that is filled, the
// newer ones have one.
func organisationFormat() *Format {
	return &Format{
		Name: "ods", Title: "Organisation Data Service: etr, ets, eccg, epraccur",
		Kinds: []FormatKind{OrganisationTable},
		layouts: []layout{{
			era:  "ODS with heading",
			need: []string{"Organisation Code", "Name", "National Grouping", "Postcode", "Open Date", "Close Date"},
		}},
		headless: func(cells []string) bool {
			return len(cells) >= 11 && odsCode.MatchString(cells[0]) && cells[1] != "" && odsDate.MatchString(cells[10]) &&
				(cells[9] == "" || postcode.MatchString(cells[9]))
		},
		open: func(im *importer) tableReader { return &organisationReader{im: im, lines: map[string]int{}} },
	}
}

// odsCode is the form of a code of the health service.
var odsCode = regexp.MustCompile(`^[A-Z0-9]{3,10}$`)

var (
	odsDate  = regexp.MustCompile(`^(?:19|20)\d{6}$`)
	postcode = regexp.MustCompile(`(?i)^[A-Z]{1,2}\d[A-Z\d]? *\d[A-Z]{2}$`)
)

type organisationReader struct {
	im    *importer
	lines map[string]int
	at    [11]int
}

// Places of the nominal 27 columns, counted from 0.
const (
	odsColCode = iota
	odsColName
	odsColGrouping
	odsColGeography
	odsColPostcode
	odsColOpened
	odsColClosed
	odsColStatus
	odsColParent
	odsColCCG
	odsColSetting
)

func (x *organisationReader) heading(h *sheetHeader) error {
	x.at = [11]int{0, 1, 2, 3, 9, 10, 11, 12, 14, 23, 25}
	if h == nil {
		return nil
	}
	for i, names := range [11][]string{
		{"Organisation Code"},
		{"Name"},
		{"National Grouping"},
		{"Higher Level Health Geography", "High Level Health Geography", "Health Geography"},
		{"Postcode"},
		{"Open Date"},
		{"Close Date"},
		{"Status Code", "Column 13"},
		{"Commissioner", "Parent Organisation Code", "Column 15"},
		{"Provider/Purchaser", "Provider-Purchaser", "CCG"},
		{"Prescribing Setting", "Column 26"},
	} {
		x.at[i] = h.col(names...)
	}
	return nil
}

func (x *organisationReader) row(r sheetRow) error {
	get := func(i int) string { return r.text(x.at[i]) }
	o := Organisation{
		Code: get(odsColCode), Name: get(odsColName), NationalGrouping: get(odsColGrouping), Geography: get(odsColGeography),
		Postcode: get(odsColPostcode), Status: get(odsColStatus), Parent: get(odsColParent), Setting: get(odsColSetting), Line: r.line,
	}
	if !odsCode.MatchString(o.Code) {
		return x.im.fault(r, x.at[odsColCode], fmt.Errorf("%w: %s is no organisation code", ErrMissingCode, quoted(o.Code)))
	}
	if line, ok := x.lines[o.Code]; ok {
		return x.im.fault(r, x.at[odsColCode], fmt.Errorf("%w: %s is in line %d too", ErrDuplicate, o.Code, line))
	}
	x.lines[o.Code] = r.line
	for i, to := range map[int]*string{odsColOpened: &o.Opened, odsColClosed: &o.Closed} {
		d := get(i)
		switch {
		case d == "":
		case odsDate.MatchString(d):
			*to = d[:4] + "-" + d[4:6] + "-" + d[6:]
		case isoMonth.MatchString(d) && len(d) >= 10:
			*to = d[:10]
		default:
			return x.im.fault(r, x.at[i], fmt.Errorf("%s is no date like 20171001", quoted(d)))
		}
	}
	if o.Parent == "" && o.Setting != "" {
		o.Parent = get(odsColCCG)
	}
	if o.Parent == "" {
		if t := TrustOf(o.Code); t != o.Code {
			o.Parent = t
		}
	}
	o.Type = TypeOf(o.Code, o.Name)
	if o.Setting != "" {
		o.Type = GeneralPractice
	}
	x.im.out.Report.Used++
	x.im.out.Organisations = append(x.im.out.Organisations, o)
	return nil
}

func (x *organisationReader) finish() error { return nil }

// Open reports whether the organisation was open on a day, "2017-10-01"; today
// or any other day that is not known is "".
func (o Organisation) Open(day string) bool {
	if day == "" {
		return o.Closed == ""
	}
	return (o.Opened == "" || o.Opened <= day) && (o.Closed == "" || o.Closed > day)
}

var trustSite = regexp.MustCompile(`^(R[A-Z0-9]{2}|T[A-Z]{2}|T[A-Z0-9]{2})[A-Z0-9]{2}$`)

// TrustOf gives the trust of a site: sites of NHS trusts have the trust's three
// characters and two more. Other codes are given back as they are.
func TrustOf(code string) string {
	if m := trustSite.FindStringSubmatch(code); m != nil {
		return m[1]
	}
	return code
}

var nhsTrust = regexp.MustCompile(`^(?:R[A-Z0-9]{2}|T[A-Z0-9]{2})(?:[A-Z0-9]{2})?$`)

// IsTrust reports whether a code is that of an NHS trust or of one of its
// sites.
func IsTrust(code string) bool { return nhsTrust.MatchString(code) }

// Words in the names of trusts, in the order in which they decide.
var typeWords = []struct {
	t     ProviderType
	words []string
}{
	{AmbulanceTrust, []string{"AMBULANCE"}},
	{MentalHealthTrust, []string{
		"MENTAL HEALTH", "PARTNERSHIP", "TAVISTOCK", "MAUDSLEY", "MERSEY CARE", "OXLEAS", "PENNINE CARE",
		"NORFOLK AND SUFFOLK NHS", "CENTRAL AND NORTH WEST LONDON", "EAST LONDON NHS", "NORTH EAST LONDON NHS", "WEST LONDON NHS TRUST",
		"BERKSHIRE HEALTHCARE", "DERBYSHIRE HEALTHCARE", "NORTHAMPTONSHIRE HEALTHCARE", "NOTTINGHAMSHIRE HEALTHCARE", "DORSET HEALTHCARE",
		"OXFORD HEALTH", "SOUTHERN HEALTH", "HUMBER TEACHING", "SOUTH CUMBRIA NHS", "NORTH WEST BOROUGHS", "COMBINED HEALTHCARE",
		"CAMBRIDGESHIRE AND PETERBOROUGH NHS", "ROTHERHAM DONCASTER AND SOUTH HUMBER", "SOUTH STAFFORDSHIRE AND SHROPSHIRE",
		"BARNET ENFIELD AND HARINGEY", "TEES ESK AND WEAR", "CUMBRIA NORTHUMBERLAND TYNE AND WEAR", "WORCESTERSHIRE HEALTH AND CARE",
		"GLOUCESTERSHIRE HEALTH AND CARE", "BLACK COUNTRY HEALTHCARE",
	}},
	{CommunityTrust, []string{"COMMUNITY", "CARE SERVICES NHS", "SOLENT", "INTEGRATED HEALTH AND CARE"}},
	{SpecialistTrust, []string{
		"CHILDREN", "ORTHOPAEDIC", "CANCER", "CHRISTIE", "ROYAL MARSDEN", "MOORFIELDS", "WALTON CENTRE", "HEART AND CHEST", "PAPWORTH",
		"BROMPTON", "WOMEN S", "WOMENS", "QUEEN VICTORIA HOSPITAL", "EYE HOSPITAL", "CLATTERBRIDGE",
	}},
}

// TypeOf judges an organisation by its code and name. Codes of trusts start
// with R or T; N, A and 8 and digits are other and independent providers. A
// name says more about a trust's history than about its care: check what
// matters.
func TypeOf(code, name string) ProviderType {
	if !IsTrust(code) {
		switch {
		case regexp.MustCompile(`^[A-HJ-NPVWY]\d{5}$`).MatchString(code):
			return GeneralPractice
		case code != "" && strings.ContainsRune("N8A", rune(code[0])):
			return IndependentSector
		}
		return OtherProvider
	}
	n := strings.Join(strings.FieldsFunc(strings.ToUpper(strings.ReplaceAll(name, "&", " AND ")), func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}), " ")
	for _, w := range typeWords {
		if slices.ContainsFunc(w.words, func(s string) bool { return strings.Contains(n, s) }) {
			return w.t
		}
	}
	return AcuteTrust
}

// OrganisationNameKey is an organisation's name without what differs from file
// to file: case, punctuation, "the", and the words for a trust.
func OrganisationNameKey(name string) string {
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, "&", " and "), "'", "")), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	words = slices.DeleteFunc(words, func(w string) bool {
		return w == "the" || w == "nhs" || w == "foundation" || w == "trust" || w == "ft"
	})
	return strings.Join(words, " ")
}

// NamesToCodes gives the code for each name of an organisation, under
// OrganisationNameKey; names that two open organisations share are left out
// and listed in shared. An open organisation comes before a closed one.
func NamesToCodes(orgs []Organisation) (codes map[string]string, shared []string) {
	type entry struct {
		code string
		open bool
		more bool
	}
	by := map[string]entry{}
	for _, o := range orgs {
		k := OrganisationNameKey(o.Name)
		e, ok := by[k]
		switch open := o.Closed == ""; {
		case !ok || open && !e.open:
			by[k] = entry{code: o.Code, open: open}
		case open == e.open:
			e.more = true
			by[k] = e
		}
	}
	codes = map[string]string{}
	for k, e := range by {
		if e.more {
			shared = append(shared, k)
		} else {
			codes[k] = e.code
		}
	}
	slices.Sort(shared)
	return codes, shared
}
