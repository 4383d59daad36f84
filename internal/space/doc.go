// Package space knows how much room a disk has.
package space
