package compound

import "encoding/binary"

const (
	minute = int64(60)
	hour   = 60 * minute
	day    = 24 * hour

	// Start is the time of the first Ethereum block, 2024-03-01 00:00:11 UTC.
	Start = int64(1709251211)
	// Days is how long recurring business goes on; what was begun is finished.
	Days = 60

	slot            = int64(12)
	firstEthereum   = int64(19_336_600)
	spacing         = int64(600)
	firstBitcoin    = int64(832_500)
	halving         = int64(840_000)
	subsidyBefore   = uint64(625_000_000)
	subsidyAfter    = uint64(312_500_000)
	coinbaseMatures = int64(100)
)

// ethereumHeight is the block of a time: the first whose slot is not before it.
func ethereumHeight(t int64) int64 { return firstEthereum + (t-Start+slot-1)/slot }

func ethereumTime(height int64) int64 { return Start + (height-firstEthereum)*slot }

// bitcoinTime scatters blocks up to four minutes around every tenth minute:
// irregular enough to look like mining, and always in order.
func (w *world) bitcoinTime(height int64) int64 {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(height))
	h := digest(w.seed, "bitcoin time", string(b[:]))
	return Start + (height-firstBitcoin)*spacing + int64(binary.BigEndian.Uint16(h[:]))%481 - 240
}

func (w *world) bitcoinHeight(t int64) int64 {
	height := firstBitcoin + max(0, (t-Start)/spacing-1)
	for w.bitcoinTime(height) < t {
		height++
	}
	return height
}

func subsidy(height int64) uint64 {
	if height < halving {
		return subsidyBefore
	}
	return subsidyAfter
}

// inShift moves a time into the compound's working day, 10:00 to 02:00 in
// UTC+8. Profiles of a wallet's hours should see it.
func inShift(t int64) int64 {
	const opens, closes = 2 * hour, 18 * hour
	switch of := t % day; {
	case of < opens:
		return t - of + opens + of/2
	case of >= closes:
		return t - of + day + opens + (of-closes)/2
	}
	return t
}
