package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// A journal keeps what changes, a line of JSON each, in a file that is only ever
// appended to. A change is added before it is made and synced before it is
// answered: what was acknowledged outlives the process and the machine's power,
// and a line that was cut in the middle was never acknowledged. A nil journal
// keeps nothing.
type journal struct {
	file *os.File

	mu      sync.Mutex // of writing
	written int64      // lines
	broken  error      // after which nothing is certain and no change is accepted

	syncing sync.Mutex
	synced  int64 // lines
}

// A journalLine is one change.
type journalLine struct {
	Table string          `json:"table"`
	Row   json.RawMessage `json:"row"`
}

// A journalHead is the file's first line: what the changes change.
type journalHead struct {
	Journal int       `json:"pmpsmart_sandbox"`
	Version int       `json:"seed_version"`
	Data    seed.Data `json:"seed"`
}

const tokensTable = "tokens"

// openJournal opens a data file, calls replay for the line of each change, and
// continues the file. One that does not exist or is empty is begun, and so is one
// that a crash has left with a part of the head. A file of anything else is
// refused, and no byte of it changes.
func openJournal(path string, head journalHead, replay func(line []byte) error) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: file}
	if err = lock(file); err == nil {
		err = j.open(head, replay)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("data file %s: %w", path, err)
	}
	return j, nil
}

// errForeign refuses a file that is none of ours.
var errForeign = errors.New("this is no data file of a sandbox")

func (j *journal) open(head journalHead, replay func(line []byte) error) error {
	in := bufio.NewReader(j.file)
	end, err := head.read(in)
	if err != nil {
		return fmt.Errorf("line 1: %w", err)
	}
	if end == 0 {
		return j.begin(head)
	}
	for n := 2; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // and line is what a crash left of the last one
		}
		if err == nil {
			err = replay(line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		end += int64(len(line))
	}
	if err := j.file.Truncate(end); err != nil {
		return err
	}
	_, err = j.file.Seek(end, io.SeekStart)
	return err
}

// begin writes the head of a new file.
func (j *journal) begin(head journalHead) error {
	if err := j.file.Truncate(0); err != nil {
		return err
	}
	if _, err := j.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := j.append(head); err != nil {
		return err
	}
	return errors.Join(j.file.Sync(), syncFolder(filepath.Dir(j.file.Name())))
}

// read reads the first line of a file and returns its length, 0 if the file has
// yet to be begun.
func (h journalHead) read(in *bufio.Reader) (int64, error) {
	line, err := in.ReadSlice('\n')
	switch {
	case errors.Is(err, io.EOF):
		text, err := encodeLine(h)
		if err == nil && !bytes.HasPrefix(text, line) {
			err = errForeign
		}
		return 0, err
	case errors.Is(err, bufio.ErrBufferFull): // longer than any head
		return 0, errForeign
	case err != nil:
		return 0, err
	}
	return int64(len(line)), h.check(line)
}

// syncFolder makes a new file's name last as long as its contents.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync() // not every system can
	return folder.Close()
}

// check compares the first line of a file with what it should be.
func (h journalHead) check(line []byte) error {
	var got journalHead
	if err := json.Unmarshal(line, &got); err != nil || got.Journal == 0 {
		return errForeign
	}
	if got.Journal != h.Journal || got.Version != h.Version {
		return errors.New("it was made by another version of the sandbox; begin a new one")
	}
	if got.Data != h.Data {
		return fmt.Errorf("it was begun with %d seeded orders, not %d", got.Data.Orders, h.Data.Orders)
	}
	return nil
}

// add appends a change that is about to be made.
func (j *journal) add(table string, row any) error {
	if j == nil {
		return nil
	}
	text, err := json.Marshal(row)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.append(journalLine{table, text})
}

func (j *journal) append(line any) error {
	if j.broken != nil {
		return j.broken
	}
	text, err := encodeLine(line)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(text); err != nil {
		j.broken = err // a part of the line may stand in the file
		return err
	}
	j.written++
	return nil
}

// encodeLine returns a value as a line of JSON, its end included.
func encodeLine(line any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(line)
	return text.Bytes(), err
}

// sync returns when all that was added is on the disk. Callers that wait
// together share one sync.
func (j *journal) sync() error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	mine := j.written
	j.mu.Unlock()

	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= mine {
		return nil
	}
	j.mu.Lock()
	all, err := j.written, j.broken
	j.mu.Unlock()
	if err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		j.mu.Lock()
		j.broken = err // what reached the disk is unknown, now and after another sync
		j.mu.Unlock()
		return err
	}
	j.synced = all
	return nil
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return errors.Join(j.sync(), j.file.Close())
}
