package config

import (
	"bytes"
	"errors"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// kind is the shape of a value.
type kind uint8

const (
	scalar kind = iota + 1
	list
	mapping
	nothing // a key without a value
	foreign // an anchor, alias or tag
)

// node is a value as it is written, from YAML or from --set.
type node struct {
	kind kind
	// text is a scalar's text without quotes. Numbers are not read by the YAML
	// library, so nothing is rounded.
	text string
	// quoted marks text that its quotes keep from being a number or a truth value.
	quoted  bool
	items   []node
	entries []entry
	line    int
}

// entry is one key of a mapping.
type entry struct {
	key   string
	line  int
	value node
}

// parse reads a YAML document. An empty one is an empty mapping.
func parse(name string, data []byte) (node, []Problem) {
	fail := func(line int, reason string) (node, []Problem) {
		return node{}, []Problem{{File: name, Line: line, Reason: reason}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		if syntax := (*yaml.SyntaxError)(nil); errors.As(err, &syntax) && syntax.Token != nil {
			return fail(syntax.Token.Position.Line, "is not YAML: "+syntax.Message)
		}
		return fail(0, "is not YAML: "+err.Error())
	}
	if len(file.Docs) > 1 {
		return fail(0, "holds more than one YAML document")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return node{kind: mapping}, nil
	}
	if _, onlyComments := file.Docs[0].Body.(*ast.CommentGroupNode); onlyComments {
		return node{kind: mapping}, nil
	}
	root := convert(file.Docs[0].Body)
	if root.kind == nothing {
		root.kind = mapping
	}
	if root.kind != mapping {
		return fail(root.line, "is no case file: it must be a list of keys such as \"seeds: [FILE]\"")
	}
	return root, nil
}

func convert(n ast.Node) node {
	out := node{line: lineOf(n)}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		out.kind = nothing
	case *ast.StringNode:
		out.kind, out.text = scalar, n.Value
		out.quoted = n.Token.Indicator != 0 || isQuote(n.Token.Origin)
	case *ast.LiteralNode:
		out.kind, out.text, out.quoted = scalar, n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.kind, out.text = scalar, n.GetToken().Value
	case *ast.SequenceNode:
		out.kind = list
		for _, item := range n.Values {
			out.items = append(out.items, convert(item))
		}
	case *ast.MappingNode:
		out.kind = mapping
		for _, v := range n.Values {
			key := convert(v.Key)
			if key.kind != scalar {
				key.text = v.Key.String()
			}
			out.entries = append(out.entries, entry{key: key.text, line: lineOf(v.Key), value: convert(v.Value)})
		}
		if len(out.entries) > 0 {
			out.line = out.entries[0].line
		}
	default:
		out.kind = foreign
	}
	return out
}

func isQuote(origin string) bool {
	trimmed := bytes.TrimSpace([]byte(origin))
	return len(trimmed) > 0 && (trimmed[0] == '"' || trimmed[0] == '\'')
}

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
