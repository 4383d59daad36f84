package etherscan

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// window is how many rows of one question servers give at most, page by page.
const window = 10_000

// mostRows is how many rows of a list are looked at for an address with a limit:
// a contract that is called a million times moves nothing by most of it, and is
// a super-node all the same.
func (p *part) mostRows() int { return max(p.limit, window-1) }

// tooMany reports whether the list has passed the limit.
func (t *told) tooMany() bool {
	if t.all > t.part.mostRows() {
		return true
	}
	if t.all <= t.part.limit/2 { // a row is two transfers at most
		return false
	}
	return counted(t) > t.part.limit
}

// probe asks once, after a full first page, whether the list goes on beyond the
// limit: for the page on which the row stands that is too much. Where that lies
// outside the window, the number of transactions that the account sent tells.
// So a hub costs two requests.
func (p *part) probe(ctx context.Context, t *told) error {
	most := p.mostRows()
	if t.list.action == tokens().action {
		most = p.limit // each row is a transfer
	}
	number := most/pageRows + 1
	if number*pageRows > window {
		return p.probeSent(ctx, t)
	}
	if number == 1 {
		return nil // it was seen
	}
	q := &page{list: *t.list, address: p.address, span: p.span, number: number, rows: pageRows}
	rows, err := p.server.page(ctx, p.pin, q)
	if err == nil && len(rows) > most%pageRows {
		return errEnough
	}
	return passable(err)
}

// probeSent compares the limit with the account's number of transactions, which
// counts all of them and so tells nothing of a later span.
func (p *part) probeSent(ctx context.Context, t *told) error {
	if !t.numbered() || p.span.From > 0 {
		return nil
	}
	sent, err := p.server.sent(ctx, p.pin, p.address)
	if err == nil && sent > uint64(p.limit) {
		return errEnough
	}
	return passable(err)
}

// passable swallows what does not matter for a probe: a server that cannot
// answer it has its list paged through.
func passable(err error) error {
	switch classOfError(err) {
	case fetch.Final, fetch.TooWide, fetch.TooMany, fetch.Unsupported, fetch.Pruned, fetch.Broken:
		return nil
	default:
		return err
	}
}
