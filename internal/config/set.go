package config

import (
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// set reads one "key=value".
func (l *loader) set(text string) {
	at := Problem{File: fromSet}
	path, value, found := strings.Cut(text, "=")
	if !found {
		l.refuse(at, "%q is not of the form key=value", text)
		return
	}
	at.Path = path
	for _, key := range l.keys {
		rest := ""
		if path != key.Path {
			below, ok := strings.CutPrefix(path, key.Path+".")
			if !ok {
				continue
			}
			rest = below
		}
		n, ok := setNode(key.field(&l.config), rest, value)
		if !ok {
			continue
		}
		at.Path = key.Path // what is inside is named by the nodes
		l.assign(at, key, n)
		return
	}
	if children := l.children(path); path != "" && len(children) > 0 {
		l.refuse(at, "is a section; its keys are %s", strings.Join(children, ", "))
		return
	}
	var paths []string
	for _, key := range l.keys {
		paths = append(paths, key.Path)
	}
	reason := "is not a key"
	if s, ok := Nearest(path, paths); ok {
		reason += fmt.Sprintf("; did you mean %s?", s)
	} else {
		reason += l.meant("", path[strings.LastIndex(path, ".")+1:])
	}
	l.refuse(at, "%s", reason)
}

// setNode shapes a setting's text as the field needs it: rest is the path
// inside the field, empty unless it is a map. It is false if the field has
// nothing inside.
func setNode(field any, rest, value string) (node, bool) {
	leaf := node{kind: scalar, text: value}
	within := func(key string, n node) node {
		return node{kind: mapping, entries: []entry{{key: key, value: n}}}
	}
	switch field.(type) {
	case *map[string]string, *map[string]uint64:
	case *map[string][]string:
		if rest != "" {
			leaf = listNode(value)
		}
	case *map[string]map[chain.Asset]chain.Amount:
		if name, asset, found := strings.Cut(rest, "."); found {
			rest, leaf = name, within(asset, leaf)
		}
	case *map[string]Endpoint:
		name, key, found := strings.Cut(rest, ".")
		if !found {
			return leaf, rest == ""
		}
		rest, leaf = name, within(key, leaf)
	case *[]string:
		return listNode(value), rest == ""
	default:
		return leaf, rest == ""
	}
	if rest == "" {
		return leaf, true
	}
	return within(rest, leaf), true
}

func listNode(value string) node {
	if value == none {
		return node{kind: scalar, text: value}
	}
	n := node{kind: list}
	for item := range strings.SplitSeq(value, ",") {
		n.items = append(n.items, node{kind: scalar, text: strings.TrimSpace(item)})
	}
	return n
}
