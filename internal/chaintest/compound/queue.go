package compound

import (
	"cmp"
	"container/heap"
)

// event is something that an actor does at a time (seconds since 1970 UTC).
type event struct {
	at  int64
	seq int
	do  func()
}

// queue orders events by time; equal times keep the order of their planning.
type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].at, q[j].at), cmp.Compare(q[i].seq, q[j].seq)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(event)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// at plans an event. The past is now.
func (w *world) at(t int64, do func()) {
	w.planned++
	heap.Push(&w.queue, event{max(t, w.now), w.planned, do})
}

// after plans an event in some seconds.
func (w *world) after(seconds int64, do func()) { w.at(w.now+seconds, do) }

// run lets every event happen.
func (w *world) run() {
	for w.queue.Len() > 0 {
		e := heap.Pop(&w.queue).(event)
		w.now = e.at
		e.do()
	}
}
