package label

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// tag is one tag of a TagPack, as a row: a field it does not have itself is
// inherited from the pack's header. A list, such as concepts, is joined with
// commas.
type tag struct {
	own, header map[string]string
	line        int
}

func (t *tag) Get(field string) string {
	if s, ok := t.own[field]; ok {
		return s
	}
	return t.header[field]
}

func (t *tag) Line() int { return t.line }

// readTagPack calls each for every tag of a GraphSense TagPack. Values are
// taken as they are written, so that an address without quotes is not read as a
// hexadecimal number.
func readTagPack(name string, r io.Reader, each func(row)) []Problem {
	var found []Problem
	refuse := func(line int, format string, args ...any) {
		found = append(found, Problem{File: name, Line: line, Reason: fmt.Sprintf(format, args...)})
	}
	data, err := io.ReadAll(r)
	if err != nil {
		refuse(0, "cannot be read to its end: %v", err)
		return found
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		if syntax := (*yaml.SyntaxError)(nil); errors.As(err, &syntax) && syntax.Token != nil {
			refuse(syntax.Token.Position.Line, "is not YAML: %s", syntax.Message)
		} else {
			refuse(0, "is not YAML: %v", err)
		}
		return found
	}
	if len(file.Docs) != 1 {
		refuse(0, "holds %d YAML documents; a TagPack is one", len(file.Docs))
		return found
	}
	pack, ok := file.Docs[0].Body.(*ast.MappingNode)
	if !ok {
		refuse(0, "is no TagPack: it has no header and no list of tags")
		return found
	}
	header, nested := readFields(pack, refuse)
	tags, ok := nested["tags"].(*ast.SequenceNode)
	if !ok {
		refuse(0, "is no TagPack: it has no list of tags")
		return found
	}
	for _, node := range tags.Values {
		line := node.GetToken().Position.Line
		m, ok := node.(*ast.MappingNode)
		if !ok {
			refuse(line, "a tag must be a list of fields such as address and label")
			continue
		}
		if len(m.Values) > 0 {
			line = m.Values[0].Key.GetToken().Position.Line
		}
		own, _ := readFields(m, refuse)
		each(&tag{own: own, header: header, line: line})
	}
	return found
}

// readFields reads a mapping's scalars and lists of scalars. Values of another
// shape come back as nodes.
func readFields(m *ast.MappingNode, refuse func(int, string, ...any)) (map[string]string, map[string]ast.Node) {
	fields := make(map[string]string, len(m.Values))
	nested := map[string]ast.Node{}
	for _, entry := range m.Values {
		key, _ := scalar(entry.Key)
		key = strings.ToLower(key)
		if _, again := fields[key]; again {
			refuse(entry.Key.GetToken().Position.Line, "names the field %s twice", key)
			continue
		}
		if s, ok := scalar(entry.Value); ok {
			fields[key] = s
			continue
		}
		if list, ok := scalars(entry.Value); ok && key != "tags" {
			fields[key] = strings.Join(list, ",")
			continue
		}
		nested[key] = entry.Value
	}
	return fields, nested
}

// scalar is the text of a node as it is written, without surrounding space.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.NullNode:
		return "", true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return strings.TrimSpace(n.GetToken().Value), true
	}
	return "", false
}

func scalars(node ast.Node) ([]string, bool) {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		return nil, false
	}
	var list []string
	for _, n := range seq.Values {
		s, ok := scalar(n)
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, true
}
