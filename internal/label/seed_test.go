package label_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/label"
)

const (
	usdt    = "0xdac17f958d2ee523a2206206994597c13d831ec7"
	null    = "0x0000000000000000000000000000000000000000"
	satoshi = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
	tx      = "0x4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
)

// lines are problems as people see them, notes marked.
func lines(problems []label.Problem) []string {
	var out []string
	for _, p := range problems {
		s := p.String()
		if p.Note {
			s = "note: " + s
		}
		out = append(out, s)
	}
	return out
}

func lookup(t require.TestingT, name string) chain.Chain {
	c, err := chain.Lookup(name)
	require.NoError(t, err)
	return c
}

func TestReadSeedsCSV(t *testing.T) {
	seeds, problems := label.ReadSeeds("seeds.csv", strings.NewReader("\ufeff"+strings.ReplaceAll(
		`Notes,Chain,Address,case_id,Role,Label,confidence,source,Source URL,reported-at,tx_hash,amount,Reporter
"first line,
""second"" line",eth, 0xdAC17F958D2ee523a2206206994597C13D831ec7 ,case-7,VICTIM_TX,Fund pool,authority_data,IC3,https://example.org,2024-05-31T10:00:00+02:00,`+tx+`,1000000,A
,,,,,,,,,,,,
,bitcoin,`+satoshi+`,,,,,,,2024-05-31,,,

`, "\n", "\r\n")))
	require.Equal(t, []string{
		`note: seeds.csv:1: column "Reporter" is not used; used are chain,address,case_id,role,label,confidence,source,source_url,reported_at,tx_hash,amount,notes`,
	}, lines(problems))
	hash, err := chain.ParseHash(tx)
	require.NoError(t, err)
	million, err := chain.ParseAmount("1000000")
	require.NoError(t, err)
	require.Equal(t, []label.Seed{
		{
			CaseID: "case-7", Chain: lookup(t, "ethereum"), Address: usdt, Role: label.RoleVictimTx, Label: "Fund pool",
			Confidence: 60, Source: "IC3", SourceURL: "https://example.org",
			ReportedAt: time.Date(2024, 5, 31, 8, 0, 0, 0, time.UTC),
			TxHash:     hash, HasTxHash: true, Amount: million, HasAmount: true,
			Notes: "first line,\n\"second\" line", File: "seeds.csv", Line: 2,
		},
		{
			CaseID: "default", Chain: lookup(t, "bitcoin"), Address: satoshi, Role: label.RoleSeed,
			Confidence: label.Unknown, ReportedAt: time.Date(2024, 5, 31, 0, 0, 0, 0, time.UTC),
			File: "seeds.csv", Line: 5,
		},
	}, seeds)
}

