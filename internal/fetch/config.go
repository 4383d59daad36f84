package fetch

import (
	"errors"
	"net/http"
	"net/url"
	"time"
)

// Config describes a server and how to treat it.
type Config struct {
	// Name is what errors and logs call the server.
	Name string
	// URL is the address without secrets; "{key}" in it stands for the key.
	URL string
	// Key is the API key, sent in the header KeyHeader or the query parameter
	// KeyQuery, or in the URL.
	Key, KeyHeader, KeyQuery string
	// User and Password are for basic authentication.
	User, Password string
	// Rate is the most cost a second, Burst how much of it at once.
	Rate  float64
	Burst int
	// Parallel is the most requests on their way at once.
	Parallel int
	// Timeout bounds one request, Patience how long one is tried again.
	Timeout, Patience time.Duration
	// MaxBody bounds an answer after inflation, in bytes.
	MaxBody int64
	// Dir is the folder of the archive.
	Dir string
	// Offline never touches the network: what is not in the archive is an error.
	Offline bool
	// Transport is the network, nil for the real one.
	Transport http.RoundTripper
}

// Call is one request. It holds no secret.
type Call struct {
	// Name is what errors call it, e.g. "eth_getLogs".
	Name string
	// Path is appended to the URL's path, Query to its query. With a Body it is
	// a POST of JSON, else a GET.
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
	Header http.Header
	// Body is inflated.
	Body []byte
}

// Judge says what a reply means.
type Judge func(Reply) Verdict

// Verdict is what a reply means and what to do about it.
type Verdict struct {
	Class Class
	// Reason is the server's own words, for people.
	Reason string
	// After is how long the server wants to be left alone, 0 if it did not say.
	After time.Duration
}

// Class is what a reply means, one list for all servers.
type Class uint8

const (
	// Final replies are answers, empty ones too.
	Final Class = iota
	// Limited: too many requests. Wait, slow down, ask again.
	Limited
	// Exhausted: the quota of the day or month is used up. Stop, resume later.
	Exhausted
	// TooWide: the range or the answer is too big. Split, do not repeat.
	TooWide
	// TooMany: too many addresses in one question. Halve the list.
	TooMany
	// Unsupported: the server does not have this method.
	Unsupported
	// Transient: try again soon.
	Transient
	// Broken: the reply is not what the protocol says. Try again, then give up.
	Broken
	// Refused: the key is wrong, or the question is. Nothing helps but a person.
	Refused
	// Pruned: the server no longer has the state of that block.
	Pruned
)

// Error is a call that got no final answer. It holds no secret.
type Error struct {
	// Server and Call are names.
	Server, Call string
	Class        Class
	// Reason is the server's own words or the network's.
	Reason string
	// Attempts is how often it was sent.
	Attempts int
}

func (e *Error) Error() string { return e.Server + ": " + e.Call + ": " + e.Reason }

// Is makes errors.Is(err, ErrExhausted) and errors.Is(err, ErrRefused) work.
func (e *Error) Is(target error) bool {
	return target == ErrExhausted && e.Class == Exhausted || target == ErrRefused && e.Class == Refused
}

var (
	// ErrExhausted says that a quota is used up; what was answered is kept.
	ErrExhausted = errors.New("the quota is used up")
	// ErrRefused says that the server does not accept the key or the question.
	ErrRefused = errors.New("the server refuses")
	// ErrOffline says that the archive does not have the answer.
	ErrOffline = errors.New("not in the archive")
)

// Usage is what a client has asked so far.
type Usage struct {
	Requests, Archived, Repeated, Refused, Bytes, Left int64
}
