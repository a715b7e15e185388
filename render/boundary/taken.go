package boundary

import "stpmap/render/internal/words"

// PropertiesTaken says which properties of the features serve for what; "" for
// none.
type PropertiesTaken struct {
	Code, Name, Population string
	OtherCodes             []string // further properties that would have done for the code
}

// Taken says which properties of the features serve for what.
func (b *Set) Taken() PropertiesTaken { return b.taken }

// taken names the properties in use, by their keys; negative for none.
func (t *polygonTable) taken(code, name, population int32) PropertiesTaken {
	named := func(k int32) string {
		if k < 0 {
			return ""
		}
		return t.keys[k]
	}
	out := PropertiesTaken{Code: named(code), Name: named(name), Population: named(population)}
	for k, key := range t.keys {
		if int32(k) == code || out.Code == "" || key == "@id" {
			continue
		}
		for _, p := range codeKeys {
			if p.MatchString(words.Plain(key)) {
				out.OtherCodes = append(out.OtherCodes, key)
				break
			}
		}
	}
	return out
}
