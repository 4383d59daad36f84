package dataset

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/holiman/uint256"

	"github.com/scamtrace/scamtrace/internal/chain"
)

var (
	errMissing  = errors.New("value is missing")
	errNegative = errors.New("amount is negative")
	errFraction = errors.New("amount has a fraction; base units are whole")
	errTooBig   = errors.New("amount is above 2^256-1")
)

// amount reads base units into a. inexact reports that the file holds a float,
// which has 53 bits only.
func (c *cell) amount(a *chain.Amount) (inexact bool, err error) {
	switch c.kind {
	case null:
		return false, errMissing
	case text:
		return false, parseAmount(a, c.b)
	case integer:
		if c.n < 0 {
			return false, errNegative
		}
		a.SetUint64(uint64(c.n))
		return false, unscale(a, c.scale)
	case decimal:
		return false, bigAmount(a, c.b, c.scale)
	case double:
		return true, floatAmount(a, c.f)
	}
	return false, errors.New("is not a number")
}

// satoshi reads an amount of a UTXO chain: whole satoshi, or, where the file
// holds floats, bitcoin. 21e14 satoshi fit in 53 bits, so rounding is exact.
func (c *cell) satoshi(a *chain.Amount) error {
	if c.kind != double {
		_, err := c.amount(a)
		return err
	}
	v := math.Round(c.f * 1e8)
	if !(v >= 0) {
		return errNegative
	}
	if v > 1<<53 {
		return fmt.Errorf("%v bitcoin is more than a float holds exactly", c.f)
	}
	a.SetUint64(uint64(v))
	return nil
}

// parseAmount reads decimal text or 0x-hex without loss.
func parseAmount(a *chain.Amount, b []byte) error {
	a.Clear()
	if len(b) > 2 && b[0] == '0' && b[1] == 'x' {
		return hexAmount(a, b[2:])
	}
	if len(b) == 0 {
		return errMissing
	}
	var chunk, power uint64 = 0, 1
	for i, d := range b {
		if d < '0' || d > '9' {
			switch {
			case i == 0 && d == '-':
				return errNegative
			case d == '.':
				return errFraction
			case d == 'e' || d == 'E':
				return fmt.Errorf("%q is written as a float; export whole numbers", clip(b))
			}
			return fmt.Errorf("%q is not a whole number of base units", clip(b))
		}
		chunk, power = chunk*10+uint64(d-'0'), power*10
		if power == 1e18 || i == len(b)-1 {
			if !a.IsUint64() || a.Uint64() != 0 {
				if _, over := a.MulOverflow(a, uint256.NewInt(power)); over {
					return errTooBig
				}
			}
			if _, over := a.AddOverflow(a, uint256.NewInt(chunk)); over {
				return errTooBig
			}
			chunk, power = 0, 1
		}
	}
	return nil
}

func hexAmount(a *chain.Amount, digits []byte) error {
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
	}
	if len(digits) > 64 {
		return errTooBig
	}
	a.Clear()
	for i, d := range digits {
		n, ok := nibble(d)
		if !ok {
			return fmt.Errorf("0x%s is not hex", clip(digits))
		}
		at := len(digits) - 1 - i
		a[at/16] |= uint64(n) << (4 * (at % 16))
	}
	return nil
}

func bigAmount(a *chain.Amount, b []byte, scale int) error {
	if len(b) > 0 && b[0]&0x80 != 0 && scale >= 0 {
		return errNegative
	}
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	if len(b) > 32 {
		return errTooBig
	}
	a.SetBytes(b)
	return unscale(a, max(scale, 0))
}

// unscale turns a decimal of the given scale into a whole number.
func unscale(a *chain.Amount, scale int) error {
	for ; scale > 0; scale-- {
		var rest uint256.Int
		a.DivMod(a, uint256.NewInt(10), &rest)
		if !rest.IsZero() {
			return errFraction
		}
	}
	return nil
}

func floatAmount(a *chain.Amount, f float64) error {
	switch {
	case math.IsNaN(f):
		return errors.New("amount is not a number")
	case f < 0:
		return errNegative
	case f != math.Trunc(f):
		return errFraction
	case f >= 0x1p256:
		return errTooBig
	}
	fraction, exponent := math.Frexp(f)
	a.SetUint64(uint64(fraction * (1 << 53)))
	if exponent >= 53 {
		a.Lsh(a, uint(exponent-53))
	} else {
		a.Rsh(a, uint(53-exponent))
	}
	return nil
}

// whole reads a non-negative integer that fits 63 bits: a height, an index.
func (c *cell) whole() (uint64, error) {
	switch c.kind {
	case null:
		return 0, errMissing
	case text:
		if len(c.b) <= 18 {
			var v uint64
			for _, d := range c.b {
				if d < '0' || d > '9' {
					return c.wholeSlow()
				}
				v = v*10 + uint64(d-'0')
			}
			return v, nil
		}
	case integer:
		if c.n >= 0 && c.scale == 0 {
			return uint64(c.n), nil
		}
	}
	return c.wholeSlow()
}

func (c *cell) wholeSlow() (uint64, error) {
	var a chain.Amount
	if _, err := c.amount(&a); err != nil {
		if c.kind == text {
			return 0, fmt.Errorf("%q is not a whole number", clip(c.b))
		}
		return 0, err
	}
	if !a.IsUint64() || a.Uint64() > math.MaxInt64 {
		return 0, fmt.Errorf("%s is too big", a.Dec())
	}
	return a.Uint64(), nil
}

// index reads a whole number of 32 bits; NULL gives the value for none.
func (c *cell) index(none uint32) (uint32, error) {
	if c.kind == null {
		return none, nil
	}
	v, err := c.whole()
	if err != nil {
		return 0, err
	}
	if v >= math.MaxUint32 {
		return 0, fmt.Errorf("%d is too big", v)
	}
	return uint32(v), nil
}

// truth reads a boolean: true/false in any case, t/f, 1/0.
func (c *cell) truth() (bool, error) {
	switch c.kind {
	case null:
		return false, errMissing
	case integer:
		if c.n == 0 || c.n == 1 {
			return c.n == 1, nil
		}
	case text:
		switch string(c.b) {
		case "true", "True", "TRUE", "t", "1":
			return true, nil
		case "false", "False", "FALSE", "f", "0":
			return false, nil
		}
	}
	return false, errors.New("is neither true nor false")
}

func nibble(d byte) (byte, bool) {
	switch {
	case '0' <= d && d <= '9':
		return d - '0', true
	case 'a' <= d && d <= 'f':
		return d - 'a' + 10, true
	case 'A' <= d && d <= 'F':
		return d - 'A' + 10, true
	}
	return 0, false
}

// clip shortens text for an error.
func clip(b []byte) string {
	if len(b) > 90 {
		return string(slices.Concat(b[:90], []byte("...")))
	}
	return string(b)
}
