package world

import "github.com/scamtrace/scamtrace/internal/synth/dice"

const (
	// FirstBitcoinHeight is the first Bitcoin block of a play.
	FirstBitcoinHeight = int64(832_500)

	spacing         = 10 * minute
	firstHalving    = int64(840_000) // of those that a play sees
	halvings        = int64(210_000) // blocks between two
	coinbaseMatures = int64(100)     // blocks
)

// timeOf scatters blocks up to four minutes around every tenth minute: irregular
// enough to look like mining, and always in order.
func (b *bitcoin) timeOf(height int64) int64 {
	n := height - FirstBitcoinHeight
	return b.w.start + n*spacing + int64(b.scatter("block time", n)%481) - 240
}

// heightAt is the block of a time: the first that is not before it.
func (b *bitcoin) heightAt(t int64) int64 {
	height := FirstBitcoinHeight + max(0, (t-b.w.start)/spacing-1)
	for b.timeOf(height) < t {
		height++
	}
	return height
}

// subsidy is the most that a coinbase makes, in satoshi.
func subsidy(height int64) int64 {
	if height < firstHalving {
		return 625_000_000
	}
	return int64(312_500_000) >> ((height - firstHalving) / halvings)
}

const (
	leastRate = int64(8)
	mostRate  = int64(47)
)

// rate is what a virtual byte costs now, in satoshi. It changes every six hours.
func (b *bitcoin) rate() int64 {
	n := b.scatter("fee rate", (b.w.now-b.w.start)/(6*hour))
	return leastRate + int64(n%uint64(mostRate-leastRate+1))
}

// size is a transaction's virtual size in bytes, of witness inputs and outputs.
func size(in, out int) int { return 11 + 68*in + 31*out }

func (b *bitcoin) fee(in, out int) int64 { return int64(size(in, out)) * b.rate() }

// scatter is a number that depends on the seed and a place alone.
func (b *bitcoin) scatter(what string, n int64) uint64 {
	h := b.w.seed
	for _, c := range []byte(what) {
		h = dice.Mix(h ^ uint64(c))
	}
	return dice.Mix(h ^ uint64(n))
}
