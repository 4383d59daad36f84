package etherscan

import (
	"errors"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// classOfError is the class of a call's error; Final without one, and Transient
// for errors that are no answer at all, which excuse sorts out.
func classOfError(err error) fetch.Class {
	if err == nil {
		return fetch.Final
	}
	if e, ok := errors.AsType[*fetch.Error](err); ok {
		return e.Class
	}
	return fetch.Transient
}

// excuse is the reason of the gap that a call without an answer leaves. ok is
// false for errors that must end the run: a used-up quota, a refused key, an
// archive without the answer, and whatever is no error of a call. The reason
// says the same each time: no count, no time, not the server's words.
func (s *Server) excuse(call string, err error) (reason string, ok bool) {
	e, is := errors.AsType[*fetch.Error](err)
	if !is || errors.Is(err, fetch.ErrExhausted) || errors.Is(err, fetch.ErrRefused) || errors.Is(err, fetch.ErrOffline) {
		return "", false
	}
	switch e.Class {
	case fetch.Unsupported:
		return s.name + " has no " + call, true
	case fetch.Broken:
		return s.name + " answered " + call + " with what cannot be right", true
	case fetch.Pruned:
		return s.name + " has not all of " + call + " for these blocks", true
	case fetch.Limited:
		return s.name + " turned " + call + " away for too long", true
	default:
		return s.name + " did not answer " + call, true
	}
}
