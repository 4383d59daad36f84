package faults

import "net/http"

// explorerKinds are the errors of explorers, most of them inside of HTTP 200.
func explorerKinds() []Kind {
	said := func(message, result string) func(*exchange) bool {
		return func(x *exchange) bool {
			return x.answer(http.StatusOK, "application/json", string(encode(map[string]string{"status": "0", "message": message, "result": result})))
		}
	}
	account := func(c call) bool {
		return c.method == "txlist" || c.method == "txlistinternal" || c.method == "tokentx"
	}
	return []Kind{
		{
			Name: "etherscan-rate", Doc: "Max calls per second, as text in status 0.", Ref: "sources 4.1", Speaks: Etherscan, Nature: Passing, early: true,
			apply: said("NOTOK", "Max calls per sec rate limit reached (3/sec)"),
		},
		{
			Name: "etherscan-rate-keyless", Doc: "Max rate limit, as text in status 0.", Ref: "sources 4.1", Speaks: Etherscan, Nature: Passing, early: true,
			apply: said("NOTOK", "Max rate limit reached, please use API Key for higher rate limit"),
		},
		{
			Name: "blockscout-rate", Doc: "429 in the message of status 0.", Ref: "sources 4.2", Speaks: Etherscan, Nature: Passing, early: true,
			apply: func(x *exchange) bool {
				return x.answer(http.StatusOK, "application/json", `{"message":"429 Too Many Requests","result":null,"status":"0"}`)
			},
		},
		{
			Name: "etherscan-daily", Doc: "The day's calls are used up, from now on.", Ref: "sources 4.1", Speaks: Etherscan, Nature: Fatal, Onward: true, early: true,
			apply: said("NOTOK", "Max daily rate limit reached. 100000 (100%) of 100000 day/limit"),
		},
		{
			Name: "etherscan-key", Doc: "The key is not valid any more, from now on.", Ref: "sources 4.1", Speaks: Etherscan, Nature: Fatal, Onward: true, early: true,
			apply: said("NOTOK", "Invalid API Key (#err2)|CANARY"),
		},
		{
			Name: "etherscan-timeout", Doc: "The query timed out: the range is too wide.", Ref: "sources 4.1", Speaks: Etherscan, Nature: Telling, early: true,
			fits: account, apply: said("Query Timeout occured. Please select a smaller result dataset", ""), //nolint:misspell // in its words
		},
		{
			Name: "etherscan-window", Doc: "The result window is too large.", Ref: "sources 4.1", Speaks: Etherscan, Nature: Telling, early: true,
			fits: account, apply: said("Result window is too large, PageNo x Offset size must be less than or equal to 10000", ""),
		},
		{
			Name: "etherscan-server", Doc: "The server is too busy, in words.", Ref: "reliability 6 B", Speaks: Etherscan, Nature: Passing, early: true,
			apply: said("NOTOK", "Unexpected error, timeout or server too busy. Please try again later"),
		},
		{
			Name: "etherscan-none", Doc: "No transactions found, where there are some.", Ref: "reliability 1.2", Speaks: Etherscan, Nature: Lying,
			fits: account,
			apply: func(x *exchange) bool {
				rows, _, ok := x.rows()
				return ok && len(rows) > 0 && x.answer(http.StatusOK, "application/json", `{"status":"0","message":"No transactions found","result":[]}`)
			},
		},
		{
			Name: "esplora-history", Doc: "Too many history entries: 400 with a text.", Ref: "esplora #282", Speaks: Esplora, Nature: Telling, early: true,
			apply: func(x *exchange) bool {
				return x.answer(http.StatusBadRequest, "text/plain", "Too many history entries")
			},
		},
		{
			Name: "esplora-unknown", Doc: "404 for a transaction that exists.", Ref: "sources 4.3", Speaks: Esplora, Nature: Passing, early: true,
			apply: func(x *exchange) bool { return x.answer(http.StatusNotFound, "text/plain", "Transaction not found") },
		},
		{
			Name: "esplora-electrum", Doc: "The server behind the server fails: 500 with a text.", Ref: "esplora #304", Speaks: Esplora, Nature: Passing, early: true,
			apply: func(x *exchange) bool {
				return x.answer(http.StatusInternalServerError, "text/plain", "electrum error: history too large")
			},
		},
	}
}
