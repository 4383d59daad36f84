package world_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/scamtrace/scamtrace/internal/synth/scenario"
	"github.com/scamtrace/scamtrace/internal/synth/world"
)

type look struct {
	world.Witness
	n, ins, outs, cb, notes int
	batch, sweeps, swin     int
	coins                   map[[2]int64]world.Output
	w                       *world.World
	marks                   map[string]int
	crowdMark               int
	maxIn, maxOut           int
	stage map[int64]string
}

func (k *look) Ethereum(*world.EthereumTx) error    { return nil }
func (k *look) Entity(world.EntityFact) error       { return nil }
func (k *look) Link(world.LinkFact) error           { return nil }
func (k *look) Victim(world.VictimFact) error       { return nil }
func (k *look) Deposit(world.DepositFact) error     { return nil }
func (k *look) Night(world.NightFact) error         { return nil }
func (k *look) Bitcoin(x *world.BitcoinTx) error {
	k.n++
	k.ins += len(x.In)
	k.outs += len(x.Out)
	k.maxIn = max(k.maxIn, len(x.In))
	k.maxOut = max(k.maxOut, len(x.Out))
	if len(x.In) == 0 {
		k.cb++
	} else if k.w.Parties().Role(x.In[0].Owner) == world.CexHot {
		k.batch++
		k.marks["batchouts"] += len(x.Out)
	} else if k.w.Parties().Role(x.In[0].Owner) == world.CexDeposit {
		k.sweeps++
		k.swin += len(x.In)
	}
	k.marks[x.Mark.Stage]++
	k.stage[x.Number] = x.Mark.Stage
	if k.coins != nil {
		for _, c := range x.In {
			delete(k.coins, [2]int64{c.Tx, int64(c.Index)})
		}
		for i, o := range x.Out {
			k.coins[[2]int64{x.Number, int64(i)}] = o
		}
	}
	return nil
}

func TestZZ(t *testing.T) {
	rows, _ := strconv.ParseInt(os.Getenv("ROWS"), 10, 64)
	share, _ := strconv.ParseInt(os.Getenv("SHARE"), 10, 64)
	seed, _ := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	sc := scenario.Default()
	sc.Bitcoin = scenario.Decimal(share)
	k := &look{marks: map[string]int{}, stage: map[int64]string{}}
	if rows <= 200000 {
		k.coins = map[[2]int64]world.Output{}
	}
	k.w = world.New(sc.Sized(rows), rows, seed)
	at := time.Now()
	if err := k.w.Play(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	took := time.Since(at)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	a, b := k.w.Span()
	w, s := k.w.Written()
	t.Log(took, "heap MB", m.HeapAlloc>>20, "sys", m.Sys>>20, "days", (b-a)/86400, "rows", w, "scam", s, "parties", k.w.Parties().Len())
	k2 := *k; k2.stage = nil; k2.coins, k2.w = nil, nil; t.Logf("%+v", k2)
	for at, o := range k.coins {
		if o.To != 0 && k.w.Parties().Role(o.To).Scam() {
			f, _ := k.w.Parties().Seen(o.To)
			if age := (b - a - f) / 86400; age > 8 {
				t.Log("old", k.w.Parties().Role(o.To), float64(o.Value)/1e8, age, at, k.stage[at[0]])
			}
		}
	}
	rest := map[string]float64{}
	cnt := map[string]int{}
	for _, o := range k.coins {
		if o.To != 0 {
			rest[k.w.Parties().Role(o.To).String()] += float64(o.Value) / 1e8
			cnt[k.w.Parties().Role(o.To).String()]++
		}
	}
	t.Log(rest, cnt)
}
