package chain

import (
	"context"
	"errors"
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
}

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
}
