package scenario

import (
	"bytes"
	"errors"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/scamtrace/scamtrace/internal/config"
)

// value is what stands behind a key, as it is written: the YAML library reads no
// number, so nothing is rounded.
type value struct {
	shape shape
	text  string   // of a scalar
	items []string // of a list
}

type shape uint8

const (
	scalar shape = iota
	list
	mapping
	nothing
	other
)

func (s shape) String() string {
	return [...]string{"a value", "a list", "a map", "nothing", "what no scenario uses: an anchor, alias, tag or nested list"}[s]
}

// file gives every key of a YAML document.
func (l *loader) file(name string, data []byte) {
	at := config.Problem{File: name}
	doc, err := parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		if syntax := (*yaml.SyntaxError)(nil); errors.As(err, &syntax) && syntax.Token != nil {
			at.Line = syntax.Token.Position.Line
			l.refuse(at, "is not YAML: %s", syntax.Message)
			return
		}
		l.refuse(at, "is not YAML: %v", err)
		return
	}
	if len(doc.Docs) > 1 {
		l.refuse(at, "holds more than one YAML document")
		return
	}
	if len(doc.Docs) == 0 || doc.Docs[0].Body == nil {
		return
	}
	switch body := doc.Docs[0].Body.(type) {
	case *ast.MappingNode:
		l.section(name, "", body)
	case *ast.CommentGroupNode, *ast.NullNode:
	default:
		at.Line = line(body)
		l.refuse(at, "is no scenario: it must be a list of keys such as \"days: 90\"")
	}
}

func (l *loader) section(name, prefix string, m *ast.MappingNode) {
	first := map[string]int{}
	for _, entry := range m.Values {
		key, ok := text(entry.Key)
		if !ok { // such as <<, which merges
			key = entry.Key.GetToken().Value
		}
		at := config.Problem{File: name, Line: line(entry.Key), Path: prefix + key}
		if before, again := first[key]; again {
			l.refuse(at, "is given twice; the first is in line %d", before)
			continue
		}
		first[key] = at.Line
		nested, isMap := entry.Value.(*ast.MappingNode)
		switch section := l.isSection(at.Path); {
		case section && isMap:
			l.section(name, at.Path+".", nested)
		case section && read(entry.Value).shape == nothing:
		default:
			l.give(at, read(entry.Value))
		}
	}
}

func (l *loader) isSection(path string) bool {
	for _, k := range l.keys {
		if k.section() == path {
			return path != ""
		}
	}
	return false
}

func read(n ast.Node) value {
	if s, ok := text(n); ok {
		return value{shape: scalar, text: s}
	}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return value{shape: nothing}
	case *ast.MappingNode:
		return value{shape: mapping}
	case *ast.SequenceNode:
		v := value{shape: list}
		for _, item := range n.Values {
			s, ok := text(item)
			if !ok {
				return value{shape: other}
			}
			v.items = append(v.items, s)
		}
		return v
	}
	return value{shape: other}
}

// text is a scalar as it is written, without quotes.
func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func line(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}
