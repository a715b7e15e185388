package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// command is what --help-json says of a command.
type command struct {
	Name        string `json:"command"`
	Usage       string `json:"usage"`
	Description string `json:"description"`
	Example     string `json:"example"`
	Flags       []struct {
		Name     string   `json:"name"`
		Aliases  []string `json:"aliases"`
		Category string   `json:"category"`
		Value    string   `json:"value"`
		Default  *string  `json:"default"`
		Unset    string   `json:"unset"`
		Help     string   `json:"help"`
		Required bool     `json:"required"`
		Repeats  bool     `json:"repeatable"`
	} `json:"flags"`
}

var listed = regexp.MustCompile(`(?m)^  ([a-z]+)(?: |$)`)

// commands are those that help lists, with their flags, in its order.
func (t *tool) commands() ([]command, error) {
	text, err := t.run("help")
	if err != nil {
		return nil, err
	}
	_, list, ok := strings.Cut(string(text), "\nCommands\n")
	if !ok {
		return nil, errors.New("stpmap help lists no commands")
	}
	var all []command
	for _, m := range listed.FindAllStringSubmatch(list, -1) {
		text, err := t.run(m[1], "--help-json")
		var c command
		if err != nil || json.Unmarshal(text, &c) != nil || len(c.Flags) == 0 {
			continue // version, man and the like have no flags
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errors.New("no command says its flags")
	}
	return all, nil
}

// plain keeps signs that Markdown would take for its own.
var plain = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`)

// markdown is a command's page.
func (c command) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# stpmap %s\n\n%s.\n\n```sh\n%s\n```\n\n", c.Name, plain.Replace(c.Usage), c.Example)
	for line := range strings.SplitSeq(c.Description, "\n") {
		if strings.HasPrefix(line, "  ") {
			line = "  " + line // a line of code
		} else {
			line = plain.Replace(line)
		}
		b.WriteString(line + "\n")
	}
	category := ""
	for _, f := range c.Flags {
		if f.Category != category {
			category = f.Category
			fmt.Fprintf(&b, "\n## %s\n\n| flag | what it does | default |\n| --- | --- | --- |\n", plain.Replace(category))
		}
		name := "`" + strings.TrimSpace("--"+f.Name+" "+f.Value) + "`"
		for _, a := range f.Aliases {
			name += ", `-" + a + "`"
		}
		help := plain.Replace(f.Help)
		if f.Repeats {
			help += "; can be given several times"
		}
		fallback := f.Unset
		if fallback == "" && f.Default != nil {
			fallback = *f.Default
		}
		if f.Required {
			fallback = "has to be given"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, help, plain.Replace(fallback))
	}
	return b.String()
}

// commandIndex is the page of all commands.
func commandIndex(commands []command) string {
	var b strings.Builder
	b.WriteString("# Commands\n\n| command | what it does |\n| --- | --- |\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s |\n", c.Name, c.Name, plain.Replace(c.Usage))
	}
	return b.String()
}
