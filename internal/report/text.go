package report

import (
	"strings"
	"unicode"
)

// Plain makes a text from outside harmless in Markdown and on a terminal:
// control and direction characters go, markup is escaped, links cannot be
// followed, and it ends after 64 characters.
func Plain(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > 64 {
			b.WriteString("...")
			break
		}
		switch {
		case unicode.Is(unicode.C, r) || r == unicode.ReplacementChar:
			b.WriteRune(' ')
		case strings.ContainsRune("\\`*_{}[]<>#|!&", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("http://", "hxxp[:]//", "https://", "hxxps[:]//").Replace(b.String())
}
