package etherscan

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// fingerprint stands for a row that two asked addresses share.
type fingerprint [16]byte

// fingerprint is of what both parties' lists say of a movement.
func (r *row) fingerprint(action string) fingerprint {
	b := append(make([]byte, 0, 400), action...)
	b = append(b, r.tx.Hash[:]...)
	b = binary.BigEndian.AppendUint64(b, r.tx.Pos.Height)
	b = binary.BigEndian.AppendUint32(b, r.log)
	for _, part := range []string{r.path, string(r.from), string(r.to), string(r.asset)} {
		b = append(append(b, ' '), part...)
	}
	for _, v := range []chain.Amount{r.value, r.fee} {
		word := v.Bytes32()
		b = append(b, word[:]...)
	}
	b = append(b, byte(r.tx.Status), flag(r.failed), flag(r.created))
	sum := sha256.Sum256(b)
	return fingerprint(sum[:16])
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// other is the party of a row that is not this address; empty if both are.
func (p *part) other(r *row) chain.Address {
	if r.from == r.to {
		return ""
	}
	if r.from == p.address {
		return r.to
	}
	return r.from
}

// share notes a row that an asked address whose part comes later may leave out,
// since this part tells it.
func (p *part) share(t *told, r *row) {
	other := p.other(r)
	if _, asked := p.states[other]; asked && other > p.address && !r.idle {
		p.states[p.address].shared[r.fingerprint(t.list.action)]++
	}
}

// onesided is why the lists of two parties are not to be believed.
func (p *part) onesided() string {
	return p.server.name + " lists a movement for one party and not for the other"
}

// toldByOther reports whether the part of another asked address tells a row.
// That part is asked for what it needs if it was not yet; the answers wait in
// the archive. A row that is missing there is told here, and declared.
func (p *part) toldByOther(ctx context.Context, t *told, r *row) (bool, error) {
	other := p.other(r)
	if _, asked := p.states[other]; !asked || other >= p.address {
		return false, nil
	}
	s, err := p.hold(ctx, other)
	if err != nil {
		return false, err
	}
	defer s.release()
	if !s.known {
		ahead := &part{plan: p.plan, address: other, ahead: true}
		if _, _, err := ahead.collect(ctx, s, func(*chain.Transfer) error { return nil }); err != nil {
			return false, err
		}
	}
	if s.hub || s.cut[t.list.action] {
		return false, nil
	}
	f := r.fingerprint(t.list.action)
	t.matched[f]++
	if t.matched[f] > s.shared[f] {
		t.odd = p.onesided()
		t.suspects[other] = struct{}{}
		return false, nil
	}
	return true, nil
}
