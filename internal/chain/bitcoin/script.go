package bitcoin

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/btcsuite/btcd/address/v2"
	"github.com/btcsuite/btcd/address/v2/base58"
	"github.com/btcsuite/btcd/address/v2/bech32"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Scripts translates between locking scripts and addresses of one network.
type Scripts struct{ net network }

// ScriptsOf returns the translation for a Bitcoin network.
func ScriptsOf(c chain.Chain) (Scripts, error) {
	for _, n := range networks() {
		if n.name == c.Name {
			return Scripts{n}, nil
		}
	}
	return Scripts{}, fmt.Errorf("%s is not a Bitcoin network", c.Name)
}

// Opcodes that locking scripts with an address are made of.
const (
	op0           = 0x00
	op1           = 0x51
	op16          = 0x60
	opDup         = 0x76
	opEqual       = 0x87
	opEqualVerify = 0x88
	opHash160     = 0xa9
	opCheckSig    = 0xac
	opPushData1   = 0x4c
	opPushData2   = 0x4d
	opPushData4   = 0x4e
)

// Address is the address that a locking script belongs to, empty if there is
// none: data, bare keys, bare multisig. That is what Bitcoin Core says since
// version 22, and Esplora; btcd and older nodes give a bare key the address of
// its hash, which nobody wrote on the chain.
func (s Scripts) Address(script []byte) chain.Address {
	switch {
	case isKeyHash(script):
		return chain.Address(base58.CheckEncode(script[3:23], s.net.pubKeyHash))
	case isScriptHash(script):
		return chain.Address(base58.CheckEncode(script[2:22], s.net.scriptHash))
	}
	version, program, ok := witnessProgram(script)
	if !ok {
		return ""
	}
	data, err := bech32.ConvertBits(program, 8, 5, true)
	if err != nil {
		return ""
	}
	data = append([]byte{version}, data...)
	encode := bech32.EncodeM
	if version == 0 {
		if len(program) != hashLength && len(program) != sha256.Size {
			return ""
		}
		encode = bech32.Encode
	}
	text, err := encode(s.net.prefix, data)
	if err != nil {
		return ""
	}
	return chain.Address(text)
}

// Lock is the locking script of an address.
func (s Scripts) Lock(a chain.Address) ([]byte, error) {
	text := string(a)
	if strings.HasPrefix(text, s.net.prefix+"1") {
		prefix, data, _, err := bech32.DecodeGeneric(text)
		if err != nil || prefix != s.net.prefix || len(data) == 0 {
			return nil, fmt.Errorf("address %q is not of %s", text, s.net.name)
		}
		program, err := bech32.ConvertBits(data[1:], 5, 8, false)
		if err != nil || data[0] > 16 || len(program) < 2 || len(program) > 40 {
			return nil, fmt.Errorf("address %q holds no witness program", text)
		}
		version := data[0]
		if version > 0 {
			version += op1 - 1
		}
		return append([]byte{version, byte(len(program))}, program...), nil
	}
	hash, version, err := base58.CheckDecode(text)
	switch {
	case err != nil || len(hash) != hashLength:
	case version == s.net.pubKeyHash:
		return keyHashLock(hash), nil
	case version == s.net.scriptHash:
		return scriptHashLock(hash), nil
	}
	return nil, fmt.Errorf("address %q is not of %s", text, s.net.name)
}

func isKeyHash(b []byte) bool {
	return len(b) == 25 && b[0] == opDup && b[1] == opHash160 && b[2] == hashLength && b[23] == opEqualVerify && b[24] == opCheckSig
}

func isScriptHash(b []byte) bool {
	return len(b) == 23 && b[0] == opHash160 && b[1] == hashLength && b[22] == opEqual
}

// witnessProgram takes a witness program apart (BIP-141).
func witnessProgram(b []byte) (version byte, program []byte, ok bool) {
	if len(b) < 4 || len(b) > 42 || int(b[1]) != len(b)-2 || (b[0] != op0 && (b[0] < op1 || b[0] > op16)) {
		return 0, nil, false
	}
	if b[0] != op0 {
		version = b[0] - op1 + 1
	}
	return version, b[2:], true
}

func keyHashLock(hash []byte) []byte {
	return append(append([]byte{opDup, opHash160, hashLength}, hash...), opEqualVerify, opCheckSig)
}

func scriptHashLock(hash []byte) []byte {
	return append(append([]byte{opHash160, hashLength}, hash...), opEqual)
}

