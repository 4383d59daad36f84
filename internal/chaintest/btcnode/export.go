package btcnode

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/btcsuite/btcd/txscript/v2"
	"github.com/btcsuite/btcd/wire/v2"
)

// blockRow is a line of blocks.json as bitcoin-etl writes it.
type blockRow struct {
	Hash             string `json:"hash"`
	Number           int    `json:"number"`
	Version          int32  `json:"version"`
	MerkleRoot       string `json:"merkle_root"`
	Timestamp        int64  `json:"timestamp"`
	Nonce            uint32 `json:"nonce"`
	TransactionCount int    `json:"transaction_count"`
}

// Export writes the chain up to a height in the layout of bitcoin-etl:
// blocks.json and transactions.json below dir.
func (s *Story) Export(dir string, height int) error {
	outputs := map[wire.OutPoint]*wire.TxOut{}
	var blocks, txs bytes.Buffer
	blockLines, txLines := json.NewEncoder(&blocks), json.NewEncoder(&txs)
	for h, b := range s.Blocks[:height+1] {
		header := &b.Header
		if err := blockLines.Encode(blockRow{
			b.BlockHash().String(), h, header.Version, header.MerkleRoot.String(),
			header.Timestamp.Unix(), header.Nonce, len(b.Transactions),
		}); err != nil {
			return err
		}
		for i, tx := range b.Transactions {
			for k, out := range tx.TxOut {
				outputs[wire.OutPoint{Hash: tx.TxHash(), Index: uint32(k)}] = out
			}
			if err := txLines.Encode(transactionRow(b, h, i, tx, outputs)); err != nil {
				return err
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "blocks.json"), blocks.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "transactions.json"), txs.Bytes(), 0o644)
}

func transactionRow(b *wire.MsgBlock, height, index int, tx *wire.MsgTx, outputs map[wire.OutPoint]*wire.TxOut) transactionLine {
	row := transactionLine{
		Hash: tx.TxHash().String(), Version: int(tx.Version), LockTime: int64(tx.LockTime),
		BlockNumber: int64(height), BlockHash: b.BlockHash().String(), BlockTimestamp: b.Header.Timestamp.Unix(),
		IsCoinbase: index == 0, Index: index, OutputCount: len(tx.TxOut),
		Inputs: []inputLine{}, Outputs: []outputLine{},
	}
	for i, in := range tx.TxIn {
		if row.IsCoinbase {
			break
		}
		spent := outputs[in.PreviousOutPoint]
		row.Inputs = append(row.Inputs, inputLine{
			Index: i, SpentTransactionHash: in.PreviousOutPoint.Hash.String(), SpentOutputIndex: int(in.PreviousOutPoint.Index),
			Sequence: in.Sequence, Type: kindOf(spent.PkScript), Addresses: addressesOf(spent.PkScript), Value: uint64(spent.Value),
		})
		row.InputValue += uint64(spent.Value)
	}
	row.InputCount = len(row.Inputs)
	for i, out := range tx.TxOut {
		row.Outputs = append(row.Outputs, outputLine{
			Index: i, ScriptHex: hex.EncodeToString(out.PkScript), Type: kindOf(out.PkScript),
			Addresses: addressesOf(out.PkScript), Value: uint64(out.Value),
		})
		row.OutputValue += uint64(out.Value)
	}
	if !row.IsCoinbase {
		row.Fee = row.InputValue - row.OutputValue
	}
	return row
}

func kindOf(script []byte) string { return txscript.GetScriptClass(script).String() }

// addressesOf is what Bitcoin Core says since version 22: keys and bare multisig
// have no address.
func addressesOf(script []byte) []string {
	class, found, _, err := txscript.ExtractPkScriptAddrs(script, params())
	if err != nil || class == txscript.PubKeyTy || class == txscript.MultiSigTy {
		return []string{}
	}
	out := []string{}
	for _, a := range found {
		out = append(out, a.EncodeAddress())
	}
	return out
}
