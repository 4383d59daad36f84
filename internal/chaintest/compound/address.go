package compound

import (
	"encoding/hex"
	"fmt"

	"github.com/btcsuite/btcd/address/v2"
	"github.com/btcsuite/btcd/chaincfg/v2"
)

// account is an Ethereum address with a role.
func (w *world) account(entity string, r Role, controller, exchange string) string {
	h := digest(w.seed, "ethereum address", entity)
	a := "0x" + hex.EncodeToString(h[:20])
	w.who.add(Party{Chain: "ethereum", Address: a, Role: r, Controller: controller, Exchange: exchange})
	return a
}

// lookalike has the first and last four digits of another address: what a
// wallet shows of it when it shortens addresses.
func (w *world) lookalike(of, controller string, n int) string {
	h := digest(w.seed, "lookalike", fmt.Sprint(of, n))
	a := of[:6] + hex.EncodeToString(h[:16]) + of[38:]
	w.who.add(Party{Chain: "ethereum", Address: a, Role: Poisoner, Controller: controller})
	return a
}

// script kinds as Bitcoin Core and bitcoin-etl name them.
const (
	keyHash        = "pubkeyhash"
	witnessKeyHash = "witness_v0_keyhash"
	nullData       = "nulldata"
)

// script is how an address is written in outputs.
type script struct{ kind, hex string }

// bitcoinAddress is a Bitcoin address with a role: pay-to-public-key-hash if
// old, pay-to-witness-public-key-hash otherwise.
func (w *world) bitcoinAddress(entity string, old bool, r Role, controller, exchange string) string {
	h := digest(w.seed, "bitcoin address", entity)
	hash := h[:20]
	var a address.Address
	var err error
	var s script
	if old {
		a, err = address.NewAddressPubKeyHash(hash, &chaincfg.MainNetParams)
		s = script{keyHash, "76a914" + hex.EncodeToString(hash) + "88ac"}
	} else {
		a, err = address.NewAddressWitnessPubKeyHash(hash, &chaincfg.MainNetParams)
		s = script{witnessKeyHash, "0014" + hex.EncodeToString(hash)}
	}
	if err != nil { // impossible: the hash has 20 bytes
		panic(err)
	}
	text := a.EncodeAddress()
	w.btc.scripts[text] = s
	w.who.add(Party{Chain: "bitcoin", Address: text, Role: r, Controller: controller, Exchange: exchange})
	return text
}
