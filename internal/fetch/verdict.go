package fetch

import "time"

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
	// Limited means too many requests. Wait, slow down, ask again.
	Limited
	// Exhausted means that the quota of the day or month is used up. Stop, resume later.
	Exhausted
	// TooWide means that the range or the answer is too big. Split, do not repeat.
	TooWide
	// TooMany means too many addresses in one question. Halve the list.
	TooMany
	// Unsupported means that the server does not have this method.
	Unsupported
	// Transient failures pass: try again soon.
	Transient
	// Broken replies are not what the protocol says. Try again, then give up.
	Broken
	// Refused means that the key is wrong, or the question is. Nothing helps but a person.
	Refused
	// Pruned means that the server no longer has the state of that block.
	Pruned
)

// String says what a class means, in the words of an error.
func (c Class) String() string {
	switch c {
	case Final:
		return "it answered"
	case Limited:
		return "too many requests"
	case Exhausted:
		return "the quota is used up"
	case TooWide:
		return "the question is too big"
	case TooMany:
		return "too many addresses in one question"
	case Unsupported:
		return "it does not have this method"
	case Transient:
		return "it failed in passing"
	case Broken:
		return "the reply is not what the protocol says"
	case Refused:
		return "it refuses"
	case Pruned:
		return "it no longer has the state of that block"
	default:
		return "it failed"
	}
}
