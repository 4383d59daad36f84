// Package truth writes what really happened in a play: who controls each
// address, what each movement of the scam was for, who lost and got back how
// much, and what a list of reports is worth. Rows are written as things happen,
// in bounded memory; the addresses follow at the end.
package truth
