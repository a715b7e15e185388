package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"stpmap/flow/fault"
)

// complaint is an error as --log-format json says it: one object a line.
type complaint struct {
	Level string `json:"level"`
	Msg   string `json:"msg"` // the whole sentence, with its place
	// Where it is, and what is wrong there; left out where there is no place.
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	More    int    `json:"more,omitempty"` // faults that are not spelled out
	Try     string `json:"try,omitempty"`  // a command line that would work
}

// complainJSON writes an error as one line of JSON for each fault in it.
func complainJSON(w io.Writer, err error, try string) {
	for _, c := range complaints(err) {
		c.Level, c.Try = "ERROR", try
		c.Msg, c.Message = WithoutSecret(c.Msg), WithoutSecret(c.Message)
		line, err := json.Marshal(c)
		if err != nil {
			line = []byte(`{"level":"ERROR"}`)
		}
		fmt.Fprintf(w, "%s\n", line)
	}
}

// complaints are the faults of an error, each with its place.
func complaints(err error) []complaint {
	var list *fault.List
	var one *fault.Error
	switch {
	case errors.As(err, &list):
		var all []complaint
		for _, e := range list.List {
			all = append(all, placed(e, e.Error()))
		}
		if list.More > 0 {
			text := fmt.Sprintf("faults that are not listed: %d", list.More)
			all = append(all, complaint{Msg: text, Message: text, More: list.More})
		}
		return all
	case errors.As(err, &one):
		return []complaint{placed(one, strings.TrimRight(err.Error(), "\n"))}
	}
	text := strings.TrimRight(err.Error(), "\n")
	return []complaint{{Msg: text, Message: text}}
}

func placed(e *fault.Error, text string) complaint {
	c := complaint{Msg: text, File: e.File, Message: e.Err.Error()}
	c.Line, c.Column = e.Place()
	return c
}
