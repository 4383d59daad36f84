package reference_test

import (
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/config"
	"github.com/scamtrace/scamtrace/internal/synth/reference"
)

// The whole program and this package say the same of small worlds in which
// everything happens that a chain allows, likely or not: calls back and forth in
// one transaction, payments to oneself and of nothing, money that nobody saw
// arrive, seeds that pay each other, labels on seeds, two cases at once.
func TestExpect_agreesWithTheTracerOnAnything(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		here := filepath.Join(dir, fmt.Sprint(n))
		defer os.RemoveAll(here)
		w := newWorld(t)
		w.ethereum()
		w.bitcoin()
		w.public()
		cfg := w.write(here)
		want, err := reference.Expect(t.Context(), question(t, cfg), slices.Values(w.movements))
		require.NoError(t, err)
		if found := differences(want, traced(t, cfg)); len(found) > 0 {
			t.Fatalf("%s\n%s", strings.Join(found, "\n"), w.text())
		}
	})
}

// world is random chains, in the words of this package and as files.
type world struct {
	*rapid.T
	movements []reference.Movement
	files     map[string]*strings.Builder
	paid      []reference.Movement // what a victim may report
	unplaced  bool                 // tokens without transaction_index
}

func newWorld(t *rapid.T) *world {
	w := &world{T: t, files: map[string]*strings.Builder{}, unplaced: rapid.Bool().Draw(t, "no index of tokens")}
	w.line("ethereum/blocks.csv", "number,timestamp")
	w.line("ethereum/transactions.csv", "hash,transaction_index,from_address,to_address,value,receipt_status,receipt_gas_used,gas_price,receipt_contract_address,block_number")
	w.line("ethereum/traces.csv", "transaction_hash,transaction_index,from_address,to_address,value,trace_type,call_type,status,error,trace_address,block_number")
	w.line("ethereum/token_transfers.csv", "token_address,from_address,to_address,value,transaction_hash,log_index,block_number,transaction_index")
	w.line("seeds.csv", "chain,address,case_id,role,tx_hash,amount")
	w.line("labels.csv", "chain,address,label,category,source")
	return w
}

func (w *world) line(file, format string, args ...any) {
	if w.files[file] == nil {
		w.files[file] = &strings.Builder{}
	}
	fmt.Fprintf(w.files[file], format+"\n", args...)
}

// text is all files.
func (w *world) text() string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		fmt.Fprintf(&out, "-- %s --\n%s", name, w.files[name])
	}
	return out.String()
}

func (w *world) number(name string, from, to int) int {
	return rapid.IntRange(from, to).Draw(w.T, name)
}

// one in n times it is true.
func (w *world) one(n int, name string) bool { return w.number(name, 1, n) == n }

// accounts of Ethereum; the first is the null address.
func account(n int) string { return fmt.Sprintf("0x%040x", n) }

func (w *world) account(name string) string {
	if w.one(12, name+" is null") {
		return account(0)
	}
	return account(w.number(name, 1, 8))
}

func token(n int) string { return account(100 + n) }

func units(n int) *big.Int { return big.NewInt(int64(n)) }

func (w *world) move(m reference.Movement, from, to string, value int) {
	if from != "" {
		m.In = []reference.Entry{{Address: from, Amount: units(value)}}
	}
	if to != "" {
		m.Out = []reference.Entry{{Address: to, Amount: units(value), Created: m.Out != nil}}
	}
	w.movements = append(w.movements, m)
	if !m.Failed && to != "" && m.Kind != chain.Reward {
		w.paid = append(w.paid, m)
	}
}

