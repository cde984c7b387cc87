package tool

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// maxAnswer bounds what is typed for a prompt, in bytes.
const maxAnswer = 64 << 10

// ReadPassword reads a password from a file, without the line break at its end.
func ReadPassword(path string) (string, error) {
	password, err := command.ReadPasswordFile(path)
	if err != nil {
		return "", lang.Errorf("the password's file is %q, and %w", path, err)
	}
	return password, nil
}

// AskPassword asks for a password on the terminal, where it is not shown; from a pipe
// it reads one line.
func (t *Tool) AskPassword(ctx context.Context, prompt string) (string, error) {
	read, restore := func() (string, error) { return readLine(t.Stdin) }, func() {}
	if file, ok := t.Stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		t.prompt(prompt)
		defer t.prompt("\n")
		shown, err := term.GetState(int(file.Fd()))
		if err != nil {
			return "", err
		}
		restore = func() { _ = term.Restore(int(file.Fd()), shown) } // else what is typed next would not be seen
		read = func() (string, error) {
			password, err := term.ReadPassword(int(file.Fd()))
			return string(password), err
		}
	}
	password, err := answer(ctx, read)
	switch {
	case ctx.Err() != nil:
		restore()
		return "", err
	case err == nil && password == "":
		err = lang.Errorf("the password is empty")
	}
	return password, err
}

// Ask asks for a line on the terminal.
func (t *Tool) Ask(ctx context.Context, prompt string) (string, error) {
	t.prompt(prompt)
	line, err := answer(ctx, func() (string, error) { return readLine(t.Stdin) })
	if ctx.Err() != nil {
		t.prompt("\n")
	}
	return strings.TrimSpace(line), err
}

// answer waits for what read returns, or until ctx ends. A read from a terminal has no
// other end: it is left to itself, and the program is about to end.
func answer(ctx context.Context, read func() (string, error)) (string, error) {
	var (
		text string
		err  error
		done = make(chan struct{})
	)
	go func() {
		defer close(done)
		text, err = read()
	}()
	select {
	case <-done:
		return text, err
	case <-ctx.Done():
		return "", lang.Errorf("stopped")
	}
}

// readLine reads a line without its end, and nothing beyond it: there the answer to the
// next prompt may stand.
func readLine(in io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) <= maxAnswer {
		n, err := in.Read(one)
		if n > 0 && one[0] != '\n' {
			line = append(line, one[0])
		}
		if n > 0 && one[0] == '\n' || errors.Is(err, io.EOF) {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", lang.Errorf("the answer is too long")
}

func (t *Tool) prompt(text string) { _, _ = io.WriteString(t.Stderr, text) }
