package layer

// About is where a layer comes from: it goes with every output.
type About struct {
	Title      string
	Version    string // of stpmap
	Parameters string // the run's flags in canonical order
	Seed       uint64
	FlowSHA256 string   // of the canonical flow matrix
	Sources    []string // attributions and licences
	Notice     string   // "Synthetic data: no real place or organisation"
	// Evidence says on how much the scores on a map rest, and of what time; empty
	// without scores.
	Evidence string
}

// Credits are the lines at the foot of every map.
func (a About) Credits() string {
	s := ""
	for i, src := range a.Sources {
		if i > 0 {
			s += " "
		}
		s += src
		if len(src) > 0 && src[len(src)-1] != '.' {
			s += "."
		}
	}
	if s != "" {
		s = "Sources: " + s
	}
	if a.Version != "" {
		if s != "" {
			s += " "
		}
		s += "Made with stpmap " + a.Version
		if len(a.FlowSHA256) >= 8 {
			s += ", flows " + a.FlowSHA256[:8]
		}
		s += "."
	}
	return s
}

// Foot is the notice, then the evidence, then sources and version.
func (a About) Foot() string {
	s := a.Notice
	if s != "" && s[len(s)-1] != '.' {
		s += "."
	}
	for _, more := range []string{a.Evidence, a.Credits()} {
		if more != "" && s != "" {
			s += "\n"
		}
		s += more
	}
	return s
}

// publicAbout is an About under the names that readers of our files see.
type publicAbout struct {
	Title      string   `json:"title,omitempty"`
	Notice     string   `json:"notice,omitempty"`
	Evidence   string   `json:"evidence,omitempty"`
	Sources    []string `json:"sources,omitempty"`
	Version    string   `json:"stpmap_version,omitempty"`
	Parameters string   `json:"parameters,omitempty"`
	Seed       uint64   `json:"seed"`
	FlowSHA256 string   `json:"flow_sha256,omitempty"`
}

// Public is the About under the names that readers of our files see.
func (a About) Public() publicAbout {
	return publicAbout{a.Title, a.Notice, a.Evidence, a.Sources, a.Version, a.Parameters, a.Seed, a.FlowSHA256}
}
