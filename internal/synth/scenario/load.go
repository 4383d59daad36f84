package scenario

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/scamtrace/scamtrace/internal/config"
)

// Load reads a scenario over the defaults, then settings of the form
// "section.key=value" over both; a list is "a,b,c" there. It checks the result
// for a set of so many rows, as Check does. The name of the file stands in the
// errors.
//
// The error is of type config.Problems and holds everything that is wrong.
func Load(name string, data []byte, sets []string, rows int64) (Scenario, error) {
	l := loader{scenario: Default(), keys: keys(), at: map[string]config.Problem{}}
	l.file(name, data)
	for _, s := range sets {
		l.set(s)
	}
	for _, p := range l.scenario.Check(rows) {
		place := l.at[p.Path]
		p.File, p.Line = place.File, place.Line
		l.found = append(l.found, p)
	}
	if len(l.found) > 0 {
		slices.SortStableFunc(l.found, func(a, b config.Problem) int { return cmp.Compare(rank(a), rank(b)) })
		return Scenario{}, config.Problems(l.found)
	}
	return l.scenario, nil
}

// rank puts what has a line first.
func rank(p config.Problem) int {
	if p.Line == 0 {
		return math.MaxInt
	}
	return p.Line
}

type loader struct {
	scenario Scenario
	keys     []key
	// at is where each key was last given.
	at    map[string]config.Problem
	found []config.Problem
}

func (l *loader) refuse(at config.Problem, format string, args ...any) {
	at.Reason = fmt.Sprintf(format, args...)
	l.found = append(l.found, at)
}

// give sets a parameter.
func (l *loader) give(at config.Problem, v value) {
	i := slices.IndexFunc(l.keys, func(k key) bool { return k.path == at.Path })
	if i < 0 {
		l.refuse(at, "%s", l.unknown(at.Path))
		return
	}
	var err error
	switch f := l.keys[i].field(&l.scenario).(type) {
	case *string:
		err = single(f, v, func(s string) (string, error) { return s, nil })
	case *bool:
		err = single(f, v, truth)
	case *int64:
		err = single(f, v, parse[int64])
	case *Decimal:
		err = single(f, v, parse[Decimal])
	case *[]string:
		err = several(f, v, func(s string) (string, error) { return s, nil })
	case *[]int64:
		err = several(f, v, parse[int64])
	case *[]Decimal:
		err = several(f, v, parse[Decimal])
	}
	if err != nil {
		l.refuse(at, "%v", err)
		return
	}
	l.at[at.Path] = at
}

func single[T any](field *T, v value, read func(string) (T, error)) error {
	if v.shape != scalar {
		return fmt.Errorf("must be one value; got %s", v.shape)
	}
	got, err := read(v.text)
	if err == nil {
		*field = got
	}
	return err
}

func several[T any](field *[]T, v value, read func(string) (T, error)) error {
	if v.shape != list {
		return fmt.Errorf("must be a list such as [a, b]; got %s", cmp.Or(v.text, v.shape.String()))
	}
	out := make([]T, len(v.items))
	for i, s := range v.items {
		var err error
		if out[i], err = read(s); err != nil {
			return err
		}
	}
	*field = out
	return nil
}

func truth(s string) (bool, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, fmt.Errorf("must be true or false; got %s", s)
}

// set reads one setting of the command line.
func (l *loader) set(text string) {
	path, rest, found := strings.Cut(text, "=")
	at := config.Problem{File: "--set", Path: path}
	if !found || path == "" {
		at.Path = ""
		l.refuse(at, "%q is not of the form key=value", text)
		return
	}
	v := value{shape: scalar, text: rest}
	if i := slices.IndexFunc(l.keys, func(k key) bool { return k.path == path }); i >= 0 {
		switch l.keys[i].field(&l.scenario).(type) {
		case *[]string, *[]int64, *[]Decimal:
			v = value{shape: list, items: items(rest)}
		}
	}
	l.give(at, v)
}

// items are those of a list as it is written in a file, or without its brackets.
func items(text string) (list []string) {
	if inside, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inside, "]") {
		text = strings.TrimSuffix(inside, "]")
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	for s := range strings.SplitSeq(text, ",") {
		list = append(list, strings.TrimSpace(s))
	}
	return list
}

// unknown says that a path is no key, and which was probably meant.
func (l *loader) unknown(path string) string {
	var inside, paths []string
	section, name, nested := strings.Cut(path, ".")
	for _, k := range l.keys {
		paths = append(paths, k.path)
		if path != "" && k.section() == path {
			inside = append(inside, k.name())
		}
	}
	if len(inside) > 0 {
		return "is a section; its keys are " + strings.Join(inside, ", ")
	}
	best, like := config.Nearest(path, paths)
	if !nested {
		name = section
	}
	// A key of the right name in another section was meant more likely than one
	// that is only spelt alike.
	if i := slices.IndexFunc(l.keys, func(k key) bool { return k.name() == name }); i >= 0 {
		best = paths[i]
	} else if !like {
		return "is not a key; configs/scenario.yaml has them all"
	}
	return "is not a key; did you mean " + best + "?"
}
