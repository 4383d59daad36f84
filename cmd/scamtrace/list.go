package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/scamtrace/scamtrace/internal/chain"
	"github.com/scamtrace/scamtrace/internal/chain/all"
	"github.com/scamtrace/scamtrace/internal/cluster"
	"github.com/scamtrace/scamtrace/internal/crawl"
	"github.com/scamtrace/scamtrace/internal/job"
	"github.com/scamtrace/scamtrace/internal/table"
	"github.com/scamtrace/scamtrace/internal/taint"
)

// item is one documented value of a list.
type item struct{ name, doc, ref string }

// lists are the things that a case file can name, each from the list beside its
// code.
func lists() map[string]func() []item {
	return map[string]func() []item{
		"drivers":    func() (out []item) { return appendAll(out, all.Drivers(), driverItem) },
		"rules":      func() (out []item) { return appendAll(out, crawl.Rules(), ruleItem) },
		"heuristics": heuristicItems,
		"methods":    func() (out []item) { return appendAll(out, taint.Methods(), methodItem) },
		"tables":     func() (out []item) { return appendAll(out, table.All(), tableItem) },
	}
}

func appendAll[T any](out []item, values []T, of func(T) item) []item {
	for _, v := range values {
		out = append(out, of(v))
	}
	return out
}

func driverItem(d chain.Driver) item { return item{d.Name, d.Doc, d.Ref} }
func ruleItem(r crawl.Rule) item     { return item{r.Name, r.Doc, r.Ref} }
func methodItem(m taint.Method) item { return item{m.Name, m.Doc, m.Ref} }
func tableItem(t table.Table) item   { return item{t.Name, t.Doc, ""} }

func heuristicItems() []item {
	var out []item
	for _, h := range cluster.Heuristics() {
		out = append(out, item{h.Name, h.Doc, h.Ref})
	}
	for _, g := range cluster.Guards() {
		out = append(out, item{"guard " + g.Name, g.Doc, g.Ref})
	}
	return out
}

func listCommand() *cobra.Command {
	const names = "drivers|rules|heuristics|methods|tables"
	return &cobra.Command{
		Use:       "list " + names,
		Short:     "List what a case file can name, with what each means and where it comes from",
		Example:   "  scamtrace list rules",
		ValidArgs: strings.Split(names, "|"),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && lists()[args[0]] != nil {
				return nil
			}
			return &job.InputError{Problems: []string{"scamtrace list takes one of " + strings.ReplaceAll(names, "|", ", ")}}
		},
		RunE: func(c *cobra.Command, args []string) error {
			printItems(c, lists()[args[0]]())
			return nil
		},
	}
}

func printItems(c *cobra.Command, items []item) {
	for _, i := range items {
		c.Printf("%s\n    %s\n", i.name, i.doc)
		if i.ref != "" {
			c.Printf("    [%s]\n", i.ref)
		}
	}
}
