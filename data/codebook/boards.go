package codebook

// boards are the health boards of Scotland and Wales, which no list of England's
// organisations holds. Codes that a board had before 2018 and 2019 stand beside
// those of today.
var boards = map[string]string{
	"S08000015": "NHS Ayrshire and Arran",
	"S08000016": "NHS Borders",
	"S08000017": "NHS Dumfries and Galloway",
	"S08000018": "NHS Fife",
	"S08000019": "NHS Forth Valley",
	"S08000020": "NHS Grampian",
	"S08000021": "NHS Greater Glasgow and Clyde",
	"S08000022": "NHS Highland",
	"S08000023": "NHS Lanarkshire",
	"S08000024": "NHS Lothian",
	"S08000025": "NHS Orkney",
	"S08000026": "NHS Shetland",
	"S08000027": "NHS Tayside",
	"S08000028": "NHS Western Isles",
	"S08000029": "NHS Fife",
	"S08000030": "NHS Tayside",
	"S08000031": "NHS Greater Glasgow and Clyde",
	"S08000032": "NHS Lanarkshire",
	"S27000001": "Scotland, not a provider of the NHS",
	"SB0801":    "Golden Jubilee National Hospital",
	"SB0802":    "State Hospitals Board for Scotland",

	"RA2701": "No fixed address",
	"RA2702": "Elsewhere in the United Kingdom",
	"RA2703": "Outside the United Kingdom",
	"RA2704": "No residence known",

	"W11000023": "Betsi Cadwaladr University Health Board",
	"W11000024": "Powys Teaching Health Board",
	"W11000025": "Hywel Dda University Health Board",
	"W11000026": "Abertawe Bro Morgannwg University Health Board",
	"W11000028": "Aneurin Bevan University Health Board",
	"W11000029": "Cardiff and Vale University Health Board",
	"W11000030": "Cwm Taf Morgannwg University Health Board",
	"W11000031": "Swansea Bay University Health Board",
	"7A1":       "Betsi Cadwaladr University Health Board",
	"7A2":       "Hywel Dda University Health Board",
	"7A3":       "Swansea Bay University Health Board",
	"7A4":       "Cardiff and Vale University Health Board",
	"7A5":       "Cwm Taf Morgannwg University Health Board",
	"7A6":       "Aneurin Bevan University Health Board",
	"7A7":       "Powys Teaching Health Board",
	"RQF":       "Velindre NHS Trust",
	"RT4":       "Welsh Ambulance Services NHS Trust",
}

// BoardName is the name of a health board of Scotland or Wales, of another
// provider there, or of a code that Scotland's files have for residents of
// elsewhere; "" for any other code.
func BoardName(code string) string { return boards[code] }

// TwiceNamed are pairs of codes of one list, sorted, that are one board's under
// codes of two years.
func TwiceNamed(codes []string) (pairs [][2]string) {
	first := map[string]string{}
	for _, c := range codes {
		name := boards[c]
		switch f, ok := first[name]; {
		case name == "":
		case !ok:
			first[name] = c
		case f != c && f[0] == c[0] && len(f) == len(c):
			pairs = append(pairs, [2]string{f, c})
		}
	}
	return pairs
}
