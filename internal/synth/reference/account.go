package reference

import (
	"math/big"

	"github.com/scamtrace/scamtrace/internal/chain"
)

const native = string(chain.Native)

// transaction does the movements of one transaction.
func (t *trace) transaction(ms []Movement) {
	if t.chain.Family == chain.UTXO {
		t.spend(ms[0])
		return
	}
	done := make([]bool, len(ms))
	for i := range ms {
		t.settle(ms, done, i)
	}
}

// settle does movement i, and before it those later ones that pay its payer what
// it cannot pay.
func (t *trace) settle(ms []Movement, done []bool, i int) {
	if done[i] {
		return
	}
	done[i] = true
	x := ms[i]
	if len(x.In) > 0 && t.holds(x.In[0].Address) {
		payer := t.purse(x.In[0].Address, x.Asset)
		for j := i + 1; j < len(ms); j++ {
			y := ms[j]
			if !done[j] && y.Asset == x.Asset && len(y.Out) > 0 && y.Out[0].Address == x.In[0].Address &&
				payer.balance().Cmp(x.amount()) < 0 {
				t.settle(ms, done, j)
			}
		}
	}
	t.pay(x)
}

// pay does one movement of an account chain.
func (t *trace) pay(m Movement) {
	w := m.amount()
	if !t.follows(m.Chain, m.Asset) || w.Sign() == 0 ||
		len(m.In) > 0 && len(m.Out) > 0 && m.In[0].Address == m.Out[0].Address {
		return
	}
	parcels := []parcel{{clean, w}}
	if len(m.In) > 0 && t.holds(m.In[0].Address) {
		opening := t.opening(m.In[0].Address)
		var lacking *big.Int
		parcels, lacking = t.purse(m.In[0].Address, m.Asset).take(w, opening)
		if opening.tainted() {
			t.inject(opening, m.Asset, lacking)
		}
	}
	if len(m.Out) == 0 {
		t.burn(parcels, m.Asset)
		return
	}
	to := m.Out[0].Address
	if parcels = t.arrive(m, to, w, parcels); t.holds(to) {
		t.purse(to, m.Asset).put(parcels, w)
	}
}

func (t *trace) purse(address, asset string) purse {
	key := holder{address, asset}
	if t.purses[key] == nil {
		t.purses[key] = newPurse(t.method)
	}
	return t.purses[key]
}
