package taint

import (
	"slices"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/ledger"
)

// accounts numbers every (address, asset) that taint can reach. The accounts of
// one address stand together, by asset. They are numbered once for all methods,
// so that each of these finds a holding with one miss of the cache instead of
// three.
type accounts struct {
	first []uint32 // per address, and one more
	asset []ledger.AssetID
}

// newAccounts reads the book, whose roles must be complete.
func newAccounts(b *ledger.Book, r roles) *accounts {
	var keys []uint64
	most := 1 << 20 // keys, before those that came again are dropped
	latest := make([]ledger.AssetID, b.Addresses())
	for i := range latest {
		latest[i] = ^ledger.AssetID(0)
	}
	note := func(address ledger.AddressID, asset ledger.AssetID) {
		if latest[address] == asset || !r.holds(address) {
			return
		}
		latest[address] = asset
		if len(keys) == most {
			slices.Sort(keys)
			keys = slices.Compact(keys)
			most = max(most, 2*len(keys))
		}
		keys = append(keys, uint64(address)<<32|uint64(asset))
	}
	for i := range b.Len() {
		kind, payer, payee := b.Sides(i)
		if kind != chain.Reward {
			note(payer, b.AssetOf(i))
		}
		if kind != chain.Fee {
			note(payee, b.AssetOf(i))
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	a := &accounts{first: make([]uint32, b.Addresses()+1), asset: make([]ledger.AssetID, len(keys))}
	for i, key := range keys {
		a.first[key>>32+1]++
		a.asset[i] = ledger.AssetID(uint32(key))
	}
	for i := range b.Addresses() {
		a.first[i+1] += a.first[i]
	}
	return a
}

// number is the number of an account that there is.
func (a *accounts) number(address ledger.AddressID, asset ledger.AssetID) uint32 {
	from, to := a.first[address], a.first[address+1]
	if to-from == 1 {
		return from
	}
	n, _ := slices.BinarySearch(a.asset[from:to], asset)
	return from + uint32(n)
}

// ahead is how many transfers are approached at once: the holdings of both their
// sides stay in the first level of the cache.
const ahead = 64

// approach reads the holdings that the transfers from first on need, with
// nothing to wait for: that brings them near at once instead of one after the
// other. It returns the transfer behind the last.
func (t *tracer) approach(first int) int {
	end := min(first+ahead, t.book.Len())
	for i := first; i < end; i++ {
		kind, payer, payee := t.book.Sides(i)
		asset := t.book.AssetOf(i)
		if kind != chain.Reward && t.roles.holds(payer) {
			t.near += t.account(payer, asset).code
		}
		if kind != chain.Fee && t.roles.holds(payee) {
			t.near += t.account(payee, asset).code
		}
	}
	return end
}

// account is the holding of an account.
func (t *tracer) account(address ledger.AddressID, asset ledger.AssetID) *holding {
	return &t.held[t.accounts.number(address, asset)]
}
