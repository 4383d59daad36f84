package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Example is a case file with every key, its meaning and its default.
func Example() []byte {
	var b strings.Builder
	b.WriteString("# A case file with every key at its default. A real one needs only seeds, sources\n" +
		"# and out. Any key can also be given on the command line: --set crawl.max_hops=5\n")
	var open []string
	def := Default()
	for _, key := range declared() {
		names := strings.Split(key.Path, ".")
		sections, name := names[:len(names)-1], names[len(names)-1]
		for i, section := range sections {
			if i >= len(open) || open[i] != section {
				fmt.Fprintf(&b, "\n%s%s:\n", strings.Repeat("  ", i), section)
				open = slices.Clone(sections[:i+1])
			}
		}
		open = slices.Clone(sections)
		indent := strings.Repeat("  ", len(sections))
		if !strings.HasSuffix(b.String(), ":\n") {
			b.WriteString("\n")
		}
		doc := key.Doc
		if len(key.allowed) > 0 {
			doc += words(key.field(&def), key.allowed)
		}
		for _, line := range Wrap(doc, 78-len(indent)) {
			fmt.Fprintf(&b, "%s# %s\n", indent, line)
		}
		fmt.Fprintf(&b, "%s%s:%s\n", indent, name, block(plain(key.field(&def)), indent+"  "))
	}
	return []byte(b.String())
}

// words says which words a key takes.
func words(field any, allowed []string) string {
	if _, single := field.(*string); single {
		return " One of: " + strings.Join(allowed, ", ") + "."
	}
	return " Any of: " + strings.Join(allowed, ", ") + "."
}

// block writes maps over several lines and the rest in one.
func block(v any, indent string) string {
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 {
		return " " + flow(v)
	}
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "\n%s%s:%s", indent, quoteKey(key), block(m[key], indent+"  "))
	}
	return b.String()
}
