package bulk

import (
	"math/rand/v2"
	"strconv"
)

const dollar = 1_000_000

// payment is one transfer before it is written.
type payment struct {
	from, to uint64
	value    uint64
}

// stream draws payments.
type stream struct {
	*network
	dice      *rand.PCG
	rows      int64
	reachable int64
}

func newStream(rows int64, seed uint64) *stream {
	return &stream{network: newNetwork(rows, seed), dice: rand.NewPCG(seed, 0x5ca7)}
}

// next draws a payment and books it.
func (s *stream) next() payment {
	p := s.draw()
	if p.from != s.base[null] {
		s.balance[p.from] -= p.value
	}
	s.balance[p.to] += p.value
	s.rows++
	if p.from < s.base[hots] && (p.from < s.size[seeds] || s.tainted[p.from]) {
		s.tainted[p.to] = true
		s.reachable++
	}
	return p
}

// draw chooses what happens next, in thousandths of all cases.
func (s *stream) draw() payment {
	r := s.dice.Uint64()
	kind := int(r % 1000)
	switch {
	case kind < 540:
		return s.scam(stage(kind))
	case kind < 585:
		return s.victim()
	case kind < 630:
		return s.withdraw(victims)
	case kind < 690:
		return s.withdraw(innocents)
	case kind < 705:
		return s.innocent(group(r>>32%uint64(layer6) + uint64(layer1)))
	case kind < 750:
		return s.innocent(innocentDeposits)
	case kind < 770:
		return s.sweep()
	}
	return s.innocent(innocents)
}

// stage is which group of the network pays: each one a little more often than
// the one before it, because money is split on its way.
func stage(kind int) group {
	g := seeds
	for _, share := range [...]int{59, 64, 66, 67, 69, 71, 76} {
		if kind < share {
			return g
		}
		kind -= share
		g++
	}
	return deposits
}

// scam lets an account of a group pay the next group. If nobody is found there
// who has money, the group before it pays, and in the end a victim.
func (s *stream) scam(g group) payment {
	for ; ; g-- {
		if from, ok := s.payer(g); ok {
			if g == deposits {
				return payment{from, s.base[hots] + mix(from)%s.size[hots], s.balance[from]}
			}
			return payment{from, s.partner(from, g+1), s.part(from, g)}
		}
		if g == seeds {
			return s.victim()
		}
	}
}

// payer looks for an account of a group that has money.
func (s *stream) payer(g group) (uint64, bool) {
	for range 12 {
		if a := s.base[g] + skewed(s.dice.Uint64(), s.size[g]); s.balance[a] > 0 {
			return a, true
		}
	}
	return 0, false
}

// partner is one of an account's few counterparties in a group: mostly 4 or 8,
// at most 512;
// a seed has more. So relations repeat, as in life, and degrees stay bounded.
func (s *stream) partner(from uint64, g group) uint64 {
	fan := uint64(4) << min(level(mix(from^s.seed)), 7)
	if from < s.size[seeds] {
		fan = seedFan
	}
	which := s.dice.Uint64() % fan
	return s.base[g] + skewed(mix(from*groupPrime+which+s.seed), s.size[g])
}

// groupPrime keeps the partners of neighbouring accounts apart.
const groupPrime = 1_000_003

// part is how much of its money an account pays: a seed little at a time, the
// rest a quarter or more, and small change whole.
func (s *stream) part(from uint64, g group) uint64 {
	have := s.balance[from]
	if have < 100*dollar {
		return have
	}
	percent := s.dice.Uint64()%76 + 25
	if g == seeds {
		percent = s.dice.Uint64()%46 + 5
	}
	return have / 100 * percent
}

// victim pays the seed that deceives it, nearly all it bought.
func (s *stream) victim() payment {
	for range 12 {
		from := s.base[victims] + s.dice.Uint64()%s.size[victims]
		if have := s.balance[from]; have > 0 {
			return payment{from, s.base[seeds] + from%seedCount, have - have/8*(s.dice.Uint64()%2)}
		}
	}
	return s.withdraw(victims)
}

// withdraw pays a customer of an exchange, for which the exchange may first
// need newly minted tokens.
func (s *stream) withdraw(g group) payment {
	from := s.base[payouts] + s.dice.Uint64()%s.size[payouts]
	value := (s.dice.Uint64()%19_500 + 500) * dollar
	if s.balance[from] < value {
		return payment{s.base[null], from, 50_000_000 * dollar}
	}
	return payment{from, s.base[g] + skewed(s.dice.Uint64(), s.size[g]), value}
}

// innocent lets an innocent pay an account of a group.
func (s *stream) innocent(g group) payment {
	from, ok := s.payer(innocents)
	if !ok {
		return s.withdraw(innocents)
	}
	return payment{from, s.partner(from, g), s.part(from, innocents)}
}

// sweep empties an innocent's deposit address.
func (s *stream) sweep() payment {
	from, ok := s.payer(innocentDeposits)
	if !ok {
		return s.innocent(innocentDeposits)
	}
	return payment{from, s.base[hots] + mix(from)%s.size[hots], s.balance[from]}
}

// rowWriter turns payments into rows. The text of a batch is one allocation.
type rowWriter struct {
	s     *stream
	text  []byte
	ends  []int
	batch []Transfer
}

// fill makes the next n rows. They are valid until the next call.
func (w *rowWriter) fill(n int) []Transfer {
	w.text, w.ends, w.batch = w.text[:0], w.ends[:0], w.batch[:0]
	first := w.s.rows
	for range n {
		row := uint64(w.s.rows)
		p := w.s.next()
		w.text = w.s.appendAddress(w.text, p.from)
		w.text = w.s.appendAddress(w.text, p.to)
		w.text = append(w.text, "0x"...)
		for k := range uint64(4) {
			w.text = appendHex(w.text, mix(mix(w.s.seed+k)^row), 8)
		}
		w.text = strconv.AppendUint(w.text, p.value, 10)
		w.ends = append(w.ends, len(w.text))
	}
	all, from := string(w.text), 0
	for i, end := range w.ends {
		row := first + int64(i)
		block := row / rowsPerBlock
		w.batch = append(w.batch, Transfer{
			TokenAddress: Token, FromAddress: all[from : from+42], ToAddress: all[from+42 : from+84],
			TransactionHash: all[from+84 : from+150], Value: all[from+150 : end],
			LogIndex: row%rowsPerBlock*3 + int64(mix(uint64(row))%3), BlockNumber: firstBlock + block,
			BlockTimestamp: (firstTime + block*slot) * 1e6,
		})
		from = end
	}
	return w.batch
}
