package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A line of a data file is a JSON object whose last member is the checksum, CRC-32C
// in hexadecimal, of all that stands before it:
//
//	{"table":"outlets","row":{…},"crc32c":"0a1b2c3d"}
//
// Files that begin as number 1 have lines without one, until a later version of the
// sandbox has added to them.
const (
	sumStart = `,"crc32c":"`
	sumEnd   = "\"}\n"
	sumSize  = len(sumStart) + 8 + len(sumEnd)
)

// journalNumber is that of the files that are begun.
const journalNumber = 2

// A journalHead is the file's first line: what the changes change.
type journalHead struct {
	Journal int       `json:"pmpsmart_sandbox"`
	Version int       `json:"seed_version"`
	Data    seed.Data `json:"seed"`
}

var (
	errForeign = errors.New("this is no data file of a sandbox")
	errTorn    = errors.New("it is cut short, and nothing was kept behind it; remove the file to begin a new one")
	errDamaged = errors.New("it is damaged: it does not match its checksum")
	errNoSum   = errors.New("it is damaged: it has no checksum")
)

// read reads the first line of a file and returns it and its length, 0 if the file is
// empty.
func (h journalHead) read(in *bufio.Reader) (got journalHead, length int64, err error) {
	line, err := in.ReadSlice('\n')
	isOurs := bytes.HasPrefix(line, []byte(`{"pmpsmart_sandbox":`))
	switch {
	case errors.Is(err, io.EOF) && len(line) == 0:
		return got, 0, nil
	case errors.Is(err, io.EOF) && isOurs:
		return got, 0, errTorn
	case errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull): // no line, or longer than any head
		return got, 0, errForeign
	case err != nil:
		return got, 0, err
	}
	hasSum, sumErr := checkSum(line, false)
	if err := json.Unmarshal(line, &got); err != nil || got.Journal == 0 {
		if isOurs && hasSum {
			return got, 0, errDamaged
		}
		return got, 0, errForeign
	}
	if sumErr == nil && got.Journal == journalNumber && !hasSum {
		sumErr = errNoSum
	}
	if sumErr != nil {
		return got, 0, sumErr
	}
	return got, int64(len(line)), h.check(got)
}

// check compares the head of a file with what it should be. The sample data's last day
// is the file's own.
func (h journalHead) check(got journalHead) error {
	if got.Journal < 1 || got.Journal > journalNumber || got.Version != h.Version {
		return errors.New("it was made by another version of the sandbox; begin a new one")
	}
	was, is := got.Data, h.Data
	was.Ends, is.Ends = 0, 0
	if was != is {
		return fmt.Errorf("it was begun with %d seeded orders, not %d", got.Data.Orders, h.Data.Orders)
	}
	return nil
}

// encodeLine returns a value, an object, as a line with its checksum.
func encodeLine(line any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return nil, err
	}
	summed := text.Bytes()[:text.Len()-len("}\n")]
	return fmt.Appendf(summed, "%s%08x%s", sumStart, sumOf(summed), sumEnd), nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sumOf(text []byte) uint32 { return crc32.Checksum(text, castagnoli) }

// checkSum reports whether a line has a checksum, and returns an error if it is not
// the line's, or if there is none and the line needs one.
func checkSum(line []byte, needed bool) (hasSum bool, err error) {
	rest := line[max(0, len(line)-sumSize):]
	if len(rest) < sumSize || !bytes.HasPrefix(rest, []byte(sumStart)) || !bytes.HasSuffix(rest, []byte(sumEnd)) {
		if needed {
			err = errNoSum
		}
		return false, err
	}
	if want := fmt.Sprintf("%08x", sumOf(line[:len(line)-sumSize])); string(rest[len(sumStart):len(sumStart)+8]) != want {
		return true, errDamaged
	}
	return true, nil
}

// isDamagedTail reports whether the last bytes of a file are a whole line with
// another byte in the place of its line break. All else is what a crash left.
func isDamagedTail(tail []byte) bool {
	if len(tail) == 0 {
		return false
	}
	whole := append(append([]byte(nil), tail[:len(tail)-1]...), '\n')
	hasSum, err := checkSum(whole, false)
	return hasSum && err == nil
}