func (w *world) ethereum() {
	height, index, log := 99, 0, 0
	for n := range w.number("transactions", 1, 14) {
		if n == 0 || w.one(3, "new block") {
			height, index, log = height+1, 0, 0
			w.line("ethereum/blocks.csv", "%d,%d", height, height*12)
		}
		m := reference.Movement{
			Chain: "ethereum", Tx: fmt.Sprintf("0x%064x", n*7919%101+1), Height: uint64(height), Index: uint32(index), Asset: "native",
			Failed: w.one(8, "failed"),
		}
		status := 1
		if m.Failed {
			status = 0
		}
		from, to, created, value, gas := w.account("from"), w.account("to"), "", w.number("value", 0, 60), w.number("gas", 0, 3)
		if w.one(10, "creation") {
			to, created = "", to
		}
		w.line("ethereum/transactions.csv", "%s,%d,%s,%s,%d,%d,%d,1,%s,%d", m.Tx, index, from, to, value, status, gas, created, height)
		m.Kind = chain.Fee
		w.move(m, from, "", gas)
		if m.Kind = chain.NativeKind; created != "" {
			m.Out = []reference.Entry{}
		}
		w.move(m, from, to+created, value)
		for i := range w.number("calls", 0, 3) {
			m.Kind, m.TraceAddress, m.Out = chain.Internal, []uint32{uint32(i)}, nil
			from, to, value, sort := w.account("caller"), w.account("called"), w.number("value", 0, 60), "call,call"
			if w.one(10, "creates") {
				sort, m.Out = "create,", []reference.Entry{}
			}
			w.line("ethereum/traces.csv", "%s,%d,%s,%s,%d,%s,%d,,%d,%d", m.Tx, index, from, to, value, sort, status, i, height)
			w.move(m, from, to, value)
		}
		m.TraceAddress = nil
		for range w.number("logs", 0, 3) {
			if m.Failed {
				break
			}
			m.Kind, m.LogIndex, m.Out, m.Asset = chain.Token, uint32(log), nil, token(w.number("token", 1, 2))
			place := fmt.Sprint(index)
			if m.NoIndex = w.unplaced; m.NoIndex {
				place = ""
			}
			from, to, value := w.account("sender"), w.account("receiver"), w.number("value", 0, 60)
			w.line("ethereum/token_transfers.csv", "%s,%s,%s,%d,%s,%d,%d,%s", m.Asset, from, to, value, m.Tx, log, height, place)
			w.move(m, from, to, value)
			log++
		}
		if w.one(10, "reward") {
			m := reference.Movement{Chain: "ethereum", Tx: fmt.Sprint("reward ", n), Height: uint64(height), Kind: chain.Reward, Asset: "native"}
			to, value := w.account("miner"), w.number("value", 1, 60)
			w.line("ethereum/traces.csv", ",,,%s,%d,reward,,1,,,%d", to, value, height)
			w.move(m, "", to, value)
		}
		index++
	}
}

// owners are addresses of Bitcoin.
func owners() []string {
	return []string{
		"16TAAWXBoTqh9VSLwTVD5JDwfCRyeaowY7", "1BZyN5KbVcu2MFU9UVhkXCbHED6ePiW7R7", "1EDqpfngve3BySzGLXGYkMGSPhj8mKsCed",
		"bc1q0cee3yr20ts04z4hsec4se7pyscu0w8pffrfgt", "bc1q0dspk000dp0n3zppkxjaevkvffw0rz87mf8umk",
		"bc1q0n38asq73v0r9gkm6xu8q88242s4wnnkm79svl", "bc1q263jdu6k4qd8xaq69ee3de3n4mhumcug9xpv9u",
		"bc1q280yaxwh8ad7wup5xu4am6kympkyj3rlmn6msj",
	}
}

// bitcoin plays a few transactions. Outputs above 2,730 satoshi are those of
// CoinJoins, so that nothing else looks like one.
func (w *world) bitcoin() {
	const most = 2730
	var coins []reference.Entry
	height, index := 100, 0
	for n := range w.number("transactions", 1, 14) {
		if w.one(3, "new block") {
			height, index = height+1, 0
		}
		m := reference.Movement{
			Chain: "bitcoin", Tx: fmt.Sprintf("%064x", n*7919%101+1), Height: uint64(height), Index: uint32(index), Kind: chain.Output, Asset: "native",
			Opaque: w.one(6, "join"),
		}
		index++
		coinbase := !m.Opaque && w.one(8, "coinbase")
		left := 0
		spend := func(in reference.Entry) {
			m.In = append(m.In, in)
			left += int(in.Amount.Int64())
		}
		old := func(owner string, value int) {
			spend(reference.Entry{Address: owner, Amount: units(value), Spends: reference.Outpoint{Tx: fmt.Sprintf("%064x", 1000+n), Index: len(m.In)}})
		}
		pay := func(owner string, value int) {
			m.Out = append(m.Out, reference.Entry{Address: owner, Amount: units(value)})
			left -= value
		}
		for k := w.number("inputs", 1, 4); k > 0 && !coinbase && len(coins) > 0; k-- {
			at := w.number("coin", 0, len(coins)-1)
			spend(coins[at])
			coins = slices.Delete(coins, at, at+1)
		}
		switch {
		case m.Opaque:
			first := w.number("first", 0, 5)
			for _, owner := range owners()[first : first+3] {
				old(owner, 3000)
			}
			for range 3 {
				pay(rapid.SampledFrom(owners()).Draw(w.T, "mixed"), 3000)
			}
		case coinbase:
			left = w.number("subsidy", 0, 5000)
		case len(m.In) == 0 || w.one(3, "old"):
			old(rapid.SampledFrom(owners()).Draw(w.T, "owner"), w.number("value", 0, 3000))
		}
		// The equal outputs of a CoinJoin are at least half of all.
		for range w.number("outputs", 1, 3) {
			owner := rapid.SampledFrom(append(owners(), "")).Draw(w.T, "payee")
			pay(owner, w.number("value", 0, min(left, most)))
		}
		inputs, outputs := []string{}, []string{}
		for i, e := range m.In {
			inputs = append(inputs, fmt.Sprintf(`{"index":%d,"spent_transaction_hash":%q,"spent_output_index":%d,"addresses":[%q],"value":%s}`,
				i, e.Spends.Tx, e.Spends.Index, e.Address, e.Amount))
		}
		for i, e := range m.Out {
			addresses := fmt.Sprintf("[%q]", e.Address)
			if e.Address == "" {
				addresses = "[]"
			} else {
				coins = append(coins, reference.Entry{Address: e.Address, Amount: e.Amount, Spends: reference.Outpoint{Tx: m.Tx, Index: i}})
			}
			outputs = append(outputs, fmt.Sprintf(`{"index":%d,"addresses":%s,"value":%s}`, i, addresses, e.Amount))
		}
		w.line("bitcoin/transactions.jsonl", `{"hash":%q,"block_number":%d,"block_timestamp":%d,"index":%d,"is_coinbase":%t,"inputs":[%s],"outputs":[%s]}`,
			m.Tx, height, height*600, m.Index, coinbase, strings.Join(inputs, ","), strings.Join(outputs, ","))
		w.movements = append(w.movements, m)
		w.paid = append(w.paid, m)
	}
}

