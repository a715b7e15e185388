package codebook

import (
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
