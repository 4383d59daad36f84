// Package jsonrpc is a small JSON-RPC 2.0 client over fetch: strict ids, batches
// whose elements fail one by one, answers kept in the archive one by one. It
// knows no chain and no method.
package jsonrpc

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// Request is one call of a method.
type Request struct {
	Method string
	// Params are encoded as JSON, in order; they must encode the same each time.
	Params []any
	// Cost is what it takes from the rate, 1 if 0.
	Cost float64
}

// Result is the answer to one request: the raw JSON of the member "result"
// (which may be null), or an error, always a *fetch.Error. The value is a part of
// the whole reply: to keep it for long, copy it.
type Result struct {
	Value jsontext.Value
	Err   error
	// None says that Value is null because the server reported a fault that the
	// table calls Final, such as "no such transaction". A null without it is what
	// the server itself gave. It is not known of an answer of the archive.
	None bool
}

// Fault is an error that the server reported for one request, or an HTTP reply
// that is no JSON-RPC at all (Code 0).
type Fault struct {
	Status  int // of HTTP
	Code    int
	Message string
	Data    string // raw JSON, may be empty
}

// Classify says what a fault means. It is the driver's table.
type Classify func(Fault) fetch.Verdict
