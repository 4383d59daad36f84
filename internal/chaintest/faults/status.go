package faults

import (
	"net/http"
	"strings"
)

// statusKinds are replies that say by their HTTP status that something is wrong.
func statusKinds() []Kind {
	plain := func(status int, body string) func(*exchange) bool {
		return func(x *exchange) bool { return x.answer(status, "text/plain; charset=utf-8", body) }
	}
	kinds := []Kind{
		{
			Name: "too-many-requests-after", Doc: "429 with Retry-After: 1.", Ref: "reliability 6 B; RFC 6585",
			apply: func(x *exchange) bool {
				x.answer(http.StatusTooManyRequests, "application/json", `{"error":"slow down"}`)
				x.header.Set("Retry-After", "1")
				return true
			},
		},
		{
			Name: "too-many-requests", Doc: "429 without Retry-After.", Ref: "esplora #449",
			apply: plain(http.StatusTooManyRequests, "Too Many Requests"),
		},
		{
			Name: "too-busy", Doc: "503 as btcd says it when all its connections are taken.", Ref: "sources 0.8",
			apply: plain(http.StatusServiceUnavailable, "503 Too busy.  Try again later.\r\n"),
		},
		{
			Name: "server-error", Doc: "500 with a text.", Ref: "reliability 6 B",
			apply: plain(http.StatusInternalServerError, "Internal Server Error"),
		},
		{
			Name: "bad-gateway", Doc: "502 with an HTML page of a proxy.", Ref: "cryo #224",
			apply: func(x *exchange) bool {
				return x.answer(http.StatusBadGateway, "text/html", "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
			},
		},
		{
			Name: "gateway-timeout", Doc: "504 with nothing.", Ref: "reliability 6 B",
			apply: plain(http.StatusGatewayTimeout, ""),
		},
		{
			Name: "payment-required", Doc: "402: the day's credits are used up, from now on.", Ref: "sources 4.11 Infura",
			Nature: Fatal, Onward: true,
			apply: func(x *exchange) bool {
				return x.answer(http.StatusPaymentRequired, "application/json",
					`{"jsonrpc":"2.0","error":{"code":402,"event":-33000,"message":"Payment Required"}}`)
			},
		},
		{
			Name: "forbidden", Doc: "403: this key may not, from now on.", Ref: "reliability 6 B",
			Nature: Fatal, Onward: true, apply: plain(http.StatusForbidden, "Forbidden"),
		},
		{
			Name: "key-revoked", Doc: "401 from now on: the key was revoked in the night.", Ref: "reliability 6 B",
			Nature: Fatal, Onward: true,
			apply: func(x *exchange) bool {
				return x.answer(http.StatusUnauthorized, "application/json", `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Must be authenticated!"}}`)
			},
		},
		{
			Name: "redirect", Doc: "302 to another host, which must not be told the key.", Ref: "reliability 6 C5",
			apply: func(x *exchange) bool {
				x.answer(http.StatusFound, "text/html", "")
				x.header.Set("Location", x.trap+"/elsewhere")
				return true
			},
		},
		{
			Name: "login-page", Doc: "200 with the HTML of a login page.", Ref: "reliability 6 B",
			apply: func(x *exchange) bool {
				return x.answer(http.StatusOK, "text/html; charset=utf-8", "<!DOCTYPE html><html><body><form action=/login>"+strings.Repeat("<input>", 9)+"</form></body></html>")
			},
		},
		{
			Name: "rate-limit-text", Doc: "200 with a rate limit as plain text.", Ref: "web3-ethereum-defi 1153",
			apply: plain(http.StatusOK, "You have exceeded your rate limit, please try again later"),
		},
		{
			Name: "empty-body", Doc: "200 with nothing.", Ref: "subsquid #273", apply: plain(http.StatusOK, ""),
		},
	}
	for i := range kinds {
		kinds[i].Speaks, kinds[i].early = anyProtocol, true
		if kinds[i].Nature == Harmless {
			kinds[i].Nature = Passing
		}
	}
	return kinds
}
