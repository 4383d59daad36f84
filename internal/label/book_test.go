package label_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/label"
)

func TestBookWinner(t *testing.T) {
	ethereum := lookup(t, "ethereum")
	of := func(name, category, source string, confidence label.Confidence) label.Label {
		return label.Label{
			Chain: ethereum, Address: usdt, Label: name, Category: category, Source: source, Confidence: confidence,
		}
	}
	for _, tt := range []struct {
		name   string
		labels []label.Label
		order  []string
		rule   string
		by     string
	}{
		{"none", nil, nil, "", ""},
		{
			"the surer wins",
			[]label.Label{of("a", "exchange", "x", 20), of("b", "mixer", "x", 50)},
			[]string{"b", "a"},
			label.StopMixer, "b",
		},
		{
			"equally sure: what stops wins",
			[]label.Label{of("a", "scam", "x", 20), of("b", "dex", "x", 20), of("c", "exchange", "x", 20)},
			[]string{"c", "b", "a"},
			label.StopExchange, "c",
		},
		{
			"then the source, then the text",
			[]label.Label{of("a", "", "y", 20), of("c", "", "x", 20), of("b", "", "x", 20)},
			[]string{"b", "c", "a"},
			"", "",
		},
		{
			"a sanctioned exchange is still an exchange",
			[]label.Label{of("OFAC", "sanctioned", "x", 60), of("Garantex", "exchange", "x", 20)},
			[]string{"OFAC", "Garantex"},
			label.StopExchange, "Garantex",
		},
		{
			"an override decides alone",
			[]label.Label{of("not an exchange", "scam", "me", 100), of("Garantex", "exchange", "x", 20)},
			[]string{"not an exchange", "Garantex"},
			"", "",
		},
		{
			"the same statement twice is one",
			[]label.Label{of("a", "exchange", "x", 20), of("a", "exchange", "x", 20)},
			[]string{"a"},
			label.StopExchange, "a",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := label.NewBook(tt.labels, label.DefaultStops())
			var order []string
			for _, l := range b.Labels(ethereum.ID, usdt) {
				order = append(order, l.Label)
			}
			require.Equal(t, tt.order, order)
			rule, by := b.Stop(ethereum.ID, usdt)
			require.Equal(t, tt.rule, rule)
			require.Equal(t, tt.by, by.Label)
			winner, ok := b.Winner(ethereum.ID, usdt)
			require.Equal(t, len(tt.order) > 0, ok)
			if ok {
				require.Equal(t, tt.order[0], winner.Label)
			}
			require.Empty(t, b.Labels(ethereum.ID, null))
			require.Equal(t, len(tt.order), b.Len())
		})
	}
}

func TestBookConflict(t *testing.T) {
	ethereum := lookup(t, "ethereum")
	for _, tt := range []struct {
		name     string
		category [2]string
		actor    [2]string
		want     bool
	}{
		{"same", [2]string{"exchange", "cex"}, [2]string{"a", "a"}, false},
		{"two rules", [2]string{"exchange", "mixer"}, [2]string{}, true},
		{"a rule and none", [2]string{"exchange", "scam"}, [2]string{"", "a"}, false},
		{"two actors", [2]string{"exchange", "exchange"}, [2]string{"a", "b"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var labels []label.Label
			for i := range 2 {
				labels = append(labels, label.Label{
					Chain: ethereum, Address: usdt, Category: tt.category[i], Actor: tt.actor[i], Source: string(rune('a' + i)),
				})
			}
			b := label.NewBook(labels, label.DefaultStops())
			require.Equal(t, tt.want, b.Conflict(ethereum.ID, usdt))
		})
	}
}

// The order in which labels are read changes nothing.
func TestBookOrder(t *testing.T) {
	ethereum := lookup(t, "ethereum")
	rapid.Check(t, func(t *rapid.T) {
		labels := rapid.SliceOf(rapid.Custom(func(t *rapid.T) label.Label {
			return label.Label{
				Chain:      ethereum,
				Address:    rapid.SampledFrom([]chainAddress{usdt, null}).Draw(t, "address"),
				Label:      rapid.SampledFrom([]string{"a", "b"}).Draw(t, "label"),
				Category:   rapid.SampledFrom([]string{"", "exchange", "Tornado.cash", "scam"}).Draw(t, "category"),
				Confidence: label.Confidence(rapid.SampledFrom([]int{5, 50, 100}).Draw(t, "confidence")),
				File:       rapid.SampledFrom([]string{"x", "y"}).Draw(t, "file"),
				Line:       rapid.IntRange(1, 9).Draw(t, "line"),
			}
		})).Draw(t, "labels")
		shuffled := rapid.Permutation(labels).Draw(t, "shuffled")
		one, two := label.NewBook(labels, label.DefaultStops()), label.NewBook(shuffled, label.DefaultStops())
		require.Equal(t, slices.Collect(one.All()), slices.Collect(two.All()))
	})
}
