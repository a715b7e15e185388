// Command release builds what people install: archives for Linux, macOS and
// Windows, Debian packages, the QGIS plugin, the clients for Python and R,
// checksums, a list of the parts of each binary, and manifests for Homebrew,
// Scoop and winget.
//
//	go run ./.ci/release -o dist [-version 1.2.3] [-platforms linux/amd64,…] [-url https://…]
//
// The same source and version give the same bytes: every file in an archive has
// the time 1980-01-01, and the order of names.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// every is the platforms of a release.
const every = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func main() {
	r := release{}
	var platforms string
	flag.StringVar(&r.out, "o", "dist", "the folder for the release")
	flag.StringVar(&r.version, "version", "", "the version (default: the tag of this commit, else the version in the source)")
	flag.StringVar(&platforms, "platforms", every, "what to build for")
	flag.StringVar(&r.url, "url", "", "the address of the folder that the files will lie in; without it no manifests are written")
	flag.BoolVar(&r.packages, "deb", true, "make Debian packages")
	flag.Parse()
	if err := r.make(strings.Split(platforms, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// release is one release.
type release struct {
	out, version, url string
	packages          bool
	artefacts         []artefact
	shared            []entry // what every archive holds beside the binary
}

// artefact is a file of the release and the platform it is for, "" for any.
type artefact struct{ name, goos, goarch, sha256 string }

func (r *release) make(platforms []string) error {
	var err error
	if r.version == "" {
		r.version, err = versionOf(".")
	}
	if err == nil && !regexp.MustCompile(`^\d+\.\d+\.\d+([-+.~][0-9A-Za-z.-]+)?$`).MatchString(r.version) {
		err = fmt.Errorf("%q is no version: it is three numbers, such as 1.2.3", r.version)
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	if err := r.readShared(); err != nil {
		return err
	}
	for _, p := range platforms {
		goos, goarch, ok := strings.Cut(p, "/")
		if !ok {
			return fmt.Errorf("%q is no platform: it is a system and a processor, such as linux/amd64", p)
		}
		if err := r.platform(goos, goarch); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	if err := r.sources(); err != nil {
		return err
	}
	if err := r.checksums(); err != nil {
		return err
	}
	return r.manifests()
}

// versionOf is the version of a tree of source: the tag of its commit, else what
// version.go says.
func versionOf(root string) (string, error) {
	command := exec.Command("git", "describe", "--tags", "--exact-match", "--match", "v[0-9]*")
	command.Dir = root
	if tag, err := command.Output(); err == nil {
		return strings.TrimPrefix(strings.TrimSpace(string(tag)), "v"), nil
	}
	text, err := os.ReadFile(filepath.Join(root, "cmd/stpmap/internal/cli/version.go"))
	if err != nil {
		return "", err
	}
	m := regexp.MustCompile(`Version = "([^"]+)"`).FindSubmatch(text)
	if m == nil {
		return "", errors.New("version.go does not say the version")
	}
	return string(m[1]), nil
}

// build makes one binary and returns its name.
func (r *release) build(goos, goarch string) (string, error) {
	name := filepath.Join(r.out, "bin", goos+"_"+goarch, "stpmap")
	if goos == "windows" {
		name += ".exe"
	}
	// Without the state of the repository in it, so that an archive of the source
	// gives the bytes that a clone gives.
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X stpmap/cmd/stpmap/internal/cli.Version="+r.version, "-o", name, "./cmd/stpmap")
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOAMD64=v1", "GOARM64=v8.0")
	command.Stderr = os.Stderr
	return name, command.Run()
}

// readShared makes the completions and the manual page, with a binary for this
// machine, and reads the texts.
func (r *release) readShared() error {
	binary, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(binary)
	native := filepath.Join(binary, "stpmap")
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-X stpmap/cmd/stpmap/internal/cli.Version="+r.version, "-o", native, "./cmd/stpmap")
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, text)
	}
	for _, said := range []struct{ name, arguments string }{
		{"completions/stpmap.bash", "completion bash"},
		{"completions/_stpmap", "completion zsh"},
		{"completions/stpmap.fish", "completion fish"},
		{"completions/stpmap.ps1", "completion powershell"},
		{"man/stpmap.1", "man"},
	} {
		text, err := exec.Command(native, strings.Fields(said.arguments)...).Output()
		if err != nil {
			return fmt.Errorf("stpmap %s: %w", said.arguments, err)
		}
		r.shared = append(r.shared, entry{said.name, text, 0o644})
	}
	for _, name := range []string{"README.md", "LICENSE", "CHANGELOG.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		r.shared = append(r.shared, entry{name, text, 0o644})
	}
	return nil
}

// platform builds and packs for one platform.
func (r *release) platform(goos, goarch string) error {
	binary, err := r.build(goos, goarch)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	parts, err := partsOf(binary, r.version)
	if err != nil {
		return err
	}
	stem := fmt.Sprintf("stpmap_%s_%s_%s", r.version, goos, goarch)
	entries := append([]entry{{filepath.Base(binary), content, 0o755}, {"sbom.cdx.json", parts, 0o644}}, r.shared...)
	for i := range entries {
		entries[i].name = stem + "/" + entries[i].name
	}
	name, pack := stem+".tar.gz", tarball
	if goos == "windows" {
		name, pack = stem+".zip", zipped
	}
	if err := errors.Join(
		r.write(name, goos, goarch, func() ([]byte, error) { return pack(entries) }),
		r.write(stem+".cdx.json", goos, goarch, func() ([]byte, error) { return parts, nil }),
	); err != nil {
		return err
	}
	fmt.Printf("%-40s binary %.1f MB\n", name, float64(len(content))/1e6)
	if goos == "linux" && r.packages {
		return r.deb(binary, goarch)
	}
	return nil
}

// write makes one file of the release.
func (r *release) write(name, goos, goarch string, content func() ([]byte, error)) error {
	b, err := content()
	if err != nil {
		return err
	}
	r.artefacts = append(r.artefacts, artefact{name: name, goos: goos, goarch: goarch})
	return os.WriteFile(filepath.Join(r.out, name), b, 0o644)
}

// sources packs the plugin and the clients, which are text for every platform.
func (r *release) sources() error {
	for _, s := range []struct {
		folder, top, name string
		pack              func([]entry) ([]byte, error)
	}{
		{"qgis/stpmap", "stpmap", "stpmap_" + r.version + "_qgis.zip", zipped},
		{"clients/python", "stpmap-" + r.version, "stpmap_" + r.version + "_python.tar.gz", tarball},
		{"clients/r", "stpmap", "stpmap_" + r.version + "_r.tar.gz", tarball},
	} {
		entries, err := folder(s.folder, s.top)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = r.write(s.name, "", "", func() ([]byte, error) { return s.pack(versioned(entries, r.version)) })
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.folder, err)
		}
	}
	return nil
}

// versioned sets the version in the files by which the clients say theirs.
func versioned(entries []entry, version string) []entry {
	line := regexp.MustCompile(`(?m)^(version\s*=\s*"?|Version: )\d+\.\d+\.\d+[^"\n]*`)
	for i, e := range entries {
		switch filepath.Base(e.name) {
		case "metadata.txt", "pyproject.toml", "DESCRIPTION":
			entries[i].content = line.ReplaceAll(e.content, []byte("${1}"+version))
		}
	}
	return entries
}

// byName puts artefacts into the order of their names.
func byName(a, b artefact) int { return cmp.Compare(a.name, b.name) }
