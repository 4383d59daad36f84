package ledgertest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Parse reads transfers, one a line; empty lines and lines with # are skipped.
func Parse(f chain.Family, text string) ([]chain.Transfer, error) {
	var out []chain.Transfer
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		read := account
		if f == chain.UTXO {
			read = bitcoin
		}
		t, err := read(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// settings reads the words with "=" and the flags into t, and returns the rest.
func settings(t *chain.Transfer, words []string) (rest []string, err error) {
	t.Tx.Pos.Index, t.Tx.Status, t.Tx.Time = chain.UnknownIndex, chain.Succeeded, -1
	name := ""
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			key = w
		}
		var n uint64
		if key != "tx" && key != "trace" && ok && value != "?" {
			if n, err = strconv.ParseUint(value, 10, 64); err != nil {
				return nil, err
			}
		}
		switch {
		case w == "failed":
			t.Tx.Status = chain.Failed
		case w == "unsure":
			t.Tx.Status = chain.StatusUnknown
		case w == "inexact":
			t.Inexact = true
		case !ok:
			rest = append(rest, w)
		case key == "h":
			t.Tx.Pos.Height = n
		case key == "i" && value != "?":
			t.Tx.Pos.Index = uint32(n)
		case key == "time":
			t.Tx.Time = int64(n)
		case key == "log", key == "n":
			t.Ordinal = uint32(n)
		case key == "tx":
			name = value
		case key == "trace":
			t.Kind = chain.Internal
			for p := range strings.SplitSeq(value, ".") {
				if n, err = strconv.ParseUint(p, 10, 32); err != nil {
					return nil, err
				}
				t.Path = append(t.Path, uint32(n))
			}
		}
	}
	if t.Tx.Time < 0 {
		t.Tx.Time = int64(t.Tx.Pos.Height)
	}
	if name == "" {
		name = placeName(t.Tx.Pos)
	}
	t.Tx.Hash = Hash(name)
	return rest, nil
}

func placeName(p chain.Pos) string {
	if p.Index == chain.UnknownIndex {
		return fmt.Sprintf("%d.?", p.Height)
	}
	return fmt.Sprintf("%d.%d", p.Height, p.Index)
}

func account(line string) (t chain.Transfer, err error) {
	words, err := settings(&t, strings.Fields(line))
	if err != nil {
		return t, err
	}
	if len(words) == 0 {
		return t, nil // only tells its transaction
	}
	if len(words) != 5 || words[1] != "->" {
		return t, fmt.Errorf("want PAYER -> PAYEE AMOUNT ASSET, have %q", words)
	}
	amount, err := chain.ParseAmount(words[3])
	if err != nil {
		return t, err
	}
	t.Asset = Asset(words[4])
	switch {
	case t.Asset != chain.Native:
		t.Kind = chain.Token
	case words[0] == "reward":
		t.Kind = chain.Reward
	case words[2] == "fee":
		t.Kind = chain.Fee
	case t.Kind == 0:
		t.Kind = chain.NativeKind
	}
	entry := func(name string) []chain.Entry {
		name, code := strings.CutSuffix(name, "!")
		return []chain.Entry{{Address: Address(chain.Account, name), Amount: amount, Contract: code}}
	}
	if t.Kind != chain.Reward {
		t.In = entry(words[0])
	}
	if t.Kind != chain.Fee {
		t.Out = entry(words[2])
	}
	return t, nil
}

func bitcoin(line string) (t chain.Transfer, err error) {
	head, body, ok := strings.Cut(line, ": ")
	words := strings.Fields(head)
	if !ok || len(words) == 0 {
		return t, fmt.Errorf("want NAME h=N i=N: INPUTS -> OUTPUTS")
	}
	if _, err = settings(&t, words[1:]); err != nil {
		return t, err
	}
	t.Tx.Hash, t.Kind, t.Asset = Hash(words[0]), chain.Output, chain.Native
	in, out, ok := strings.Cut(body, " -> ")
	if !ok {
		return t, fmt.Errorf("want INPUTS -> OUTPUTS")
	}
	if strings.TrimSpace(in) != "coinbase" {
		for i, s := range strings.Split(in, " + ") {
			outpoint, owner, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(s), ")"), "(")
			e, err := entry(owner, i)
			if err != nil {
				return t, err
			}
			maker, index, _ := strings.Cut(strings.TrimSuffix(outpoint, "?"), ":")
			n, err := strconv.ParseUint(index, 10, 32)
			if err != nil {
				return t, err
			}
			e.Spends = chain.Outpoint{Tx: Hash(maker), Index: uint32(n)}
			t.In = append(t.In, e)
		}
	}
	for i, s := range strings.Split(out, ",") {
		e, err := entry(s, i)
		if err != nil {
			return t, err
		}
		t.Out = append(t.Out, e)
	}
	return t, nil
}

// entry reads "A 5", "_ ?" or "A 5 @4".
func entry(s string, place int) (e chain.Entry, err error) {
	words := strings.Fields(s)
	if len(words) < 2 {
		return e, fmt.Errorf("entry %q: want ADDRESS AMOUNT", s)
	}
	e.Address, e.Index = Address(chain.UTXO, words[0]), uint32(place)
	if len(words) > 2 {
		n, err := strconv.ParseUint(strings.TrimPrefix(words[2], "@"), 10, 32)
		if err != nil {
			return e, err
		}
		e.Index = uint32(n)
	}
	if words[1] == "?" {
		e.AmountUnknown = true
		return e, nil
	}
	e.Amount, err = chain.ParseAmount(words[1])
	return e, err
}
