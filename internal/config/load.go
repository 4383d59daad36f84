package config

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Load reads a case file over the defaults, then settings of the form
// "key=value" over both. In a setting the key is a path with dots, which may
// lead into a map ("sources.ethereum=dataset:DIR"); a list is "a,b,c" and
// "none" is the empty one. The name of the file stands in the errors.
//
// The error is of type Problems and holds everything that is wrong with what
// is written. What is missing for a run is told by Validate.
func Load(name string, data []byte, sets []string) (Config, error) {
	l := loader{config: Default(), keys: declared(), at: map[string]Problem{}}
	root, problems := parse(name, data)
	l.found = problems
	if root.kind == mapping {
		l.section(name, "", root)
	}
	for _, set := range sets {
		l.set(set)
	}
	l.found = append(l.found, l.config.check(func(path, reason string) Problem {
		p := l.at[path]
		p.Path, p.Reason = path, reason
		return p
	})...)
	slices.SortStableFunc(l.found, byPlace)
	if len(l.found) > 0 {
		return Config{}, Problems(l.found)
	}
	return l.config, nil
}

// byPlace orders problems by line, those of --set last.
func byPlace(a, b Problem) int {
	place := func(p Problem) int {
		if p.File == fromSet {
			return math.MaxInt
		}
		return p.Line
	}
	return cmp.Compare(place(a), place(b))
}

// fromSet stands for the file of a problem with a setting.
const fromSet = "--set"

type loader struct {
	config Config
	keys   []Key
	// at is where each key was last given.
	at    map[string]Problem
	found []Problem
}

func (l *loader) refuse(at Problem, format string, args ...any) {
	at.Reason = fmt.Sprintf(format, args...)
	l.found = append(l.found, at)
}

// section reads the keys below a path, "" for the root.
func (l *loader) section(file, path string, n node) {
	first := map[string]int{}
	for _, e := range n.entries {
		at := Problem{File: file, Line: e.line, Path: join(path, e.key)}
		if line, again := first[e.key]; again {
			l.refuse(at, "is given twice; the first is in line %d", line)
			continue
		}
		first[e.key] = e.line
		key, isKey := l.key(at.Path)
		switch children := l.children(at.Path); {
		case isKey:
			l.assign(at, key, e.value)
		case len(children) == 0:
			l.refuse(at, "is not a key%s", l.meant(path, e.key))
		case e.value.kind == mapping:
			l.section(file, at.Path, e.value)
		case e.value.kind != nothing:
			l.refuse(at, "is a section; its keys are %s", strings.Join(children, ", "))
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (l *loader) key(path string) (Key, bool) {
	i := slices.IndexFunc(l.keys, func(k Key) bool { return k.Path == path })
	if i < 0 {
		return Key{}, false
	}
	return l.keys[i], true
}

// children are the names below a section; none if there is no such section.
func (l *loader) children(path string) []string {
	var names []string
	for _, k := range l.keys {
		rest := k.Path
		if path != "" {
			below, ok := strings.CutPrefix(k.Path, path+".")
			if !ok {
				continue
			}
			rest = below
		}
		name, _, _ := strings.Cut(rest, ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// meant says which key was probably meant: one spelt alike in the same section,
// or one of the same name in another.
func (l *loader) meant(path, name string) string {
	if s, ok := Nearest(name, l.children(path)); ok {
		return fmt.Sprintf("; did you mean %s?", join(path, s))
	}
	for _, k := range l.keys {
		if k.Path == name || strings.HasSuffix(k.Path, "."+name) {
			return fmt.Sprintf("; did you mean %s?", k.Path)
		}
	}
	return "; there are " + strings.Join(l.children(path), ", ")
}

// assign reads a value into its key.
func (l *loader) assign(at Problem, key Key, n node) {
	problems := assign(at, key, key.field(&l.config), n)
	l.found = append(l.found, problems...)
	if len(problems) == 0 {
		l.at[key.Path] = at
	}
}
