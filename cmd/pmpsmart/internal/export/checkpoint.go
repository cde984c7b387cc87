package export

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// saved is the content of a checkpoint, the file beside FILE.partial. What it vouches for
// is on the disk.
type saved struct {
	Program string `json:"program"` // by which the files are known as this program's own
	Asked   string `json:"asked"`   // what is being exported
	Lists   int    `json:"lists"`   // how many lists are complete
	Ignores bool   `json:"ignores"` // the server does not heed the days that it is asked for: there is one list

	Rows   int64  `json:"rows"`   // in the file
	Size   int64  `json:"size"`   // of the file, in bytes
	SHA256 string `json:"sha256"` // of that many bytes

	// Where a run goes on: after the lists that are complete, or after a page of the next
	// one. Rows beyond it are read again.
	Page     int    `json:"page"` // 0 for the start of the list
	PageIDs  string `json:"page_ids"`
	OnPage   int64  `json:"on_page"` // records that the server listed on the page
	Before   int64  `json:"before"`  // and before it
	FromRows int64  `json:"from_rows"`
	FromSize int64  `json:"from_size"`
	ListRows int64  `json:"list_rows"` // at the start of the list
	ListSize int64  `json:"list_size"`

	// When the rows up to there were read.
	ReadFrom time.Time `json:"read_from"`
	ReadTo   time.Time `json:"read_to"`

	Counts counts `json:"counts"`
}

// counts is what there is to tell of the records.
type counts struct {
	Repeats   int64   `json:"repeats"`   // listed again as they were, and left out
	Differing int64   `json:"differing"` // listed again and not as they were
	Conflicts []int64 `json:"conflicts"` // ids of the first of these
	Misfits   int64   `json:"misfits"`   // not what the server was asked for, and left out
	Unsure    int64   `json:"unsure"`    // that lack what was asked for, and are there
	Undated   int64   `json:"undated"`   // without a day, left out where days were asked for
}

// conflict counts a record that was listed again and not as it was.
func (c *counts) conflict(id int64) {
	const most = 20
	c.Differing++
	if len(c.Conflicts) < most && !slices.Contains(c.Conflicts, id) {
		c.Conflicts = append(c.Conflicts, id)
	}
}

const programName = "pmpsmart export"

// readCheckpoint returns what a checkpoint says. Its error is that of a file that is not
// this program's own.
func readCheckpoint(path string) (s saved, there bool, err error) {
	text, err := readOwn(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, false, nil
	case err != nil:
		return s, false, err
	case json.Unmarshal(text, &s) != nil || s.Program != programName:
		return s, false, notOurs(path)
	}
	return s, true, nil
}

// readOwn reads a small file that is no link and nothing else that is no file.
func readOwn(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := checkRegular(path, info); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// checkRegular refuses what is no file: through a link something else would be lost.
func checkRegular(path string, info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return lang.Errorf("%s is a link, and an export keeps there what is not complete yet; remove it, or write another file by -o", path)
	case !info.Mode().IsRegular():
		return lang.Errorf("%s is not a regular file, and an export keeps there what is not complete yet; remove it, or write another file by -o", path)
	}
	return nil
}

func notOurs(path string) error {
	return lang.Errorf("%s is in the way: no export has left it, and it is not thrown away; move it, or write another file by -o", path)
}

// write writes the checkpoint.
func (s *saved) write(path string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return tool.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}
