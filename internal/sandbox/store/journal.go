package store

import (
	"bufio"
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
// and a line that was cut in the middle was never acknowledged. A change that
// can't be kept, on a full disk, is refused; the next one is tried again. A nil
// journal keeps nothing.
type journal struct {
	file dataFile

	mu       sync.Mutex // of writing
	end      int64      // of the lines in the file
	isTorn   bool       // a part of a line may stand behind the end
	written  int64      // lines
	unsynced []byte     // the lines that may not be on the disk yet
	refused  error      // the last line was not taken, for this
	missing  int        // the size of that line

	syncing sync.Mutex
	synced  int64 // lines
	isLost  bool  // a sync failed: the disk may have dropped what is unsynced
}

// A dataFile is what a journal needs of an *os.File.
type dataFile interface {
	io.WriterAt
	io.Closer
	Sync() error
	Truncate(size int64) error
}

// A journalLine is one change.
type journalLine struct {
	Table string `json:"table"`
	Row   any    `json:"row"`
}

// tokensTable, dayTable and resetTable are no tables of rows: their lines are a
// [tokenChange], the sample data's last day, and a return to the start.
const (
	tokensTable = "tokens"
	dayTable    = "day"
	resetTable  = "reset"
)

// maxUnsynced limits what is held for a disk that takes writes and fails to sync.
const maxUnsynced = 16 << 20

var errNotSynced = errors.New("too much waits for a disk that can't be synced")

// openJournal opens a data file and continues it: it calls begin with the sample data
// of its head, then replay for the line of each change. One that does not exist or is
// empty is begun. A file of anything else is refused, and no byte of it changes: only
// the torn line behind a whole head is cut off.
func openJournal(path string, head journalHead, begin func(seed.Data), replay func(line []byte) error) (*journal, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	j := &journal{file: file}
	if err = lock(file); err == nil {
		err = j.open(file, head, begin, replay)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("data file %s: %w", path, err)
	}
	return j, nil
}

// openFile opens a regular file, or makes one. Anything else would take what is
// written elsewhere, or never give it back.
func openFile(path string) (*os.File, error) {
	if was, err := os.Lstat(path); err == nil && !was.Mode().IsRegular() {
		return nil, fmt.Errorf("data file %s: it is %s and no regular file", path, kindOf(was.Mode()))
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	is, err := file.Stat()
	if err == nil {
		var named os.FileInfo
		if named, err = os.Lstat(path); err == nil && !os.SameFile(is, named) {
			err = errors.New("it was replaced while it was opened")
		}
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("data file %s: %w", path, err)
	}
	return file, nil
}

func kindOf(mode os.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&os.ModeSymlink != 0:
		return "a link"
	case mode&os.ModeNamedPipe != 0:
		return "a pipe"
	case mode&os.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

func (j *journal) open(file *os.File, head journalHead, begin func(seed.Data), replay func(line []byte) error) error {
	in := bufio.NewReader(file)
	kept, length, err := head.read(in)
	switch {
	case err != nil:
		return fmt.Errorf("line 1: %w", err)
	case length == 0:
		begin(head.Data)
		return j.begin(head, filepath.Dir(file.Name()))
	}
	begin(kept.Data)
	j.end = length
	needsSum := kept.Journal > 1
	for n := 2; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if isDamagedTail(line) {
				return fmt.Errorf("line %d: %w", n, errDamaged)
			}
			break // and line is what a crash left of the last one
		}
		if err == nil {
			var hasSum bool
			hasSum, err = checkSum(line, needsSum)
			needsSum = needsSum || hasSum
		}
		if err == nil {
			err = replay(line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		j.end += int64(len(line))
	}
	return j.file.Truncate(j.end)
}

// begin writes the head of a new file.
func (j *journal) begin(head journalHead, folder string) error {
	if err := j.append(head); err != nil {
		return err
	}
	return errors.Join(j.sync(), syncFolder(folder))
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

// add appends a change that is about to be made.
func (j *journal) add(table string, row any) error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.append(journalLine{table, row})
}

func (j *journal) append(line any) error {
	text, err := encodeLine(line)
	if err != nil {
		return err
	}
	if j.refused = j.write(text); j.refused != nil {
		j.missing = len(text)
		return j.refused
	}
	j.end += int64(len(text))
	j.unsynced = append(j.unsynced, text...)
	j.written++
	return nil
}

// write writes a line behind the end, which it leaves where it is.
func (j *journal) write(text []byte) error {
	if len(j.unsynced) > maxUnsynced {
		return errNotSynced
	}
	if j.isTorn {
		if err := j.file.Truncate(j.end); err != nil {
			return err
		}
		j.isTorn = false
	}
	if _, err := j.file.WriteAt(text, j.end); err != nil {
		j.isTorn = j.file.Truncate(j.end) != nil
		return err
	}
	return nil
}

// problem returns why the file takes no lines, or nil: after a line that it did not take
// it tries whether there is room for one by now.
func (j *journal) problem() error {
	if j == nil {
		return nil
	}
	if err := j.sync(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.refused == nil {
		return nil
	}
	if j.refused = j.write(make([]byte, j.missing)); j.refused != nil {
		return j.refused
	}
	j.refused = j.file.Truncate(j.end)
	j.isTorn = j.refused != nil
	return j.refused
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
	all, pending, start := j.written, j.unsynced, j.end-int64(len(j.unsynced))
	j.mu.Unlock()
	if j.isLost { // what is not written again, the next sync does not look at
		if _, err := j.file.WriteAt(pending, start); err != nil {
			return err
		}
	}
	if err := j.file.Sync(); err != nil {
		j.isLost = true
		return err
	}
	j.synced, j.isLost = all, false
	j.mu.Lock()
	j.unsynced = append([]byte(nil), j.unsynced[len(pending):]...)
	j.mu.Unlock()
	return nil
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return errors.Join(j.sync(), j.file.Close())
}
