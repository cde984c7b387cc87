package tool

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// maxPassword bounds a password, in bytes.
const maxPassword = 64 << 10

// ReadPassword reads a password from a file, without the line break at its end.
func ReadPassword(path string) (string, error) {
	password, err := command.ReadPasswordFile(path)
	if err != nil {
		return "", lang.Errorf("the password's file is %q, and %w", path, err)
	}
	return password, nil
}

func readPassword(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxPassword+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxPassword {
		return "", errors.New("too long")
	}
	text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
	if len(text) == 0 {
		return "", lang.Errorf("the password is empty")
	}
	return string(text), nil
}

// AskPassword asks for a password on the terminal, where it is not shown; from a pipe
// it reads one line.
func (t *Tool) AskPassword(prompt string) (string, error) {
	file, ok := t.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return readPassword(t.Stdin)
	}
	t.prompt(prompt)
	password, err := term.ReadPassword(int(file.Fd()))
	t.prompt("\n")
	if err != nil {
		return "", err
	}
	return readPassword(bytes.NewReader(password))
}

// Ask asks for a line on the terminal.
func (t *Tool) Ask(prompt string) (string, error) {
	t.prompt(prompt)
	line, err := bufio.NewReader(io.LimitReader(t.Stdin, maxPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimSpace(line), nil
}

func (t *Tool) prompt(text string) { _, _ = io.WriteString(t.Stderr, text) }
