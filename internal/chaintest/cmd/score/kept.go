package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chaintest/score"
)

// The marks of the kept table in the README.
const (
	begin = "<!-- score -->\n"
	end   = "<!-- end -->"
)

// kept is a document with a table between the marks.
type kept struct{ path, before, table, after string }

func readKept(path string) (kept, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return kept{}, err
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	table, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return kept{}, fmt.Errorf("%s: there is no table between %s and %s", path, strings.TrimSpace(begin), end)
	}
	return kept{path, before, table, after}, nil
}

// write puts another table between the marks.
func (k kept) write(table string) error {
	return os.WriteFile(k.path, []byte(k.before+begin+table+end+k.after), 0o644)
}

// carry adds the kept rows of sets that are missing here, each after the row that
// it stood after: what cannot be measured is neither better nor worse.
func carry(before, now []score.Row, missing []string) []score.Row {
	out := slices.Clone(now)
	for i, r := range before {
		set, _, _ := strings.Cut(r.Name, ":")
		if !slices.Contains(missing, set) {
			continue
		}
		at := len(out)
		if i > 0 {
			if j := slices.IndexFunc(out, func(x score.Row) bool { return x.Name == before[i-1].Name }); j >= 0 {
				at = j + 1
			}
		}
		out = slices.Insert(out, at, r)
	}
	return out
}

// tellChanges prints what differs from the kept table, and says whether a row got
// worse.
func tellChanges(w io.Writer, changes []score.Change) (worse bool) {
	show := func(what string, r *score.Row) {
		if r != nil {
			lines := strings.Split(score.Markdown([]score.Row{*r}), "\n")
			fmt.Fprintf(w, "  %-4s %s\n", what, lines[2])
		}
	}
	for _, c := range changes {
		word := "changed"
		switch {
		case c.Worse:
			word, worse = "worse", true
		case c.Kept == nil:
			word = "new"
		}
		fmt.Fprintln(w, word)
		show("kept", c.Kept)
		show("now", c.Now)
	}
	return worse
}
