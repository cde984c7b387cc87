package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/seen"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A spool keeps the records that have come so far, as JSON Lines in FILE.partial, whatever
// FILE is to be; beside it, in FILE.partial.json, is the checkpoint. The files appear with
// the first record: a run that gets none leaves none.
type spool struct {
	saved
	path   string
	mode   fs.FileMode             // of the file; 0 for that of a new one
	direct func(line []byte) error // where records go in place of the file; nil for the file
	file   *os.File                // nil until there is something to write
	out    *bufio.Writer           // into the file and the sum
	sum    hash.Hash
	seen   *seen.Set

	stale   bool      // the file has more than Size bytes: what is beyond it is replaced by what comes
	ids     hash.Hash // of the records that were listed on the current page
	onPage  int64     // how many
	savedAt time.Time
	kept    saved // the checkpoint that is on the disk; its Program is "" for none
	unlock  func()
}

// saveEvery is how much work a power failure may cost.
const saveEvery = 2 * time.Second

// A leftover is what to do with what a run that broke off has left.
type leftover struct {
	resume, restart bool
	within          time.Duration // how old may be what is gone on with
}

// openSpool looks at what an earlier run has left, and goes on with it if it is to. Nothing
// is changed yet. say tells what is done.
func openSpool(target, noun, asked string, left leftover, say func(format string, args ...any)) (*spool, error) {
	s := &spool{path: target + ".partial", seen: seen.NewSet(), sum: sha256.New(), ids: sha256.New(), savedAt: time.Now(), unlock: func() {}}
	if info, err := os.Stat(target); err == nil {
		s.mode = info.Mode().Perm()
	}
	var err error
	if s.unlock, err = tool.Lock(s.path); err != nil {
		return nil, err
	}
	if err := s.open(noun, asked, left, say); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// newDirectSpool returns a spool that keeps nothing: each record goes to the function.
func newDirectSpool(direct func(line []byte) error) *spool {
	return &spool{direct: direct, seen: seen.NewSet(), sum: sha256.New(), ids: sha256.New(), unlock: func() {}}
}

func (s *spool) open(noun, asked string, left leftover, say func(string, ...any)) error {
	before, there, err := readCheckpoint(s.checkpointPath())
	if err != nil {
		return err
	}
	info, err := os.Lstat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		there = false // killed at the very end: the file itself is complete
	case err != nil:
		return err
	default:
		if err := checkRegular(s.path, info); err != nil {
			return err
		}
		if !there && info.Size() > 0 {
			return notOurs(s.path)
		}
	}
	s.saved = saved{Program: programName, Asked: asked}
	if !there {
		return nil
	}
	s.kept, s.stale = before, true
	isOfUse := before.Rows > 0 || before.Lists > 0
	switch age := ageOf(before.ReadFrom); {
	case !isOfUse, left.restart:
	case !left.resume:
		return tool.Usagef("%s is what a run that broke off has left: -resume goes on with it, -restart throws it away and begins anew", s.path)
	case before.Asked != asked:
		return tool.Usagef("can't resume: %s is of another export (%s); with -restart the export begins anew", s.path, before.Asked)
	case before.FromRows == 0 && before.Lists == 0:
		say("the server can't be asked for the rest of the list: it is read anew")
	case age > left.within:
		say("what %s has is %s old, and is read anew; -resume-within tells how old it may be", s.path, lang.Duration(age))
	default:
		if err := s.resume(before); err != nil {
			return tool.Usagef("can't resume: %w; with -restart the export begins anew", err)
		}
		say("going on after %s, read up to %s ago", lang.Count(before.FromRows, noun), lang.Duration(age))
	}
	return nil
}

// ageOf returns how long ago a time was, as exactly as matters to people.
func ageOf(t time.Time) time.Duration {
	age := time.Since(t)
	if age > time.Hour {
		return age.Truncate(time.Minute)
	}
	return age
}

func (s *spool) checkpointPath() string { return s.path + ".json" }

// maxLine bounds a line of a file that is read back.
const maxLine = 128 << 20

// eachLine calls f with each line, without its end.
func eachLine(r io.Reader, f func(line []byte) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), maxLine)
	for in.Scan() {
		if err := f(in.Bytes()); err != nil {
			return err
		}
	}
	return in.Err()
}

// begin makes the file ready to be written. The checkpoint comes first: what stands in the
// file is then known as this program's own, and what is cut off is vouched for no more.
func (s *spool) begin() (err error) {
	if s.out != nil || s.direct != nil {
		return nil
	}
	if s.ReadFrom.IsZero() {
		s.ReadFrom = time.Now()
	}
	if s.kept.Program == "" || s.stale {
		s.stale = false
		if err := s.vouch(); err != nil {
			return err
		}
	}
	if s.file == nil {
		if s.file, err = os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o666); err != nil {
			return err
		}
		if s.mode != 0 {
			if err := s.file.Chmod(s.mode); err != nil {
				return err
			}
		}
	}
	if err := s.file.Truncate(s.Size); err != nil {
		return err
	}
	if _, err := s.file.Seek(s.Size, io.SeekStart); err != nil {
		return err
	}
	s.out = bufio.NewWriterSize(io.MultiWriter(s.file, s.sum), 64<<10)
	return nil
}

// add writes a record, unless it is there: pages shift when records come in while they are
// read.
func (s *spool) add(line []byte, key recordKey) (added bool, err error) {
	switch s.seen.Add(int64(key), line) {
	case seen.Another:
		s.Counts.conflict(int64(key))
		return false, nil
	case seen.Repeat:
		s.Counts.Repeats++
		return false, nil
	}
	if err := s.begin(); err != nil {
		return false, err
	}
	s.Rows++
	if s.direct != nil {
		return true, s.direct(line)
	}
	if _, err := s.out.Write(line); err != nil {
		return false, err
	}
	s.Size += int64(len(line)) + 1
	return true, s.out.WriteByte('\n')
}

// flush puts all that was written on the disk.
func (s *spool) flush() error {
	if s.out == nil {
		return nil
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.file.Sync()
}

// checkpoint vouches for all that was written. While nothing of this run is, that of the
// run before stands.
func (s *spool) checkpoint() error {
	if s.out == nil {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	return s.vouch()
}

// vouch writes the checkpoint.
func (s *spool) vouch() error {
	s.SHA256, s.savedAt = hex.EncodeToString(s.sum.Sum(nil)), time.Now()
	s.kept = s.saved
	s.kept.Counts.Conflicts = slices.Clone(s.Counts.Conflicts)
	return s.saved.write(s.checkpointPath())
}

// remove takes the files away, whose records are in the export.
func (s *spool) remove() error {
	if s.file == nil && s.kept.Program == "" {
		return nil
	}
	if s.file != nil {
		if err := s.file.Close(); err != nil { // some systems remove no open file
			return err
		}
		s.file = nil
	}
	for _, path := range []string{s.path, s.checkpointPath()} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// each calls f with each record that has come.
func (s *spool) each(f func(line []byte) error) error {
	if s.file == nil {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return eachLine(io.LimitReader(s.file, s.Size), f)
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
	}
	s.unlock()
}
