package node

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/chain"
)

var (
	errNoText = errors.New("is no text")
	errNoHex  = errors.New("is not hex")
	errTooBig = errors.New("is too big")
)

// digits are the hex digits after 0x of a raw JSON value.
func digits(v jsontext.Value) ([]byte, error) {
	if len(v) < 4 || v[0] != '"' {
		if v.Kind() != '"' {
			return nil, errNoText
		}
		return nil, errNoHex
	}
	if v[1] != '0' || v[2] != 'x' && v[2] != 'X' {
		return nil, errNoHex
	}
	return v[3 : len(v)-1], nil
}

// fixed reads exactly as many bytes as there is room for.
func fixed(to []byte, v jsontext.Value) error {
	d, err := digits(v)
	if err != nil {
		return err
	}
	if len(d) != 2*len(to) {
		return fmt.Errorf("has %d hex digits instead of %d", len(d), 2*len(to))
	}
	bad := byte(0)
	for i := range to {
		high, low := nibbles[d[2*i]], nibbles[d[2*i+1]]
		bad |= high | low
		to[i] = high<<4 | low&15
	}
	if bad&0xf0 != 0 {
		return errNoHex
	}
	return nil
}

// number reads a quantity of up to 63 bits.
func number(v jsontext.Value) (uint64, error) {
	d, err := digits(v)
	if err != nil {
		return 0, err
	}
	if len(d) == 0 {
		return 0, errNoHex
	}
	var n uint64
	for _, c := range d {
		x := nibbles[c]
		if x > 15 {
			return 0, errNoHex
		}
		if n>>59 != 0 {
			return 0, errTooBig
		}
		n = n<<4 | uint64(x)
	}
	return n, nil
}

// index reads a quantity of up to 32 bits.
func index(v jsontext.Value) (uint32, error) {
	n, err := number(v)
	if err == nil && n >= 1<<32-1 {
		err = errTooBig
	}
	return uint32(n), err
}

// amount reads a quantity, or data, of up to 256 bits.
func amount(to *chain.Amount, v jsontext.Value) error {
	d, err := digits(v)
	if err != nil {
		return err
	}
	if len(d) == 0 {
		return errNoHex
	}
	for len(d) > 64 {
		if d[0] != '0' {
			return errTooBig
		}
		d = d[1:]
	}
	to.Clear()
	for i, c := range d {
		x := nibbles[c]
		if x > 15 {
			return errNoHex
		}
		at := len(d) - 1 - i
		to[at/16] |= uint64(x) << (4 * (at % 16))
	}
	return nil
}

// none reports whether a value is null or left empty, as some servers write it.
func none(v jsontext.Value) bool {
	return v.Kind() == 'n' || string(v) == `"0x"` || string(v) == `""`
}

// nibbles are the values of hex digits; 0xff is none.
var nibbles = func() (t [256]byte) { //nolint:gochecknoglobals // a table that never changes
	for i := range t {
		t[i] = 0xff
	}
	for i := range byte(10) {
		t['0'+i] = i
	}
	for i := range byte(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}()

// hexText writes a quantity as JSON-RPC wants it.
func hexText(n uint64) string { return fmt.Sprintf("0x%x", n) }

// addressText is an address in canonical form.
func addressText(a *[20]byte) chain.Address {
	var b [42]byte
	b[0], b[1] = '0', 'x'
	const digits = "0123456789abcdef"
	for i, c := range a {
		b[2+2*i], b[3+2*i] = digits[c>>4], digits[c&15]
	}
	return chain.Address(b[:])
}

// parseAddress reads an address in canonical form.
func parseAddress(a chain.Address) (b [20]byte, err error) {
	if err := fixed(b[:], jsontext.Value(`"`+string(a)+`"`)); err != nil {
		return b, fmt.Errorf("%w: address %q %w", chain.ErrInput, a, err)
	}
	return b, nil
}

// walker reads JSON from front to back.
type walker struct{ *jsontext.Decoder }

// walk begins to read. What comes here was checked as JSON when it came from the
// server, names included, so that this need not be done twice.
func walk(v jsontext.Value) walker {
	return walker{jsontext.NewDecoder(bytes.NewBuffer(v), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
}

// array calls item before each item of an array; it must read the item.
func (w walker) array(item func(i int) error) error {
	if err := w.open('['); err != nil {
		return err
	}
	for i := 0; w.PeekKind() != ']'; i++ {
		if err := item(i); err != nil {
			return err
		}
	}
	_, err := w.ReadToken()
	return err
}

// object calls member before each value of an object; it must read the value.
// The name is only good until then.
func (w walker) object(member func(name []byte) error) error {
	if err := w.open('{'); err != nil {
		return err
	}
	for w.PeekKind() != '}' {
		name, err := w.ReadValue()
		if err != nil {
			return err
		}
		text := []byte(name[1 : len(name)-1])
		if bytes.IndexByte(text, '\\') >= 0 {
			if text, err = jsontext.AppendUnquote(nil, name); err != nil {
				return err
			}
		}
		if err := member(text); err != nil {
			return err
		}
	}
	_, err := w.ReadToken()
	return err
}

func (w walker) open(kind jsontext.Kind) error {
	if k := w.PeekKind(); k != kind {
		if k == 0 {
			_, err := w.ReadToken()
			return err
		}
		return fmt.Errorf("is %v where %v should begin", k, kind)
	}
	_, err := w.ReadToken()
	return err
}

// null reads a null if one comes.
func (w walker) null() bool {
	if w.PeekKind() != 'n' {
		return false
	}
	_, err := w.ReadToken()
	return err == nil
}

// fixed, number, index and amount read the next value.
func (w walker) fixed(to []byte) error {
	v, err := w.ReadValue()
	if err != nil {
		return err
	}
	return fixed(to, v)
}

func (w walker) number(to *uint64) error {
	v, err := w.ReadValue()
	if err != nil {
		return err
	}
	*to, err = number(v)
	return err
}

func (w walker) index(to *uint32) error {
	v, err := w.ReadValue()
	if err != nil {
		return err
	}
	*to, err = index(v)
	return err
}

func (w walker) amount(to *chain.Amount) error {
	v, err := w.ReadValue()
	if err != nil {
		return err
	}
	return amount(to, v)
}

// maybe reads the next value unless there is none, and reports whether there is.
func (w walker) maybe(read func(v jsontext.Value) error) (bool, error) {
	v, err := w.ReadValue()
	if err != nil || none(v) {
		return false, err
	}
	return true, read(v)
}

// member adds the name of a member to an error.
func member(name string, err error) error {
	if err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	return nil
}
