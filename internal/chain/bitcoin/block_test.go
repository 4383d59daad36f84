package bitcoin_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/v2"
	"github.com/btcsuite/btcd/txscript/v2"
	"github.com/btcsuite/btcd/wire/v2"
	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/bitcoin"
)

// realBlocks are raw blocks of mainnet by file name.
func realBlocks(t testing.TB) map[string][]byte {
	dir := os.Getenv("SCAMTRACE_DATA")
	if dir == "" {
		dir = "../../../../shared/data"
	}
	files, _ := filepath.Glob(filepath.Join(dir, "btc_raw_blocks", "*.raw"))
	if len(files) == 0 {
		t.Skip("no real data")
	}
	out := map[string][]byte{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		require.NoError(t, err)
		out[filepath.Base(f)] = raw
	}
	return out
}

func TestParseBlock_real(t *testing.T) {
	c, err := chain.Lookup("bitcoin")
	require.NoError(t, err)
	scripts, err := bitcoin.ScriptsOf(c)
	require.NoError(t, err)
	for name, raw := range realBlocks(t) {
		t.Run(name, func(t *testing.T) {
			got, err := bitcoin.ParseBlock(raw)
			require.NoError(t, err)
			same(t, raw, got)
			for i := range got.Transactions {
				for _, out := range got.Transactions[i].Outputs {
					sameAddress(t, scripts, out.Script)
				}
			}
			broken := bytes.Clone(raw)
			for at := 81; at < len(raw); at += len(raw) / 50 {
				broken[at] ^= 1
				_, err := bitcoin.ParseBlock(broken)
				require.Error(t, err, "byte %d", at)
				broken[at] ^= 1
			}
		})
	}
}

// same compares with what btcd's decoder makes of the bytes.
func same(t testing.TB, raw []byte, got *bitcoin.Block) {
	var want wire.MsgBlock
	require.NoError(t, want.Deserialize(bytes.NewReader(raw)))
	require.Equal(t, want.BlockHash().String(), got.Hash.Text(chain.UTXO))
	require.Equal(t, want.Header.PrevBlock.String(), got.Previous.Text(chain.UTXO))
	require.Equal(t, want.Header.Timestamp.Unix(), got.Time)
	require.Len(t, got.Transactions, len(want.Transactions))
	for i, tx := range want.Transactions {
		sameTransaction(t, tx, got.Transactions[i])
	}
}

func sameTransaction(t testing.TB, want *wire.MsgTx, got bitcoin.Transaction) {
	require.Equal(t, want.TxHash().String(), got.Hash.Text(chain.UTXO))
	require.Len(t, got.Inputs, len(want.TxIn))
	for k, in := range want.TxIn {
		require.Equal(t, in.PreviousOutPoint.Hash.String(), got.Inputs[k].Spends.Tx.Text(chain.UTXO))
		require.Equal(t, in.PreviousOutPoint.Index, got.Inputs[k].Spends.Index)
		require.True(t, bytes.Equal(in.SignatureScript, got.Inputs[k].Script))
		require.Len(t, got.Inputs[k].Witness, len(in.Witness))
		for j, item := range in.Witness {
			require.True(t, bytes.Equal(item, got.Inputs[k].Witness[j]))
		}
	}
	require.Len(t, got.Outputs, len(want.TxOut))
	for k, out := range want.TxOut {
		require.Equal(t, uint64(out.Value), got.Outputs[k].Value)
		require.True(t, bytes.Equal(out.PkScript, got.Outputs[k].Script))
	}
}

// sameAddress compares with btcd's address of a script, and back.
func sameAddress(t testing.TB, scripts bitcoin.Scripts, script []byte) {
	a := scripts.Address(script)
	class, found, _, err := txscript.ExtractPkScriptAddrs(script, &chaincfg.MainNetParams)
	switch {
	case err != nil || class == txscript.PubKeyTy || class == txscript.MultiSigTy || class == txscript.NullDataTy:
		require.Empty(t, a)
	case class == txscript.NonStandardTy:
		require.True(t, a == "" || script[0] >= 0x51, "%x", script) // a witness version of the future
	default:
		require.Len(t, found, 1)
		require.Equal(t, found[0].EncodeAddress(), string(a))
	}
	if a != "" {
		lock, err := scripts.Lock(a)
		require.NoError(t, err)
		require.Equal(t, hex.EncodeToString(script), hex.EncodeToString(lock))
		c, err := chain.Lookup("bitcoin")
		require.NoError(t, err)
		parsed, err := bitcoin.ParseAddress(c, string(a))
		require.NoError(t, err)
		require.Equal(t, a, parsed)
	}
}

func TestHeader(t *testing.T) {
	g := &chaincfg.RegressionNetParams.GenesisBlock.Header
	merkle, err := chain.ParseHash(g.MerkleRoot.String())
	require.NoError(t, err)
	h, err := bitcoin.Header{Version: g.Version, Merkle: merkle, Time: g.Timestamp.Unix(), Bits: "207fffff", Nonce: g.Nonce}.Hash()
	require.NoError(t, err)
	require.Equal(t, g.BlockHash().String(), h.Text(chain.UTXO))
	c, err := chain.Lookup("bitcoin-regtest")
	require.NoError(t, err)
	require.True(t, bitcoin.Genesis(c, h.Text(chain.UTXO)))
	require.False(t, bitcoin.Genesis(c, "0f"))
}

func FuzzParseBlock(f *testing.F) {
	var b bytes.Buffer
	require.NoError(f, chaincfg.MainNetParams.GenesisBlock.Serialize(&b))
	f.Add(b.Bytes())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if b, err := bitcoin.ParseBlock(raw); err == nil {
			same(t, raw, b)
		}
	})
}

func FuzzParseTransaction(f *testing.F) {
	for _, tx := range chaincfg.MainNetParams.GenesisBlock.Transactions {
		var b bytes.Buffer
		require.NoError(f, tx.Serialize(&b))
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := bitcoin.ParseTransaction(raw)
		if err != nil {
			return
		}
		var want wire.MsgTx
		if want.Deserialize(bytes.NewReader(raw)) == nil {
			sameTransaction(t, &want, got)
		}
	})
}

func FuzzScripts(f *testing.F) {
	f.Add([]byte{0x51, 0x02, 0x4e, 0x73})
	f.Add([]byte("\x00\x14aaaaaaaaaaaaaaaaaaaa"))
	c, err := chain.Lookup("bitcoin")
	require.NoError(f, err)
	scripts, err := bitcoin.ScriptsOf(c)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, script []byte) {
		sameAddress(t, scripts, script)
		in := bitcoin.Input{Script: script}
		in.Unlocks(func([]byte) {})
		in = bitcoin.Input{Witness: [][]byte{script}}
		in.Unlocks(func([]byte) {})
	})
}

func BenchmarkParseBlock(b *testing.B) {
	raw := realBlocks(b)["block_702861.raw"]
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := bitcoin.ParseBlock(raw); err != nil {
			b.Fatal(err)
		}
	}
}