// Unlocks tries the locking scripts that an input's unlocking data can be for,
// as far as it shows them: those of the hash of the key or script that it ends
// with. hidden says that it may be for another one that has an address: a
// taproot output shows nothing when it is spent, nor does an anchor.
func (in *Input) Unlocks(try func(lock []byte)) (hidden bool) {
	if len(in.Script) > 0 {
		last := lastPush(in.Script)
		if last == nil {
			return true
		}
		hash := address.Hash160(last)
		try(keyHashLock(hash))
		try(scriptHashLock(hash))
		return false
	}
	items := in.Witness
	if n := len(items); n > 1 && len(items[n-1]) > 0 && items[n-1][0] == annexTag {
		items = items[:n-1]
	}
	if len(items) == 0 {
		return true
	}
	last := items[len(items)-1]
	if len(items) == 2 && isKey(last) {
		try(append([]byte{op0, hashLength}, address.Hash160(last)...))
	}
	sum := sha256.Sum256(last)
	try(append([]byte{op0, sha256.Size}, sum[:]...))
	if len(items) == 1 {
		return len(last) == 64 || len(last) == 65
	}
	return isControlBlock(last)
}

// Guess is the locking script that the unlocking data of an input is most likely
// for, nil if it does not show: for a node that cannot say what was spent.
func (in *Input) Guess() []byte {
	var locks [][]byte
	if in.Unlocks(func(lock []byte) { locks = append(locks, lock) }) || len(locks) == 0 {
		return nil
	}
	if len(in.Script) == 0 || isKey(lastPush(in.Script)) {
		return locks[0]
	}
	if isSignature(lastPush(in.Script)) {
		return nil // of a bare key, or of bare multisig
	}
	return locks[1]
}

// annexTag begins the annex of a taproot witness.
const annexTag = 0x50

// isControlBlock reports whether b can be the control block of a script path of
// taproot. BIP-341 chose the leaf versions so that keys and scripts cannot be
// taken for one.
func isControlBlock(b []byte) bool {
	if len(b) < 33 || (len(b)-33)%32 != 0 {
		return false
	}
	switch version := b[0] &^ 1; version {
	case 0x66, 0x7e, 0x80, 0x84, 0x96, 0x98, 0xba, 0xbc, 0xbe:
		return true
	default:
		return version >= 0xc0
	}
}

// Shows reports whether the unlocking data of every input that spends from the
// locking script shows it, in the sense of Unlocks. always is false where any
// data at all may spend, as for witness versions of the future.
func Shows(lock []byte) (shows, always bool) {
	if isKeyHash(lock) || isScriptHash(lock) {
		return true, true
	}
	version, program, ok := witnessProgram(lock)
	return ok && version == 0, ok && (version == 0 || version == 1 && len(program) <= sha256.Size)
}

// IsBareKey reports whether the unlocking data of an input that is said to spend
// from the address of a key's hash cannot be for that: it does not end with the
// key. Then a bare key was spent.
func (in *Input) IsBareKey(s Scripts, a chain.Address) bool {
	lock, err := s.Lock(a)
	if err != nil || !isKeyHash(lock) {
		return false
	}
	last := lastPush(in.Script)
	return last == nil || !bytes.Equal(lock, keyHashLock(address.Hash160(last)))
}

// isSignature reports whether b looks like a signature of ECDSA with its type.
func isSignature(b []byte) bool {
	return len(b) >= 9 && len(b) <= 73 && b[0] == 0x30 && int(b[1]) == len(b)-3
}

// isKey reports whether b looks like a public key.
func isKey(b []byte) bool {
	return len(b) == 33 && (b[0] == 2 || b[0] == 3) || len(b) == 65 && (b[0] == 4 || b[0] == 6 || b[0] == 7)
}

// lastPush is the last data that a script pushes, nil if it does something else
// last, pushes nothing, or is cut off.
func lastPush(script []byte) []byte {
	var last []byte
	for len(script) > 0 {
		op := script[0]
		script = script[1:]
		size, width := int(op), 0
		switch {
		case op < opPushData1:
		case op == opPushData1:
			width = 1
		case op == opPushData2:
			width = 2
		case op == opPushData4:
			width = 4
		default:
			last = nil
			continue
		}
		if len(script) < width {
			return nil
		}
		if width > 0 {
			size = 0
			for i := width - 1; i >= 0; i-- {
				size = size<<8 | int(script[i])
			}
			script = script[width:]
		}
		if size > len(script) {
			return nil
		}
		last, script = script[:size], script[size:]
	}
	return last
}
