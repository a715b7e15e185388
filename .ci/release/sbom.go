package main

import (
	"debug/buildinfo"
	"encoding/json"
	"runtime/debug"
)

// component is a part of a binary in CycloneDX.
type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl,omitempty"`
}

// bill is a list of parts, CycloneDX 1.5.
type bill struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Version  int    `json:"version"`
	Metadata struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

// partsOf lists the modules that a binary says it is built of, as go version -m
// prints them.
func partsOf(binary, version string) ([]byte, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	b := bill{Format: "CycloneDX", Spec: "1.5", Version: 1, Components: parts(info)}
	b.Metadata.Component = component{Type: "application", Ref: "stpmap", Name: "stpmap", Version: version}
	text, err := json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}

// parts is Go itself and each module, in the order that the binary has them in.
func parts(info *debug.BuildInfo) []component {
	goVersion := info.GoVersion
	list := []component{{Type: "framework", Ref: "go", Name: "go", Version: goVersion}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		purl := "pkg:golang/" + m.Path + "@" + m.Version
		list = append(list, component{Type: "library", Ref: purl, Name: m.Path, Version: m.Version, PURL: purl})
	}
	return list
}
