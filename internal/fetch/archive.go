package fetch

import "errors"

// Archive keeps final answers as evidence: compressed, named by their content,
// each with its question, the time and the block it was asked at. It is safe
// for concurrent use. A killed run loses at most what was being written.
type Archive struct{}

// Question is what an answer answers. It holds no secret. Equal questions have
// equal answers.
type Question struct {
	// Pin is the final block at which it was asked, e.g. its hash.
	Pin string
	// Text is the question itself in a canonical form, e.g. a method and its
	// parameters.
	Text string
}

// Get returns the answer. known is false if there is none.
func (*Archive) Get(Question) (answer []byte, known bool, err error) { return nil, false, nil }

// Put keeps a final answer.
func (*Archive) Put(Question, []byte) error { return errors.ErrUnsupported }

// Split reports whether a question was found to be too big to be answered
// whole. That is no answer but a way of asking: a run that is resumed or
// replayed cuts its questions as the first run did.
func (*Archive) Split(Question) bool { return false }

// MarkSplit notes that a question is too big.
func (*Archive) MarkSplit(Question) error { return errors.ErrUnsupported }

// Root is the hash of everything that this client was answered, from the network
// or from the archive, since it was opened: SHA-256 over the sorted pairs of
// question and answer. It also returns how many answers and bytes these are.
func (*Archive) Root() (sum [32]byte, answers int, bytes int64) { return sum, 0, 0 }
