package node

import "sync"

// caps is what a method of the server was found to bear in this run: how wide a
// range of blocks and how long a list of addresses. It only decides whether a
// node of the tree of ranges and lists is asked or cut without asking, so that
// two runs may differ in what they ask and never in what they tell.
type caps struct {
	mu sync.Mutex
	// stated is what the server says it allows, span what it bore; 0 for no cap.
	stated, span uint64
	list         int
	clean        int // answers in a row that were not too wide
}

// cleanBeforeGrowth is after how many clean answers a wider range is tried.
const cleanBeforeGrowth = 8

// allows reports whether a question so wide and so long is worth asking.
func (c *caps) allows(width uint64, list int) (wide, long bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wide = c.stated == 0 || width <= c.stated
	wide = wide && (c.span == 0 || width <= c.span)
	return wide, c.list == 0 || list <= c.list
}

// tooWide notes that a range was too wide.
func (c *caps) tooWide(width uint64, h hint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clean = 0
	if h.stated > 0 && h.stated < width {
		c.stated = h.stated // the newest word counts: plans change
		return
	}
	c.span = max(1, width/2)
	if h.suggested > 0 && h.suggested < width {
		c.span = h.suggested
	}
}

// tooMany notes that a list was too long. Lists do not grow again: their cap is
// part of the program, not of the load.
func (c *caps) tooMany(list int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if half := max(1, list/2); c.list == 0 || half < c.list {
		c.list = half
	}
}

// clear notes a clean answer: the range may grow again by half.
func (c *caps) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clean++; c.clean < cleanBeforeGrowth || c.span == 0 {
		return
	}
	c.clean = 0
	c.span += c.span/2 + 1
}

// relieved notes that what made answers big is no longer asked for.
func (c *caps) relieved() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.span, c.clean = 0, 0
}

// firstCut is the range that caps like to be multiples of.
const firstCut = 10_000

// cut is where a range that is too wide is cut in two: behind the largest
// 10,000 times a power of two that leaves something, so that the pieces fit the
// round caps that servers have.
func cut(width uint64) uint64 {
	step := uint64(firstCut)
	for step < width && width-step > step {
		step *= 2
	}
	for step >= width {
		step = (step + 1) / 2
	}
	return step
}
