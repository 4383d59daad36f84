package table

import "encoding/binary"

// dictionary numbers the distinct values of a column in a row group, in the
// order of their first use. A value is named by a text, or by an id of a book;
// a column uses one of the two.
type dictionary struct {
	data  []byte // PLAIN values
	count uint32

	recent [1 << 8]recentText // direct mapped
	texts  map[string]uint32

	last  uint32   // id+1
	place uint32   // of last
	slots []uint64 // id+1, place; open addressing
}

type recentText struct {
	text  string
	place uint32
	used  bool
}

func newDictionary() *dictionary { return &dictionary{texts: map[string]uint32{}} }

func (d *dictionary) reset() {
	d.data, d.count, d.last = d.data[:0], 0, 0
	clear(d.recent[:])
	clear(d.texts)
	clear(d.slots)
}

// text is the place of a text.
func (d *dictionary) text(t string) uint32 {
	h := uint32(len(t))
	if len(t) >= 4 {
		h ^= uint32(t[len(t)-1]) | uint32(t[len(t)-2])<<8 | uint32(t[len(t)-3])<<16 | uint32(t[len(t)-4])<<24
	}
	r := &d.recent[h*0x9e3779b1>>24]
	if r.used && r.text == t {
		return r.place
	}
	place, ok := d.texts[t]
	if !ok {
		place = d.count
		d.count++
		d.texts[t] = place
		d.data = binary.LittleEndian.AppendUint32(d.data, uint32(len(t)))
		d.data = append(d.data, t...)
	}
	*r = recentText{t, place, true}
	return place
}

// id is the place of an id. If it is new, the caller appends its value.
func (d *dictionary) id(id uint32) (place uint32, fresh bool) {
	if d.last == id+1 {
		return d.place, false
	}
	if int(d.count)*4 >= len(d.slots)*3 {
		d.grow()
	}
	i := d.find(id + 1)
	if d.slots[i] == 0 {
		d.slots[i] = uint64(id+1)<<32 | uint64(d.count)
		d.count++
		fresh = true
	}
	d.last, d.place = id+1, uint32(d.slots[i])
	return d.place, fresh
}

// run is id for a column whose equal values stand together, as those of a
// transaction do: it looks no further than the row before. A value that comes
// back after all is there twice, which readers do not mind.
func (d *dictionary) run(id uint32) (place uint32, fresh bool) {
	if d.last == id+1 {
		return d.place, false
	}
	d.last, d.place = id+1, d.count
	d.count++
	return d.place, true
}

func (d *dictionary) find(key uint32) int {
	mask := len(d.slots) - 1
	i := int(uint64(key)*0x9e3779b97f4a7c15>>32) & mask
	for d.slots[i] != 0 && uint32(d.slots[i]>>32) != key {
		i = (i + 1) & mask
	}
	return i
}

func (d *dictionary) grow() {
	old := d.slots
	d.slots = make([]uint64, max(1<<10, 2*len(old)))
	for _, s := range old {
		if s != 0 {
			d.slots[d.find(uint32(s>>32))] = s
		}
	}
}

// appendRun appends count times one value, run-length encoded.
func appendRun(dst []byte, count, value uint32, width int) []byte {
	dst = binary.AppendUvarint(dst, uint64(count)<<1)
	for ; width > 0; width -= 8 {
		dst = append(dst, byte(value))
		value >>= 8
	}
	return dst
}

// appendHybrid appends values of a width in bits: runs of eight and more as
// runs, the rest packed by eight.
func appendHybrid(dst []byte, values []uint32, width int) []byte {
	packed := 0 // values before i that are not written yet, a multiple of 8
	for i := 0; i < len(values); {
		n := i + 1
		for n < len(values) && values[n] == values[i] {
			n++
		}
		if n-i < 16 { // a run must be worth the header that interrupts the packing
			// Take eight at a time; what is left over of a run is looked at again.
			step := min(8, len(values)-i)
			i += step
			packed += step
			continue
		}
		dst = appendPacked(dst, values[i-packed:i], width)
		packed = 0
		dst = appendRun(dst, uint32(n-i), values[i], width)
		i = n
	}
	return appendPacked(dst, values[len(values)-packed:], width)
}

// appendPacked packs values; only the last group may be short of eight.
func appendPacked(dst []byte, values []uint32, width int) []byte {
	if len(values) == 0 {
		return dst
	}
	groups := (len(values) + 7) / 8
	dst = binary.AppendUvarint(dst, uint64(groups)<<1|1)
	end := len(dst) + groups*width
	var acc uint64
	have := 0
	for _, v := range values {
		acc |= uint64(v) << have
		have += width
		for have >= 8 {
			dst = append(dst, byte(acc))
			acc >>= 8
			have -= 8
		}
	}
	if have > 0 {
		dst = append(dst, byte(acc))
	}
	for len(dst) < end {
		dst = append(dst, 0)
	}
	return dst
}

// ended fills in the length of a text that was appended behind four bytes at.
func ended(data []byte, at int) []byte {
	binary.LittleEndian.PutUint32(data[at:], uint32(len(data)-at-4))
	return data
}
