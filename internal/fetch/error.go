package fetch

import "errors"

// Error is a call that got no final answer. It holds no secret.
type Error struct {
	// Server and Call are names.
	Server, Call string
	Class        Class
	// Reason is the server's own words, or what the network did. It holds no
	// address, port or time: the same failure has the same reason.
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
	// ErrBusy says that another process has the archive open.
	ErrBusy = errors.New("in use by another run")
	// ErrConfig says that an endpoint cannot be used as it is written.
	ErrConfig = errors.New("the endpoint cannot be used as it is written")
)
