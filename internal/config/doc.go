// Package config reads the case file: one YAML file that says what is traced,
// how far, and where the tables go. It is strict: a key it does not know, a
// wrong type or a key given twice is an error with its line, and all errors of
// a file are told at once. It reads no environment and opens no file.
package config
