package scenario

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/scamtrace/scamtrace/internal/synth/dice"
)

// key is one parameter, as the tags of its field describe it.
type key struct {
	path string // section.name, as --set takes it
	doc  string
	// low and high are the limits of a number, as they are written; empty if it
	// is none.
	low, high string
	at        []int // of the field in a Scenario
}

// keys lists every parameter in the order of the example file.
func keys() []key { return below(reflect.TypeFor[Scenario](), "", nil) }

func below(section reflect.Type, prefix string, at []int) []key {
	var list []key
	for i := range section.NumField() {
		f := section.Field(i)
		path, place := prefix+f.Tag.Get("yaml"), append(at[:len(at):len(at)], i)
		if f.Type.Kind() == reflect.Struct {
			list = append(list, below(f.Type, path+".", place)...)
			continue
		}
		k := key{path: path, doc: f.Tag.Get("doc"), at: place}
		k.low, k.high, _ = strings.Cut(f.Tag.Get("in"), "..")
		list = append(list, k)
	}
	return list
}

func (k key) section() string {
	section, _, inside := strings.Cut(k.path, ".")
	if !inside {
		return ""
	}
	return section
}

func (k key) name() string { return k.path[strings.LastIndex(k.path, ".")+1:] }

// field points at the parameter of a scenario.
func (k key) field(s *Scenario) any {
	return reflect.ValueOf(s).Elem().FieldByIndex(k.at).Addr().Interface()
}

// number is one kind of number that a parameter can be.
type number interface{ int64 | Decimal }

func parse[N number](s string) (n N, err error) {
	switch p := any(&n).(type) {
	case *Decimal:
		*p, err = dice.ParseMicro(s)
	case *int64:
		if *p, err = strconv.ParseInt(s, 10, 64); err != nil {
			err = fmt.Errorf("%q is not a whole number", s)
		}
	}
	return n, err
}

// outside says that a number is not within the key's limits.
func outside[N number](k key, n N) string {
	low, _ := parse[N](k.low) // a test reads every limit
	high, _ := parse[N](k.high)
	if n < low || n > high {
		return fmt.Sprintf("%v is not between %s and %s", n, k.low, k.high)
	}
	return ""
}
