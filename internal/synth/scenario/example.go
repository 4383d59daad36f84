package scenario

import (
	"fmt"
	"strings"

	"github.com/scamtrace/scamtrace/internal/config"
)

// Example is a scenario file with every key, its meaning and its default.
func Example() []byte {
	var b strings.Builder
	b.WriteString("# A scenario of scamtrace synth, with every key at its default: any may be left out.\n" +
		"# Any key can also be given on the command line: --set victim.growth=1.2\n" +
		"# Behind a number stands its source, see README: [S..] and [C..] are literature,\n" +
		"# [D] was computed from it, [A] is an assumption of ours.\n\n")
	def, section := Default(), ""
	for _, k := range keys() {
		indent := ""
		if s := k.section(); s != "" {
			indent = "  "
			if s != section {
				fmt.Fprintf(&b, "\n%s:\n", s)
			}
			section = s
		}
		doc := k.doc
		if k.low != "" {
			doc += fmt.Sprintf(" (%s to %s)", k.low, k.high)
		}
		for _, line := range config.Wrap(doc, 88-len(indent)) {
			fmt.Fprintf(&b, "%s# %s\n", indent, line)
		}
		fmt.Fprintf(&b, "%s%s: %s\n", indent, k.name(), written(k.field(&def)))
	}
	return []byte(b.String())
}

// written is a value as YAML.
func written(field any) string {
	switch f := field.(type) {
	case *[]string:
		return "[" + strings.Join(*f, ", ") + "]"
	case *[]int64:
		return listed(*f)
	case *[]Decimal:
		return listed(*f)
	case *string:
		return *f
	case *bool:
		return fmt.Sprint(*f)
	case *int64:
		return fmt.Sprint(*f)
	case *Decimal:
		return f.String()
	}
	return ""
}

func listed[N number](numbers []N) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = fmt.Sprint(n)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}
