package rows

import (
	"encoding/hex"

	"github.com/scamtrace/scamtrace/internal/synth/world"
)

// Bitcoin writes a transaction.
func (w *Writer) Bitcoin(tx *world.BitcoinTx) error {
	row, err := w.bitcoin.add()
	if err != nil {
		return err
	}
	hash, block := w.names.BitcoinTransaction(tx.Number), w.names.BitcoinBlock(tx.Height)
	*row = bitcoinTransaction{
		Hash: hex.EncodeToString(hash[:]), VirtualSize: int64(tx.Size), Version: 2,
		BlockHash: hex.EncodeToString(block[:]), BlockNumber: tx.Height, BlockTimestamp: at(tx.Time),
		Index: int64(tx.Index), InputCount: int64(len(tx.In)), OutputCount: int64(len(tx.Out)), IsCoinbase: len(tx.In) == 0,
		Inputs: make([]input, len(tx.In)), Outputs: make([]output, len(tx.Out)),
	}
	for i, c := range tx.In {
		spent, script := w.names.BitcoinTransaction(c.Tx), w.names.Bitcoin(c.Owner)
		row.Inputs[i] = input{
			Index: int64(i), SpentTransactionHash: hex.EncodeToString(spent[:]), SpentOutputIndex: int64(c.Index),
			Sequence: 0xfffffffd, Type: script.Type, Addresses: []string{script.Address}, Value: c.Value,
		}
		row.InputValue += c.Value
	}
	for i, o := range tx.Out {
		script := w.names.Bitcoin(o.To)
		row.Outputs[i] = output{
			Index: int64(i), ScriptHex: script.Hex, Type: script.Type, Addresses: []string{}, Value: o.Value,
		}
		if script.Address != "" {
			row.Outputs[i].Addresses = []string{script.Address}
		}
		row.OutputValue += o.Value
	}
	if !row.IsCoinbase {
		row.Fee = row.InputValue - row.OutputValue
	}
	return nil
}
