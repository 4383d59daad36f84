// Package fetch asks HTTP servers politely and keeps what they answer. It knows
// no chain: the driver says what an answer means, by a Judge.
//
// From the outside in: the archive answers what was answered before; retry
// repeats what failed in passing; limit keeps to the server's rate; bound reads
// no more than was allowed for, after inflation; redact takes every known
// secret out of every error. Each is an http.RoundTripper but the first two,
// which need the judge's word.
package fetch
