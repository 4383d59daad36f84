package table

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadWhere(t *testing.T) {
	b := accountBook(t, 30_000)
	f := Folder{Dir: t.TempDir()}
	var paths []string
	var all []Transfer
	for part := range 3 {
		file, err := WriteTransfers(t.Context(), f, part, b, part*10_000, (part+1)*10_000)
		require.NoError(t, err)
		paths = append(paths, f.Dir+"/"+file.Path)
		all = append(all, readAll[Transfer](t, f, file)...)
	}
	rare := all[29_999].FromAddress
	for _, asked := range [][]string{{rare}, {string(evmAddress(3)), rare}, {string(evmAddress(7)), string(evmAddress(8))}, {"0xabsent"}, nil} {
		var want, got []Transfer
		for _, r := range all {
			if slices.Contains(asked, r.FromAddress) || slices.Contains(asked, r.ToAddress) {
				want = append(want, r)
			}
		}
		for r, err := range ReadWhere[Transfer](t.Context(), []string{"from_address", "to_address"}, asked, paths...) {
			require.NoError(t, err)
			got = append(got, r)
		}
		require.Equal(t, want, got)
	}
	for _, err := range ReadWhere[Transfer](t.Context(), []string{"nothing"}, nil, paths...) {
		require.ErrorContains(t, err, "no column nothing")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range ReadWhere[Transfer](ctx, []string{"from_address"}, []string{rare}, paths...) {
		require.ErrorIs(t, err, context.Canceled)
	}
	for range ReadWhere[Transfer](t.Context(), []string{"from_address"}, []string{string(evmAddress(3))}, paths...) {
		break
	}
	for _, err := range Read[Transfer](t.Context(), f.Dir+"/missing.parquet") {
		require.Error(t, err)
	}
}
