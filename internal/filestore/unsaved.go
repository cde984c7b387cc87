package filestore

import (
	"bytes"
	"io/fs"
	"os"
	"sync"
)

// unsaved has what could not be written. The zero value is ready for use.
type unsaved struct {
	mu    sync.Mutex
	files map[string]unsavedFile // by name
}

// An unsavedFile is the body that should have replaced a file. It stands in a func,
// into which nothing that prints a value can look.
type unsavedFile struct {
	body func() []byte
	over fs.FileInfo // of the file that stayed, nil if there was none
}

func (u *unsaved) keep(name string, body []byte, over fs.FileInfo) {
	body = bytes.Clone(body)
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.files == nil {
		u.files = make(map[string]unsavedFile)
	}
	u.files[name] = unsavedFile{func() []byte { return body }, over}
}

// get returns the body that could not be written, as long as the file on the disk is
// the one that it should have replaced.
func (u *unsaved) get(name string, now fs.FileInfo) (body []byte, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	file, ok := u.files[name]
	if !ok {
		return nil, false
	}
	if !isUnchanged(file.over, now) {
		delete(u.files, name)
		return nil, false
	}
	return file.body(), true
}

func (u *unsaved) drop(name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.files, name)
}

// isUnchanged reports whether both are of the same file, or of none, and nothing was
// written in between.
func isUnchanged(before, now fs.FileInfo) bool {
	if before == nil || now == nil {
		return before == nil && now == nil
	}
	return os.SameFile(before, now) && before.Size() == now.Size() && before.ModTime().Equal(now.ModTime())
}
