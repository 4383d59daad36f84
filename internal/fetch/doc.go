// Package fetch asks HTTP servers politely and keeps what they answer. It knows
// no chain: the driver says what an answer means, by a Judge.
//
// From the outside in:
//
//	archive   answers what was answered before
//	tries     repeats what failed in passing, by the judge's word
//	limit     keeps to the server's rate, and gives way when it is refused
//	bound     reads no longer and no more than was allowed for, after inflation
//	guard     follows nobody elsewhere, dials no address where no server may be
//	redact    makes the network's errors into words without address or secret
//
// The last four are http.RoundTrippers. Nothing here writes a log; what leaves
// is an error, and every error has gone through redact.
//
// The archive is a folder of pack files that only grow: records of questions and
// answers, one write each, never changed. See archive_record.go for the layout.
package fetch
