package reference_test

import (
	"fmt"
	"iter"
	"math/big"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/compound"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
)

// The tracer and this package say the same of the demo, to the last unit.
func TestExpect_agreesWithTheTracer(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			set := compound.Generate(seed)
			dir := t.TempDir()
			require.NoError(t, set.Write(dir))
			cfg := config.Default()
			cfg.Seeds, cfg.Labels = []string{filepath.Join(dir, "seeds.csv")}, []string{filepath.Join(dir, "labels.yaml")}
			cfg.Sources = map[string]string{"ethereum": "dataset:" + filepath.Join(dir, "ethereum"), "bitcoin": "dataset:" + filepath.Join(dir, "bitcoin")}
			cfg.Out = filepath.Join(dir, "tables")
			cfg.Crawl.MaxHops = 24
			cfg.Crawl.Assets = map[string][]string{"ethereum": {"native", compound.Tether}}
			want, err := reference.Expect(question(t, cfg), movements(set))
			require.NoError(t, err)
			require.Greater(t, len(want.Rows), 200)
			require.Empty(t, differences(want, traced(t, cfg)))
		})
	}
}

// movements are what a set moves.
func movements(s *compound.Set) iter.Seq[reference.Movement] {
	return func(yield func(reference.Movement) bool) {
		_ = ethereum(s, yield) && bitcoin(s, yield)
	}
}

func ethereum(s *compound.Set, yield func(reference.Movement) bool) bool {
	index := map[string]int{}
	for _, tx := range s.Ethereum.Transactions {
		index[tx.Hash] = tx.TransactionIndex
		m := reference.Movement{
			Chain: "ethereum", Tx: tx.Hash, Height: uint64(tx.BlockNumber), Index: uint32(tx.TransactionIndex), Asset: "native",
			Failed: tx.ReceiptStatus == 0,
		}
		fee := new(big.Int).SetUint64(tx.ReceiptGasUsed)
		fee.Mul(fee, new(big.Int).SetUint64(tx.EffectiveGasPrice))
		m.Kind, m.In = chain.Fee, []reference.Entry{{Address: tx.FromAddress, Amount: fee}}
		if !yield(m) {
			return false
		}
		to := reference.Entry{Address: tx.ToAddress, Amount: tx.Value.ToBig()}
		if to.Address == "" {
			to.Address, to.Created = tx.ContractAddress, true
		}
		m.Kind, m.In, m.Out = chain.NativeKind, []reference.Entry{{Address: tx.FromAddress, Amount: to.Amount}}, []reference.Entry{to}
		if !yield(m) {
			return false
		}
	}
	for i, c := range s.Ethereum.Traces {
		m := reference.Movement{
			Chain: "ethereum", Tx: c.TransactionHash, Height: uint64(c.BlockNumber), Index: uint32(c.TransactionIndex), Asset: "native",
			Failed: c.Status == 0,
		}
		to := reference.Entry{Address: c.ToAddress, Amount: c.Value.ToBig(), Created: c.TraceType == "create"}
		m.In, m.Out = []reference.Entry{{Address: c.FromAddress, Amount: to.Amount}}, []reference.Entry{to}
		switch {
		case c.TraceType == "reward":
			m.Tx, m.Kind, m.In = fmt.Sprint("reward ", i), chain.Reward, nil
		case c.TraceAddress == "", c.CallType == "delegatecall", c.CallType == "staticcall":
			continue
		default:
			m.Kind = chain.Internal
			for _, step := range strings.FieldsFunc(c.TraceAddress, func(r rune) bool { return r < '0' || r > '9' }) {
				n, _ := strconv.ParseUint(step, 10, 32)
				m.TraceAddress = append(m.TraceAddress, uint32(n))
			}
		}
		if !yield(m) {
			return false
		}
	}
	for _, e := range s.Ethereum.TokenTransfers {
		if !yield(reference.Movement{
			Chain: "ethereum", Tx: e.TransactionHash, Height: uint64(e.BlockNumber), Index: uint32(index[e.TransactionHash]),
			Kind: chain.Token, NoIndex: true, LogIndex: uint32(e.LogIndex), Asset: e.TokenAddress,
			In:  []reference.Entry{{Address: e.FromAddress, Amount: e.Value.ToBig()}},
			Out: []reference.Entry{{Address: e.ToAddress, Amount: e.Value.ToBig()}},
		}) {
			return false
		}
	}
	return true
}

func bitcoin(s *compound.Set, yield func(reference.Movement) bool) bool {
	for _, tx := range s.Bitcoin {
		m := reference.Movement{
			Chain: "bitcoin", Tx: tx.Hash, Height: uint64(tx.BlockNumber), Index: uint32(tx.Index), Kind: chain.Output, Asset: "native",
			Opaque: tx.Hash == s.Truth.Join,
		}
		for _, in := range tx.Inputs {
			m.In = append(m.In, reference.Entry{
				Address: in.Addresses[0], Amount: new(big.Int).SetUint64(in.Value),
				Spends: reference.Outpoint{Tx: in.SpentTransactionHash, Index: in.SpentOutputIndex},
			})
		}
		for _, out := range tx.Outputs {
			e := reference.Entry{Amount: new(big.Int).SetUint64(out.Value)}
			if len(out.Addresses) == 1 {
				e.Address = out.Addresses[0]
			}
			m.Out = append(m.Out, e)
		}
		if !yield(m) {
			return false
		}
	}
	return true
}
