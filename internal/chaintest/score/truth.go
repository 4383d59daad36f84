package score

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"strconv"
)

// Truth is what the generator knows.
type Truth struct {
	// Kinds says what each entity is: team, victim, exchange, ...
	Kinds     map[string]string
	Addresses map[Place]Party
	Transfers []Fact
	Victims   []Victim
	Deposits  []Deposit
	Seeds     []Seed
	Expected  []Expected
}

// Party is what an address is.
type Party struct {
	Role string
	// Controller is who uses it: of a deposit address the customer.
	Controller string
	// Exchange holds its key, if it is an exchange's.
	Exchange string
}

// Fact is what a movement is for.
type Fact struct {
	Movement
	// Stage is a stage of the scam, Noise says that a stranger did it: zero,
	// tiny, counterfeit or spam.
	Stage, Noise, Entity string
}

// Victim is one victim and how often it paid.
type Victim struct {
	Name     string
	Payments int64
}

// Deposit is a payment to an address of an exchange.
type Deposit struct {
	Chain, Address, Exchange, Controller, Asset string
	Amount                                      *big.Int
}

// Seed is what a listed seed really is. Address is as it is listed.
type Seed struct {
	Place
	Verdict string
}

// Expected is a row of endpoints as the reference has it.
type Expected struct {
	Endpoint
	Value *big.Int
}

// Endpoint is the key of a row of endpoints.
type Endpoint struct{ Case, Seed, Method, Chain, Asset, Address, Stop string }

// Scam says whether an entity belongs to the scam.
func (t *Truth) Scam(entity string) bool {
	kind := t.Kinds[entity]
	return kind == "team" || kind == "compound"
}

// Controllers says who uses each address.
func (t *Truth) Controllers() map[Place]string {
	out := make(map[Place]string, len(t.Addresses))
	for at, p := range t.Addresses {
		out[at] = p.Controller
	}
	return out
}

// Keyholders says who holds the key of each address: of what is an exchange's
// the exchange, not its customer.
func (t *Truth) Keyholders() map[Place]string {
	out := t.Controllers()
	for at, p := range t.Addresses {
		if p.Exchange != "" {
			out[at] = p.Exchange
		}
	}
	return out
}

// ReadTruth reads the files of a folder truth.
func ReadTruth(dir fs.FS) (*Truth, error) {
	t := &Truth{Kinds: map[string]string{}, Addresses: map[Place]Party{}}
	files := []struct {
		name string
		row  func(row) error
	}{
		{"entities.csv", func(r row) error {
			t.Kinds[r.get("entity")] = r.get("kind")
			return nil
		}},
		{"addresses.csv", func(r row) error {
			at := Place{r.get("chain"), r.get("address")}
			if _, again := t.Addresses[at]; !again { // what it was first
				t.Addresses[at] = Party{r.get("role"), r.get("controller"), r.get("exchange")}
			}
			return nil
		}},
		{"transfers.csv", func(r row) error {
			m := Movement{r.get("chain"), r.get("transaction_hash"), r.get("kind"), r.get("log_index"), r.get("trace_address")}
			t.Transfers = append(t.Transfers, Fact{m, r.get("stage"), r.get("noise"), r.get("entity")})
			return nil
		}},
		{"victims.csv", func(r row) error {
			n, err := strconv.ParseInt(r.get("payments"), 10, 64)
			t.Victims = append(t.Victims, Victim{r.get("victim"), n})
			return err
		}},
		{"deposits.csv", func(r row) error {
			n, err := amount(r.get("amount"))
			t.Deposits = append(t.Deposits, Deposit{
				r.get("chain"), r.get("deposit_address"), r.get("exchange"), r.get("controller"), r.get("asset"), n,
			})
			return err
		}},
		{"seeds.csv", func(r row) error {
			t.Seeds = append(t.Seeds, Seed{Place{r.get("chain"), r.get("address")}, r.get("verdict")})
			return nil
		}},
		{"expected_taint.csv", func(r row) error {
			n, err := amount(r.get("value"))
			t.Expected = append(t.Expected, Expected{Endpoint{
				r.get("case_id"), r.get("seed"), r.get("method"), r.get("chain"), r.get("asset"), r.get("address"), r.get("stop"),
			}, n})
			return err
		}},
	}
	for _, f := range files {
		if err := readFile(dir, f.name, f.row); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// row is a line of a file with its columns' places.
type row struct {
	columns map[string]int
	cells   []string
}

func (r row) get(column string) string {
	if i, ok := r.columns[column]; ok {
		return r.cells[i]
	}
	return ""
}

func readFile(dir fs.FS, name string, each func(row) error) error {
	f, err := dir.Open(name)
	if err != nil {
		return fmt.Errorf("%w: write the truth anew", err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	header, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: the first line must name the columns: %w", name, err)
	}
	columns := map[string]int{}
	for i, c := range header {
		columns[c] = i
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = each(row{columns, cells})
		}
		if err != nil {
			line, _ := in.FieldPos(0)
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
}

func amount(s string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok || n.Sign() < 0 {
		return nil, fmt.Errorf("amount %q is not a whole number of base units", s)
	}
	return n, nil
}
