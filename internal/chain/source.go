package chain

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Sentinel errors that a Source may wrap.
var (
	// ErrInput marks data that cannot be read as what it claims to be: a
	// missing column, a bad row, a truncated file. The text names file and line.
	ErrInput = errors.New("bad input data")
	// ErrContradiction marks facts that cannot both be true: a transaction that
	// creates value, an output spent twice, one hash at two heights.
	ErrContradiction = errors.New("contradiction in the data")
)

// Question asks for every transfer that touches one of many addresses.
type Question struct {
	// Addresses are asked for, in canonical text. It is read only, and shared.
	Addresses map[Address]struct{}
	// Answered are addresses whose whole history was already given for this
	// Span. A transfer that touches one of them has been told; a source may
	// leave it out. It is read only, shared, and may be nil.
	Answered map[Address]struct{}
	// Span bounds the blocks, both ends included.
	Span Span
	// Kinds are the kinds of movement wanted; none means all.
	Kinds []Kind
	// Limit is the most transfers wanted for one address, 0 for no limit. A
	// source that knows it passed the limit may stop telling transfers that
	// touch no other asked address; the caller counts for itself.
	Limit int
}

// Gap declares what a source could not tell. An empty Address stands for every
// address asked.
type Gap struct {
	Address Address
	Kind    Kind
	Span    Span
	Reason  string
	Effect  Effect
}

// Effect says what a gap means for the crawl.
type Effect uint8

const (
	// Missing gaps leave something untold: an address that one names is not
	// followed, since what it paid is not known.
	Missing Effect = iota
	// Unproved gaps leave nothing untold that the source knows of, but a proof
	// of completeness failed or could not be made. The address is followed.
	Unproved
	// Hub says that the source stopped telling of the address because it has
	// more transfers than Question.Limit. It is a finding, not a gap: the
	// address is a super-node.
	Hub
)

// Part is one independent share of an answer: a file, a row group, a range of
// blocks. Parts may be asked concurrently, in any order, more than once, with
// the same result; their order in the plan is the order in which the caller
// merges them.
type Part interface {
	// Ask calls emit for each transfer, in the order of the part. The transfer,
	// its slices and nothing else are reused after emit returns. An error of
	// emit ends the part and is returned. Cancelling ctx ends it soon, with
	// ctx's error. No error is worth asking again: a source retries by itself.
	Ask(ctx context.Context, emit func(*Transfer) error) ([]Gap, error)
}

// Source answers questions about one chain. A source is safe for concurrent use
// after it was opened. It asks the world nothing before Plan.
type Source interface {
	// Head is the newest final block that the source can answer for. It is
	// asked once, before the first question, and pins the run ("as of").
	Head(ctx context.Context) (Block, error)
	// Plan cuts a question into parts.
	Plan(ctx context.Context, q Question) ([]Part, error)
	// Inputs lists what was read, for the manifest: files with their SHA-256,
	// or a provider by name. It is called last.
	Inputs(ctx context.Context) ([]Input, error)
	// Close frees files. It is called once.
	Close() error
}

// Input is one thing a source was read from. Name is a path below the source's
// folder or a provider's name; it never holds a secret.
type Input struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Driver opens sources of one sort. Args is what follows "driver:" in a source
// specification, e.g. the folder of "dataset:DIR".
type Driver struct {
	Name string
	// Server says that the driver asks a server: its arguments are the name of
	// an endpoint, and after a comma what the driver wants besides.
	Server bool
	// Doc is one sentence for people.
	Doc string
	// Ref says where the format or protocol is specified.
	Ref  string
	Open func(ctx context.Context, c Chain, o Options) (Source, error)
}

// Options are a source's settings.
type Options struct {
	// Args is the driver's argument: a folder, an endpoint's name.
	Args string
	// Cache is a local folder in which the driver may keep an index between
	// runs; empty for none. Losing it costs time, never data.
	Cache string
	// Workers is how many parts the caller asks at once.
	Workers int
	// Endpoint is the server that Args names, for drivers that ask one.
	Endpoint Endpoint
	// Offline answers from the archive alone and never touches the network.
	Offline bool
	// Shared is what the sources of one run share; nil for nothing.
	Shared *sync.Map
}

// Endpoint describes a server. Its secrets stand in Key and Password and
// nowhere else.
type Endpoint struct {
	// Name is what errors, logs, tables and the manifest call it.
	Name string
	// URL is the address without secrets; "{key}" in it stands for the key.
	URL string
	// Key is the API key. Without "{key}" in the URL it goes into the header
	// KeyHeader, or into the query as the driver's protocol wants it.
	Key       Secret
	KeyHeader string
	// User and Password are for basic authentication.
	User     string
	Password Secret
	// Rate is the most requests a second, 0 for the driver's default.
	Rate float64
	// Daily is the most requests a day that the plan allows, 0 if unknown.
	Daily int64
	// Timeout bounds one request, Patience how long a failing one is tried
	// again; 0 for the default.
	Timeout, Patience time.Duration
}

// Secret is text that prints as *** in every way there is. Reveal is for the
// code that sends it.
type Secret struct{ text string }

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text.
func (s Secret) Reveal() string { return s.text }

// String hides the text.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return "***"
}

// GoString hides the text from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the text from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Usage is what a source has asked of its server so far.
type Usage struct {
	// Requests were sent, repeated ones included; Archived were answered by the
	// archive instead.
	Requests int64 `json:"requests"`
	Archived int64 `json:"archived"`
	// Repeated requests were sent again after a failure; Refused were turned
	// away for being too many.
	Repeated int64 `json:"repeated"`
	Refused  int64 `json:"refused"`
	// Bytes came back, after inflation.
	Bytes int64 `json:"bytes"`
	// Left is what is left of the day's quota, -1 if the server does not say.
	Left int64 `json:"left"`
}

// Metered is a source that counts. Usage may be called at any time.
type Metered interface{ Usage() Usage }
