package report

import (
	"strings"
	"unicode"
)

// Lengths, in characters, of what comes from outside: a name, and a sentence.
const (
	nameLength     = 64
	sentenceLength = 400
)

// Plain makes a name from outside harmless in Markdown: control and direction
// characters go, markup is escaped, links cannot be followed, and it ends after
// 64 characters.
func Plain(s string) string { return clean(s, nameLength, true) }

// Sentence is Plain for a reason or a note, which may be 400 characters long.
func Sentence(s string) string { return clean(s, sentenceLength, true) }

// Terminal is Sentence for a terminal, where markup means nothing.
func Terminal(s string) string { return clean(s, sentenceLength, false) }

func clean(s string, most int, markdown bool) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			b.WriteString("...")
			break
		}
		switch {
		case unicode.Is(unicode.C, r) || r == unicode.ReplacementChar:
			b.WriteRune(' ')
		case markdown && strings.ContainsRune("\\`*_{}[]<>#|!&", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("http://", "hxxp[:]//", "https://", "hxxps[:]//").Replace(b.String())
}
