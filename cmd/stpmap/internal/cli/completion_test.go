package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shell runs a script in a shell, or skips the test where the shell is not there.
func shell(t *testing.T, name, script string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	file := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), path, append(args, file)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// typed is what bash offers behind some words, with spaces between.
func typed(t *testing.T, words ...string) string {
	t.Helper()
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + w + "'"
	}
	return strings.TrimSpace(shell(t, "bash", runApp(t, "completion", "bash").stdout+`
COMP_WORDS=(`+strings.Join(quoted, " ")+`)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_stpmap
echo "${COMPREPLY[@]}"
`, "--norc"))
}

func TestBashCompletes(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"flows one.csv", "other.csv"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"stpmap", "j"}, "job"},
		{[]string{"stpmap", ""}, "job completion man help version"},
		{[]string{"stpmap", "completion", "f"}, "fish"},
		{[]string{"stpmap", "help", ""}, "job"},
		{[]string{"stpmap", "job", "--ru"}, "--runs"},
		{[]string{"stpmap", "job", "--flows", "f"}, "flows one.csv"},
		{[]string{"stpmap", "job", "-o", "ot"}, "other.csv"},
		{[]string{"stpmap", "job", "--runs", ""}, ""},
		{[]string{"stpmap", "job", "--log-format", ""}, "text json"},
		{[]string{"stpmap", "nothing", "--"}, ""},
	} {
		if got := typed(t, c.words...); got != c.want {
			t.Errorf("%q: got %q, want %q", c.words, got, c.want)
		}
	}
}

// zsh completes a command and a flag as on a terminal.
func TestZshCompletes(t *testing.T) {
	completion := filepath.Join(t.TempDir(), "_stpmap")
	if err := os.WriteFile(completion, []byte(runApp(t, "completion", "zsh").stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	out := shell(t, "zsh", `
zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed "autoload -Uz compinit; compinit -u -D; source `+completion+`; PS1=; echo READ'Y'"
zpty -r -m typed said '*READY*'
zpty -w -n typed $'stpmap jo\t--ru\t'
sleep 1
zpty -w -n typed $'7\C-a: \C-e\n'
zpty -r -m typed said '*--runs?7*'
print -r -- $said
zpty -d typed
`, "-f")
	if !strings.Contains(out, "job") || !strings.Contains(out, "--runs=7") {
		t.Errorf("got %q", out)
	}
}

// The scripts for fish and PowerShell name every command and flag, with its help.
func TestOtherShells(t *testing.T) {
	fish, power := runApp(t, "completion", "fish").stdout, runApp(t, "completion", "powershell").stdout
	for _, f := range testFlags() {
		if want := "__fish_seen_subcommand_from job' -l " + f.Name; !strings.Contains(fish, want) {
			t.Errorf("fish lacks %q", want)
		}
		if want := "'--" + f.Name + "' = '" + f.Help + "'"; !strings.Contains(power, want) {
			t.Errorf("PowerShell lacks %q", want)
		}
	}
	if want := "-l flows -r -F -d 'flows to read'"; !strings.Contains(fish, want) {
		t.Errorf("fish lacks %q:\n%s", want, fish)
	}
}

func TestCompletionRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"completion"}, "completion takes the name of one shell: bash, zsh, fish, powershell\ntry: stpmap completion bash\n"},
		{[]string{"completion", "tcsh"}, "unknown shell \"tcsh\": it is one of bash, zsh, fish, powershell\ntry: stpmap completion bash\n"},
	} {
		if r := runApp(t, c.args...); r.status != Usage || r.stderr != c.want || r.stdout != "" {
			t.Errorf("%q: status %d, said %q", c.args, r.status, r.stderr)
		}
	}
}

// The manual page has every command and flag, and man finds nothing to warn of.
func TestManualPage(t *testing.T) {
	page := runApp(t, "man").stdout
	for _, want := range []string{".SH JOB\n", `\fB\-\-flows FILE\fR`, `\fB\-o, \-\-out FILE\fR`, ".SS Numbers\n", "of chance (default: the first)\n", "\n.nf\nstpmap job \\-\\-flows a.csv\n.fi\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	file := filepath.Join(t.TempDir(), "stpmap.1")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("man")
	if err != nil {
		t.Skip("man is not installed: its warnings are not looked for")
	}
	cmd := exec.CommandContext(t.Context(), path, "--warnings", "-l", file)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80")
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil || said.Len() > 0 || !strings.Contains(string(out), "--flows FILE") {
		t.Errorf("%v, %s", err, said.String())
	}
}

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		"a-b":         `a\-b`,
		".SH x":       `\&.SH x`,
		"'*=1:4'":     `\(aq*=1:4\(aq`,
		`C:\flows`:    `C:\eflows`,
		"plain γ":     "plain γ",
		"`a` ^ and ~": "\\(gaa\\(ga \\(ha and \\(ti",
	} {
		if got := roff(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