// public draws what is known: seeds, reported payments, labels.
func (w *world) public() {
	places := []string{"ethereum," + token(1)}
	for i := range 9 {
		places = append(places, "ethereum,"+account(i))
	}
	for _, owner := range owners() {
		places = append(places, "bitcoin,"+owner)
	}
	for _, place := range places {
		if w.one(4, "is a seed") {
			w.line("seeds.csv", "%s,case-%d,%s,,", place, w.number("case", 1, 2), rapid.SampledFrom([]string{"seed", "seed", "seed", "watch"}).Draw(w.T, "role"))
		}
		if w.one(6, "has a label") {
			w.line("labels.csv", "%s,x,%s,s", place, rapid.SampledFrom([]string{"exchange", "mixer", "bridge", "service", "contract", "scam"}).Draw(w.T, "category"))
		}
	}
	reported := map[string]bool{}
	for range w.number("reports", 1, 3) {
		m := rapid.SampledFrom(w.paid).Draw(w.T, "payment")
		to := rapid.SampledFrom(m.Out).Draw(w.T, "receiver")
		amount := ""
		if w.one(2, "knows the amount") {
			amount = fmt.Sprint(w.number("amount", 1, 40))
		}
		if name := m.Tx + to.Address; to.Address != "" && !reported[name] {
			reported[name] = true
			w.line("seeds.csv", "%s,%s,case-%d,victim_tx,%s,%s", m.Chain, to.Address, w.number("case", 1, 2), m.Tx, amount)
		}
	}
	// An empty list is refused.
	w.line("seeds.csv", "ethereum,%s,case-1,seed,,", account(1))
	w.line("labels.csv", "ethereum,%s,x,scam,s", token(2))
}

// write writes the files and draws the settings of a run.
func (w *world) write(dir string) config.Config {
	for name, data := range w.files {
		path := filepath.Join(dir, name)
		require.NoError(w, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(w, os.WriteFile(path, []byte(data.String()), 0o644))
	}
	cfg := config.Default()
	cfg.Out, cfg.Workers = filepath.Join(dir, "out"), 1
	cfg.Seeds, cfg.Labels = []string{filepath.Join(dir, "seeds.csv")}, []string{filepath.Join(dir, "labels.csv")}
	cfg.Sources = map[string]string{"ethereum": "dataset:" + filepath.Join(dir, "ethereum"), "bitcoin": "dataset:" + filepath.Join(dir, "bitcoin")}
	cfg.Crawl.MaxHops = w.number("max hops", 1, 4)
	floor := func(n int) chain.Amount { return *new(chain.Amount).SetUint64(uint64(n)) }
	cfg.Crawl.Dust = map[string]map[chain.Asset]chain.Amount{
		"ethereum": {chain.Native: floor(w.number("dust", 0, 30)), chain.Asset(token(1)): floor(w.number("dust", 0, 30))},
		"bitcoin":  {chain.Native: floor(w.number("dust", 0, 1000))},
	}
	if w.one(2, "not all assets") {
		cfg.Crawl.Assets = map[string][]string{"ethereum": {"native", token(1)}}
	}
	return cfg
}
