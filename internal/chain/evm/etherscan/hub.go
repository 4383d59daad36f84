package etherscan

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// window is how many rows of one question servers give at most, page by page.
const window = 10_000

// probe asks once, after a full first page, whether the list goes on beyond the
// limit: for the page on which the row after the limit stands. Where that lies
// outside the window, the number of transactions that the account sent tells.
// A hub costs two requests, whichever way its transfers go.
func (p *part) probe(ctx context.Context, t *told) error {
	number := p.limit/pageRows + 1
	if number*pageRows > window {
		return p.probeSent(ctx, t)
	}
	if number == 1 {
		return nil // the full page was within the limit, and it is the page
	}
	q := &page{list: *t.list, address: p.address, span: p.span, number: number, rows: pageRows}
	rows, err := p.server.page(ctx, p.pin, q)
	if err == nil && len(rows) > p.limit%pageRows {
		return errEnough
	}
	return passable(err)
}

// probeSent compares the limit with the account's number of transactions, which
// counts all of them and so tells nothing of a later span.
func (p *part) probeSent(ctx context.Context, t *told) error {
	if t.list.action != transactions().action || p.span.From > 0 {
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
