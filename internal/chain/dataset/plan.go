package dataset

import (
	"context"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// Plan cuts a question into parts: one that declares the gaps of the folder,
// then, in the order of paths, one for each text file or group of row groups.
// A plain text file whose index is known is cut into pieces of it.
func (s *source) Plan(ctx context.Context, q chain.Question) ([]chain.Part, error) {
	if err := s.examine(ctx); err != nil {
		return nil, err
	}
	p := prepare(q)
	parts := []chain.Part{gapsPart{s.gaps(p)}}
	if len(q.Addresses) == 0 {
		return parts, nil
	}
	for _, f := range s.files {
		if !s.tells(f, p.kinds) {
			continue
		}
		pieces, err := s.cut(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, piece := range pieces {
			piece.question = p
			parts = append(parts, piece)
		}
	}
	return parts, nil
}

// tells reports whether the file can tell a wanted kind. Token transfers are
// told by logs where there are logs.
func (s *source) tells(f *file, kinds kindSet) bool {
	switch f.layout.table {
	case "transactions":
		if s.chain.Family == chain.UTXO {
			return kinds.has(chain.Output)
		}
		return kinds.has(chain.NativeKind) || kinds.has(chain.Fee)
	case "traces":
		return kinds.has(chain.Internal) || kinds.has(chain.Reward) ||
			kinds.has(chain.NativeKind) && !s.has("transactions")
	case "logs":
		return kinds.has(chain.Token)
	case "token_transfers":
		return kinds.has(chain.Token) && !s.has("logs")
	}
	return false
}

// chunksAPart is how many chunks of a plain text file make one part: a million
// rows, as a Parquet row group has.
const chunksAPart = 16

// cut lists a file's parts, still without question.
func (s *source) cut(ctx context.Context, f *file) ([]*part, error) {
	if f.format == formatParquet {
		parts := make([]*part, len(f.parquet.sections))
		for i := range parts {
			parts[i] = &part{source: s, file: f, section: i}
		}
		return parts, nil
	}
	x, err := s.known(ctx, f)
	if err != nil {
		return nil, err
	}
	if x == nil || !f.seekable || len(x.chunks) <= chunksAPart {
		return []*part{{source: s, file: f}}, nil
	}
	var parts []*part
	for from := 0; from < len(x.chunks); from += chunksAPart {
		parts = append(parts, &part{source: s, file: f, from: from, to: min(from+chunksAPart, len(x.chunks))})
	}
	return parts, nil
}

// part is one share of an answer.
type part struct {
	source   *source
	question *question
	file     *file
	// section is the group of row groups of a Parquet file.
	section int
	// from and to bound the chunks of a text file; to 0 is the whole file.
	from, to int
}

// Ask implements chain.Part.
func (p *part) Ask(ctx context.Context, emit func(*chain.Transfer) error) ([]chain.Gap, error) {
	if p.file.has[p.file.layout.clock] {
		return nil, p.scan(ctx, p.source.teller(p.file, p.question, emit))
	}
	return nil, p.scanUntimed(ctx, emit)
}

// teller turns the rows of a file into transfers.
func (s *source) teller(f *file, q *question, emit func(*chain.Transfer) error) *teller {
	return &teller{
		chain: s.chain.ID, check: s.check, layout: f.layout,
		hasTransactions: s.has("transactions"),
		untimed:         !f.has[f.layout.clock],
		question:        q, emit: emit,
	}
}

func (p *part) scan(ctx context.Context, t *teller) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.file.format == formatParquet {
		return p.scanParquet(ctx, t)
	}
	return p.scanText(ctx, t)
}

// gapsPart emits nothing and tells what the folder cannot.
type gapsPart struct{ gaps []chain.Gap }

// Ask implements chain.Part.
func (p gapsPart) Ask(ctx context.Context, _ func(*chain.Transfer) error) ([]chain.Gap, error) {
	return p.gaps, ctx.Err()
}
