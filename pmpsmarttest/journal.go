package pmpsmarttest

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
	broken  error      // after which nothing is certain and no change is taken

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

// openJournal reads the changes of a file into the state and goes on there. A
// file that is not there or empty is begun.
func openJournal(path string, st *state) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: file}
	if err = lock(file); err == nil {
		err = j.replay(st)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("data file %s: %w", path, err)
	}
	return j, nil
}

func (j *journal) replay(st *state) error {
	in := bufio.NewReader(j.file)
	head := journalHead{1, seed.Version, st.data}
	whole := int64(0) // bytes in whole lines
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // and line is what a crash left of the last one
		}
		if err != nil {
			return err
		}
		if n == 1 {
			err = head.check(line)
		} else {
			err = st.replay(line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		whole += int64(len(line))
	}
	if err := j.file.Truncate(whole); err != nil {
		return err
	}
	if _, err := j.file.Seek(whole, io.SeekStart); err != nil || whole > 0 {
		return err
	}
	if err := j.append(head); err != nil {
		return err
	}
	return errors.Join(j.file.Sync(), syncFolder(filepath.Dir(j.file.Name())))
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
		return errors.New("this is no data file of a sandbox")
	}
	if got.Journal != h.Journal || got.Version != h.Version {
		return errors.New("it was made by another version of the sandbox; begin a new one")
	}
	if got.Data != h.Data {
		return fmt.Errorf("it was begun with %d seeded orders, not %d", got.Data.Orders, h.Data.Orders)
	}
	return nil
}

// replay makes the change of one line.
func (st *state) replay(text []byte) error {
	var line journalLine
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	switch line.Table {
	case st.users.name:
		return replayRow(st.users, line.Row)
	case st.outlets.name:
		return replayRow(st.outlets, line.Row)
	case st.orders.name:
		return replayRow(st.orders, line.Row)
	case st.visits.name:
		return replayRow(st.visits, line.Row)
	case st.jsonOrders.name:
		return replayRow(st.jsonOrders, line.Row)
	case tokensTable:
		var change tokenChange
		err := json.Unmarshal(line.Row, &change)
		if err == nil {
			st.applyTokens(change)
		}
		return err
	}
	return fmt.Errorf("unknown table %q", line.Table)
}

func replayRow[T any](t *table[T], text []byte) error {
	var row T
	if err := json.Unmarshal(text, &row); err != nil {
		return err
	}
	t.put(row)
	return nil
}

// add writes down a change that is about to be made.
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
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return err
	}
	if _, err := j.file.Write(text.Bytes()); err != nil {
		j.broken = err // a part of the line may stand in the file
		return err
	}
	j.written++
	return nil
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
