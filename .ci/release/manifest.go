package main

import (
	"embed"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"
)

// texts are the manifests, as templates.
//
//go:embed manifests
var texts embed.FS

// manifests writes what Homebrew, Scoop and winget read, from the checksums. It
// leaves out a manifest where an archive that it names was not built.
func (r *release) manifests() error {
	if r.url == "" {
		fmt.Println("no manifests: -url says where the files will lie")
		return nil
	}
	for _, m := range []struct{ template, to string }{
		{"stpmap.rb", "homebrew/stpmap.rb"},
		{"scoop.json", "scoop/stpmap.json"},
		{"winget.yaml", "winget/stpmap.stpmap.yaml"},
		{"winget.installer.yaml", "winget/stpmap.stpmap.installer.yaml"},
		{"winget.locale.yaml", "winget/stpmap.stpmap.locale.en-GB.yaml"},
	} {
		text, err := r.manifest(m.template)
		if err != nil {
			fmt.Printf("no %s: %v\n", m.to, err)
			continue
		}
		file := filepath.Join(r.out, filepath.FromSlash(m.to))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// manifest fills one template.
func (r *release) manifest(name string) (string, error) {
	t := template.New(name).Funcs(template.FuncMap{
		"version": func() string { return r.version },
		"stem": func(platform string) (string, error) {
			a, err := r.archive(platform)
			return strings.TrimSuffix(strings.TrimSuffix(a.name, ".zip"), ".tar.gz"), err
		},
		"address": func(platform string) (string, error) {
			a, err := r.archive(platform)
			return strings.TrimSuffix(r.url, "/") + "/" + a.name, err
		},
		"home": func() string { return r.url },
		"sum": func(platform string) (string, error) {
			a, err := r.archive(platform)
			return a.sha256, err
		},
		"upper": strings.ToUpper,
	})
	t, err := t.ParseFS(texts, path.Join("manifests", name))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}

// archive is the archive for a platform.
func (r *release) archive(platform string) (artefact, error) {
	for _, a := range r.artefacts {
		packed := strings.HasSuffix(a.name, ".zip") || strings.HasSuffix(a.name, ".tar.gz")
		if packed && a.goos+"/"+a.goarch == platform {
			return a, nil
		}
	}
	return artefact{}, fmt.Errorf("%s was not built", platform)
}
