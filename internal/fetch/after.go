package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter reads how long a server wants to be left alone: seconds, or a date
// that is read by the server's own clock if it tells that. 0 if it does not say.
func retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	from, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		from = now()
	}
	return max(0, at.Sub(from))
}

// quotaLeft reads what is left of the quota of the day or month.
func quotaLeft(h http.Header) (left int64, known bool) {
	for _, name := range []string{"X-Credits-Remaining", "X-RateLimit-Remaining-Day", "X-RateLimit-Remaining-Daily", "X-RateLimit-Remaining-Month"} {
		if n, err := strconv.ParseInt(strings.TrimSpace(h.Get(name)), 10, 64); err == nil && n >= 0 {
			return n, true
		}
	}
	return 0, false
}
