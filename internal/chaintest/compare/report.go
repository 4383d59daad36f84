package compare

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Report is a whole comparison.
type Report struct {
	Measured []Measured
	Graphs   []Graph
	Writings []Writing
	// Skipped says of each part that was not measured why.
	Skipped []string
	// Notes say where a rule of ours is another one than what stands beside it.
	Notes []string
}

// Print writes the report as Markdown. The published figures are those of
// Published.
func (r Report) Print(w io.Writer) error {
	p := &printer{w: w}
	var cells [][]string
	for _, x := range beside(r.Measured, Published()) {
		cells = append(cells, []string{x.set, x.what, x.published, x.by, x.reference, x.ours})
	}
	p.table("Published figures and ours, on the same inputs",
		[]string{"set", "what", "published", "by", "reference", "scamtrace"}, cells)
	cells = nil
	for _, g := range r.Graphs {
		cells = append(cells, []string{
			g.Set, g.Strategy, known(g.Terminals), known(g.Members), known(g.Verified),
			grouped(int64(g.Addresses)), grouped(int64(g.Transfers)), g.Reference,
		})
	}
	p.table("Witness graphs, by strategy",
		[]string{"set", "strategy", "terminals", "members", "verified transfers", "addresses", "transfers", "defined in"}, cells)
	cells = nil
	for _, x := range r.Writings {
		cells = append(cells, x.cells())
	}
	p.table("Writing the same rows of transfers as Parquet",
		[]string{"writer", "threads", "rows", "wall", "CPU", "rows/s", "rows/CPU-s", "file", "memory before", "peak"}, cells)
	p.list("Notes", r.Notes)
	p.list("Not measured", r.Skipped)
	return p.err
}

// known is a figure of a total, or none where the set has no such thing.
func known(f Figure) string {
	if f.Of == 0 {
		return none
	}
	return f.String()
}

// printer keeps its first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) say(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// table writes nothing where there are no rows.
func (p *printer) table(title string, head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	width := make([]int, len(head))
	for _, cells := range append([][]string{head}, rows...) {
		for i, c := range cells {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	line := func(cells []string) {
		for i, c := range cells {
			p.say("| %s%s ", c, strings.Repeat(" ", width[i]-utf8.RuneCountInString(c)))
		}
		p.say("|\n")
	}
	p.say("%s:\n\n", title)
	line(head)
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = strings.Repeat("-", width[i])
	}
	line(rule)
	for _, cells := range rows {
		line(cells)
	}
	p.say("\n")
}

func (p *printer) list(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.say("%s:\n\n", title)
	for _, l := range lines {
		p.say("- %s\n", l)
	}
	p.say("\n")
}
