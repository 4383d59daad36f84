package label

import (
	"fmt"
	"strconv"
	"strings"
)

// Confidence is how far a statement can be relied on, from 0 to 100, on the
// scale of GraphSense TagPacks.
type Confidence int

const (
	// Unknown is the confidence of a statement that names none.
	Unknown Confidence = 5
	// Certain is the confidence of what the ledger or the owner proves, and of
	// an investigator's own decision ("override").
	Certain Confidence = 100
)

// ParseConfidence reads a TagPack confidence by name ("authority_data") or a
// whole number from 0 to 100. Empty text is Unknown.
func ParseConfidence(s string) (Confidence, error) {
	switch strings.ToLower(s) {
	case "override", "ownership", "ledger_immanent":
		return Certain, nil
	case "manual_transaction":
		return 90, nil
	case "service_api", "forensic_investigation":
		return 70, nil
	case "authority_data":
		return 60, nil
	case "trusted_provider", "service_data", "forensic":
		return 50, nil
	case "untrusted_transaction":
		return 40, nil
	case "web_crawl":
		return 20, nil
	case "heuristic":
		return 10, nil
	case "unknown", "":
		return Unknown, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > int(Certain) {
		return 0, fmt.Errorf("confidence %q is neither a whole number from 0 to 100 nor a TagPack name such as authority_data", s)
	}
	return Confidence(n), nil
}
