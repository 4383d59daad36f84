package compound_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chaintest/compound"
)

func TestEqualSeedsGiveEqualBytes(t *testing.T) {
	t.Parallel()
	one, same, other := write(t, demo()).files(), write(t, compound.Generate(1)).files(), write(t, compound.Generate(8)).files()
	require.Equal(t, one, same)
	require.Len(t, other, len(one))
	for path, data := range one {
		require.NotEqual(t, data, other[path], path)
	}
}

// Whatever the seed, the story has all its parts.
func TestEverySeedTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		s := compound.Generate(seed)
		require.InDelta(t, 3_500, len(s.Ethereum.Transactions), 1_500)
		require.InDelta(t, 500, len(s.Bitcoin), 200)
		require.Len(t, s.Seeds, 7)
		require.Len(t, s.Truth.Victims, compound.Victims)

		roles := map[compound.Role]int{}
		for _, p := range s.Truth.Parties {
			roles[p.Role]++
		}
		for _, r := range compound.Roles() {
			require.Positive(t, roles[r], "seed %d: role %s", seed, r)
		}

		lines := map[string]bool{}
		for _, b := range s.Truth.Books {
			lines[b.Line] = true
		}
		for _, l := range []string{"in:victim", "in:swap_pool", "out:swap_pool", "out:mixer", "out:bridge", "out:victim", "rest", "fee"} {
			require.True(t, lines[l], "seed %d: %s", seed, l)
		}
		require.NotEmpty(t, s.Truth.Join, "seed %d: CoinJoin", seed)
		for _, v := range s.Truth.Victims {
			require.GreaterOrEqual(t, v.Payments, 3)
		}
	}
}

// What entered the compound is what left it, was burnt in fees, or is there.
func TestBooksBalance(t *testing.T) {
	t.Parallel()
	sums := map[string]*big.Int{}
	for _, b := range demo().Truth.Books {
		k := b.Chain + " " + b.Asset
		if sums[k] == nil {
			sums[k] = new(big.Int)
		}
		v := b.Amount.ToBig()
		if !strings.HasPrefix(b.Line, "in:") {
			v.Neg(v)
		}
		sums[k].Add(sums[k], v)
	}
	require.Len(t, sums, 3)
	for k, v := range sums {
		require.Zero(t, v.Sign(), "%s: %s", k, v)
	}
}

func TestDepositAddressesAreUsedTwiceAndSweptWhole(t *testing.T) {
	t.Parallel()
	w := write(t, demo())
	uses := map[string]int{}
	in, out := map[string]*big.Int{}, map[string]*big.Int{}
	swept := map[string]bool{}
	for _, l := range w.csv("truth/links.csv") {
		require.NotEmpty(t, l["sweep_tx"])
		if strings.HasPrefix(l["controller"], "team-") {
			uses[l["deposit_address"]]++
		}
		if l["asset"] == compound.Tether {
			swept[l["sweep_tx"]] = true
			k := l["sweep_tx"] + l["deposit_address"]
			if in[k] == nil {
				in[k] = new(big.Int)
			}
			in[k].Add(in[k], big10(t, l["amount"]))
		}
	}
	for a, n := range uses {
		require.GreaterOrEqual(t, n, 2, a)
	}
	for _, r := range w.csv("ethereum/token_transfers.csv.gz") {
		if swept[r["transaction_hash"]] {
			out[r["transaction_hash"]+r["from_address"]] = big10(t, r["value"])
		}
	}
	require.Equal(t, in, out)
}

func TestPaymentsAreOnTheChain(t *testing.T) {
	t.Parallel()
	s := demo()
	hashes := map[string]bool{}
	for _, tx := range s.Ethereum.Transactions {
		hashes[tx.Hash] = tx.ReceiptStatus == 1
	}
	for _, tx := range s.Bitcoin {
		hashes[tx.Hash] = true
	}
	paid := map[string]*big.Int{}
	for _, p := range s.Truth.Payments {
		require.True(t, hashes[p.TxHash])
		if !p.Back {
			if paid[p.Victim] == nil {
				paid[p.Victim] = new(big.Int)
			}
			paid[p.Victim].Add(paid[p.Victim], p.Amount.ToBig())
		}
	}
	for _, v := range s.Truth.Victims {
		require.Equal(t, v.Paid.ToBig(), paid[v.Victim])
	}
}

func TestAddressesAreCanonical(t *testing.T) {
	t.Parallel()
	evm := regexp.MustCompile(`^0x[0-9a-f]{40}$`)
	s := demo()
	parties := map[string]bool{}
	for _, p := range s.Truth.Parties {
		parties[p.Address] = true
		if p.Chain == "ethereum" {
			require.Regexp(t, evm, p.Address)
		}
	}
	known := func(a string) {
		require.True(t, a == "" || a == string(chain.NullAddress) || parties[a], "no role: %s", a)
	}
	for _, tx := range s.Ethereum.Transactions {
		known(tx.FromAddress)
		known(tx.ToAddress)
		_, err := chain.ParseHash(tx.Hash)
		require.NoError(t, err)
	}
	for _, m := range s.Ethereum.TokenTransfers {
		known(m.FromAddress)
		known(m.ToAddress)
		known(m.TokenAddress)
	}
	for _, tx := range s.Bitcoin {
		for _, o := range tx.Outputs {
			for _, a := range o.Addresses {
				known(a)
			}
		}
	}
}
