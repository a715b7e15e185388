package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// roff escapes a text for a manual page: no line of it is taken for a request.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", "\\(ga", "^", `\(ha`, "~", `\(ti`).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

// man prints the manual page, of the tool and all its commands and flags.
func (r *running) man() error {
	return printed(r.env.Stdout, func(w io.Writer) error {
		fmt.Fprintf(w, ".TH STPMAP 1 \"\" \"stpmap %s\" \"User commands\"\n", roff(Version))
		fmt.Fprintf(w, ".SH NAME\nstpmap \\- %s\n", roff(r.Usage))
		fmt.Fprint(w, ".SH SYNOPSIS\n.B stpmap\n.I COMMAND\n[\\fB\\-\\-flag\\fR \\fIvalue\\fR]...\n.SH DESCRIPTION\n")
		manText(w, r.Description)
		fmt.Fprint(w, ".SH COMMANDS\n")
		for _, c := range r.Commands {
			fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(c.Name), roff(c.Usage))
		}
		for _, c := range wordCommands {
			fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(c.name), roff(c.usage))
		}
		for _, c := range r.Commands {
			r.manCommand(w, bind(r.Flags, c, c.New()))
		}
		return nil
	})
}

// manCommand adds the section of one command: what it does, then its flags by
// category. Flags that every command has stand in the last of them alone.
func (r *running) manCommand(w io.Writer, l *Line) {
	c := l.command
	fmt.Fprintf(w, ".SH %s\n", strings.ToUpper(roff(c.Name)))
	manText(w, c.Usage+".\n\n  "+c.Example+"\n\n"+c.Description)
	for _, category := range r.Categories {
		head := fmt.Sprintf(".SS %s\n", roff(category))
		for _, b := range l.flags {
			if b.Category != category {
				continue
			}
			fmt.Fprint(w, head)
			head = ""
			fmt.Fprintf(w, ".TP\n\\fB%s\\fR\n%s\n", roff(b.title()), roff(b.sentence(slices.Contains(c.Needs, b.Name))))
		}
	}
}

// manText adds paragraphs; lines that begin with spaces are commands, which stay
// as they are.
func manText(w io.Writer, text string) {
	command, empty := false, true
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		indented := strings.HasPrefix(line, " ")
		switch {
		case line == "":
			empty = true
			continue
		case indented && !command:
			fmt.Fprint(w, ".PP\n.in +4n\n.nf\n")
		case !indented && command:
			fmt.Fprint(w, ".fi\n.in\n.PP\n")
		case empty && !indented:
			fmt.Fprint(w, ".PP\n")
		}
		command, empty = indented, false
		fmt.Fprintln(w, roff(strings.TrimSpace(line)))
	}
	if command {
		fmt.Fprint(w, ".fi\n.in\n")
	}
}
