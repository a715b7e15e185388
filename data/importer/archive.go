package importer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"stpmap/data/spreadsheet"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// Limits on published archives, against files made to fill
// memory or disk. The largest published ones (RTT, 250 MB; TAC, 120 MB) stay
// far below them.
const (
	MaxArchive  = 1 << 30 // bytes of a zip or workbook as it lies on disk
	MaxUnpacked = 4 << 30 // bytes of all parts of an archive once unpacked
	MaxMembers  = 1000    // files in an archive
)

// tables opens the tables of an input one after the other.
func (im *Import) tables(in Input) error {
	ra, size, head, err := seekable(&in)
	if err != nil {
		return err
	}
	switch {
	case table.IsOldWorkbook(head):
		return &fault.Error{File: in.Name, Err: table.ErrOldWorkbook}
	case !table.IsZip(head):
		return im.text(in.Name, in.R)
	}
	if size > MaxArchive {
		return &fault.Error{File: in.Name, Err: fmt.Errorf("%w: an archive of more than %d MiB", table.ErrTooLarge, MaxArchive>>20)}
	}
	if im.twins != nil {
		twin := im.twins.Reader(io.NewSectionReader(ra, 0, size))
		if _, err := io.Copy(io.Discard, twin); err != nil {
			return err
		}
		if err := im.twins.Check(in.Name, twin); err != nil {
			return err
		}
	}
	z, err := zip.NewReader(ra, size)
	if err != nil {
		return &fault.Error{File: in.Name, Err: fmt.Errorf("damaged archive: %w", err)}
	}
	var workbook, ods bool
	for _, f := range z.File {
		switch {
		case strings.EqualFold(f.Name, "xl/workbook.xml"):
			workbook = true
		case f.Name == "content.xml":
			ods = true
		}
	}
	if err := bounded(z, workbook || ods); err != nil {
		return &fault.Error{File: in.Name, Err: err}
	}
	switch {
	case workbook:
		return im.workbook(in.Name, ra, size)
	case ods:
		return im.openDocument(in.Name, z)
	}
	return im.members(in.Name, z)
}

// bounded refuses archives that say they unpack to more than the limit. The
// zip reader holds every member to the size that it declares.
func bounded(z *zip.Reader, sheets bool) error {
	if len(z.File) > MaxMembers {
		return fmt.Errorf("%w: more than %d files in the archive", table.ErrTooLarge, MaxMembers)
	}
	limit := uint64(MaxUnpacked)
	if sheets {
		limit = spreadsheet.MaxWorkbook
	}
	var sum uint64
	for _, f := range z.File {
		if sum += f.UncompressedSize64; f.UncompressedSize64 > limit || sum > limit {
			return fmt.Errorf("%w: more than %d MiB once unpacked", table.ErrTooLarge, limit>>20)
		}
	}
	return nil
}

// members reads the text tables of a zip archive, by name. Members without a
// known heading are noted, unless none has one.
func (im *Import) members(name string, z *zip.Reader) error {
	files := slices.DeleteFunc(slices.Clone(z.File), func(f *zip.File) bool {
		base := path.Base(f.Name)
		return f.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(f.Name, "__MACOSX/")
	})
	slices.SortFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var (
		read    int
		without []error
	)
	for _, f := range files {
		member := name + "/" + f.Name
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".csv", ".tsv", ".txt":
		default:
			im.Result.Report.Note("%s: not a table, not read", member)
			continue
		}
		err := im.member(member, f)
		if err != nil && (errors.Is(err, ErrNotRecognised) || errors.Is(err, table.ErrMissingColumn)) {
			without = append(without, err)
			continue
		}
		if err != nil {
			return err
		}
		read++
	}
	if read == 0 {
		if len(without) > 0 {
			return without[0]
		}
		return &fault.Error{File: name, Err: errors.New("no CSV file in the archive")}
	}
	for _, err := range without {
		im.Result.Report.Note("%v: not read", err)
	}
	return nil
}

// member reads one text table of an archive.
func (im *Import) member(name string, f *zip.File) error {
	rc, err := f.Open()
	if err != nil {
		return &fault.Error{File: name, Err: fmt.Errorf("damaged archive: %w", err)}
	}
	defer rc.Close()
	return im.text(name, &memberReader{rc, name})
}

// memberReader gives faults of the archive their place.
type memberReader struct {
	r    io.Reader
	name string
}

func (m *memberReader) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if err != nil && err != io.EOF {
		err = &fault.Error{File: m.name, Err: fmt.Errorf("damaged archive: %w", err)}
	}
	return n, err
}

// seekable looks at the first bytes of an input, and gives random access to an
// archive, which is read into memory where the source has none.
func seekable(in *Input) (ra io.ReaderAt, size int64, head []byte, err error) {
	at, isAt := in.R.(io.ReaderAt)
	seeker, isSeeker := in.R.(io.Seeker)
	if isAt && isSeeker {
		if size, err = seeker.Seek(0, io.SeekEnd); err == nil { // a pipe is a file that cannot
			if _, err = seeker.Seek(0, io.SeekStart); err != nil {
				return nil, 0, nil, err
			}
			head = make([]byte, 8)
			n, err := at.ReadAt(head, 0)
			if err != nil && err != io.EOF {
				return nil, 0, nil, err
			}
			return at, size, head[:n], nil
		}
	}
	br := bufio.NewReader(in.R)
	in.R = br
	if head, err = br.Peek(8); err != nil && err != io.EOF {
		return nil, 0, nil, err
	}
	head = bytes.Clone(head) // what is peeked at is overwritten by reading on
	if !table.IsZip(head) {
		return nil, 0, head, nil
	}
	b, err := io.ReadAll(io.LimitReader(br, MaxArchive+1))
	if err != nil {
		return nil, 0, nil, err
	}
	return bytes.NewReader(b), int64(len(b)), head, nil
}
