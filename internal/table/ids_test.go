package table

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Rows written by the ids of a book read like rows that were written as texts.
func TestRowsOfABook(t *testing.T) {
	b := accountBook(t, 20)
	x := b.At(3)
	from, to := b.AddressOf(x.First), b.AddressOf(x.Mid)
	payer, payee, asset := string(b.Text(from)), string(b.Text(to)), string(b.Asset(x.Asset))
	height, micros := int64(b.Height(x.Tx)), b.Seconds(x.Tx)*1_000_000
	f := Folder{Dir: t.TempDir()}

	file, err := WriteVisits(t.Context(), f, 0, b, slices.Values([]Met{
		{Address: from, Direction: "forward"},
		{Address: to, Hop: 1, Parent: from, HasParent: true, Tx: x.Tx, Stop: "exchange", Direction: "backward"},
	}))
	require.NoError(t, err)
	require.Equal(t, []Visit{
		{Chain: "ethereum", Address: payer, Direction: "forward"},
		{
			Chain: "ethereum", Address: payee, Hop: 1, Parent: payer, Stop: "exchange", Direction: "backward",
			FirstBlock: &height, FirstTimestamp: &micros, TransactionHash: b.Tx(x.Tx).Hash.Text(chain.Account),
		},
	}, readAll[Visit](t, f, file))

	small, wide := chain.Amount{5}, chain.Amount{0, 0, 1}
	file, err = WriteEndpoints(t.Context(), f, 0, b, slices.Values([]End{
		{CaseID: "c", Seed: "s", Method: "fifo", Asset: x.Asset, Address: from, Amount: small},
		{CaseID: "c", Seed: "s", Method: "fifo", Asset: x.Asset, Address: to, Stop: "dust", Amount: wide},
	}))
	require.NoError(t, err)
	row := Endpoint{CaseID: "c", Seed: "s", Method: "fifo", Chain: "ethereum", Asset: asset}
	rest, stopped := row, row
	rest.Address, stopped.Address, stopped.Stop = payer, payee, "dust"
	require.Equal(t, []Endpoint{rest.WithValue(&small), stopped.WithValue(&wide)}, readAll[Endpoint](t, f, file))
}
