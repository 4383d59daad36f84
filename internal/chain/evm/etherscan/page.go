package etherscan

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/fetch"
)

// pageRows is how many rows a page is asked for: the most that the free plan of
// Etherscan gives since July 2026.
const pageRows = 1000

// openEnd stands for the newest block: more than servers take for a number they
// need not be given.
const openEnd = 999_999_999

// page is one question for rows.
type page struct {
	list    listing
	address chain.Address
	span    chain.Span
	number  int  // from 1 on
	rows    int  // wanted
	newest  bool // the newest first
	// carried are the rows of the block span.From that the page before had: they
	// must come again.
	carried []row
	// facts are what other pages said, nil for nothing; once says that no two
	// transactions of the address have one number.
	facts *facts
	once  bool
}

// query is the page as parameters. They are the archive's name for it.
func (p *page) query(chainID string) url.Values {
	sort := "asc"
	if p.newest {
		sort = "desc"
	}
	return url.Values{
		"chainid": {chainID}, "module": {"account"}, "action": {p.list.action}, "address": {string(p.address)},
		"startblock": {strconv.FormatUint(p.span.From, 10)}, "endblock": {strconv.FormatUint(p.span.To, 10)},
		"page": {strconv.Itoa(p.number)}, "offset": {strconv.Itoa(p.rows)}, "sort": {sort},
	}
}

// judge says what a reply to the page means: rows that cannot be right are
// Broken, since asking again may help.
func (p *page) judge(r fetch.Reply) fetch.Verdict {
	_, v := p.open(r)
	return v
}

func (p *page) open(r fetch.Reply) ([]row, fetch.Verdict) {
	result, v := extract(r)
	if v.Class != fetch.Final {
		return nil, v
	}
	rows, err := decode(result, p.list.read)
	if err == nil {
		err = p.check(rows)
	}
	if err != nil {
		return nil, fetch.Verdict{Class: fetch.Broken, Reason: clip(err.Error())}
	}
	return rows, v
}

// What a page can have wrong.
var (
	errOrder   = errors.New("the rows are not in the order of their blocks")
	errOutside = errors.New("a row lies outside the blocks asked for")
	errForeign = errors.New("a row is of another address")
	errOverlap = errors.New("the page does not overlap with the one before")
)

// check holds a page against what was asked.
func (p *page) check(rows []row) error {
	for i := range rows {
		height := rows[i].tx.Pos.Height
		switch {
		case height < p.span.From || height > p.span.To:
			return fmt.Errorf("row %d: %w", i, errOutside)
		case !rows[i].touches(p.address):
			return fmt.Errorf("row %d: %w", i, errForeign)
		case i == 0:
		case !p.newest && height < rows[i-1].tx.Pos.Height, p.newest && height > rows[i-1].tx.Pos.Height:
			return fmt.Errorf("row %d: %w", i, errOrder)
		}
	}
	if err := p.facts.agree(rows, p.address, p.once); err != nil {
		return err
	}
	for i := range rows {
		rows[i].head = 0 // it has said what it can
	}
	if _, ok := without(rows, p.carried); !ok {
		return errOverlap
	}
	return nil
}

// without takes the carried rows out of the rows, each as often as it stands
// there, and reports whether all were found. Servers need not keep an order
// within a block.
func without(rows, carried []row) (fresh []row, ok bool) {
	if len(carried) == 0 {
		return rows, true
	}
	left := make(map[row]int, len(carried))
	for i := range carried {
		left[carried[i]]++
	}
	missing := len(carried)
	for i := range rows {
		if left[rows[i]] > 0 {
			left[rows[i]]--
			missing--
			continue
		}
		fresh = append(fresh, rows[i])
	}
	return fresh, missing == 0
}

// page asks for a page.
func (s *Server) page(ctx context.Context, pin string, p *page) ([]row, error) {
	p.once = numbersOnce(s.chain.ID)
	call := fetch.Call{Name: p.list.action, Query: p.query(s.number), Pin: pin, Judge: p.judge}
	reply, err := s.client.Ask(ctx, call)
	if err != nil {
		return nil, err
	}
	rows, v := p.open(reply)
	if v.Class != fetch.Final {
		// The archive has an answer that was final once.
		return nil, &fetch.Error{Server: s.name, Call: call.Name, Class: v.Class, Reason: v.Reason}
	}
	return rows, nil
}
