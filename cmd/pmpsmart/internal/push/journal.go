package push

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// A journal is a file of what was done, a line each, that is only appended to.
// An order's line "begun" is on the disk before anything is sent, and "done"
// before the order counts as done. An order that was begun and not done was under
// way when the program died.
type journal struct {
	file   *os.File
	unlock func()

	mu      sync.Mutex
	written int64 // lines
	broken  error // after which nothing in the file is certain

	syncing sync.Mutex
	synced  int64 // lines
}

// An event is one line of a journal. The first names the server, the others an
// order.
type event struct {
	Server string `json:"server,omitempty"`
	Code   string `json:"code,omitempty"`
	Sum    string `json:"sum,omitempty"`
	State  state  `json:"state,omitempty"`
}

// A state is how far an order has come.
type state string

const (
	begun  state = "begun"  // sent, perhaps
	failed state = "failed" // surely not there: another try is as good as the first
	done   state = "done"
)

// openJournal opens a journal and gives what it knows of orders, by their code.
// One that is not there is begun.
func openJournal(path, server string) (*journal, map[string]event, error) {
	unlock, err := tool.Lock(path)
	if err != nil {
		return nil, nil, err
	}
	j := &journal{unlock: unlock}
	known, err := j.open(path, server)
	if err != nil {
		j.close()
		return nil, nil, err
	}
	return j, known, nil
}

// open reads what is there and cuts off what a crash left of a line.
func (j *journal) open(path, server string) (known map[string]event, err error) {
	if j.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666); err != nil {
		return nil, err
	}
	known, whole, err := readJournal(j.file, server)
	if err != nil {
		return nil, tool.Usagef("%s: %w", path, err)
	}
	if err := j.file.Truncate(whole); err != nil {
		return nil, err
	}
	if whole == 0 {
		return known, errors.Join(j.add(event{Server: server}), command.SyncDir(filepath.Dir(path)))
	}
	return known, nil
}

// readJournal returns what a journal knows, and how many bytes of it are whole
// lines. What is no journal is refused, and not cut off: somebody may have named
// the wrong file.
//
// The journal of another input is no mistake. What it says of an order is true of
// the server, and an order is done here only if code, status and data are the
// same; so several inputs may share one.
func readJournal(file io.Reader, server string) (known map[string]event, whole int64, err error) {
	known = map[string]event{}
	in := bufio.NewReader(file)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		isTorn := errors.Is(err, io.EOF)
		if err != nil && !isTorn {
			return nil, 0, err
		}
		if isTorn && (n > 1 || isHeadOf(line, server)) {
			return known, whole, nil
		}
		var e event
		if err := json.Unmarshal(line, &e); isTorn || err != nil || !e.belongs(n) {
			return nil, 0, lang.Errorf("line %d is not a journal line; give another file by -journal. If this is a journal that was damaged, move it away: the run then begins anew, and finds again what is there", n)
		}
		if n == 1 && e.Server != server {
			return nil, 0, lang.Errorf("is the journal of %s, not of %s; give another by -journal", lang.Where(e.Server), lang.Where(server))
		}
		if n > 1 {
			known[e.Code] = e
		}
		whole += int64(len(line))
	}
}

// isHeadOf reports whether a crash may have left this of a journal's first line.
func isHeadOf(torn []byte, server string) bool {
	line, err := event{Server: server}.line()
	return err == nil && bytes.HasPrefix(line, torn)
}

// belongs reports whether a journal's n-th line may say this.
func (e event) belongs(n int) bool {
	if n == 1 {
		return e.Server != "" && e.Code == ""
	}
	return e.Server == "" && e.Code != "" && slices.Contains([]state{begun, failed, done}, e.State)
}

// line returns how an event stands in the file.
func (e event) line() ([]byte, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(e)
	return line.Bytes(), err
}

// add appends a line and returns when it is on the disk. Callers that come
// together share one sync.
func (j *journal) add(e event) error {
	mine, err := j.write(e)
	if err != nil {
		return err
	}
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= mine {
		return nil // with another's
	}
	j.mu.Lock()
	all, err := j.written, j.broken
	j.mu.Unlock()
	if err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return j.breakOff(err)
	}
	j.synced = all
	return nil
}

func (j *journal) breakOff(err error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.broken = err
	return err
}

func (j *journal) write(e event) (lines int64, err error) {
	line, err := e.line()
	if err != nil {
		return 0, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return 0, j.broken
	}
	if _, err := j.file.Write(line); err != nil {
		j.broken = err // a part of the line may stand in the file
		return 0, err
	}
	j.written++
	return j.written, nil
}

func (j *journal) close() {
	if j.file != nil {
		j.file.Close()
	}
	j.unlock()
}
