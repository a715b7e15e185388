package ingest

import (
	"slices"
	"sync"

	"stpmap/data"
	"stpmap/data/table"
)

// oddPlace is a code of records that is no plain place.
type oddPlace struct {
	kind table.PlaceKind
	code string
}

func (o *oddPlace) Error() string { return table.Quoted(o.code) + " is no place" }

// resolve gives the number of a code that find does not know. odd says that the
// code is no plain place. summed says that counts are added up; where every
// record is a patient, a country is a place like any other.
func (c *localCodes) resolve(text []byte, enc table.Encoding, role table.Role, skipMissing, summed bool) (id int32, odd *oddPlace, err error) {
	if o := c.odd[string(text)]; o != nil {
		return 0, o, nil
	}
	kind, code, err := table.ReadCode(text, enc, role, skipMissing)
	if err != nil {
		return 0, nil, err
	}
	if kind == table.APlace || kind == table.PerhapsSum && !summed {
		id, ok := c.find(code)
		if !ok {
			id = c.add(code)
		}
		if len(code) != len(text) {
			c.ids.Add(text, id)
		}
		return id, nil, nil
	}
	o := &oddPlace{kind, string(text)}
	if c.odd == nil {
		c.odd = map[string]*oddPlace{}
	}
	c.odd[o.code] = o
	return 0, o, nil
}

// settled is one worker's count of the rows with codes that are no plain
// places.
type settled struct {
	missing  int64
	omitted  data.Omissions
	suspects map[[2]string]int64 // rows of countries and regions, by area and provider; "" for a plain one
}

// pair gives the numbers of codes that may be new or odd, for rows of them; keep
// is false where they are left out.
func (c *pairCounter) pair(area, provider []byte, skipMissing, summed bool, rows int64, patients func() float64) (a, p int32, keep bool, err error) {
	one := func(text []byte, codes *localCodes, role table.Role) (int32, *oddPlace, error) {
		if id, ok := codes.find(text); ok {
			return id, nil, nil
		}
		return codes.resolve(text, table.UTF8, role, skipMissing, summed)
	}
	a, oddArea, err := one(area, &c.areas, data.AreaRole)
	if err != nil {
		return 0, 0, false, err
	}
	p, oddProvider, err := one(provider, &c.providers, data.ProviderRole)
	if err != nil || oddArea == nil && oddProvider == nil {
		return a, p, err == nil, err
	}
	a, p, keep = c.odd(a, p, oddArea, oddProvider, rows, patients)
	return a, p, keep, nil
}

// odd settles rows of which a code is odd, and gives their numbers where they
// count as yet.
func (c *pairCounter) odd(a, p int32, area, provider *oddPlace, rows int64, patients func() float64) (int32, int32, bool) {
	if !c.settled.row(area, provider, rows, patients) {
		return 0, 0, false
	}
	if area != nil {
		a = c.areas.shared.id([]byte(area.code))
	}
	if provider != nil {
		p = c.providers.shared.id([]byte(provider.code))
	}
	return a, p, true
}

// row settles rows with an odd area or provider, each nil where it is plain.
// keep is true for those that count as yet: of a country or a region.
func (s *settled) row(area, provider *oddPlace, rows int64, patients func() float64) (keep bool) {
	worst := area
	if area == nil || provider != nil && data.Rank(provider.kind) > data.Rank(area.kind) {
		worst = provider
	}
	switch worst.kind {
	case table.WithoutCode:
		s.missing += rows
	case table.Nowhere:
		s.omitted.Add(table.LeftNowhere, worst.code, int(rows), patients())
	case table.SumOfRows:
		s.omitted.Add(table.LeftSum, worst.code, int(rows), patients())
	default:
		var key [2]string
		for i, o := range []*oddPlace{area, provider} {
			if o != nil {
				key[i] = o.code
			}
		}
		if s.suspects == nil {
			s.suspects = map[[2]string]int64{}
		}
		s.suspects[key] += rows
		return true
	}
	return false
}

// settledRows are those of all workers.
type settledRows struct {
	mu sync.Mutex
	settled
}

func (s *settledRows) join(one *settled) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missing += one.missing
	for _, o := range one.omitted {
		for _, c := range o.Codes {
			s.omitted.Add(o.Reason, c, 0, 0)
		}
		s.omitted.Add(o.Reason, "", o.Rows, o.Patients)
	}
	for k, n := range one.suspects {
		if s.suspects == nil {
			s.suspects = map[[2]string]int64{}
		}
		s.suspects[k] += n
	}
}

// dropSums leaves the sums over countries and regions out of pairs.
func (s *settledRows) dropSums(p *Pairs) {
	if len(s.suspects) == 0 {
		return
	}
	areas, providers := table.SumsAmong(p.Areas), table.SumsAmong(p.Providers)
	if len(areas)+len(providers) == 0 {
		return
	}
	p.List = slices.DeleteFunc(p.List, func(one Pair) bool {
		a, q := p.Areas[one.Area], p.Providers[one.Provider]
		code := a
		if !areas[a] {
			code = q
			if !providers[q] {
				return false
			}
		}
		s.omitted.Add(table.LeftSum, code, 0, one.Count)
		return true
	})
	for k, n := range s.suspects {
		switch {
		case areas[k[0]]:
			s.omitted.Add(table.LeftSum, k[0], int(n), 0)
		case providers[k[1]]:
			s.omitted.Add(table.LeftSum, k[1], int(n), 0)
		}
	}
	p.compact()
}

// compact leaves out the codes that no pair has any more.
func (p *Pairs) compact() {
	areas, providers := make([]bool, len(p.Areas)), make([]bool, len(p.Providers))
	for _, one := range p.List {
		areas[one.Area], providers[one.Provider] = true, true
	}
	shrink := func(codes []string, used []bool) ([]string, []int32) {
		at := make([]int32, len(codes))
		var kept []string
		for i, c := range codes {
			at[i] = int32(len(kept))
			if used[i] {
				kept = append(kept, c)
			}
		}
		return kept, at
	}
	var atArea, atProvider []int32
	p.Areas, atArea = shrink(p.Areas, areas)
	p.Providers, atProvider = shrink(p.Providers, providers)
	for i := range p.List {
		one := &p.List[i]
		one.Area, one.Provider = atArea[one.Area], atProvider[one.Provider]
	}
}
