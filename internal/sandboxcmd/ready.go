package sandboxcmd

import (
	"errors"
	"fmt"
	"os"
	"regexp"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// maxReady limits what is looked at of a file that may be overwritten.
const maxReady = 1 << 10

// readyLine matches what writeReady writes, and no list of addresses that begins like it.
var readyLine = regexp.MustCompile(`\Ahttp://[^\s/]+/api/v1\n?\z`)

// writeReady writes the URL into a file, at once or not at all: whoever finds the file
// finds the whole URL. A file that holds anything but a URL is refused.
func writeReady(path, url string) error {
	if err := checkReady(path); err != nil {
		return fmt.Errorf("-ready-file %s: %w", path, err)
	}
	if err := command.WriteFile(path, []byte(url+"\n")); err != nil {
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
	if err == nil && len(text) > 0 && !readyLine.Match(text) {
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
