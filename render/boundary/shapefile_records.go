package boundary

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"stpmap/render/internal/dbase"
)

// shapeRecords gives the records of a .shp file in the order of the .shx file,
// which alone says where they lie: a .shp file may hold them in any order, with
// gaps and leavings between them. Without a .shx they are read one after the
// other.
type shapeRecords struct {
	shp   *io.SectionReader
	size  int64   // of the .shp file
	end   int64   // where the records end
	index []int64 // of each record; nil without a .shx
	short bool    // the file is shorter than it says
	done  int     // records read
	at    int64   // where r stands
	r     *bufio.Reader
	buf   bytes.Buffer
}

// shapeHead reads and checks what .shp and .shx both begin with. It gives the
// length in bytes that the file says it has.
func shapeHead(f *io.SectionReader) (kind uint32, length int64, err error) {
	var head [100]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return 0, 0, fmt.Errorf("%w: %w", ErrFormat, dbase.Truncated(err))
	}
	if binary.BigEndian.Uint32(head[:]) != 9994 {
		return 0, 0, fmt.Errorf("%w: a Shapefile begins with 00 00 27 0a", ErrFormat)
	}
	return binary.LittleEndian.Uint32(head[32:]), int64(binary.BigEndian.Uint32(head[24:])) * 2, nil
}

func newShapeRecords(shp, shx *io.SectionReader) (*shapeRecords, error) {
	kind, length, err := shapeHead(shp)
	if err != nil {
		return nil, err
	}
	switch kind {
	case 5, 15, 25:
	case 31:
		return nil, fmt.Errorf("%w: a Shapefile of multipatches", ErrGeometry)
	default:
		return nil, fmt.Errorf("%w: a Shapefile of shape type %d", ErrGeometry, kind)
	}
	s := &shapeRecords{shp: shp, size: shp.Size(), at: -1, r: bufio.NewReaderSize(nil, 1<<16)}
	s.end = s.size
	s.short = length > s.size
	if length > 100 && length < s.size {
		s.end = length // what follows belongs to no record
	}
	if shx != nil {
		s.index, err = shapeIndex(shx)
	}
	return s, err
}

// shapeIndex reads where each record lies.
func shapeIndex(shx *io.SectionReader) ([]int64, error) {
	_, length, err := shapeHead(shx)
	if err != nil {
		return nil, fmt.Errorf("the .shx file: %w", err)
	}
	if length > shx.Size() {
		return nil, fmt.Errorf("the .shx file: %w: it says that it has %d bytes and has %d", ErrTruncated, length, shx.Size())
	}
	if length < 100 || (length-100)%8 != 0 {
		return nil, fmt.Errorf("%w: the .shx file says that it has %d bytes", ErrFormat, length)
	}
	entries := make([]byte, length-100)
	if _, err := shx.ReadAt(entries, 100); err != nil && len(entries) > 0 {
		return nil, fmt.Errorf("the .shx file: %w", dbase.Truncated(err))
	}
	index := make([]int64, len(entries)/8)
	for i := range index {
		index[i] = int64(binary.BigEndian.Uint32(entries[8*i:])) * 2
		if binary.BigEndian.Uint32(entries[8*i+4:]) == 0 {
			index[i] = 0 // a record that was taken out
		}
	}
	return index, nil
}

// next gives the content of the next record, empty for one without a shape. It
// is valid until the next call.
func (s *shapeRecords) next() ([]byte, error) {
	if s.index == nil {
		return s.sequential()
	}
	if s.done == len(s.index) {
		return nil, io.EOF
	}
	at := s.index[s.done]
	s.done++
	if at == 0 {
		return nil, nil
	}
	if at < 100 || at+8 > s.size {
		return nil, fmt.Errorf("%w: the .shx file places the record at byte %d of %d", ErrTruncated, at, s.size)
	}
	_, content, err := s.record(at)
	return content, err
}

// sequential reads the record after the last one.
func (s *shapeRecords) sequential() ([]byte, error) {
	at := max(s.at, 100)
	if at >= s.end {
		if s.short {
			return nil, ErrTruncated
		}
		return nil, io.EOF
	}
	number, content, err := s.record(at)
	s.done++
	// Some writers number all records 0, or count from 0.
	if err == nil && !slices.Contains([]uint32{uint32(s.done), uint32(s.done - 1), 0}, number) {
		return nil, fmt.Errorf("%w: the record has the number %d, and the .shx file, which says where each record lies, is not beside it", ErrFormat, number)
	}
	return content, err
}

// record reads the record that lies at a byte.
func (s *shapeRecords) record(at int64) (number uint32, content []byte, err error) {
	if at != s.at {
		s.r.Reset(io.NewSectionReader(s.shp, at, s.size-at))
	}
	s.at = -1
	var head [8]byte
	if _, err := io.ReadFull(s.r, head[:]); err != nil {
		return 0, nil, dbase.Truncated(err)
	}
	size := int64(binary.BigEndian.Uint32(head[4:])) * 2
	if size < 4 {
		return 0, nil, fmt.Errorf("%w: record of %d bytes", ErrFormat, size)
	}
	if at+8+size > s.size {
		return 0, nil, fmt.Errorf("%w: a record of %d bytes at byte %d of %d", ErrTruncated, size, at, s.size)
	}
	s.buf.Reset()
	// Grown as it is read, so that a false length takes no memory.
	if _, err := io.CopyN(&s.buf, s.r, size); err != nil {
		return 0, nil, dbase.Truncated(err)
	}
	s.at = at + 8 + size
	return binary.BigEndian.Uint32(head[:]), s.buf.Bytes(), nil
}
