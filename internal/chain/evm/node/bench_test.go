package node_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/evm/node"
	"github.com/scamtrace/scamtrace/internal/chaintest/evmnode"
)

// manyLogs is an answer to eth_getLogs as go-ethereum writes it.
func manyLogs(n int) jsontext.Value {
	var b bytes.Buffer
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"address":"0x%040x","topics":["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",`+
			`"0x%064x","0x%064x"],"data":"0x%064x","blockNumber":"0x%x","transactionHash":"0x%064x","transactionIndex":"0x%x",`+
			`"blockHash":"0x%064x","blockTimestamp":"0x%x","logIndex":"0x%x","removed":false}`,
			0xdac17f, i*7919, i*104729, i*1000003, 17_000_000+i/10, i*31337, i%200, i/10*99991, 1683028800+i/10*12, i%400)
	}
	b.WriteByte(']')
	return b.Bytes()
}

// Decoding of eth_getLogs on one core.
func BenchmarkDecodeLogs(b *testing.B) {
	v := manyLogs(20_000)
	b.SetBytes(int64(len(v)))
	b.ReportAllocs()
	for b.Loop() {
		n, _, err := node.Logs(v)
		if err != nil || n != 20_000 {
			b.Fatal(n, err)
		}
	}
}

// 400 addresses over 1,000 blocks: all at once against one after the other, each
// with what is proved. The ratio of the times is reported; the issue asks for a
// quarter at most.
func BenchmarkFrontier(b *testing.B) {
	s, err := evmnode.Tell(evmnode.Large())
	require.NoError(b, err)
	n := evmnode.Start(b, s, evmnode.Limits{})
	addresses := s.Cast.Bystanders
	require.Len(b, addresses, 400)
	mustAsk(b, open(b, options(b, n.URL(), "")), question(addresses[:1], chain.Token)) // the node reads its own index
	var together, apart time.Duration
	for b.Loop() {
		src := open(b, options(b, n.URL(), ""))
		_, err := src.Head(b.Context())
		require.NoError(b, err)
		start := time.Now()
		all := mustAsk(b, src, question(addresses, chain.Token))
		together += time.Since(start)
		require.Empty(b, all.gaps)
		src = open(b, options(b, n.URL(), ""))
		start = time.Now()
		var one []chain.Transfer
		for _, a := range addresses {
			some := mustAsk(b, src, question([]chain.Address{a}, chain.Token))
			require.Empty(b, some.gaps)
			one = append(one, some.transfers...)
		}
		apart += time.Since(start)
		require.Equal(b, lines(all.transfers), lines(one))
	}
	b.ReportMetric(together.Seconds()/float64(b.N), "s/together")
	b.ReportMetric(apart.Seconds()/float64(b.N), "s/apart")
	b.ReportMetric(together.Seconds()/apart.Seconds(), "ratio")
}

// A scan of 1,000 blocks with 20,000 transactions: from the node with all checks,
// and again from the archive.
func BenchmarkScan(b *testing.B) {
	s, err := evmnode.Tell(evmnode.Large())
	require.NoError(b, err)
	n := evmnode.Start(b, s, evmnode.Limits{})
	for _, again := range []bool{false, true} {
		name := "fresh"
		if again {
			name = "archive"
		}
		b.Run(name, func(b *testing.B) {
			o := options(b, n.URL(), "")
			if again {
				src := open(b, o)
				mustAsk(b, src, question(s.Cast.Seeds))
				require.NoError(b, src.Close())
			}
			for b.Loop() {
				b.StopTimer()
				if !again {
					o = options(b, n.URL(), "")
				}
				src := open(b, o)
				b.StartTimer()
				mustAsk(b, src, question(s.Cast.Seeds))
				b.StopTimer()
				require.NoError(b, src.Close())
				b.StartTimer()
			}
			b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "blocks/s")
		})
	}
}
