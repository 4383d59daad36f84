package rows

import (
	"strconv"

	"github.com/scamtrace/scamtrace/internal/synth/names"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// text is a cell in an arena, valid until its batch is written; nil is null.
type text []byte

// arena holds the text of a batch: one block of memory instead of a million.
type arena []byte

func (a *arena) cell(from int) text { return text((*a)[from:len(*a):len(*a)]) }

func (a *arena) hex(b []byte) text {
	from := len(*a)
	*a = names.AppendHex(*a, b)
	return a.cell(from)
}

func (a *arena) units(t world.Token, amount int64) text {
	from := len(*a)
	*a = names.AppendUnits(*a, t, amount)
	return a.cell(from)
}

func (a *arena) copy(s string) text {
	from := len(*a)
	*a = append(*a, s...)
	return a.cell(from)
}

// moment is a time in microseconds since 1970; as text, in seconds, as
// ethereum-etl writes it.
type moment int64

func at(seconds int64) moment { return moment(seconds * 1e6) }

// MarshalJSON implements json.Marshaler.
func (m moment) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, int64(m)/1e6, 10), nil
}
