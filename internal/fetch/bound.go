package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// maxErrorBody is how much of a reply is read that is an error by its status.
const maxErrorBody = 4 << 10

// bound is the http.RoundTripper that bounds a reply: how long it takes up to
// its last byte, and how long it is after inflation. It inflates by itself, for
// http.Transport would do so without any bound.
type bound struct {
	next     http.RoundTripper
	timeout  time.Duration
	most     int64
	redactor *redactor
}

func (t bound) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout)
	req = req.Clone(ctx)
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := t.next.RoundTrip(req)
	if err != nil {
		cancel()
		return nil, err
	}
	body := &boundBody{wire: res.Body, cancel: cancel, left: t.most, redactor: t.redactor}
	res.Body, body.reader = body, body.wire
	if err := t.prepare(res, body); err != nil {
		body.Close()
		return nil, err
	}
	return res, nil
}

// prepare looks at the header of a reply.
func (t bound) prepare(res *http.Response, body *boundBody) error {
	encoding := strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Encoding")))
	switch encoding {
	case "", "identity":
		if res.StatusCode < http.StatusBadRequest && res.ContentLength > t.most {
			return errTooLong(t.most)
		}
	case "gzip", "x-gzip":
		body.deflated = true
		res.ContentLength = -1
		res.Header.Del("Content-Encoding")
	default:
		return &networkError{class: Broken, reason: "the answer is in an encoding that was not asked for"}
	}
	if res.StatusCode >= http.StatusBadRequest {
		body.left, body.cut = maxErrorBody, true
	}
	return nil
}

func errTooLong(most int64) error {
	return &networkError{class: TooWide, reason: fmt.Sprintf("the answer is longer than %d MiB", most>>20)}
}

// boundBody is the body of a bounded reply.
type boundBody struct {
	wire     io.ReadCloser
	reader   io.Reader
	cancel   context.CancelFunc
	left     int64
	most     int64
	cut      bool // an over-long body ends, instead of being an error
	deflated bool
	begun    bool
	redactor *redactor
}

// begin reads the header of a deflated body; not before the first read, as an
// empty body may lack it.
func (b *boundBody) begin() error {
	if b.begun {
		return nil
	}
	b.begun, b.most = true, b.left
	if !b.deflated {
		return nil
	}
	r, err := gzip.NewReader(b.wire)
	if err != nil {
		return err
	}
	b.reader = r
	return nil
}

func (b *boundBody) Read(p []byte) (int, error) {
	if err := b.begin(); err != nil {
		return 0, b.plain(err)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if b.left <= 0 {
		if b.cut {
			return 0, io.EOF
		}
		// Nothing may follow.
		var one [1]byte
		n, err := b.reader.Read(one[:])
		if n > 0 {
			return 0, errTooLong(b.most)
		}
		return 0, b.plain(err)
	}
	n, err := b.reader.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, b.plain(err)
}

func (b *boundBody) plain(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return plain(err, b.redactor)
}

// Close gives up what was not read.
func (b *boundBody) Close() error {
	b.cancel()
	return b.wire.Close()
}
