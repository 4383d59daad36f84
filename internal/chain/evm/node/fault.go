package node

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/fetch"
	"github.com/scamtrace/scamtrace/internal/fetch/jsonrpc"
)

// rule is one line of the table of faults: what a server says, and what that
// means. A rule fits when one of its codes or HTTP statuses or one of its
// patterns does; with both, one of each must.
type rule struct {
	class  fetch.Class
	codes  []int
	status []int
	text   string // a regular expression on the words in lower case
	// ranged rules are for questions about a range of blocks alone.
	ranged bool
}

// rules are what JSON-RPC servers were seen to say, in the order in which they
// are tried. Servers use one code for many things: where there are words, the
// words decide.
func rules() []rule {
	return []rule{
		// A contract that fails has answered, with null: what it says could be
		// anything.
		{class: fetch.Final, codes: []int{3}},
		{class: fetch.Final, text: `^(execution reverted|vm execution error|reverted|invalid opcode|out of gas|stack (under|over)flow|invalid jump|gas required exceeds|write protection)`},
		// A batch that is too big is no fault of what is in it.
		{class: fetch.TooMany, text: `batch.*(too large|too big|limit|size|exceed|maximum|not (supported|allowed))|(too many|exceeds?|maximum).* batch`},
		{class: fetch.TooMany, codes: []int{-32003}},
		// Quotas before rates: both speak of limits.
		{class: fetch.Exhausted, status: []int{402}},
		{class: fetch.Exhausted, codes: []int{402}},
		{class: fetch.Exhausted, text: `payment required|monthly (capacity|quota|limit)|daily (request|rate|quota|limit|credit|cap)|quota (is )?(exceeded|exhausted|used)|out of credits|credits? (exhausted|limit)`},
		{class: fetch.Refused, status: []int{401}},
		{class: fetch.Limited, text: `compute units per second|rate.?limit|too many requests|request limit|requests per second|/second|frequency limit|too busy|work queue depth|throttl|being rate|exceeded its.*capacity`},
		{class: fetch.Limited, status: []int{429}},
		{class: fetch.Limited, codes: []int{429, -32007, -32029, -32097}},
		{class: fetch.Refused, text: `invalid api.?key|api.?key (is )?(invalid|missing|not found|required|disabled|revoked)|invalid project id|must be authenticated|unauthorized|invalid token|invalid jwt|missing or unsupported chainid|access denied`},
		{class: fetch.Unsupported, codes: []int{-32601}},
		{class: fetch.Unsupported, status: []int{501}},
		{class: fetch.Unsupported, text: `does not exist/is not available|method not found|unknown method|unsupported method|method .*not (supported|available|allowed|enabled|whitelisted)|not supported (for|on) this chain|(finalized|safe) block not found|upgrade to .* to (use|access) (trace|debug)`},
		{class: fetch.Pruned, codes: []int{4444, -4444}},
		{class: fetch.Pruned, text: `pruned|missing trie node|historical state|state (is |already |has been )?(not available|unavailable|discarded)|state (at|for|of) .*(not available|unavailable|not found)|no state available|not an archive|archive (node|state|data|mode|access|request)|proof window|state histor|old data not available`},
		// A node behind the others, or one that is being asked for the top.
		{class: fetch.Transient, text: `beyond current head|invalid block range params|header not found|unknown block|block not found|block #?\d+ not found|transaction not found|after last accepted block|behind|syncing|cannot query unfinalized`},
		// A range that is proposed, or a cap that is stated, or words for too much.
		{class: fetch.TooWide, ranged: true, text: `\[0x[0-9a-f]+,\s*0x[0-9a-f]+\]|retry with the range \d+-\d+`},
		{class: fetch.TooMany, text: `exceed max topics|exceed max addresses or topics|too many (topics|addresses|params|filters)|addresses? (list|array|limit)|body too long|content length too large|request (entity|body) too large|params? (limit|total)|max(imum)? (number of )?(addresses|topics|params)`},
		{class: fetch.TooWide, ranged: true, text: `block ?range|blocks range|limited to|at most|max(imum)? range|number of (requested )?blocks|too many blocks|requested range|range .* exceeds|max is \d+`},
		{class: fetch.TooWide, ranged: true, text: `more than|exceeds? (max results|the limit|limit)|too (large|big|many|wide|long)|response size|time.?out|timed out|deadline exceeded|took too long|returned more`},
		{class: fetch.TooWide, ranged: true, codes: []int{-32002}},
		{class: fetch.TooMany, status: []int{413, 414}},
		{class: fetch.TooMany, ranged: true, text: `invalid argument`},
		{class: fetch.Limited, codes: []int{-32005}},
		{class: fetch.Transient, text: `time.?out|timed out|deadline exceeded|temporar|try again|unavailable|overload|internal error|connection|limit exceeded`},
		{class: fetch.Transient, codes: []int{-32603, -32000, -32001, -32002}},
		{class: fetch.Transient, status: []int{408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529}},
		{class: fetch.Refused, status: []int{403}},
	}
}

