package label

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Role is what a seed is for.
type Role string

const (
	// RoleSeed is a scam address: all it receives is traced.
	RoleSeed Role = "seed"
	// RoleVictimTx is one payment of a victim to the address: only what this
	// transaction brought is traced.
	RoleVictimTx Role = "victim_tx"
	// RoleWatch is an address to be reported when it moves; nothing is traced
	// from it.
	RoleWatch Role = "watch"
)

// DefaultCase is the case of seeds that name none.
const DefaultCase = "default"

// Seed is where a trace starts: one line of a seed list.
type Seed struct {
	// CaseID groups seeds of one investigation.
	CaseID  string
	Chain   chain.Chain
	Address chain.Address
	Role    Role
	// Label, Source, SourceURL and Notes are the investigator's own words.
	Label      string
	Confidence Confidence
	Source     string
	SourceURL  string
	// ReportedAt is when the address was reported, in UTC; the zero time if the
	// list does not say. A date alone is its midnight.
	ReportedAt time.Time
	// TxHash is the victim's transaction, if HasTxHash. A seed of role
	// victim_tx always has one.
	TxHash    chain.Hash
	HasTxHash bool
	// Amount is in base units, if HasAmount.
	Amount    chain.Amount
	HasAmount bool
	Notes     string
	// File and Line are where the seed stands.
	File string
	Line int
}

// seedColumns are the columns that ReadSeeds knows.
func seedColumns() []string {
	return []string{
		"chain", "address", "case_id", "role", "label", "confidence", "source",
		"source_url", "reported_at", "tx_hash", "amount", "notes",
	}
}

// ReadSeeds reads a seed list: CSV with at least the columns chain and address,
// or a TagPack. The name tells the format by its extension and stands in every
// problem. Seeds come in the order of the file; a line with any problem is not
// among them, but all problems of all lines are told. The same seed twice (case,
// chain, address, role and transaction) is kept once, and noted.
func ReadSeeds(name string, r io.Reader) ([]Seed, []Problem) {
	br, err := openText(r)
	if err != nil {
		return nil, []Problem{{File: name, Reason: err.Error()}}
	}
	s := seedReader{name: name, chains: chainBook{}, first: map[uint64]int{}, hash: maphash.MakeSeed()}
	var found []Problem
	if isTagPack(name, br) {
		found = readTagPack(name, br, s.addTag)
	} else {
		found = readCSV(name, br, seedColumns(), []string{"chain", "address"}, s.add)
	}
	found = inOrder(found, s.found)
	seeds := slices.Concat(s.blocks...)
	if len(seeds) == 0 && len(Refusals(found)) == 0 {
		found = append(found, Problem{File: name, Reason: "no seeds in " + name + ": it names no address"})
	}
	return seeds, found
}

// seedKey is what makes two seeds the same.
type seedKey struct {
	caseID  string
	chain   chain.ID
	address chain.Address
	role    Role
	tx      chain.Hash
	hasTx   bool
}

func (s *Seed) key() seedKey {
	return seedKey{s.CaseID, s.Chain.ID, s.Address, s.Role, s.TxHash, s.HasTxHash}
}

// blockSize is how many seeds a block holds.
const blockSize = 1024

type seedReader struct {
	name   string
	chains chainBook
	// blocks hold the seeds in order. A list of a million is not copied again
	// and again while it grows.
	blocks [][]Seed
	kept   int
	// first is the place of every seed met, by the hash of its key: a map
	// without pointers, which a million seeds do not burden the collector with.
	first map[uint64]int
	hash  maphash.Seed
	found []Problem
}

// addTag adds a tag of a TagPack. Tags of transactions are no seeds: they do
// not say which of its addresses is the scammer's.
func (s *seedReader) addTag(r row) {
	if r.Get("address") == "" && r.Get("tx_hash") != "" {
		s.found = append(s.found, Problem{
			File: s.name, Line: r.Line(), Note: true,
			Reason: "tags a transaction and no address, and is left out",
		})
		return
	}
	s.add(tagAsSeed{r})
}

// tagAsSeed reads a TagPack's field names as those of a seed list.
type tagAsSeed struct{ row }

func (t tagAsSeed) Get(column string) string {
	switch column {
	case "chain":
		return tagChain(t.row)
	case "notes":
		return t.row.Get("context")
	case "label", "source", "confidence", "address":
		return t.row.Get(column)
	}
	return ""
}

// tagChain is the chain of a tag: its network, which a token's tag has beside
// the currency, else its currency.
func tagChain(r row) string {
	if network := r.Get("network"); network != "" {
		return network
	}
	return r.Get("currency")
}

