package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// networkError is what went wrong on the way, in words that are the same each
// time: no address, no port, no time, no secret.
type networkError struct {
	class  Class
	reason string
	// wrong says that it hardly goes by: nobody waits long for it.
	wrong bool
}

func (e *networkError) Error() string { return e.reason }

// plain makes the error of a network into such words.
func plain(err error, r *redactor) error {
	var known *networkError
	if errors.As(err, &known) {
		return known
	}
	class, reason := explain(err)
	var dns *net.DNSError
	return &networkError{class: class, reason: r.text(reason), wrong: errors.As(err, &dns) && dns.IsNotFound}
}

func explain(err error) (Class, string) {
	var (
		dns      *net.DNSError
		op       *net.OpError
		record   tls.RecordHeaderError
		alert    tls.AlertError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		timeout  interface{ Timeout() bool }
		corrupt  flate.CorruptInputError
	)
	switch {
	case errors.As(err, &dns):
		return Transient, "its host name cannot be resolved"
	case errors.As(err, &record):
		return Broken, "it does not speak TLS: is it http instead of https?"
	case errors.As(err, &unknown):
		return Broken, "its certificate is signed by nobody known"
	case errors.As(err, &hostname):
		return Broken, "its certificate is for another host name"
	case errors.As(err, &invalid):
		return Broken, "its certificate is not valid"
	case errors.As(err, &alert):
		return Transient, "the TLS handshake failed"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Transient, "no answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return Transient, "connection refused: is it running?"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed):
		return Transient, "the connection was cut"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return Transient, "it cannot be reached from here"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return Broken, "the answer is not the gzip that it says"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe):
		return Transient, "the answer breaks off"
	case errors.As(err, &op):
		return Transient, "the connection failed"
	}
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return Transient, "the connection failed: " + err.Error()
}
