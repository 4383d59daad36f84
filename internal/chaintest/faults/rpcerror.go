package faults

import (
	"net/http"
	"strings"
)

// listing are calls that list what lies in a range of blocks.
func listing(c call) bool {
	return c.method == "eth_getLogs" || c.method == "trace_filter"
}

// heavy are calls that need the state of old blocks.
func heavy(c call) bool {
	return strings.HasPrefix(c.method, "debug_trace") || c.method == "eth_getBalance" || c.method == "eth_getTransactionCount" || c.method == "eth_call" ||
		strings.HasPrefix(c.method, "trace_")
}

// errorKinds are errors in the words of JSON-RPC servers.
func errorKinds() []Kind {
	said := func(code int, message string) func(*exchange) bool {
		return func(x *exchange) bool { return x.fail(code, message) }
	}
	wide := func(name, who string, code int, message string) Kind {
		return Kind{
			Name: "range-" + name, Doc: "The range is too wide, or the answer too big, in the words of " + who + ".", Ref: "sources 4.7",
			Nature: Telling, fits: listing, apply: said(code, message),
		}
	}
	kinds := []Kind{
		wide("geth", "geth", -32602, "exceed maximum block range 1000"),
		wide("reth", "reth", -32602, "query exceeds max results 20000, retry with the range 3-4"),
		wide("alchemy", "Alchemy", -32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range. "+
			"Based on your parameters and the response size limit, this block range should work: [0x3, 0x4]"),
		wide("infura", "Infura", -32005, "query returned more than 10000 results. Try with this block range [0x3, 0x4]."),
		wide("ankr", "Ankr", -32600, "block range is too wide"),
		wide("nodes", "a node that ran out of time", -32000, "query timeout exceeded"),
		{
			Name: "range-quicknode", Doc: "The range is too wide, in the words of QuickNode: 413.", Ref: "sources 4.7", Nature: Telling,
			fits: listing, early: true,
			apply: func(x *exchange) bool {
				return len(x.calls) == 1 && x.answer(http.StatusRequestEntityTooLarge, "application/json",
					`{"jsonrpc":"2.0","id":1,"error":{"code":-32614,"message":"eth_getLogs and eth_newFilter are limited to a 10,000 blocks range"}}`)
			},
		},
		{
			Name: "too-many-topics", Doc: "The list of addresses is too long.", Ref: "sources 1.5", Nature: Telling,
			fits: listing, apply: said(-32602, "invalid argument 0: exceed max topics"),
		},
		{
			Name: "rate-limit-32005", Doc: "A rate limit with the code that others use for size.", Ref: "sources 4.7",
			apply: said(-32005, "project ID request rate exceeded"),
		},
		{
			Name: "compute-units", Doc: "Compute units per second are used up: 429 inside of a batch.", Ref: "sources 4.10",
			apply: said(429, "Your app has exceeded its compute units per second capacity. If you have retries enabled, you can safely ignore this message."),
		},
		{
			Name: "internal-error", Doc: "-32603.", Ref: "sources 4.13", apply: said(-32603, "Internal error"),
		},
		{
			Name: "header-not-found", Doc: "A node behind a balancer that is behind the others.", Ref: "sources 4.13; lotus #13749",
			apply: said(-32000, "header not found"),
		},
		{
			Name: "timed-out", Doc: "-32002.", Ref: "sources 1.5", Nature: Telling, apply: said(-32002, "request timed out"),
		},
		{
			Name: "monthly-capacity", Doc: "The month's capacity is used up, from now on.", Ref: "sources 4.10", Nature: Fatal, Onward: true,
			apply: said(-32600, "Monthly capacity limit exceeded. Visit https://dashboard.example/settings/billing to upgrade your scaling policy."),
		},
		{
			Name: "no-such-method", Doc: "The method is not available.", Ref: "sources 1.5", Nature: Telling,
			fits: func(c call) bool { return heavy(c) || listing(c) || c.method == "eth_getBlockReceipts" },
			apply: func(x *exchange) bool {
				return x.fail(-32601, "the method "+x.calls[x.target].method+" does not exist/is not available")
			},
		},
		{
			Name: "pruned-state", Doc: "The state of the block was thrown away.", Ref: "sources 1.5", Nature: Telling,
			fits: heavy, apply: said(-32000, "historical state is not available"),
		},
		{
			Name: "missing-trie-node", Doc: "The same in the words of an older node.", Ref: "sources 4.7", Nature: Telling,
			fits: heavy, apply: said(-32000, "missing trie node 7c3e4f6b0b0e9a3d (path ) state 0x7c3e4f6b0b0e9a3d is not available, not found"),
		},
		{
			Name: "pruned-history", Doc: "Bodies and receipts of old blocks were thrown away.", Ref: "EIP-4444", Nature: Telling,
			fits:  func(c call) bool { return listing(c) || c.method == "eth_getBlockReceipts" },
			apply: said(4444, "pruned history unavailable"),
		},
	}
	for i := range kinds {
		kinds[i].Speaks = JSONRPC
		if kinds[i].Nature == Harmless {
			kinds[i].Nature = Passing
		}
	}
	return kinds
}
