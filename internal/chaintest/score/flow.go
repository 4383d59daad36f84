package score

import "math/big"

// Arrived scores how much of what was truly paid to the ends of a flow, in base
// units, a method finds there. It is for flows whose data hold nothing else, so
// that what is not found is lost to the method or to the crawl.
func Arrived(name string, r *Run, method string, ends map[Place]bool, paid *big.Int) Row {
	found := new(big.Int)
	for _, e := range r.Endpoints {
		if e.Method == method && ends[Place{e.Chain, e.Address}] {
			found.Add(found, units(e.ValueLossless))
		}
	}
	return Row{Name: name, Found: found, Of: paid}
}

// Conserved counts the rows of conservation that add up, of the methods that
// conserve money.
func Conserved(name string, r *Run) Row {
	of, wrong := 0, 0
	for _, c := range r.Conservation {
		if c.Method == "poison" {
			continue
		}
		of++
		if c.DifferenceLossless != "0" {
			wrong++
		}
	}
	return Row{Name: name, Found: N(of - wrong), Of: N(of), Wrong: N(wrong)}
}
