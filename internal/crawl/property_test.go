package crawl_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/ledger"
	"github.com/scamtrace/scamtrace/internal/ledger/ledgertest"
)

// draw makes a scenario of up to 40 transfers between ten addresses.
func draw(t *testing.T, r *rapid.T) *scenario {
	pick := func(words ...string) string { return rapid.SampledFrom(words).Draw(r, "word") }
	name := func() string { return pick("S", "A", "B", "C", "D", "E", "F", "G", "H", "T") }
	number := func(from, to int) int { return rapid.IntRange(from, to).Draw(r, "number") }
	var settings, transfers strings.Builder
	set := func(often int, format string, args ...any) {
		if number(1, 10) <= often {
			fmt.Fprintf(&settings, format+"\n", args...)
		}
	}
	utxo := rapid.Bool().Draw(r, "utxo")
	if utxo {
		settings.WriteString("chain bitcoin\n")
	}
	settings.WriteString("starts S\n")
	set(3, "starts T")
	set(10, "direction %s", pick("forward", "backward", "both"))
	set(4, "max-hops %d", number(0, 4))
	set(4, "window %d", number(1, 6))
	set(4, "dust usdt=%d eth=%d", number(1, 4), number(1, 4))
	set(3, "assets %s", pick("usdt", "eth", "usdt eth"))
	set(3, "label %s=%s", name(), pick("exchange", "mixer", "bridge", "service"))
	for i := range number(1, 40) {
		place := fmt.Sprintf("h=%d", number(1, 12))
		if number(0, 3) > 0 {
			place += fmt.Sprintf(" i=%d", number(0, 3))
		}
		set(1, "opaque x%02d", i)
		if !utxo {
			fmt.Fprintf(&transfers, "%s tx=x%02d %s -> %s %d %s%s\n", place, i, name(), name(), number(0, 9),
				pick("usdt log=1", "usdt log=1", "eth", "dai"), pick("", "", "", " failed"))
			continue
		}
		var in, out []string
		for k := range number(1, 3) {
			in = append(in, fmt.Sprintf("y%02d:%d(%s 9)", i, k, pick(name(), name(), "_")))
		}
		for range number(1, len(in)) {
			out = append(out, fmt.Sprintf("%s %d", pick(name(), name(), "_"), number(0, 9)))
		}
		fmt.Fprintf(&transfers, "x%02d %s: %s -> %s\n", i, place, strings.Join(in, " + "), strings.Join(out, ", "))
	}
	r.Log(settings.String() + transfers.String())
	return read(t, settings.String(), transfers.String())
}

// The crawl finds what a search of the whole chain finds, asks nobody twice, and
// asks nobody whom it stops beforehand.
func TestCrawlFindsWhatASearchOfTheWholeChainFinds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := draw(t, r)
		o, err := s.run(context.Background())
		require.NoError(r, err)
		require.Equal(r, s.reference(), s.text(t, o))
		asked := map[string]bool{}
		for _, name := range strings.Fields(s.asked(t, o)) {
			asked[name] = true
		}
		for _, v := range o.Visits {
			require.Equal(r, v.Stop == "", asked[s.name(o.ledger.Text(v.Address))], "only who is followed is asked")
		}
	})
}

// Neither workers nor the order of the parts and inside them, nor what a source
// leaves out because it was told, change result or book.
func TestAnyOrderOfAnswersGivesTheSameCrawl(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := draw(t, r)
		s.cfg.Budget = rapid.IntRange(1, 12).Draw(r, "budget")
		s.cfg.SuperNode.Counterparties = rapid.IntRange(1, 8).Draw(r, "counterparties")
		s.cfg.SuperNode.Transfers = rapid.IntRange(2, 20).Draw(r, "transfers")
		want := visitsAndBook(t, r, s)
		s.source = &memory{
			transfers: s.source.transfers, parts: rapid.IntRange(1, 20).Draw(r, "parts"),
			seed: rapid.Uint64Range(1, 1000).Draw(r, "seed"), terse: rapid.Bool().Draw(r, "terse"),
		}
		s.cfg.Workers = 16
		require.Equal(r, want, visitsAndBook(t, r, s))
	})
}

func visitsAndBook(t *testing.T, r *rapid.T, s *scenario) string {
	o, err := s.run(context.Background())
	require.NoError(r, err)
	text := fmt.Sprintf("%s%d rounds\n", s.text(t, o), o.Rounds) + s.asked(t, o) + "\n"
	expanded := map[ledger.AddressID]bool{}
	for _, v := range o.Visits {
		expanded[v.Address] = v.Stop == ""
	}
	b, err := o.ledger.Seal(func(a ledger.AddressID) bool { return expanded[a] })
	require.NoError(r, err)
	return text + ledgertest.Text(b)
}
