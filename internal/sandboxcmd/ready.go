package sandboxcmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxReady limits what is looked at of a file that may be overwritten.
const maxReady = 1 << 10

// writeReady writes the URL into a file, at once or not at all: whoever finds the file
// finds the whole URL. A file that holds anything but a URL is refused.
func writeReady(path, url string) error {
	if err := checkReady(path); err != nil {
		return fmt.Errorf("-ready-file %s: %w", path, err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("-ready-file: %w", err)
	}
	_, err = file.WriteString(url + "\n")
	err = errors.Join(err, file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
		return fmt.Errorf("-ready-file: %w", err)
	}
	return nil
}

// checkReady returns an error if what stands at a path is not for us to overwrite.
func checkReady(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is no regular file")
	case info.Size() > maxReady:
		return errors.New("it holds something else than a URL")
	}
	text, err := os.ReadFile(path)
	if err == nil && len(text) > 0 && !strings.HasPrefix(string(text), "http://") {
		err = errors.New("it holds something else than a URL")
	}
	return err
}

// removeReady removes the file of writeReady, unless another server has written it
// since.
func removeReady(path, url string) {
	if text, err := os.ReadFile(path); err == nil && string(text) == url+"\n" {
		os.Remove(path)
	}
}
