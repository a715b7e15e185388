package study

import (
	"fmt"
	"io"
	"slices"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/flow/plaintext"
	"stpmap/footprint"
)

// names reads --names.
func (l *loader) names() error {
	name := l.Names
	if name == "" || l.in.Matrix == nil && l.in.Boundaries == nil {
		return nil
	}
	return l.read("names", name, func(r io.Reader) error {
		list, rep, err := data.ReadNames(l.ctx, cli.InputName(name), r)
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood("names", name, &rep))
		l.note(rep.Notes...)
		l.in.GivenNames = make(map[string]string, len(list))
		for _, n := range list {
			l.in.GivenNames[n.Code] = plaintext.Name(n.Name)
		}
		return nil
	})
}

// Naming is what the names of footprints are made of, beyond those of areas.
func (in *Study) Naming() footprint.Naming {
	n := footprint.Naming{Given: in.GivenNames}
	if in.Reference != nil {
		n.Reference, n.ReferenceNames = &in.Reference.Partition, in.Reference.NamesOrNil()
	}
	if len(in.KeepWhole) > 0 {
		n.Units = make([]string, len(in.Matrix.Areas()))
		for _, u := range in.KeepWhole {
			for _, a := range u.Areas {
				n.Units[a] = u.Name
			}
		}
	}
	return n
}

// Unnamed says which of the given names name nothing: neither a footprint of the
// partition nor an area or provider. All of them is a fault of the file.
func (in *Study) Unnamed(file string, p footprint.Partition) (note string, err error) {
	if len(in.GivenNames) == 0 {
		return "", nil
	}
	known := map[string]bool{}
	for _, list := range [][]string{p.IDs, in.Matrix.Areas(), in.Matrix.Providers()} {
		for _, code := range list {
			known[code] = true
		}
	}
	var lost []string
	for code := range in.GivenNames {
		if !known[code] {
			lost = append(lost, code)
		}
	}
	slices.Sort(lost)
	switch {
	case len(lost) == len(in.GivenNames):
		return "", cli.Inputf("%s: none of its codes (such as %s) is a footprint (such as %s), an area or a provider", cli.InputName(file), words.First(lost), words.First(p.IDs))
	case len(lost) > 0:
		return fmt.Sprintf("%s: %s not a footprint, an area or a provider: %s", cli.InputName(file), words.Counted(len(lost), "code"), words.Few(lost)), nil
	}
	return "", nil
}