// Every line's every problem is told, and the good lines are read all the same.
func TestReadSeedsTellsAllProblems(t *testing.T) {
	seeds, problems := label.ReadSeeds("s.csv", strings.NewReader(`chain,address,case_id,role,confidence,reported_at,tx_hash,amount
ethereum,`+usdt+`,,,,,,
ethereum,1.23E+47,Case-1,boss,very,31.05.2024,1E+10,1.5
solana,x,,,,,,
,`+usdt+`,,,,,,
bitcoin,`+satoshi+`,,victim_tx,,,,
bitcoin,`+satoshi+`,,seed,101,2024-05-31 10:00:00,`+tx+`,"1,23E+18"
bitcoin,`+satoshi+`
bitcoin,`+satoshi+`,a "b" c,,,,,
# a remark,,,,,,,
bitcoin,`+satoshi+",\xff,,,,,"+`
bitcoin,`+satoshi+`,,,,,,
ethereum,`+strings.ToUpper(usdt)+`,default,seed,,,,
ethereum,`+usdt+`,,,,,,5
`))
	require.Len(t, seeds, 2)
	require.Equal(t, []int{2, 12}, []int{seeds[0].Line, seeds[1].Line})
	require.Equal(t, []string{
		`s.csv:3: case_id "Case-1" is not one: at most 64 of a-z (lower case), 0-9, dot, underscore and dash, beginning with a letter or digit`,
		`s.csv:3: role "boss" is none of seed, victim_tx, watch`,
		`s.csv:3: confidence "very" is neither a whole number from 0 to 100 nor a TagPack name such as authority_data`,
		`s.csv:3: reported_at "31.05.2024" is neither a date (2024-05-31) nor a time with its zone (2024-05-31T08:00:00Z)`,
		`s.csv:3: address "1.23E+47" was rounded by a spreadsheet and its digits are lost: take it from the original again, into a column formatted as text`,
		`s.csv:3: tx_hash "1E+10" was rounded by a spreadsheet and its digits are lost: take it from the original again, into a column formatted as text`,
		`s.csv:3: amount "1.5" is not a whole number of base units`,
		`s.csv:4: unknown chain "solana": use arbitrum, avalanche, base, bitcoin, bitcoin-regtest, bitcoin-testnet, bsc, ethereum, gnosis, optimism, polygon, sepolia or eip155:N`,
		`s.csv:5: names no chain`,
		`s.csv:6: role victim_tx needs a tx_hash: the transaction in which the victim paid`,
		`s.csv:7: confidence "101" is neither a whole number from 0 to 100 nor a TagPack name such as authority_data`,
		`s.csv:7: reported_at "2024-05-31 10:00:00" is neither a date (2024-05-31) nor a time with its zone (2024-05-31T08:00:00Z)`,
		`s.csv:7: amount "1,23E+18" was rounded by a spreadsheet and its digits are lost: take it from the original again, into a column formatted as text`,
		`s.csv:8: has 2 fields where the header has 8: a field that contains a comma must stand in double quotes`,
		`s.csv:9: has a double quote inside a field: put the field in double quotes and write "" for one inside`,
		`s.csv:10: begins with #: CSV has no comments, and scamtrace drops no line in silence; remove it`,
		`s.csv:11: is not UTF-8: save the file as "CSV UTF-8 (comma delimited)"`,
		`note: s.csv:13: is the same seed as line 2, which is kept`,
		`s.csv:14: is the same seed as line 2 with another amount: one of them is wrong`,
	}, lines(problems))
	require.Len(t, label.Notes(problems), 1)
	require.Len(t, label.Refusals(problems), 18)
}

func TestReadSeedsWholeFile(t *testing.T) {
	for _, tt := range []struct{ name, file, in, want string }{
		{"empty", "s.csv", "", "s.csv: the file is empty: its first line must name the columns chain,address"},
		{"only BOM", "s.csv", "\ufeff", "s.csv: the file is empty"},
		{"header only", "s.csv", "chain,address\n", "s.csv: no seeds in s.csv"},
		{"no header", "s.csv", "ethereum," + usdt + "\n", "s.csv:1: lacks the column chain"},
		{"semicolons", "s.csv", "chain;address\nethereum;" + usdt + "\n", `s.csv:1: is separated by semicolons: save it as "CSV UTF-8 (comma delimited)"`},
		{"tabs", "s.csv", "chain\taddress\n", "s.csv:1: is separated by tabs"},
		{"twice", "s.csv", "chain,address,Address\n", "s.csv:1: names the column address twice"},
		{"UTF-16", "s.csv", "\xff\xfec\x00h\x00", "s.csv: is UTF-16"},
		{"open quote", "s.csv", "chain,address\n\"ethereum," + usdt + "\n", "s.csv:2: has a double quote that is opened and not closed"},
		{"empty YAML", "s.yaml", "", "s.yaml: is no TagPack"},
		{"no tags", "s.yaml", "title: x\n", "s.yaml: is no TagPack: it has no list of tags"},
		{"no YAML", "s.yaml", "title: x\ntags: [\n", "s.yaml:2: is not YAML"},
		{"a list", "s.yml", "- a\n", "s.yml: is no TagPack"},
		{"no tag", "s.yml", "tags: []\n", "s.yml: no seeds in s.yml"},
		{"scalar tag", "s.yml", "tags:\n- x\n", "s.yml:2: a tag must be a list of fields"},
		{"two documents", "s.yml", "tags: []\n---\ntags: []\n", "s.yml: holds 2 YAML documents"},
		{"broken gzip", "s.csv.gz", "\x1f\x8b\x00", "s.csv.gz: cannot unpack gzip"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seeds, problems := label.ReadSeeds(tt.file, strings.NewReader(tt.in))
			require.Empty(t, seeds)
			require.NotEmpty(t, problems)
			require.Contains(t, problems[0].String(), tt.want)
			require.False(t, problems[0].Note)
		})
	}
}

