package score

// stagePayment is the stage in which a victim pays.
const stagePayment = "payment"

// Victims scores the payments of victims that a run knows as money into a seed or
// into a collection address that it followed, and the victims of whom it knows at
// least one.
func Victims(t *Truth, r *Run) []Row {
	payments, known := 0, 0
	paid, seen := map[string]bool{}, map[string]bool{}
	for _, v := range t.Victims {
		paid[v.Name] = v.Payments > 0
	}
	for _, f := range t.Transfers {
		if f.Stage != stagePayment || f.Noise != "" {
			continue
		}
		payments++
		x := r.moved[f.Movement]
		if x == nil {
			continue
		}
		for _, v := range r.payees(x) {
			if followed(v) && t.Addresses[Place{v.Chain, v.Address}].Role == "collection" {
				known++
				seen[f.Entity] = paid[f.Entity]
				break
			}
		}
	}
	return []Row{
		{Name: "victims with a payment found", Found: N(trues(seen)), Of: N(trues(paid))},
		{Name: "payments of victims found", Found: N(known), Of: N(payments)},
	}
}

func trues(set map[string]bool) (n int) {
	for _, is := range set {
		if is {
			n++
		}
	}
	return n
}