// table is the rules made ready.
type table []ready

type ready struct {
	rule
	pattern *regexp.Regexp
}

func newTable() table {
	var t table
	for _, r := range rules() {
		e := ready{rule: r}
		if r.text != "" {
			e.pattern = regexp.MustCompile(r.text)
		}
		t = append(t, e)
	}
	return t
}

// classify says what a fault means. Ranged is for questions about a range of
// blocks: what is too much for them can be cut in two.
func (t table) classify(f jsonrpc.Fault, ranged bool) fetch.Verdict {
	words := strings.ToLower(f.Message + " " + f.Data)
	v := fetch.Verdict{Class: fetch.Broken, Reason: reasonOf(f)}
	for i := range t {
		if r := &t[i]; (ranged || !r.ranged) && r.fits(&f, words) {
			v.Class = r.class
			break
		}
	}
	return v
}

func (r *ready) fits(f *jsonrpc.Fault, words string) bool {
	if r.pattern != nil {
		return r.pattern.MatchString(words)
	}
	for _, c := range r.codes {
		if f.Code == c {
			return true
		}
	}
	for _, s := range r.status {
		if f.Status == s {
			return true
		}
	}
	return false
}

// mostReason bounds what is kept of a server's words.
const mostReason = 400

func reasonOf(f jsonrpc.Fault) string {
	s := strings.Join(strings.Fields(f.Message), " ")
	if s == "" {
		s = "HTTP status " + strconv.Itoa(f.Status)
	}
	if len(s) > mostReason {
		s = strings.ToValidUTF8(s[:mostReason], "") + "..."
	}
	return s
}

// hint is what the words of a TooWide fault say about how wide is not too wide.
type hint struct {
	// stated is the most blocks that the server ever allows, suggested how many
	// it proposes for this question; 0 if it does not say.
	stated, suggested uint64
}

var (
	hexRange     = regexp.MustCompile(`\[0x([0-9a-fA-F]{1,15}),\s*0x([0-9a-fA-F]{1,15})\]`)
	decimalRange = regexp.MustCompile(`retry with the range (\d{1,18})-(\d{1,18})`)
	aboutResults = regexp.MustCompile(`results|logs matched|response size|log response|too many logs`)
	statedCap    = regexp.MustCompile(`(?:block ?range|blocks? range|limited to|at most|maximum|max(?:imum)? (?:block )?range|max is|limit of|up to|range limit|is limited)[^0-9]{0,40}?(\d[\d,_]{0,17})`)
)

// hintOf reads the words of a TooWide fault.
func hintOf(words string) hint {
	words = strings.ToLower(words)
	var h hint
	base := 16
	m := hexRange.FindStringSubmatch(words)
	if m == nil {
		m, base = decimalRange.FindStringSubmatch(words), 10
	}
	if m != nil {
		from, err1 := strconv.ParseUint(m[1], base, 64)
		to, err2 := strconv.ParseUint(m[2], base, 64)
		if err1 == nil && err2 == nil && to >= from {
			h.suggested = to - from + 1
		}
	}
	if aboutResults.MatchString(words) {
		return h // a cap on what comes back, not on the range
	}
	words = hexRange.ReplaceAllString(words, "")
	for _, m := range statedCap.FindAllStringSubmatch(words, -1) {
		n, err := strconv.ParseUint(strings.NewReplacer(",", "", "_", "").Replace(m[1]), 10, 64)
		if err == nil && n > 0 && (h.stated == 0 || n < h.stated) {
			h.stated = n
		}
	}
	return h
}
