package etherscan

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/scamtrace/scamtrace/internal/fetch"
)

// envelope is what every answer is wrapped in: that of the explorer, or that of
// JSON-RPC.
type envelope struct {
	Status  field          `json:"status"`
	Message field          `json:"message"`
	Result  jsontext.Value `json:"result"`
	Version field          `json:"jsonrpc"`
	Error   jsontext.Value `json:"error"`
}

// field is a value that servers write as text, as a number or as null.
type field struct {
	text  string
	given bool // the member is there and not null
}

// UnmarshalJSONFrom reads text, a number, a truth value or null.
func (f *field) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	t, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch t.Kind() {
	case 'n':
		*f = field{}
	case '"', '0', 't', 'f':
		*f = field{text: t.String(), given: true}
	default:
		return errShape
	}
	return nil
}

// extract takes an answer out of its envelope. The verdict is Final with the
// result, or says why there is none. It is a pure function.
func extract(r fetch.Reply) (result jsontext.Value, v fetch.Verdict) {
	result, v = unwrap(r)
	if v.Class == fetch.Final {
		return result, v
	}
	v.Reason = clip(v.Reason)
	if v.Class == fetch.Limited || v.Class == fetch.Transient {
		v.After = patience(r.Header)
	}
	return nil, v
}

func unwrap(r fetch.Reply) (jsontext.Value, fetch.Verdict) {
	var e envelope
	if err := json.Unmarshal(r.Body, &e); err != nil {
		// HTML of a login page, a proxy or a firewall says nothing about the
		// key, whatever its status.
		if r.Status == http.StatusOK || looksHTML(r) && classOfStatus(r.Status) == fetch.Refused {
			return nil, fetch.Verdict{Class: fetch.Broken, Reason: "the answer is not JSON of this interface"}
		}
		return nil, fetch.Verdict{Class: classOfStatus(r.Status), Reason: "HTTP " + strconv.Itoa(r.Status)}
	}
	if r.Status != http.StatusOK {
		return nil, refusal(r, &e)
	}
	if len(e.Error) > 0 && e.Error.Kind() != 'n' {
		text := string(e.Error)
		return nil, fetch.Verdict{Class: classOf(text), Reason: text}
	}
	switch {
	case e.Status.text == "1", !e.Status.given && e.Version.given && len(e.Result) > 0:
		if len(e.Result) == 0 {
			return nil, fetch.Verdict{Class: fetch.Broken, Reason: "the answer has no result"}
		}
		return e.Result, fetch.Verdict{}
	case !e.Status.given:
		return nil, fetch.Verdict{Class: fetch.Broken, Reason: "the answer has neither status nor result"}
	}
	if e.Status.text == "0" && isEmpty(e.Message.text) {
		if !emptyList(e.Result) {
			return nil, fetch.Verdict{Class: fetch.Broken, Reason: "the answer says that there is nothing, and has something"}
		}
		return jsontext.Value("[]"), fetch.Verdict{}
	}
	text := words(&e)
	if text == "" {
		return nil, fetch.Verdict{Class: fetch.Broken, Reason: "the answer says that it failed and not why"}
	}
	return nil, fetch.Verdict{Class: classOf(text), Reason: text}
}

// refusal reads an answer with an HTTP status that is not 200: its words count
// if they are known.
func refusal(r fetch.Reply, e *envelope) fetch.Verdict {
	text := words(e)
	if len(e.Error) > 0 && e.Error.Kind() != 'n' {
		text = string(e.Error)
	}
	class := classOfStatus(r.Status)
	if known := classOf(text); known != fetch.Refused {
		class = known
	}
	if class == fetch.Limited && r.Header.Get("X-Credits-Remaining") == "0" {
		class = fetch.Exhausted
	}
	if text == "" {
		text = "HTTP " + strconv.Itoa(r.Status)
	}
	return fetch.Verdict{Class: class, Reason: text}
}

// words are what the server says: the result if it is text, else the message.
func words(e *envelope) string {
	var text string
	if e.Result.Kind() == '"' && json.Unmarshal(e.Result, &text) == nil && text != "" {
		return text
	}
	return e.Message.text
}

// emptyList accepts [] and what some servers send in its place.
func emptyList(v jsontext.Value) bool {
	t := bytes.TrimSpace(v)
	if len(t) == 0 || t[0] == 'n' || t[0] == '"' {
		return true
	}
	return t[0] == '[' && len(bytes.TrimSpace(bytes.Trim(t, "[]"))) == 0
}

func looksHTML(r fetch.Reply) bool {
	return bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("<")) || strings.Contains(r.Header.Get("Content-Type"), "html")
}

// patience is how long the server wants to be left alone: Retry-After in seconds
// or as a time (measured by the server's own clock), or Blockscout's
// x-ratelimit-reset in milliseconds.
func patience(h http.Header) time.Duration {
	if after := h.Get("Retry-After"); after != "" {
		if n, err := strconv.ParseUint(after, 10, 31); err == nil {
			return time.Duration(n) * time.Second
		}
		at, err := http.ParseTime(after)
		now, errNow := http.ParseTime(h.Get("Date"))
		if err == nil && errNow == nil && at.After(now) {
			return at.Sub(now)
		}
	}
	if n, err := strconv.ParseUint(h.Get("X-Ratelimit-Reset"), 10, 31); err == nil {
		return time.Duration(n) * time.Millisecond
	}
	return 0
}

// clip keeps a server's words readable and on one line.
func clip(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "..."
	}
	return s
}
