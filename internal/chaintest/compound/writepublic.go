package compound

import (
	"bytes"
	"fmt"
)

// publicFiles are what an investigator has: seeds and labels.
func (s *Set) publicFiles() []file {
	seeds := newTable("chain", "address", "case_id", "role", "label", "confidence", "source", "source_url",
		"reported_at", "tx_hash", "amount", "notes")
	for _, r := range s.Seeds {
		seeds.row(r.Chain, r.Address, r.Case, r.Role, r.Label, r.Confidence, r.Source, r.SourceURL, r.ReportedAt, r.TxHash, r.Amount, r.Notes)
	}
	labels := newTable("chain", "address", "label", "category", "actor", "source", "confidence")
	for _, l := range s.Labels {
		labels.row(l.Chain, l.Address, l.Label, l.Category, l.Actor, l.Source, l.Confidence)
	}
	return []file{
		{"seeds.csv", seeds.bytes()},
		{"labels.csv", labels.bytes()},
		{"labels.yaml", s.tagPack()},
	}
}

// tagPack is the labels as a GraphSense TagPack. What its tags share stands in
// the header.
func (s *Set) tagPack() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "title: scamtrace demo labels\ncreator: scamtrace demo\ndescription: Invented services of the demo chain\n"+
		"source: %s\nlastmod: 2024-05-15\nis_public: true\ntags:\n", s.Labels[0].Source)
	for _, l := range s.Labels {
		currency := map[string]string{"ethereum": "ETH", "bitcoin": "BTC"}[l.Chain]
		fmt.Fprintf(&out, "  - address: %q\n    label: %q\n    category: %s\n    currency: %s\n    network: %s\n    confidence: %s\n",
			l.Address, l.Label, l.Category, currency, currency, l.Confidence)
		if l.Actor != "" {
			fmt.Fprintf(&out, "    actor: %s\n", l.Actor)
		}
	}
	return out.Bytes()
}
