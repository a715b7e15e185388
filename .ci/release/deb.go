package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// inDeb is where a Debian package puts what every archive holds.
var inDeb = map[string]string{
	"completions/stpmap.bash": "/usr/share/bash-completion/completions/stpmap",
	"completions/_stpmap":     "/usr/share/zsh/vendor-completions/_stpmap",
	"completions/stpmap.fish": "/usr/share/fish/vendor_completions.d/stpmap.fish",
	"man/stpmap.1":            "/usr/share/man/man1/stpmap.1.gz",
	"README.md":               "/usr/share/doc/stpmap/README.md",
	"LICENSE":                 "/usr/share/doc/stpmap/copyright",
	"CHANGELOG.md":            "/usr/share/doc/stpmap/changelog.gz",
}

// deb makes a Debian package with nfpm.
func (r *release) deb(binary, goarch string) error {
	work, err := os.MkdirTemp("", "deb")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	config, err := debConfig(r.version, goarch, binary, r.shared, work)
	if err != nil {
		return err
	}
	file := filepath.Join(work, "nfpm.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return err
	}
	name := fmt.Sprintf("stpmap_%s_%s.deb", r.version, goarch)
	command := exec.Command("go", "tool", "-modfile=.ci/tools.mod", "nfpm", "package", "--packager", "deb", "--config", file,
		"--target", filepath.Join(r.out, name))
	command.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", epoch.Unix()))
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("nfpm: %w: %s", err, text)
	}
	r.artefacts = append(r.artefacts, artefact{name: name, goos: "linux", goarch: goarch})
	return nil
}

// debConfig writes the package's files into a folder and says, for nfpm, where
// they go.
func debConfig(version, goarch, binary string, shared []entry, work string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, `name: stpmap
arch: %s
platform: linux
version: %q
section: science
priority: optional
maintainer: The stpmap authors <stpmap@example.org>
description: |
  Draws health systems on a map from patient flows
  stpmap groups areas and providers into candidate health systems by patient
  flow, scores each as a whole system, and writes maps that QGIS opens styled.
license: MIT
mtime: %s
recommends: [ca-certificates]
suggests: [qgis]
contents:
- {src: %q, dst: /usr/bin/stpmap, file_info: {mode: 0755}}
`, goarch, version, epoch.Format("2006-01-02T15:04:05Z"), binary)
	for i, e := range shared {
		to, ok := inDeb[e.name]
		if !ok {
			continue
		}
		content := e.content
		if strings.HasSuffix(to, ".gz") {
			var err error
			if content, err = squeezed(content); err != nil {
				return "", err
			}
		}
		file := filepath.Join(work, fmt.Sprint(i))
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "- {src: %q, dst: %s, file_info: {mode: 0644}}\n", file, to)
	}
	return b.String(), nil
}

// squeezed is gzip without a name or a time.
func squeezed(content []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}
