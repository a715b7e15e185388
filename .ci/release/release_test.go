package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func entries() []entry {
	return []entry{{"top/b", []byte("second"), 0o755}, {"top/a", []byte("first"), 0o644}}
}

func TestTarballIsSortedAndHasNoTime(t *testing.T) {
	packed, err := tarball(entries())
	if err != nil {
		t.Fatal(err)
	}
	again, _ := tarball([]entry{entries()[1], entries()[0]})
	if !bytes.Equal(packed, again) {
		t.Error("the order of entries changes the bytes")
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(z)
	var got []string
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, _ := io.ReadAll(r)
		got = append(got, h.Name+" "+string(content))
		if !h.ModTime.Equal(epoch) || h.Uid != 0 || (h.Name == "top/b") != (h.Mode == 0o755) {
			t.Errorf("%s: time %v, owner %d, mode %o", h.Name, h.ModTime, h.Uid, h.Mode)
		}
	}
	if want := "top/a first|top/b second"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestZipIsSortedAndHasNoTime(t *testing.T) {
	packed, err := zipped(entries())
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.File) != 2 || r.File[0].Name != "top/a" || !r.File[0].Modified.Equal(epoch) {
		t.Errorf("got %+v", r.File[0].FileHeader)
	}
}

func TestFolderLeavesOutTestsAndCaches(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a.py", "tests/test_a.py", "__pycache__/a.pyc", "b/c.txt"} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := folder(root, "top")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].name != "top/a.py" || got[1].name != "top/b/c.txt" {
		t.Errorf("got %+v", got)
	}
	if _, err := folder(filepath.Join(root, "none"), "top"); !os.IsNotExist(err) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestClientsSayTheVersionOfTheRelease(t *testing.T) {
	for name, text := range map[string]string{
		"p/metadata.txt":   "name=x\nversion=0.0.1\n",
		"p/pyproject.toml": "[project]\nversion = \"0.0.1\"\n",
		"p/DESCRIPTION":    "Package: x\nVersion: 0.0.1\n",
	} {
		got := string(versioned([]entry{{name, []byte(text), 0o644}}, "2.3.4")[0].content)
		if want := strings.Replace(text, "0.0.1", "2.3.4", 1); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := versioned([]entry{{"p/x.py", []byte("version = \"0.0.1\""), 0o644}}, "2.3.4"); string(got[0].content) != "version = \"0.0.1\"" {
		t.Errorf("code was changed: %s", got[0].content)
	}
}

func TestVersionComesFromTheTagElseTheSource(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "cmd/stpmap/internal/cli/version.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("package cli\n\nvar Version = \"0.4.0\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := versionOf(root); err != nil || got != "0.4.0" {
		t.Errorf("got %q, %v", got, err)
	}
	git := func(arguments ...string) {
		t.Helper()
		command := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org", "-C", root}, arguments...)...)
		if text, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", arguments, err, text)
		}
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "first")
	git("tag", "v0.5.1")
	if got, err := versionOf(root); err != nil || got != "0.5.1" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestRefusesWhatIsNoVersion(t *testing.T) {
	for _, v := range []string{"1", "v1.2.3", "1.2.3;rm", "1.2.3\n"} {
		r := release{version: v, out: t.TempDir()}
		if err := r.make(nil); err == nil || !strings.Contains(err.Error(), "is no version") {
			t.Errorf("%q: %v", v, err)
		}
	}
}

func TestPartsAreTheModulesOfTheBinary(t *testing.T) {
	got := parts(&debug.BuildInfo{GoVersion: "go1.26.3", Deps: []*debug.Module{
		{Path: "example.org/a", Version: "v1.0.0"},
		{Path: "example.org/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/c", Version: "v2.0.0"}},
	}})
	if len(got) != 3 || got[0].Version != "go1.26.3" || got[1].PURL != "pkg:golang/example.org/a@v1.0.0" || got[2].Name != "example.org/c" {
		t.Errorf("got %+v", got)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := partsOf(self, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var b bill
	if err := json.Unmarshal(text, &b); err != nil || b.Format != "CycloneDX" || b.Metadata.Component.Version != "1.2.3" {
		t.Errorf("got %s, %v", text, err)
	}
}

func sample() *release {
	r := &release{version: "1.2.3", url: "https://example.org/stpmap/"}
	for _, p := range strings.Split(every, ",") {
		goos, goarch, _ := strings.Cut(p, "/")
		suffix := ".tar.gz"
		if goos == "windows" {
			suffix = ".zip"
		}
		stem := "stpmap_1.2.3_" + goos + "_" + goarch
		r.artefacts = append(r.artefacts, artefact{stem + ".cdx.json", goos, goarch, "no"}, artefact{stem + suffix, goos, goarch, "ab" + goos + goarch})
	}
	return r
}

func TestManifestsNameTheArchivesAndTheirSums(t *testing.T) {
	r := sample()
	for name, wants := range map[string][]string{
		"stpmap.rb":             {`url "https://example.org/stpmap/stpmap_1.2.3_darwin_arm64.tar.gz"`, `sha256 "abdarwinarm64"`, `sha256 "ablinuxamd64"`},
		"scoop.json":            {`"hash": "abwindowsamd64"`, `"extract_dir": "stpmap_1.2.3_windows_arm64"`},
		"winget.installer.yaml": {`InstallerSha256: ABWINDOWSAMD64`, `RelativeFilePath: stpmap_1.2.3_windows_amd64\stpmap.exe`},
		"winget.yaml":           {`PackageVersion: 1.2.3`},
		"winget.locale.yaml":    {`PackageVersion: 1.2.3`},
	} {
		text, err := r.manifest(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s:\n%s", name, want, text)
			}
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", name)
		}
	}
	r.artefacts = nil
	if _, err := r.manifest("scoop.json"); err == nil {
		t.Error("a manifest of archives that were not built")
	}
}

func TestChecksumsAreThoseOfTheFiles(t *testing.T) {
	r := &release{out: t.TempDir()}
	for _, name := range []string{"b", "a"} {
		if err := r.write(name, "", "", func() ([]byte, error) { return []byte(name), nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.checksums(); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(filepath.Join(r.out, "SHA256SUMS"))
	want := "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a\n" +
		"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  b\n"
	if string(got) != want {
		t.Errorf("got %s", got)
	}
}

func TestDebianPackageHoldsCompletionsAndManualPage(t *testing.T) {
	work := t.TempDir()
	config, err := debConfig("1.2.3", "arm64", "bin/stpmap", []entry{
		{"man/stpmap.1", []byte("page"), 0o644}, {"completions/stpmap.ps1", []byte("x"), 0o644},
	}, work)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"arch: arm64", `version: "1.2.3"`, "dst: /usr/share/man/man1/stpmap.1.gz", "1980-01-01T00:00:00Z"} {
		if !strings.Contains(config, want) {
			t.Errorf("lacks %s:\n%s", want, config)
		}
	}
	if strings.Contains(config, "ps1") {
		t.Error("a package for Debian holds the completion for PowerShell")
	}
	packed, err := os.Open(filepath.Join(work, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := io.ReadAll(z); string(text) != "page" {
		t.Errorf("got %q", text)
	}
}
