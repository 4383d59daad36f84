package faults

import "slices"

// Protocol says how client and server speak. Values can be joined by |.
type Protocol uint8

const (
	// JSONRPC is a POST with method and params, single or as a batch.
	JSONRPC Protocol = 1 << iota
	// Etherscan is a GET with module and action in the query.
	Etherscan
	// Esplora is any other GET.
	Esplora
)

const anyProtocol = JSONRPC | Etherscan | Esplora

// Nature says what a client can do about a fault.
type Nature uint8

const (
	// Harmless faults are allowed by the protocol; nothing may come of them.
	Harmless Nature = iota
	// Passing faults are seen to be wrong by looking at the reply. Asking again
	// helps if the fault is not sticky: then nothing may come of it.
	Passing
	// Telling faults are the server's word that it cannot do what was asked. A
	// client may believe it, ask for less, and declare a gap.
	Telling
	// Fatal faults end a run with an error: the key, the quota, the wrong chain.
	Fatal
	// Lying faults are replies in good form that are not true. Only a proof
	// shows them.
	Lying
)

// String is the nature's name.
func (n Nature) String() string {
	return [...]string{"harmless", "passing", "telling", "fatal", "lying"}[n]
}

// Kind is one way in which a server fails.
type Kind struct {
	Name string
	// Doc is one sentence for people.
	Doc string
	// Ref is who has met it.
	Ref string
	// Speaks are the protocols on which it can happen.
	Speaks Protocol
	Nature Nature
	// Onward faults do not end: they hit every request from the first on.
	Onward bool
	// fits reports whether a call can be hit; nil means any.
	fits func(call) bool
	// early faults happen before the server is asked.
	early bool
	// apply spoils the exchange; it reports whether it could.
	apply func(*exchange) bool
}

// Kinds lists every kind of fault. Names are unique.
func Kinds() []Kind {
	return slices.Concat(statusKinds(), wireKinds(), bodyKinds(), envelopeKinds(), errorKinds(), untrueKinds(), rowKinds(), explorerKinds())
}

// Among are the kinds that can happen on the protocols, without those named.
func Among(p Protocol, without ...string) []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return k.Speaks&p == 0 || slices.Contains(without, k.Name) })
}

// Named is the kind of a name; it panics if there is none.
func Named(name string) Kind {
	for _, k := range Kinds() {
		if k.Name == name {
			return k
		}
	}
	panic("no fault is called " + name)
}
