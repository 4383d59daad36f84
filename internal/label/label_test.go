package label_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/label"
)

func TestReadLabelsByForm(t *testing.T) {
	ethereum, polygon, bitcoin := lookup(t, "ethereum"), lookup(t, "polygon"), lookup(t, "bitcoin")
	const in = `address,label,category,source
0xdAC17F958D2ee523a2206206994597C13D831ec7,Tether,"Accounts,token",etherscan
1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa,Genesis,,
mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn,a testnet address,,
`
	tether := label.Label{
		Chain: ethereum, Address: usdt, Label: "Tether", Category: "Accounts,token", Source: "etherscan",
		Confidence: label.Unknown, File: "l.csv", Line: 2,
	}
	onPolygon := tether
	onPolygon.Chain = polygon
	genesis := label.Label{
		Chain: bitcoin, Address: satoshi, Label: "Genesis", Confidence: label.Unknown, File: "l.csv", Line: 3,
	}
	for _, tt := range []struct {
		name   string
		chains []chain.Chain
		want   []label.Label
		note   string
	}{
		{"two EVM chains", []chain.Chain{ethereum, polygon}, []label.Label{tether, onPolygon}, "2 labels of chains that are not traced are left out: any Bitcoin network 2"},
		{"Bitcoin", []chain.Chain{bitcoin}, []label.Label{genesis}, "2 labels of chains that are not traced are left out: any Bitcoin network 1, any EVM chain 1"},
		{"both", []chain.Chain{bitcoin, ethereum}, []label.Label{tether, genesis}, "1 labels of chains that are not traced are left out: any Bitcoin network 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, problems := label.ReadLabels("l.csv", strings.NewReader(in), tt.chains)
			require.Equal(t, tt.want, got)
			require.Equal(t, []string{"note: l.csv: " + tt.note}, lines(problems))
		})
	}
}

func TestReadLabelsByChain(t *testing.T) {
	got, problems := label.ReadLabels("l.csv", strings.NewReader(`chain,address,label,category,confidence,actor,licence
ethereum,`+usdt+`,Tether,,100,tether,MIT
ETH,`+null+`,Null,burn,web_crawl,,MIT
ada,DdzFFz,Bitfinex,exchange,,,MIT
ada,DdzFFz,Bitfinex,exchange,,,MIT
polygon,not checked since not traced,,,,,MIT
ethereum,0xdac1,Short,,,,MIT
ethereum,`+usdt+`,Sure?,,200,,MIT
,`+usdt+`,Inferred,,,,MIT
ethereum,,Nobody,,,,MIT
,mystery,,,,,MIT
`), []chain.Chain{lookup(t, "ethereum")})
	var names []string
	for _, l := range got {
		names = append(names, l.Label)
	}
	require.Equal(t, []string{"Tether", "Null", "Inferred"}, names)
	require.Equal(t, label.Certain, got[0].Confidence)
	require.Equal(t, "tether", got[0].Actor)
	require.Equal(t, label.Confidence(20), got[1].Confidence)
	require.Equal(t, []string{
		"note: l.csv: 3 labels of chains that are not traced are left out: ada 2, polygon 1",
		`note: l.csv:1: column "licence" is not used; used are address,label,category,source,chain,confidence,actor`,
		"l.csv:7: address 0xdac1 has 4 hex digits instead of 40",
		`l.csv:8: confidence "200" is neither a whole number from 0 to 100 nor a TagPack name such as authority_data`,
		"l.csv:10: names no address",
		`l.csv:11: address "mystery" is not a Bitcoin address: it has 7 characters, and a base58 address has 25 to 35`,
	}, lines(problems))
}

func TestReadLabelsTagPack(t *testing.T) {
	got, problems := label.ReadLabels("pack.yaml", strings.NewReader(`title: Exchanges
creator: somebody
label: Binance
source: https://example.org
currency: BTC
confidence: service_data
actor: binance
category: exchange
tags:
- address: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
- {address: "0xdac17f958d2ee523a2206206994597c13d831ec7", currency: USDT, network: ETH,
   concepts: [exchange, hot_wallet], abuse: scam, confidence: unknown}
- {tx_hash: 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b}
- {address: rGeyCsqc6vKXuyTGF39WJxmTRemoV3c97h, currency: XRP}
- address:
- address: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb
`), []chain.Chain{lookup(t, "bitcoin"), lookup(t, "ethereum")})
	require.Equal(t, []label.Label{
		{
			Chain: lookup(t, "bitcoin"), Address: satoshi, Label: "Binance", Category: "exchange",
			Source: "https://example.org", Confidence: 50, Actor: "binance", File: "pack.yaml", Line: 10,
		},
		{
			Chain: lookup(t, "ethereum"), Address: usdt, Label: "Binance", Category: "exchange,hot_wallet,scam",
			Source: "https://example.org", Confidence: label.Unknown, Actor: "binance", File: "pack.yaml", Line: 11,
		},
	}, got)
	require.Equal(t, []string{
		"note: pack.yaml: 1 labels of chains that are not traced are left out: xrp 1",
		"note: pack.yaml: 1 tags of transactions are left out: labels are of addresses",
		"pack.yaml:15: names no address",
		"pack.yaml:16: address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb has a wrong checksum: a character was mistyped, lost or changed in case",
	}, lines(problems))
}

func TestReadLabelsWholeFile(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", "l.csv: the file is empty: its first line must name the columns address"},
		{"header only", "address,label\n", "l.csv: no labels in l.csv"},
		{"semicolons", "address;label\n", "l.csv:1: is separated by semicolons"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, problems := label.ReadLabels("l.csv", strings.NewReader(tt.in), []chain.Chain{lookup(t, "bitcoin")})
			require.Empty(t, got)
			require.Contains(t, problems[0].String(), tt.want)
		})
	}
}

func TestParseConfidence(t *testing.T) {
	for in, want := range map[string]label.Confidence{
		"": 5, "unknown": 5, "heuristic": 10, "web_crawl": 20, "untrusted_transaction": 40, "forensic": 50,
		"service_data": 50, "trusted_provider": 50, "Authority_Data": 60, "forensic_investigation": 70,
		"service_api": 70, "manual_transaction": 90, "ledger_immanent": 100, "ownership": 100, "override": 100,
		"0": 0, "77": 77, "100": 100,
	} {
		got, err := label.ParseConfidence(in)
		require.NoError(t, err)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"-1", "101", "0.5", "high", "50%"} {
		_, err := label.ParseConfidence(in)
		require.ErrorContains(t, err, in)
	}
}
