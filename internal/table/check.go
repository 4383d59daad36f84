package table

import (
	"context"
	"fmt"
)

// Finding is one thing that is wrong with a published run.
type Finding struct {
	// Rule is the name of the rule in Rules.
	Rule string `json:"rule"`
	// Path is the file, below the folder of the run.
	Path string `json:"path"`
	// Detail says what is wrong, with the row where it is one.
	Detail string `json:"detail"`
}

// String is the finding for people.
func (f Finding) String() string { return fmt.Sprintf("%s: %s (%s)", f.Path, f.Detail, f.Rule) }

// Rule is one rule that Verify checks.
type Rule struct {
	Name string
	// Doc is one sentence for people.
	Doc   string
	check func(*checker) error
}

// Rules lists what Verify checks, in this order.
func Rules() []Rule {
	return []Rule{
		{"files", "Every file that the manifest names is there with its size and SHA-256, and no other lies in the table folders.", (*checker).files},
		{"manifest", "The run id, the row counts and the status follow from the rest of the manifest.", (*checker).manifest},
		{"schema", "Every file has the documented columns, the schema version and the number of rows that the manifest says.", (*checker).schemas},
		{"amounts", "An amount equals its exact text, and is null only where it needs more than 38 digits or is not known.", (*checker).amounts},
		{"visits", "Every address has one visit, and its parent is a visit nearer to a seed.", (*checker).visits},
		{"stops", "Every stop is a known rule.", (*checker).stops},
		{"conservation", "For each seed, method and asset the injected amount is the sum of resting, stopped and fees.", (*checker).conservation},
		{"endpoints", "The endpoints of each seed, method and asset add up to what rests and what stopped.", (*checker).endpoints},
		{"clusters", "Every link and cluster names addresses, and an address is in one cluster.", (*checker).clusters},
		{"flows", "Flows are in order, each once, and add up to the transfers of each asset; the fee of a Bitcoin transaction is no flow.", (*checker).flows},
		{"entries", "The outputs in entries add up to the Bitcoin transactions in transfers, and none is missing.", (*checker).entries},
		{"coverage", "The manifest counts the gaps of coverage.", (*checker).coverage},
	}
}

// Known is what Verify cannot learn from the folder.
type Known struct {
	// Stops are the names of all stop rules; nil accepts any name.
	Stops []string
	// Unconserved are the methods whose amounts need not add up (poison).
	Unconserved []string
}

// mostFindings ends the search for more of one rule: the rest is noise.
const mostFindings = 20

// Verify checks a published run against its manifest, its documentation and
// itself. It returns what is wrong; the error is for what kept it from looking.
// Memory is bounded by the visits, clusters, endpoints' seeds and assets.
func Verify(ctx context.Context, dir string, k Known) ([]Finding, error) {
	c := &checker{ctx: ctx, dir: dir, known: k}
	m, err := ReadManifest(dir)
	if err != nil {
		return []Finding{{Rule: "manifest", Path: ManifestName, Detail: err.Error()}}, nil
	}
	c.m = m
	for _, r := range Rules() {
		c.rule, c.found = r.Name, 0
		if err := r.check(c); err != nil {
			if ctx.Err() != nil {
				return c.findings, ctx.Err()
			}
			c.find("", "%v", err)
		}
		if (r.Name == "files" || r.Name == "schema") && len(c.findings) > 0 {
			break // the rows of damaged files say nothing
		}
	}
	return c.findings, nil
}

// checker is one run of Verify.
type checker struct {
	ctx      context.Context
	dir      string
	known    Known
	m        Manifest
	rule     string
	found    int
	findings []Finding
}

func (c *checker) find(path, format string, args ...any) {
	c.found++
	if c.found <= mostFindings {
		c.findings = append(c.findings, Finding{Rule: c.rule, Path: path, Detail: fmt.Sprintf(format, args...)})
	}
}
