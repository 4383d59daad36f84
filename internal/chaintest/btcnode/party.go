package btcnode

import (
	"crypto/sha256"
	"fmt"

	"github.com/btcsuite/btcd/address/v2"
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/schnorr"
	"github.com/btcsuite/btcd/chaincfg/v2"
	"github.com/btcsuite/btcd/txscript/v2"
	"github.com/btcsuite/btcd/wire/v2"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// form is how a party's outputs are locked.
type form int

const (
	p2pkh form = iota
	p2wpkh
	p2tr
	nestedP2wpkh // P2WPKH inside P2SH
	p2wsh        // one signature, inside P2WSH
	p2pk         // no address
	multisig     // bare, 1 of 2: no address
	lonely       // bare, 1 of 1: no address
	anyone       // OP_TRUE: no address
	forms        // how many there are
)

// Party is someone with one key and one script.
type Party struct {
	Name string
	// Address is empty where the script has none.
	Address chain.Address
	form    form
	key     *btcec.PrivateKey
	script  []byte // of its outputs
	inner   []byte // redeem or witness script
	coins   []Coin
}

// Coin is an unspent output.
type Coin struct {
	at     wire.OutPoint
	out    *wire.TxOut
	owner  *Party
	height int
	mined  bool // by a coinbase
}

func params() *chaincfg.Params { return &chaincfg.RegressionNetParams }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // every input is made here
	}
	return v
}

func newParty(name string, f form) *Party {
	secret := sha256.Sum256([]byte("scamtrace test " + name))
	p := &Party{Name: name, form: f}
	var public *btcec.PublicKey
	p.key, public = btcec.PrivKeyFromBytes(secret[:])
	key := public.SerializeCompressed()
	hash := address.Hash160(key)
	var a address.Address
	switch f {
	case p2pkh:
		a = must(address.NewAddressPubKeyHash(hash, params()))
	case p2wpkh:
		a = must(address.NewAddressWitnessPubKeyHash(hash, params()))
	case p2tr:
		a = must(address.NewAddressTaproot(schnorr.SerializePubKey(txscript.ComputeTaprootKeyNoScript(public)), params()))
	case nestedP2wpkh:
		p.inner = must(txscript.PayToAddrScript(must(address.NewAddressWitnessPubKeyHash(hash, params()))))
		a = must(address.NewAddressScriptHash(p.inner, params()))
	case p2wsh:
		p.inner = must(txscript.NewScriptBuilder().AddData(key).AddOp(txscript.OP_CHECKSIG).Script())
		sum := sha256.Sum256(p.inner)
		a = must(address.NewAddressWitnessScriptHash(sum[:], params()))
	case p2pk:
		p.script = must(txscript.NewScriptBuilder().AddData(key).AddOp(txscript.OP_CHECKSIG).Script())
	case multisig, lonely:
		keys := []*address.AddressPubKey{must(address.NewAddressPubKey(key, params()))}
		if f == multisig {
			other := newParty(name+" other", p2pk)
			keys = append(keys, must(address.NewAddressPubKey(other.key.PubKey().SerializeCompressed(), params())))
		}
		p.script = must(txscript.MultiSigScript(keys, 1))
	case anyone:
		p.script = []byte{txscript.OP_TRUE}
	default:
		panic(fmt.Sprint("no form ", f))
	}
	if a != nil {
		p.Address = chain.Address(a.EncodeAddress())
		p.script = must(txscript.PayToAddrScript(a))
	}
	return p
}

// sign fills in what unlocks an input.
func (p *Party) sign(tx *wire.MsgTx, i int, c Coin, hashes *txscript.TxSigHashes) {
	in := tx.TxIn[i]
	all := txscript.SigHashAll
	switch p.form {
	case p2pkh:
		in.SignatureScript = must(txscript.SignatureScript(tx, i, p.script, all, p.key, true))
	case p2wpkh:
		in.Witness = must(txscript.WitnessSignature(tx, hashes, i, c.out.Value, p.script, all, p.key, true))
	case nestedP2wpkh:
		in.Witness = must(txscript.WitnessSignature(tx, hashes, i, c.out.Value, p.inner, all, p.key, true))
		in.SignatureScript = must(txscript.NewScriptBuilder().AddData(p.inner).Script())
	case p2tr:
		in.Witness = must(txscript.TaprootWitnessSignature(tx, hashes, i, c.out.Value, p.script, txscript.SigHashDefault, p.key))
	case p2wsh:
		sig := must(txscript.RawTxInWitnessSignature(tx, hashes, i, c.out.Value, p.inner, all, p.key))
		in.Witness = wire.TxWitness{sig, p.inner}
	case p2pk:
		in.SignatureScript = must(txscript.NewScriptBuilder().AddData(must(txscript.RawTxInSignature(tx, i, p.script, all, p.key))).Script())
	case multisig, lonely:
		sig := must(txscript.RawTxInSignature(tx, i, p.script, all, p.key))
		in.SignatureScript = must(txscript.NewScriptBuilder().AddOp(txscript.OP_0).AddData(sig).Script())
	}
}
