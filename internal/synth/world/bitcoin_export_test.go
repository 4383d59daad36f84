package world

// CoinOwners is how many addresses the play keeps unspent coins of, and how
// many coins these are.
func (w *World) CoinOwners() (owners, coins int) {
	for _, list := range w.btc.coins {
		coins += len(list)
	}
	return len(w.btc.coins), coins
}
