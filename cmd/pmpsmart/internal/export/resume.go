package export

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/seen"
)

// Where a run goes on: after the lists that are complete, or after a page of the next one.

// resume takes over what a checkpoint says of the file, if it is true.
func (s *spool) resume(before saved) (err error) {
	if s.file, err = os.OpenFile(s.path, os.O_RDWR, 0); err != nil {
		return err
	}
	s.saved = before
	rows, err := s.load()
	if err != nil {
		return err
	}
	rest := sha256.New()
	if err := copyState(rest, s.sum); err != nil {
		return err
	}
	if _, err := io.Copy(rest, io.LimitReader(s.file, before.Size-before.FromSize)); err != nil {
		return err
	}
	if hex.EncodeToString(rest.Sum(nil)) != before.SHA256 || rows != before.FromRows {
		return lang.Errorf("%s is not the file that its checkpoint tells of", s.path)
	}
	return nil
}

// copyState puts a hash into the state of another one of its kind.
func copyState(to, from hash.Hash) error {
	state, err := from.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return err
	}
	return to.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
}

// load reads the rows up to where the run goes on, and forgets those beyond it. They stay
// in the file until others come.
func (s *spool) load() (rows int64, err error) {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	s.seen = seen.NewSet()
	s.sum.Reset()
	err = eachLine(io.TeeReader(io.LimitReader(s.file, s.FromSize), s.sum), func(line []byte) error {
		s.seen.Add(idOf(line), line)
		rows++
		return nil
	})
	s.Rows, s.Size, s.stale, s.out = s.FromRows, s.FromSize, true, nil
	s.noneListed()
	if err == nil {
		_, err = s.file.Seek(s.FromSize, io.SeekStart)
	}
	return rows, err
}

// listed notes that a record of the current page was listed, be it written or not.
func (s *spool) listed(key recordKey) {
	s.onPage++
	s.ids.Write(binary.BigEndian.AppendUint64(nil, uint64(key))) // never fails
}

// pageID says which records were listed on the current page so far.
func (s *spool) pageID() string { return hex.EncodeToString(s.ids.Sum(nil)) }

// pageEnded notes that a page of the list ends here: a run may go on after it.
func (s *spool) pageEnded(page int) error {
	if page != s.Page { // else it is the one after which the run goes on
		s.Before += s.OnPage
	}
	s.Page, s.PageIDs, s.OnPage = page, s.pageID(), s.onPage
	s.noneListed()
	return s.goOnHere()
}

// listEnded notes that a list is complete.
func (s *spool) listEnded() error {
	s.Lists++
	s.noPage()
	if err := s.begin(); err != nil {
		return err
	}
	s.ListRows, s.ListSize = s.Rows, s.Size
	return s.goOnHere()
}

// noPage says that no page of the list has been read.
func (s *spool) noPage() {
	s.Page, s.PageIDs, s.OnPage, s.Before = 0, "", 0, 0
	s.noneListed()
}

// noneListed says that no record of the current page has been read.
func (s *spool) noneListed() {
	s.onPage = 0
	s.ids.Reset()
}

// goOnHere makes this the place where a run goes on.
func (s *spool) goOnHere() error {
	s.FromRows, s.FromSize, s.ReadTo = s.Rows, s.Size, time.Now()
	if s.out != nil && time.Since(s.savedAt) > saveEvery {
		return s.checkpoint()
	}
	return nil
}

// back goes back to where a run would go on, after a list that broke off. Of what can't be
// taken back, the records that come again are known.
func (s *spool) back() error {
	s.noneListed()
	if s.file == nil {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	_, err := s.load()
	return err
}

// anew goes back to the start of the list.
func (s *spool) anew() error {
	s.noPage()
	s.FromRows, s.FromSize = s.ListRows, s.ListSize
	return s.back()
}
