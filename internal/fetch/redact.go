package fetch

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// redactor takes secrets out of texts.
type redactor struct {
	// forms are the secrets as they may stand somewhere.
	forms []string
	// long are those that cannot stand in an answer by chance.
	long [][]byte
}

const (
	stars = "***"
	// prefixLen is how much of a secret counts as the secret.
	prefixLen = 8
	// shortLen is how short a secret must be to be looked for as a word only.
	shortLen = 4
	// longLen is from where on a secret is taken out of answers as well.
	longLen = 8
)

// newRedactor knows every form of some secrets.
func newRedactor(secrets ...string) *redactor {
	r := &redactor{}
	for _, s := range secrets {
		r.add(s, true)
		r.add(url.PathEscape(s), true)
		r.add(url.QueryEscape(s), true)
		r.add(lowerEscapes(url.PathEscape(s)), true)
		r.add(lowerEscapes(url.QueryEscape(s)), true)
		r.add(html.EscapeString(s), true)
		if quoted, err := jsontext.AppendQuote(nil, s); err == nil {
			r.add(string(quoted[1:len(quoted)-1]), true)
		}
		// As encoders do that are afraid of HTML.
		r.add(strings.NewReplacer("&", `\u0026`, "<", `\u003c`, ">", `\u003e`, "'", `\u0027`, `"`, `\u0022`).Replace(s), true)
		r.add(hex.EncodeToString([]byte(s)), false)
		r.add(base64.StdEncoding.EncodeToString([]byte(s)), false)
		r.add(base64.URLEncoding.EncodeToString([]byte(s)), false)
	}
	return r
}

// lowerEscapes writes the escapes of a URL with lower-case digits.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			b[i+1], b[i+2] = fold(b[i+1]), fold(b[i+2])
		}
	}
	return string(b)
}

// add adds a form of a secret, to be looked for in answers too or not.
func (r *redactor) add(form string, inAnswers bool) {
	// The padding of base64 is cut: it may be there or not.
	form = strings.TrimRight(form, "=")
	if form == "" || slices.Contains(r.forms, form) {
		return
	}
	r.forms = append(r.forms, form)
	if inAnswers && len(form) >= longLen {
		r.long = append(r.long, []byte(form))
	}
	// The longest first: what is taken out is taken out whole.
	slices.SortStableFunc(r.long, func(a, b []byte) int { return len(b) - len(a) })
}

// text takes every secret out, also in other case, also cut off at its end.
func (r *redactor) text(s string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		n := 0
		for _, form := range r.forms {
			n = max(n, match(s, i, form))
		}
		if n == 0 {
			i++
			continue
		}
		b.WriteString(s[done:i])
		b.WriteString(stars)
		if i += n; n >= prefixLen {
			for i < len(s) && s[i] == '=' { // the padding of base64
				i++
			}
		}
		done = i
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// match is how much of a form stands at a place of a text; 0 if it is too little
// to tell anything.
func match(s string, at int, form string) int {
	n := 0
	for n < len(form) && at+n < len(s) && fold(s[at+n]) == fold(form[n]) {
		n++
	}
	switch {
	case n == len(form) && n < shortLen:
		if at > 0 && wordly(s[at-1]) || at+n < len(s) && wordly(s[at+n]) {
			return 0
		}
		return n
	case n == len(form) || n >= prefixLen:
		return n
	default:
		return 0
	}
}

func fold(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func wordly(c byte) bool {
	c = fold(c)
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}

// answer takes the long secrets out of an answer that echoes them, e.g. in the
// address of the next page.
func (r *redactor) answer(b []byte) []byte {
	for _, form := range r.long {
		if bytes.Contains(b, form) {
			b = bytes.ReplaceAll(b, form, []byte(stars))
		}
	}
	return b
}

// redact is the innermost http.RoundTripper: what the network says in error is
// made into a text without addresses and secrets before anyone sees it.
type redact struct {
	next     http.RoundTripper
	redactor *redactor
}

func (t redact) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, plain(err, t.redactor)
	}
	return res, nil
}
