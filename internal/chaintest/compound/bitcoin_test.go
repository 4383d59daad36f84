package compound_test

import (
	"encoding/hex"
	"testing"

	"github.com/btcsuite/btcd/address/v2"
	"github.com/btcsuite/btcd/chaincfg/v2"
	"github.com/stretchr/testify/require"
)

type outpoint struct {
	tx    string
	index int
}

type unspent struct {
	address string
	value   uint64
	matures int64
}

// Every input spends an output of the set that is still there, and says the
// truth about it; every transaction pays a fee.
func TestBitcoinIsCovered(t *testing.T) {
	t.Parallel()
	w := write(t, demo())
	coins := map[outpoint]unspent{}
	var height, at, index int64
	for _, tx := range w.bitcoin() {
		require.True(t, tx.BlockNumber > height && tx.BlockTime > at || tx.BlockNumber == height && int64(tx.Index) > index)
		height, at, index = tx.BlockNumber, tx.BlockTime, int64(tx.Index)
		var in, out uint64
		for _, i := range tx.Inputs {
			c, ok := coins[outpoint{i.Spent, i.SpentIndex}]
			require.True(t, ok, "spent or unknown: %s:%d", i.Spent, i.SpentIndex)
			require.Equal(t, []string{c.address}, i.Addresses)
			require.Equal(t, c.value, i.Value)
			require.LessOrEqual(t, c.matures, height)
			delete(coins, outpoint{i.Spent, i.SpentIndex})
			in += i.Value
		}
		for _, o := range tx.Outputs {
			out += o.Value
			if o.Type == "nulldata" {
				require.Empty(t, o.Addresses)
				require.Zero(t, o.Value)
				continue
			}
			require.Len(t, o.Addresses, 1)
			a, err := address.DecodeAddress(o.Addresses[0], &chaincfg.MainNetParams)
			require.NoError(t, err)
			require.Contains(t, o.Script, hex.EncodeToString(a.ScriptAddress()))
			c := unspent{o.Addresses[0], o.Value, 0}
			if tx.Coinbase {
				c.matures = height + 100
			}
			coins[outpoint{tx.Hash, o.Index}] = c
		}
		if tx.Coinbase {
			require.Empty(t, tx.Inputs)
			require.Zero(t, tx.Index)
			continue
		}
		require.Greater(t, in, out)
		require.Equal(t, in-out, tx.Fee)
	}
}
