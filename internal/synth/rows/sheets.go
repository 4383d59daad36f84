package rows

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"
)

// disk is a file with a buffer before it.
type disk struct {
	*bufio.Writer
	file *os.File
}

func create(path string) (disk, error) {
	f, err := os.Create(path)
	if err != nil {
		return disk{}, err
	}
	return disk{bufio.NewWriterSize(f, 1<<20), f}, nil
}

// close writes what is buffered, if all went well so far.
func (d disk) close(err error) error {
	if err == nil {
		err = d.Flush()
	}
	return errors.Join(err, d.file.Close())
}

// quick is snappy by the encoder that does not look twice: there is little to be
// found in hashes.
type quick struct{ snappy.Codec }

// Encode implements compress.Codec.
func (*quick) Encode(dst, src []byte) ([]byte, error) { return s2.EncodeSnappy(dst, src), nil }

type parquetSheet[T any] struct {
	disk disk
	to   *parquet.GenericWriter[T]
}

func newParquet[T any](path string) (sheet[T], error) {
	d, err := create(path)
	if err != nil {
		return nil, err
	}
	return &parquetSheet[T]{d, parquet.NewGenericWriter[T](d,
		parquet.Compression(&quick{}),
		parquet.MaxRowsPerRowGroup(rowsPerGroup), parquet.DataPageVersion(1),
		parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain),
		parquet.ColumnIndexSizeLimit(func([]string) int { return 72 }), // a hash with 0x
		parquet.CreatedBy("scamtrace", "synth", "1"))}, nil
}

func (s *parquetSheet[T]) write(rows []T) error {
	_, err := s.to.Write(rows)
	return err
}

func (s *parquetSheet[T]) close() error { return s.disk.close(s.to.Close()) }

type csvSheet[T any] struct {
	disk disk
	zip  *gzip.Writer
	to   *csv.Writer
	line []string
}

func newCSV[T any](path string) (sheet[T], error) {
	d, err := create(path)
	if err != nil {
		return nil, err
	}
	s := &csvSheet[T]{disk: d, zip: gzip.NewWriter(d)} // without a time: equal data is equal bytes
	s.to = csv.NewWriter(s.zip)
	row := reflect.TypeFor[T]()
	for i := range row.NumField() {
		name, _, _ := strings.Cut(row.Field(i).Tag.Get("parquet"), ",")
		s.line = append(s.line, name)
	}
	return s, s.to.Write(s.line)
}

func (s *csvSheet[T]) write(rows []T) error {
	for i := range rows {
		row := reflect.ValueOf(&rows[i]).Elem()
		for j := range s.line {
			switch cell := row.Field(j).Interface().(type) {
			case text:
				s.line[j] = string(cell)
			case moment:
				s.line[j] = fmt.Sprint(int64(cell) / 1e6)
			default:
				s.line[j] = fmt.Sprint(cell)
			}
		}
		if err := s.to.Write(s.line); err != nil {
			return err
		}
	}
	return nil
}

func (s *csvSheet[T]) close() error {
	s.to.Flush()
	return s.disk.close(errors.Join(s.to.Error(), s.zip.Close()))
}

type jsonSheet[T any] struct {
	disk disk
	zip  *gzip.Writer
	to   *json.Encoder
}

func newJSON[T any](path string) (sheet[T], error) {
	d, err := create(path)
	if err != nil {
		return nil, err
	}
	s := &jsonSheet[T]{disk: d, zip: gzip.NewWriter(d)}
	s.to = json.NewEncoder(s.zip)
	return s, nil
}

func (s *jsonSheet[T]) write(rows []T) error {
	for i := range rows {
		if err := s.to.Encode(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *jsonSheet[T]) close() error { return s.disk.close(s.zip.Close()) }