func TestReadSeedsTagPack(t *testing.T) {
	const pack = `# a pack without quotes: the address must not become a number
title: Fund pool
creator: somebody
label: Fund pool
source: https://example.org
currency: ETH
confidence: forensic
tags:
  - address: 0xdac17f958d2ee523a2206206994597c13d831ec7
  - address: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
    currency: BTC
    label: "Fund pool, Bitcoin"
    confidence: 20
    context: |
      found in a chat
  - tx_hash: 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b
    currency: BTC
  - address: "0x0000000000000000000000000000000000000000"
    currency: USDT
    network: ETH
  - address: rGeyCsqc6vKXuyTGF39WJxmTRemoV3c97h
    currency: XRP
  - address: x
    address: y
`
	for _, file := range []string{"pack.yaml", "pack.yml", "no-extension"} {
		seeds, problems := label.ReadSeeds(file, strings.NewReader(pack))
		require.Equal(t, []label.Seed{
			{
				CaseID: "default", Chain: lookup(t, "ethereum"), Address: usdt, Role: label.RoleSeed, Label: "Fund pool",
				Confidence: 50, Source: "https://example.org", File: file, Line: 9,
			},
			{
				CaseID: "default", Chain: lookup(t, "bitcoin"), Address: satoshi, Role: label.RoleSeed,
				Label: "Fund pool, Bitcoin", Confidence: 20, Source: "https://example.org",
				Notes: "found in a chat", File: file, Line: 10,
			},
			{
				CaseID: "default", Chain: lookup(t, "ethereum"), Address: null, Role: label.RoleSeed, Label: "Fund pool",
				Confidence: 50, Source: "https://example.org", File: file, Line: 18,
			},
		}, seeds)
		got := lines(problems)
		require.Len(t, got, 4)
		require.Equal(t, "note: "+file+":16: tags a transaction and no address, and is left out", got[0])
		require.Contains(t, got[1], file+`:21: unknown chain "XRP"`)
		require.Contains(t, got[2], file+`:23: address "x" is not an EVM address`)
		require.Contains(t, got[3], file+`:24: names the field address twice`)
	}
}

func TestReadSeedsGzip(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte("\ufeffchain,address\nethereum," + usdt + "\n"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	seeds, problems := label.ReadSeeds("seeds.csv.gz", &packed)
	require.Empty(t, problems)
	require.Len(t, seeds, 1)
}

// Every line of a list is a seed, a refusal or a note: nothing is lost.
func TestReadSeedsLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SampledFrom([]string{
			"ethereum," + usdt + ",", "eth," + strings.ToUpper(usdt) + ",a", "bitcoin," + satoshi + ",b",
			"bitcoin," + usdt + ",", "x,y,z", "ethereum", "#,,", `"`,
		}), 1, 30).Draw(t, "rows")
		for i, row := range rows {
			if row == `"` { // opens a quote that swallows the rest
				rows = rows[:i+1]
				break
			}
		}
		seeds, problems := label.ReadSeeds("s.csv", strings.NewReader("chain,address,case_id\n"+strings.Join(rows, "\n")+"\n"))
		told := map[int]bool{}
		for _, s := range seeds {
			told[s.Line] = true
		}
		for _, p := range problems {
			told[p.Line] = true
		}
		for i := range rows {
			require.True(t, told[i+2], "line %d: %s", i+2, rows[i])
		}
	})
}

func FuzzReadSeeds(f *testing.F) {
	f.Add("s.csv", "chain,address\nethereum,"+usdt+"\n")
	f.Add("s.yaml", "currency: ETH\ntags:\n- address: "+usdt+"\n")
	f.Add("s", "\ufeff---\ntags: [{a: &x 1, b: *x}]\n")
	f.Fuzz(func(t *testing.T, name, in string) {
		seeds, problems := label.ReadSeeds(name, strings.NewReader(in))
		require.False(t, len(seeds) == 0 && len(problems) == 0)
		for _, s := range seeds {
			require.NotEmpty(t, s.Address)
			require.Positive(t, s.Line)
		}
	})
}

func BenchmarkReadSeeds(b *testing.B) {
	var in bytes.Buffer
	in.WriteString("case_id,chain,address,role,label,reported_at,tx_hash,amount\n")
	for i := range 1_000_000 {
		fmt.Fprintf(&in, "case-%d,ethereum,0x%040x,victim_tx,Pool %d,2024-05-31,0x%064x,%d\n", i%100, i, i, i, i)
	}
	b.SetBytes(int64(in.Len()))
	for b.Loop() {
		seeds, problems := label.ReadSeeds("s.csv", bytes.NewReader(in.Bytes()))
		require.Len(b, seeds, 1_000_000)
		require.Empty(b, problems)
	}
}
