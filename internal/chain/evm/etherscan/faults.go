package etherscan

import (
	"net/http"
	"strings"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// fault is a text that servers give instead of an answer, and what it means.
type fault struct {
	says  string // lower case, anywhere in the text
	class fetch.Class
}

// faults is the table of errors inside HTTP 200 (and inside JSON bodies of
// other statuses). The first that matches counts: the daily limit stands before
// the limit a second, whose words it contains.
// Ref: docs.etherscan.io/support/common-error-messages; Blockscout's
// address_controller.ex and rpc_translator.ex.
func faults() []fault {
	return []fault{
		{"daily rate limit", fetch.Exhausted},
		{"daily limit", fetch.Exhausted},
		{"monthly", fetch.Exhausted},
		{"credits exhausted", fetch.Exhausted},
		{"not enough credits", fetch.Exhausted},
		{"calls per sec", fetch.Limited},
		{"rate limit reached", fetch.Limited},
		{"too many requests", fetch.Limited},
		{"too many invalid api key attempts", fetch.Refused},
		{"invalid api key", fetch.Refused},
		{"missing or unsupported chainid", fetch.Refused},
		{"api access is not supported for this chain", fetch.Refused},
		{"deprecated v1 endpoint", fetch.Refused},
		{"result window is too large", fetch.TooWide},
		{"query timeout", fetch.TooWide},
		{"smaller result dataset", fetch.TooWide},
		{"have not yet been processed", fetch.Pruned},
		{"historical state", fetch.Pruned},
		{"missing trie node", fetch.Pruned},
		{"invalid action name", fetch.Unsupported},
		{"unknown action", fetch.Unsupported},
		{"unknown module", fetch.Unsupported},
		{"action not found", fetch.Unsupported},
		{"method not found", fetch.Unsupported},
		{"does not exist/is not available", fetch.Unsupported},
		{"pro endpoint", fetch.Unsupported},
		{"server too busy", fetch.Transient},
		{"try again later", fetch.Transient},
		{"something went wrong", fetch.Transient},
		{"internal server error", fetch.Transient},
		{"header not found", fetch.Transient},
		{"request timed out", fetch.Transient},
	}
}

// empties are the words for a list without rows.
func empties() []string {
	return []string{
		"no transactions found", "no records found", "no internal transactions found", "no token transfers found",
	}
}

// classOf says what a server's words mean. What is not in the table is refused:
// a person must read it.
func classOf(text string) fetch.Class {
	text = strings.ToLower(text)
	for _, f := range faults() {
		if strings.Contains(text, f.says) {
			return f.class
		}
	}
	return fetch.Refused
}

// isEmpty reports whether a message says that a list has no rows.
func isEmpty(message string) bool {
	message = strings.ToLower(strings.TrimSpace(message))
	for _, e := range empties() {
		if strings.HasPrefix(message, e) {
			return true
		}
	}
	return false
}

// classOfStatus says what an HTTP status other than 200 means where the body
// does not say it better.
func classOfStatus(status int) fetch.Class {
	switch {
	case status == http.StatusTooManyRequests:
		return fetch.Limited
	case status == http.StatusPaymentRequired:
		return fetch.Exhausted
	case status == http.StatusNotImplemented:
		return fetch.Unsupported
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly || status >= 500:
		return fetch.Transient
	}
	return fetch.Refused
}
