package compare

// Graph is what a strategy holds up as the way of the money from the sources of
// a data set: a witness graph. A good one is small and has the targets in it.
type Graph struct {
	Set string
	// Strategy is its name and parameters, Reference where it is defined.
	Strategy, Reference string
	// Members are the addresses and Verified the transfers that the set knows to
	// be of the flow, Terminals the ends of it.
	Terminals, Members, Verified Figure
	// Addresses and Transfers are the size of the graph.
	Addresses, Transfers int
}
