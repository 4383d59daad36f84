package btcnode_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chaintest/btcnode"
)

func TestStory(t *testing.T) {
	begin := time.Now()
	s := btcnode.NewStory()
	t.Log("told in", time.Since(begin))
	again := btcnode.NewStory()
	require.Equal(t, s.Block(s.Height()), again.Block(again.Height()), "a story is a function of nothing")
	n := 0
	for _, b := range s.Blocks {
		n += len(b.Transactions) - 1
	}
	t.Log(s.Height(), "blocks,", n, "transactions")
	require.Greater(t, n, 380)
	begin = time.Now()
	node := btcnode.Start(t, s, btcnode.Options{})
	t.Log("served in", time.Since(begin))
	require.Equal(t, strconv.Itoa(s.Height()), string(node.Call("getblockcount")))

	var found []struct{ Txid string }
	require.NoError(t, json.Unmarshal(node.Call("searchrawtransactions", s.Address("hub"), 1, 0, 1000), &found))
	require.GreaterOrEqual(t, len(found), 300)

	s.Extend(3)
	node.Submit(s.Blocks[s.Height()-2:]...)
	node.Send(s.Unconfirmed())
	fork := s.Fork(s.Height()-2, 4)
	node.Reorganize(s.Blocks[s.Height()-1], fork.Blocks[s.Height()-1:]...)
	require.Equal(t, strconv.Itoa(fork.Height()), string(node.Call("getblockcount")))
	require.NoError(t, s.Export(t.TempDir(), s.Height()))
}
