package fetch

import (
	"net/http"
	"sync/atomic"
	"time"
)

// skew is how far this machine's clock is ahead of the server's, as its last
// answer said.
type skew struct {
	known atomic.Bool
	ahead atomic.Int64
}

func (s *skew) note(h http.Header) {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		s.ahead.Store(int64(now().Sub(date)))
		s.known.Store(true)
	}
}

// Skew is how far this machine's clock is ahead of the server's, to a second or
// two. It is not known before an answer with a date.
func (c *Client) Skew() (ahead time.Duration, known bool) {
	return time.Duration(c.skew.ahead.Load()), c.skew.known.Load()
}
