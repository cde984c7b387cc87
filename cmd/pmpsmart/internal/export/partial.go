package export

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A partial is a file on its way to be complete: FILE.partial, and beside it
// FILE.partial.json, the checkpoint. What the checkpoint vouches for is on the
// disk; what a broken run wrote after it, a torn row perhaps, is cut off.
type partial struct {
	saved
	path    string // of the partial file
	target  string // its name when it is complete
	rows    rows
	file    *os.File
	out     *bufio.Writer // into the file and the sum
	sum     hash.Hash
	seen    keySet
	repeats int64 // orders that were there already
	savedAt time.Time
	unlock  func()
}

// saved is the content of a checkpoint.
type saved struct {
	Identity string `json:"identity"` // what is being exported
	Lists    int    `json:"lists"`    // how many lists are complete
	Orders   int64  `json:"orders"`   // in the file
	Size     int64  `json:"size"`     // of the file, in bytes
	SHA256   string `json:"sha256"`   // of that many bytes
}

// saveEvery is how much work a power failure may cost.
const saveEvery = 2 * time.Second

// A leftover is what to do with what a run that broke off has left.
type leftover struct{ resume, restart bool }

// newStream writes to the standard output: nothing of it can be taken back, or
// gone on with.
func newStream(w io.Writer, r rows) (*partial, error) {
	p := &partial{rows: r, out: bufio.NewWriterSize(w, 64<<10), seen: keySet{}, unlock: func() {}}
	return p, p.write(r.head())
}

func (p *partial) isStream() bool { return p.path == "" }

// openPartial begins a partial file, or goes on with one.
func openPartial(target string, r rows, identity string, left leftover) (*partial, error) {
	p := &partial{path: target + ".partial", target: target, rows: r, sum: sha256.New(), seen: keySet{}, savedAt: time.Now()}
	var err error
	if p.unlock, err = tool.Lock(p.path); err != nil {
		return nil, err
	}
	if err := p.open(identity, left); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *partial) open(identity string, left leftover) (err error) {
	_, missing := os.Stat(p.path) // a run that was killed in finish leaves a checkpoint alone
	if p.file, err = os.OpenFile(p.path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return err
	}
	checkpoint, err := os.ReadFile(p.checkpointPath())
	there := err == nil && missing == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	switch {
	case there && left.resume:
		if err := p.resume(checkpoint, identity); err != nil {
			return fmt.Errorf("can't resume: %w; with -restart the export begins anew", err)
		}
	case there && !left.restart && isOfUse(checkpoint):
		return fmt.Errorf("%s is what a run that broke off has left: -resume goes on with it, -restart throws it away and begins anew", p.path)
	default:
		if err := p.begin(identity); err != nil {
			return err
		}
	}
	p.out = bufio.NewWriterSize(io.MultiWriter(p.file, p.sum), 64<<10)
	if p.Size == 0 {
		return p.write(p.rows.head())
	}
	return nil
}

// isOfUse reports whether something would be lost without the file of a
// checkpoint.
func isOfUse(checkpoint []byte) bool {
	var s saved
	return json.Unmarshal(checkpoint, &s) != nil || s.Orders > 0
}

func (p *partial) checkpointPath() string { return p.path + ".json" }

func (p *partial) begin(identity string) error {
	p.Identity = identity
	if err := os.Remove(p.checkpointPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return p.file.Truncate(0)
}

// resume takes over what a checkpoint says of the file, if it is true.
func (p *partial) resume(checkpoint []byte, identity string) error {
	if err := json.Unmarshal(checkpoint, &p.saved); err != nil {
		return fmt.Errorf("%s: %w", p.checkpointPath(), err)
	}
	if p.Identity != identity {
		return fmt.Errorf("%s is of another export (%s)", p.path, p.Identity)
	}
	orders := int64(0)
	part := io.TeeReader(io.LimitReader(p.file, p.Size), p.sum)
	err := p.rows.keys(part, func(key uint64) {
		p.seen.add(key)
		orders++
	})
	if err != nil {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	if hex.EncodeToString(p.sum.Sum(nil)) != p.SHA256 || orders != p.Orders {
		return fmt.Errorf("%s is not the file that its checkpoint tells of", p.path)
	}
	if err := p.file.Truncate(p.Size); err != nil {
		return err
	}
	_, err = p.file.Seek(p.Size, io.SeekStart)
	return err
}

// add writes an order, unless the file has it: a resumed list begins anew, and
// pages shift when orders come in while they are read.
func (p *partial) add(o *pmpsmart.Order) (added bool, err error) {
	line, key, err := p.rows.row(o)
	if err != nil {
		return false, err
	}
	if !p.seen.add(key) {
		p.repeats++
		return false, nil
	}
	if err := p.write(line); err != nil {
		return false, err
	}
	p.Orders++
	if !p.isStream() && time.Since(p.savedAt) > saveEvery {
		err = p.checkpoint()
	}
	return true, err
}

func (p *partial) write(line []byte) error {
	n, err := p.out.Write(line)
	p.Size += int64(n)
	return err
}

// flush puts all that was written on the disk.
func (p *partial) flush() error {
	if err := p.out.Flush(); err != nil {
		return err
	}
	return p.file.Sync()
}

// checkpoint vouches for all that was written.
func (p *partial) checkpoint() error {
	if p.isStream() {
		return p.out.Flush()
	}
	if err := p.flush(); err != nil {
		return err
	}
	p.SHA256 = hex.EncodeToString(p.sum.Sum(nil))
	text, err := json.MarshalIndent(p.saved, "", "  ")
	if err != nil {
		return err
	}
	p.savedAt = time.Now()
	return tool.WriteFile(p.checkpointPath(), func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(append(text, '\n')))
		return err
	})
}

// finish gives the file its name.
func (p *partial) finish() error {
	if p.isStream() {
		return p.out.Flush()
	}
	if err := p.flush(); err != nil {
		return err
	}
	if err := p.file.Close(); err != nil { // some systems rename no open file
		return err
	}
	if err := tool.Rename(p.path, p.target); err != nil {
		return err
	}
	if err := os.Remove(p.checkpointPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (p *partial) close() {
	if p.file != nil {
		p.file.Close()
	}
	p.unlock()
}

// A keySet is a set of keys, 64 to a word: ids that follow each other take a bit
// and a little each.
type keySet map[uint64]uint64

// add puts a key into the set and reports whether it is new there.
func (s keySet) add(key uint64) bool {
	word, bit := key>>6, uint64(1)<<(key&63)
	if s[word]&bit != 0 {
		return false
	}
	s[word] |= bit
	return true
}
