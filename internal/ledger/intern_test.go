package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// anyAddress draws addresses of all chains, and what looks like one.
func anyAddress() *rapid.Generator[chain.Address] {
	hex := rapid.StringMatching(`0x[0-9a-f]{40}`)
	return rapid.Map(rapid.OneOf(
		hex, hex,
		rapid.Map(hex, strings.ToUpper),
		rapid.StringMatching(`0x[0-9a-g]{40}`),
		rapid.StringMatching(`bc1[a-z0-9]{39}`),
		rapid.StringMatching(`[a-z]{20}`),
		rapid.StringN(0, 24, -1),
		rapid.Just(string(chain.NullAddress)),
		rapid.Just(""),
	), func(s string) chain.Address { return chain.Address(s) })
}

// Ids are dense in the order of first mention; text, search and order are those
// of the addresses themselves, whatever they look like.
func TestIntern(t *testing.T) {
	eth := network(t, "ethereum")
	rapid.Check(t, func(r *rapid.T) {
		l := ledger.New(eth)
		var seen []chain.Address
		for _, a := range rapid.SliceOf(anyAddress()).Draw(r, "addresses") {
			want := slices.Index(seen, a)
			if want < 0 {
				want = len(seen)
				seen = append(seen, a)
			}
			require.Equal(r, ledger.AddressID(want), l.Address(a))
		}
		require.Equal(r, len(seen), l.Addresses())
		for i, a := range seen {
			require.Equal(r, a, l.Text(ledger.AddressID(i)))
			require.Equal(r, a == "", l.Nameless(ledger.AddressID(i)))
			require.Equal(r, a == chain.NullAddress, l.Contract(ledger.AddressID(i)))
			for k, b := range seen {
				require.Equal(r, strings.Compare(string(a), string(b)), l.Compare(ledger.AddressID(i), ledger.AddressID(k)))
			}
		}
		b, err := l.Seal(nil)
		require.NoError(r, err)
		for i, a := range seen {
			id, ok := b.Find(a)
			require.True(r, ok)
			require.Equal(r, ledger.AddressID(i), id)
			require.Equal(r, a, b.Text(id))
		}
		_, ok := b.Find("nobody, at an address that no generator draws")
		require.False(r, ok)
	})
}

// The table grows many times on the way to 100,000 addresses.
func TestInternMany(t *testing.T) {
	l := ledger.New(network(t, "ethereum"))
	for round := range 2 {
		for i := range 100_000 {
			require.Equal(t, ledger.AddressID(i), l.Address(numbered(i)), "round %d", round)
		}
	}
}

// Texts of any length stand beside each other.
func TestInternLong(t *testing.T) {
	l := ledger.New(network(t, "ethereum"))
	var texts []chain.Address
	for n := range 21 {
		texts = append(texts, chain.Address(strings.Repeat("x", 1<<n)), numbered(n))
	}
	for round := range 2 {
		for i, a := range texts {
			require.Equal(t, ledger.AddressID(i), l.Address(a), "round %d", round)
			require.Equal(t, a, l.Text(ledger.AddressID(i)))
		}
	}
}

// Every byte that is no lower-case hex digit keeps an address as text.
func TestInternEveryByte(t *testing.T) {
	l := ledger.New(network(t, "ethereum"))
	for c := range 256 {
		for at := 2; at < 42; at++ {
			a := []byte(numbered(1))
			a[at] = byte(c)
			require.Equal(t, chain.Address(a), l.Text(l.Address(chain.Address(a))))
		}
	}
}

func TestSort_isTheOrderOfCompare(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, mixed := range []bool{false, true} {
		l := ledger.New(network(t, "ethereum"))
		var ids []ledger.AddressID
		for range 500 {
			ids = append(ids, l.Address(chain.Address(fmt.Sprintf("0x%016x%024x", r.Uint64N(50), r.Uint64()))))
		}
		if mixed {
			ids = append(ids, l.Address(""), l.Address("bc1q"), l.Address("0x"), l.Address("a text of 20 letters"))
		}
		want := slices.Clone(ids)
		slices.SortFunc(want, l.Compare)
		l.Sort(ids)
		require.Equal(t, want, ids)
	}
}
