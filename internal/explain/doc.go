// Package explain answers why an address is in a published run: which seed led
// to it, over which transactions and amounts, which rule stopped there, who it is
// linked with and what is said of it. It reads the tables and nothing else, so
// that anybody can check the answer against them.
package explain
