package calldata_test

import (
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/calldata"
)

// The words are those of go-ethereum's own encoder.
func TestEncode(t *testing.T) {
	a, b := common.Address{19: 1}, common.Address{0: 0xff, 19: 2}
	for _, c := range []struct {
		types string
		args  []any
	}{
		{"address", []any{a}},
		{"bytes32,address", []any{common.Hash{31: 7}, b}},
		{"address,uint256", []any{a, big.NewInt(1_000_000)}},
		{"string,string,address", []any{"Tether USD", "USDT", a}},
		{"address,address[],address,uint256", []any{a, []common.Address{a, b}, b, big.NewInt(3)}},
		{"address[],string", []any{[]common.Address{}, "text"}},
	} {
		t.Run(c.types, func(t *testing.T) {
			var want abi.Arguments
			for name := range strings.SplitSeq(c.types, ",") {
				typ, err := abi.NewType(name, "", nil)
				require.NoError(t, err)
				want = append(want, abi.Argument{Type: typ})
			}
			packed, err := want.Pack(c.args...)
			require.NoError(t, err)
			require.Equal(t, hex.EncodeToString(packed), hex.EncodeToString(calldata.Encode(c.args...)))
		})
	}
	require.Equal(t, "a9059cbb", hex.EncodeToString(calldata.Call("transfer(address,uint256)")))
}
