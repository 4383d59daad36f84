package jsonrpc

// IsValid reports whether a text is one JSON value as the scanner sees it.
func IsValid(b []byte) bool {
	s := &scanner{text: b}
	ok := s.skip()
	s.space()
	return ok && s.at == len(b)
}
