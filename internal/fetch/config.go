package fetch

import (
	"net/http"
	"net/url"
	"time"
)

// Config describes a server and how to treat it.
type Config struct {
	// Name is what errors and logs call the server.
	Name string
	// URL is the address without secrets; "{key}" in its path or query stands
	// for the key.
	URL string
	// Key is the API key, sent in the header KeyHeader or the query parameter
	// KeyQuery, or in the URL.
	Key, KeyHeader, KeyQuery string
	// User and Password are for basic authentication.
	User, Password string
	// Rate is the most cost a second, 0 for no limit. Burst is how much of it may
	// be spent at once, 1 if 0; a server that counts strictly wants it small.
	Rate  float64
	Burst int
	// Parallel is the most requests on their way at once, 8 if 0.
	Parallel int
	// Timeout bounds one request up to the last byte of its answer, 1 minute if
	// 0. Patience bounds how long one is tried again, 2 minutes if 0; waiting for
	// the rate is not counted.
	Timeout, Patience time.Duration
	// MaxBody bounds an answer after inflation, in bytes, 128 MiB if 0.
	MaxBody int64
	// Limits holds the limits that clients of the same server and key share; nil
	// if this client is the only one.
	Limits *Limits
	// Dir is the folder of the archive. If it is empty nothing is kept.
	Dir string
	// Offline never touches the network: what is not in the archive is an error.
	Offline bool
	// Transport is the network, nil for the real one, which looks at every address
	// that it dials. It must not inflate by itself.
	Transport http.RoundTripper
}

// Call is one request. It holds no secret.
type Call struct {
	// Name is what errors call it, e.g. "eth_getLogs".
	Name string
	// Path is appended to the URL's path, Query to its query. With a Body, which
	// may be empty but not nil, it is a POST of JSON, else a GET.
	Path  string
	Query url.Values
	Body  []byte
	// Cost is what the call takes from the rate, 1 if 0.
	Cost float64
	// Pin is the block at which the question is asked, as text; with it the
	// final answer is kept in the archive, and looked for there first. Without,
	// the call is sent each time.
	Pin string
	// Judge says what a reply means. It must be a pure function.
	Judge Judge
}

// Reply is what a server answered.
type Reply struct {
	Status int
	// Header is for the judge. It is nil in a final reply to a call with a pin,
	// for the archive does not keep it.
	Header http.Header
	// Body is inflated. Of a reply with a status from 400 on it is no more than
	// the first 4 KiB.
	Body []byte
}

// Usage is what a client has asked so far.
type Usage struct {
	// Requests were sent; Repeated of them had been sent before; Refused of them
	// the server refused as too many. Archived answers came from the archive.
	Requests, Archived, Repeated, Refused int64
	// Bytes were received, after inflation.
	Bytes int64
	// Left is what is left of the quota, -1 if that is not known.
	Left int64
}
