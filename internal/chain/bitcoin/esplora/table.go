package esplora

import (
	"net/http"
	"strings"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// sign is one line of the table: what a reply that is no answer looks like, and
// what it means. An empty Text stands for any.
type sign struct {
	Status int
	Text   string
	Class  fetch.Class
}

// signs are what Esplora (Blockstream's electrs) and mempool.space say when they
// do not answer, in plain text; the first line that fits counts. Reference:
// electrs, src/rest.rs.
func signs() []sign {
	return []sign{
		{http.StatusTooManyRequests, "", fetch.Limited},
		{http.StatusPaymentRequired, "", fetch.Exhausted},
		{http.StatusUnauthorized, "", fetch.Refused},
		{http.StatusForbidden, "", fetch.Refused},
		{http.StatusBadRequest, "Too many", fetch.TooWide}, // history entries
		{http.StatusBadRequest, "", fetch.Unsupported},
		{http.StatusUnprocessableEntity, "", fetch.Unsupported},
		{http.StatusNotFound, "not found", fetch.Transient}, // a copy that is behind
		{http.StatusNotFound, "", fetch.Unsupported},
	}
}

// classify is the table of Esplora. A reply of status 200 is an answer.
func classify(r fetch.Reply) fetch.Verdict {
	if r.Status == http.StatusOK {
		return fetch.Verdict{Class: fetch.Final}
	}
	text := strings.TrimSpace(string(r.Body[:min(len(r.Body), 200)]))
	if text == "" || strings.HasPrefix(text, "<") {
		text = http.StatusText(r.Status)
	}
	v := fetch.Verdict{Class: fetch.Broken, Reason: text}
	if r.Status >= http.StatusInternalServerError {
		v.Class = fetch.Transient
	}
	for _, s := range signs() {
		if s.Status == r.Status && strings.Contains(text, s.Text) {
			v.Class = s.Class
			return v
		}
	}
	return v
}
