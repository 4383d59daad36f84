package etherscan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	gateway "github.com/scamtrace/scamtrace/internal/chaintest/gateway/etherscan"
)

// What the explorer tells of a chain is what the files of the chain tell: to the
// byte where it tells log indexes and trace addresses, and up to these where it
// does not.
func TestSameAsFiles(t *testing.T) {
	t.Parallel()
	kinds := []chain.Kind{chain.Fee, chain.NativeKind, chain.Internal, chain.Token}
	blurToken := func(tr *chain.Transfer) {
		if tr.Kind == chain.Token {
			tr.Ordinal = 0
		}
	}
	blurPath := func(tr *chain.Transfer) {
		if tr.Kind == chain.Internal {
			tr.Path = nil
		}
	}
	for _, tt := range []struct {
		name    string
		flavour gateway.Flavour
		args    string
		blur    func(*chain.Transfer)
	}{
		{"plain", gateway.Plain(), "", nil},
		{"etherscan", gateway.Etherscan(), "", blurToken},
		{"blockscout", gateway.Blockscout(), ",rpc=eth-rpc", blurPath},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := read(t, gateway.Options{Flavour: tt.flavour, Key: canary})
			q := question(s.cast().All(), kinds...)
			want := s.withoutBlobFees(s.files(t, q))
			got := mustAsk(t, open(t, s.options(t, tt.args)), q)
			require.Empty(t, got.gaps)
			require.Equal(t, lines(want, tt.blur), lines(s.withoutBlobFees(got.transfers), tt.blur))
			require.Len(t, lines(got.transfers, nil), len(lines(s.files(t, q), nil)), "nothing fell together")
		})
	}
}

// Some addresses alone: each transfer is the same as when all are asked, but
// for what other rows would tell of its transaction.
func TestSameAsFilesForFew(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Plain(), Key: canary})
	blur := func(tr *chain.Transfer) {
		if tr.Kind == chain.Internal {
			tr.Tx.Pos.Index, tr.Tx.Status = 0, 0
		}
	}
	for _, q := range []chain.Question{
		question(s.cast().Seeds),
		question([]chain.Address{s.cast().Layer1[0], s.cast().Hub}, chain.Internal, chain.Token),
		question(s.cast().Splitters),
		{Addresses: question(s.cast().Layer1).Addresses, Span: chain.Span{From: 20, To: 50}},
	} {
		want := s.withoutBlobFees(s.files(t, q))
		require.NotEmpty(t, want)
		got := mustAsk(t, open(t, s.options(t, "")), q)
		for _, g := range got.gaps {
			require.Equal(t, chain.Reward, g.Kind, "%+v", g)
		}
		require.Equal(t, lines(want, blur), lines(s.withoutBlobFees(got.transfers), blur))
	}
}

// With places asked for, and log indexes and trace addresses told, few addresses
// are told as by files to the byte.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		flavour gateway.Flavour
		args    string
	}{
		{gateway.Plain(), ",place=ask"},
		{gateway.Blockscout(), ",place=ask,rpc=eth-rpc"},
	} {
		s := read(t, gateway.Options{Flavour: tt.flavour})
		blur := func(tr *chain.Transfer) {
			tr.Tx.Status = 0 // the files' traces do not tell it either, in other rows
			if tr.Kind == chain.Internal && tt.flavour.CallIndex {
				tr.Path = nil
			}
		}
		q := question([]chain.Address{s.cast().Layer1[0], s.cast().Layer1[3], s.cast().Hub}, chain.Internal, chain.Token, chain.NativeKind)
		got := mustAsk(t, open(t, s.options(t, tt.args)), q)
		require.Empty(t, got.gaps)
		for _, tr := range got.transfers {
			require.NotEqual(t, chain.UnknownIndex, tr.Tx.Pos.Index)
		}
		require.Equal(t, lines(s.files(t, q), blur), lines(got.transfers, blur))
	}
}

// However small the pages that the server gives, and whether it says so or not,
// the answer is the same.
func TestPages(t *testing.T) {
	t.Parallel()
	s := read(t, gateway.Options{Flavour: gateway.Plain()})
	q := question(s.cast().All())
	want := lines(mustAsk(t, open(t, s.options(t, "")), q).transfers, nil)
	require.NotEmpty(t, want)
	for _, o := range []gateway.Options{
		{Rows: 10}, {Rows: 25}, {Slow: 30}, {Slow: 7, Rows: 10},
	} {
		t.Run(fmt.Sprint(o.Rows, o.Slow), func(t *testing.T) {
			o.Flavour = gateway.Plain()
			g := s.gateway.Sibling(o)
			options := s.options(t, "")
			options.Endpoint.URL = gateway.Start(t, g)
			got := mustAsk(t, open(t, options), q)
			for _, gap := range got.gaps {
				require.Equal(t, chain.Reward, gap.Kind, "%+v", gap)
			}
			require.Equal(t, want, lines(got.transfers, nil))
		})
	}
}

// A question that was asked is not asked again, and offline the archive tells
// the same, gaps too.
func TestArchive(t *testing.T) {
	t.Parallel()
	s := tell(t, gateway.Options{Flavour: gateway.Etherscan(), Key: canary, Slow: 40, Rows: 25})
	o := s.options(t, ",proof=all")
	q := question(s.cast().All())
	src := open(t, o)
	first := mustAsk(t, src, q)
	require.NotEmpty(t, first.transfers)
	before, _ := s.gateway.Requests("")
	again := mustAsk(t, src, q)
	after, _ := s.gateway.Requests("")
	require.LessOrEqual(t, after-before, 2, "only the head is asked for")
	require.Equal(t, lines(first.transfers, nil), lines(again.transfers, nil))
	require.ElementsMatch(t, first.gaps, again.gaps)

	require.NoError(t, s.node.Stop())
	t.Cleanup(func() { require.NoError(t, s.node.Resume()) })
	require.NoError(t, src.Close())
	o.Offline = true
	offline := mustAsk(t, open(t, o), q)
	require.Equal(t, lines(first.transfers, nil), lines(offline.transfers, nil))
	require.ElementsMatch(t, first.gaps, offline.gaps)
}