func (s *seedReader) add(r row) {
	seed, errs := parseSeed(r, s.chains)
	for _, err := range errs {
		s.found = append(s.found, Problem{File: s.name, Line: r.Line(), Reason: err.Error()})
	}
	if len(errs) > 0 {
		return
	}
	seed.File, seed.Line = s.name, r.Line()
	first := s.keep(seed)
	if first == nil {
		return
	}
	p := Problem{File: s.name, Line: seed.Line}
	if first.HasAmount != seed.HasAmount || first.Amount != seed.Amount {
		p.Reason = fmt.Sprintf("is the same seed as line %d with another amount: one of them is wrong", first.Line)
	} else {
		p.Reason = fmt.Sprintf("is the same seed as line %d, which is kept", first.Line)
		p.Note = true
	}
	s.found = append(s.found, p)
}

// keep adds a seed, or returns the same seed where it was met before.
func (s *seedReader) keep(seed Seed) *Seed {
	key := seed.key()
	h := maphash.Comparable(s.hash, key)
	for i, taken := s.first[h]; taken; i, taken = s.first[h] {
		if first := &s.blocks[i/blockSize][i%blockSize]; first.key() == key {
			return first
		}
		h++ // another seed has this hash
	}
	if s.kept%blockSize == 0 {
		s.blocks = append(s.blocks, make([]Seed, 0, blockSize))
	}
	last := len(s.blocks) - 1
	s.blocks[last] = append(s.blocks[last], seed)
	s.first[h] = s.kept
	s.kept++
	return nil
}

// parseSeed reads one row and returns everything that is wrong with it.
func parseSeed(r row, chains chainBook) (Seed, []error) {
	var errs []error
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	seed := Seed{
		Label: r.Get("label"), Source: r.Get("source"), SourceURL: r.Get("source_url"), Notes: r.Get("notes"),
	}
	var err error
	seed.CaseID, err = parseCase(r.Get("case_id"))
	note(err)
	seed.Role, err = parseRole(r.Get("role"))
	note(err)
	seed.Confidence, err = ParseConfidence(r.Get("confidence"))
	note(err)
	seed.ReportedAt, err = parseDate(r.Get("reported_at"))
	note(err)
	switch c, err := chains.lookup(r.Get("chain")); {
	case r.Get("chain") == "":
		note(errors.New("names no chain"))
	case err != nil:
		note(err)
	default:
		seed.Chain = c
		seed.Address, err = parseAddress(c, r.Get("address"))
		note(err)
	}
	if s := r.Get("tx_hash"); s != "" {
		seed.TxHash, err = chain.ParseHash(strings.ToLower(s))
		seed.HasTxHash = true
		note(damageOr(err, "tx_hash", s))
	} else if seed.Role == RoleVictimTx {
		note(errors.New("role victim_tx needs a tx_hash: the transaction in which the victim paid"))
	}
	if s := r.Get("amount"); s != "" {
		seed.Amount, err = chain.ParseAmount(s)
		seed.HasAmount = true
		note(damageOr(err, "amount", s))
	}
	return seed, errs
}

// damageOr explains an error by what a spreadsheet does, where that is why.
func damageOr(err error, column, value string) error {
	if err == nil {
		return nil
	}
	if damage := spreadsheetDamage(column, value); damage != nil {
		return damage
	}
	return err
}

// parseCase checks a case id. It becomes a folder's and a partition's name, so
// it is strict: no upper case, which some file systems do not tell apart.
func parseCase(s string) (string, error) {
	if s == "" {
		return DefaultCase, nil
	}
	ok := len(s) <= 64
	for i, r := range s {
		alnum := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		ok = ok && (alnum || i > 0 && strings.ContainsRune("._-", r))
	}
	if !ok {
		return "", fmt.Errorf("case_id %q is not one: at most 64 of a-z (lower case), 0-9, dot, underscore and dash, "+
			"beginning with a letter or digit", s)
	}
	return s, nil
}

func parseRole(s string) (Role, error) {
	switch role := Role(strings.ToLower(s)); role {
	case "":
		return RoleSeed, nil
	case RoleSeed, RoleVictimTx, RoleWatch:
		return role, nil
	}
	return "", fmt.Errorf("role %q is none of seed, victim_tx, watch", s)
}

// parseDate reads a date or a time with its zone. A time without a zone is
// refused, since nobody can tell when it was.
func parseDate(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 MST"} {
		t, err := time.Parse(layout, s)
		if err == nil && (!strings.HasSuffix(layout, "MST") || strings.HasSuffix(s, " UTC")) {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("reported_at %q is neither a date (2024-05-31) nor a time with its zone (2024-05-31T08:00:00Z)", s)
}
