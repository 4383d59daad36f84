package reference

import (
	"math/big"
	"slices"
)

// owner says whose units are: a source by its number, or clean, or clean and the
// own money of a seed's address, inside one Bitcoin transaction.
type owner int

const clean owner = -1

// own is the owner of what the seed address of a number puts in.
func own(address int) owner { return owner(-2 - address) }

func (o owner) tainted() bool { return o >= 0 }

// parcel is an amount of one owner. It is never changed.
type parcel struct {
	owner
	amount *big.Int
}

func plus(a, b *big.Int) *big.Int  { return new(big.Int).Add(a, b) }
func minus(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }

func sum(parcels []parcel) *big.Int {
	total := new(big.Int)
	for _, p := range parcels {
		total.Add(total, p.amount)
	}
	return total
}

// purse is what a method keeps of one account in one asset.
type purse interface {
	// put adds parcels that arrive together as a payment of total.
	put(parcels []parcel, total *big.Int)
	// take removes a payment w. What is lacking is opening's, and is made up.
	take(w *big.Int, opening owner) (parcels []parcel, lacking *big.Int)
	balance() *big.Int
	// content is what is there: under poison, of each owner the whole balance.
	content() []parcel
}

// newPurse makes an empty purse; nil if there is no such method.
func newPurse(method string) purse {
	switch method {
	case "fifo":
		return &queue{total: new(big.Int)}
	case "lifo":
		return &queue{newest: true, total: new(big.Int)}
	case "haircut":
		return &shares{}
	case "poison":
		return &marks{total: new(big.Int)}
	}
	return nil
}

// queue is the purse of fifo and lifo: parcels in the order of arrival.
type queue struct {
	newest bool // the newest leave first
	list   []parcel
	total  *big.Int
}

func (q *queue) put(parcels []parcel, total *big.Int) {
	q.total = plus(q.total, total)
	for _, p := range parcels {
		q.list = joined(q.list, p)
	}
}

// joined appends a parcel, or adds it to the last one if that is of its owner.
func joined(list []parcel, p parcel) []parcel {
	if n := len(list) - 1; n >= 0 && list[n].owner == p.owner {
		list[n].amount = plus(list[n].amount, p.amount)
		return list
	}
	return append(list, p)
}

func (q *queue) take(w *big.Int, opening owner) (out []parcel, lacking *big.Int) {
	left := w
	for left.Sign() > 0 && len(q.list) > 0 {
		p := q.next()
		if p.amount.Cmp(left) > 0 {
			out = append(out, parcel{p.owner, left})
			p.amount, left = minus(p.amount, left), new(big.Int)
			break
		}
		out = append(out, *p)
		left = minus(left, p.amount)
		if q.newest {
			q.list = q.list[:len(q.list)-1]
		} else {
			q.list = q.list[1:]
		}
	}
	q.total = minus(q.total, minus(w, left))
	switch {
	case left.Sign() == 0:
	case q.newest:
		out = append(out, parcel{opening, left})
	default:
		out = slices.Insert(out, 0, parcel{opening, left})
	}
	return out, left
}

// next is the parcel that leaves next.
func (q *queue) next() *parcel {
	if q.newest {
		return &q.list[len(q.list)-1]
	}
	return &q.list[0]
}

func (q *queue) balance() *big.Int { return q.total }

func (q *queue) content() []parcel { return q.list }

// shares is the purse of haircut: one parcel for each owner, in the order in
// which they first arrived.
type shares struct{ list []parcel }

func (s *shares) put(parcels []parcel, _ *big.Int) {
	for _, p := range parcels {
		at := slices.IndexFunc(s.list, func(q parcel) bool { return q.owner == p.owner })
		if at < 0 {
			s.list = append(s.list, p)
		} else {
			s.list[at].amount = plus(s.list[at].amount, p.amount)
		}
	}
}

func (s *shares) take(w *big.Int, opening owner) (out []parcel, lacking *big.Int) {
	b := s.balance()
	if w.Cmp(b) >= 0 {
		lacking = minus(w, b)
		if lacking.Sign() > 0 {
			out = append(out, parcel{opening, lacking})
		}
		out = append(out, s.list...)
		s.list = nil
		return out, lacking
	}
	paid := split(w, s.list)
	var rest []parcel
	for i, p := range s.list {
		if paid[i].Sign() > 0 {
			out = append(out, parcel{p.owner, paid[i]})
		}
		if left := minus(p.amount, paid[i]); left.Sign() > 0 {
			rest = append(rest, parcel{p.owner, left})
		}
	}
	s.list = rest
	return out, new(big.Int)
}

// split divides w in proportion to the parcels, in whole units: each is rounded
// down, and what is left over goes unit by unit to the largest remainders, of
// equal ones to the first.
func split(w *big.Int, parcels []parcel) []*big.Int {
	total := sum(parcels)
	left := w
	whole := make([]*big.Int, len(parcels))
	remainder := make([]*big.Rat, len(parcels))
	order := make([]int, len(parcels))
	for i, p := range parcels {
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(w, p.amount), total)
		whole[i] = new(big.Int).Quo(exact.Num(), exact.Denom())
		remainder[i] = new(big.Rat).Sub(exact, new(big.Rat).SetInt(whole[i]))
		left = minus(left, whole[i])
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainder[j].Cmp(remainder[i]) })
	for _, i := range order[:left.Int64()] {
		whole[i] = plus(whole[i], big.NewInt(1))
	}
	return whole
}

func (s *shares) balance() *big.Int { return sum(s.list) }

func (s *shares) content() []parcel { return s.list }

// marks is the purse of poison: who ever owned anything here.
type marks struct {
	total *big.Int
	ever  []owner
}

func (m *marks) put(parcels []parcel, total *big.Int) {
	m.total = plus(m.total, total)
	for _, p := range parcels {
		m.mark(p.owner)
	}
}

func (m *marks) mark(o owner) {
	if !slices.Contains(m.ever, o) {
		m.ever = append(m.ever, o)
	}
}

func (m *marks) take(w *big.Int, opening owner) (out []parcel, lacking *big.Int) {
	lacking = new(big.Int)
	if w.Cmp(m.total) > 0 {
		lacking = minus(w, m.total)
		m.total = new(big.Int)
		m.mark(opening)
	} else {
		m.total = minus(m.total, w)
	}
	for _, o := range m.ever {
		out = append(out, parcel{o, w})
	}
	return out, lacking
}

func (m *marks) balance() *big.Int { return m.total }

func (m *marks) content() (out []parcel) {
	for _, o := range m.ever {
		out = append(out, parcel{o, m.total})
	}
	return out
}
