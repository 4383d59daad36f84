package truth

import "github.com/scamtrace/scamtrace/internal/synth/world"

// Listed is a seed as the list has it: a typing error leaves out a character of
// the address, and the wrong chain is the other one.
func (w *Writer) Listed(s world.Seed) (chain, address string) {
	chain, address = w.chain(s.Party), w.address(s.Party)
	switch s.Verdict {
	case Typo:
		half := len(address) / 2
		address = address[:half] + address[half+1:]
	case WrongChain:
		if chain == "bitcoin" {
			chain = "ethereum"
		} else {
			chain = "bitcoin"
		}
	}
	return chain, address
}

// Verdicts of seeds that no program can read.
const (
	Typo       = "typo"
	WrongChain = "wrong_chain"
)

// Address is the address of a party, and its chain.
func (w *Writer) Address(p world.Party) (chain, address string) { return w.chain(p), w.address(p) }

// Transaction is the hash of a transaction of a party's chain.
func (w *Writer) Transaction(p world.Party, number int64) string {
	return w.transaction(w.parties.Bitcoin(p), number)
}

// Units is an amount of a token, or of a Bitcoin party's satoshi, in base units.
func (w *Writer) Units(p world.Party, t world.Token, amount int64) string {
	_, units := w.money(w.parties.Bitcoin(p), t, amount)
	return units
}
