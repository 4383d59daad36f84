package main

import (
	"errors"
	"fmt"
	"strconv"
)

// whole is a flag that is a whole number in digits. The flags' own numbers take
// 010 for eight.
type whole[N int64 | uint64] struct{ to *N }

// String implements pflag.Value.
func (w whole[N]) String() string {
	if w.to == nil {
		return ""
	}
	return fmt.Sprint(*w.to)
}

// Set implements pflag.Value.
func (w whole[N]) Set(s string) (err error) {
	switch to := any(w.to).(type) {
	case *int64:
		*to, err = strconv.ParseInt(s, 10, 64)
	case *uint64:
		*to, err = strconv.ParseUint(s, 10, 64)
	}
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errors.New("it is too large")
	case err != nil:
		return errors.New("write it in digits, such as 100000")
	}
	return nil
}

// Type implements pflag.Value.
func (w whole[N]) Type() string { return "number" }
