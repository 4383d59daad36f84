package taint

const (
	pageBits = 12
	pageSize = 1 << pageBits
)

// pages is a growing array whose elements never move, so that growing copies
// nothing and a pointer to an element stays good. Number 0 is never given out.
type pages[T any] struct {
	list [][]T
	next uint32
	free []uint32
}

func (p *pages[T]) at(i uint32) *T { return &p.list[i>>pageBits][i&(pageSize-1)] }

// take gives an element that is all zero, or as it was when it was given back.
func (p *pages[T]) take() uint32 {
	if n := len(p.free); n > 0 {
		i := p.free[n-1]
		p.free = p.free[:n-1]
		return i
	}
	if p.next == 0 {
		p.next = 1
	}
	if int(p.next>>pageBits) == len(p.list) {
		p.list = append(p.list, make([]T, pageSize))
	}
	p.next++
	return p.next - 1
}

func (p *pages[T]) give(i uint32) { p.free = append(p.free, i) }
