package rpc

import (
	"net/http"
	"strings"

	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// sign is one line of the table: what a fault looks like, and what it means.
// A zero Status or Code and an empty Text stand for any.
type sign struct {
	Status, Code int
	Text         string
	Class        fetch.Class
}

// signs are what btcd and Bitcoin Core say when they do not answer; the first
// line that fits counts. That there is none of something is an answer. References: btcd's rpcserver.go and btcjson, Bitcoin
// Core's rpc/protocol.h and httpserver.cpp.
func signs() []sign {
	return []sign{
		{Status: http.StatusUnauthorized, Class: fetch.Refused},
		{Status: http.StatusForbidden, Class: fetch.Refused},
		{Status: http.StatusTooManyRequests, Class: fetch.Limited},
		{Text: "Too busy", Class: fetch.Limited},
		{Text: "Work queue depth exceeded", Class: fetch.Limited},
		{Code: -32601, Class: fetch.Unsupported},
		{Text: "unimplemented", Class: fetch.Unsupported},
		{Text: "index must be enabled", Class: fetch.Unsupported},
		{Text: "Use -txindex", Class: fetch.Unsupported},
		{Text: "pruned data", Class: fetch.Pruned},
		{Code: -28, Class: fetch.Transient}, // still loading
		{Code: -10, Class: fetch.Transient}, // still downloading
		{Text: "No information available about address", Class: fetch.Final},
		{Text: "No information available about transaction", Class: fetch.Final},
		{Text: "No such mempool or blockchain transaction", Class: fetch.Final},
		{Text: "Invalid address", Class: fetch.Refused},
		{Text: "out of range", Class: fetch.Transient}, // a node that fell behind
		{Text: "Block not found", Class: fetch.Transient},
		{Code: -32603, Class: fetch.Transient},
		{Status: http.StatusInternalServerError, Class: fetch.Transient},
		{Status: http.StatusBadGateway, Class: fetch.Transient},
		{Status: http.StatusServiceUnavailable, Class: fetch.Transient},
		{Status: http.StatusGatewayTimeout, Class: fetch.Transient},
		{Class: fetch.Broken},
	}
}

// Classify is the table of btcd and Bitcoin Core.
func Classify(f jsonrpc.Fault) fetch.Verdict {
	v := fetch.Verdict{Class: fetch.Broken, Reason: f.Message}
	if f.Status == http.StatusUnauthorized {
		v.Reason = "the server does not accept the user and the password"
	}
	for _, s := range signs() {
		if (s.Status == 0 || s.Status == f.Status) && (s.Code == 0 || s.Code == f.Code) && strings.Contains(f.Message, s.Text) {
			v.Class = s.Class
			return v
		}
	}
	return v
}
