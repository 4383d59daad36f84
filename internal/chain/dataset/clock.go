package dataset

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// endOfTime is the year 9999 in seconds. What is later was not written in
// seconds.
const endOfTime = 253402300799

// seconds reads a time: seconds since 1970, RFC 3339, or the text that BigQuery
// and DuckDB export; times without a zone are UTC.
func (c *cell) seconds() (int64, error) {
	switch c.kind {
	case null:
		return 0, errMissing
	case moment:
		return inTime(c.n)
	case text:
		return parseTime(c.b)
	case integer:
		if c.scale == 0 {
			return inTime(c.n)
		}
	}
	return 0, errors.New("is not a time")
}

func inTime(s int64) (int64, error) {
	switch {
	case s < 0:
		return 0, errors.New("is before 1970")
	case s > endOfTime:
		return 0, fmt.Errorf("%d is after the year 9999; times are in seconds", s)
	}
	return s, nil
}

func parseTime(b []byte) (int64, error) {
	var s int64
	for i, d := range b {
		if d < '0' || d > '9' {
			return parseCalendar(string(b))
		}
		if i == 18 {
			return 0, fmt.Errorf("%q is not a time", clip(b))
		}
		s = s*10 + int64(d-'0')
	}
	return inTime(s)
}

func parseCalendar(s string) (int64, error) {
	plain := strings.TrimSuffix(s, " UTC")
	for _, layout := range [...]string{
		time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05",
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07",
	} {
		if t, err := time.Parse(layout, plain); err == nil {
			return inTime(t.Unix())
		}
	}
	return 0, fmt.Errorf("%q is not a time: use seconds since 1970, RFC 3339 or 2006-01-02 15:04:05 UTC", clip([]byte(s)))
}
