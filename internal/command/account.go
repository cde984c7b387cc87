package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
)

// VendorURL is the server's address where the environment names no other.
const VendorURL = "https://api.pmpsmart.com/api/v1"

// An Account says at which server a command works, and as whom.
type Account struct {
	BaseURL      string // never empty
	Email        string
	Password     string
	PasswordFile string // in place of Password: read before each login
	Token        string
	InsecureHTTP bool // http beyond this machine
}

// ReadAccount reads the account of the variables that [pmpsmart.FromEnv] reads. White
// space around a value, such as the CR of a file that Windows wrote, is dropped, but for
// the password's. An account that can't be right is an error, no account at all is none.
func ReadAccount(getenv func(string) string) (Account, error) {
	get := func(name string) string { return strings.TrimSpace(getenv("PMPSMART_" + name)) }
	a := Account{
		BaseURL: BaseURL(getenv), Email: get("EMAIL"), Password: getenv("PMPSMART_PASSWORD"), PasswordFile: get("PASSWORD_FILE"), Token: get("TOKEN"),
	}
	switch strings.ToLower(get("INSECURE_HTTP")) {
	case "1", "true":
		a.InsecureHTTP = true
	case "", "0", "false":
	default:
		return a, fmt.Errorf("PMPSMART_INSECURE_HTTP is %q; want 1 or 0", get("INSECURE_HTTP"))
	}
	return a, a.check()
}

// BaseURL returns the server's address: that of PMPSMART_BASE_URL without white space
// around it and slashes at its end, or the vendor's.
func BaseURL(getenv func(string) string) string {
	return cmp.Or(strings.TrimRight(strings.TrimSpace(getenv("PMPSMART_BASE_URL")), "/"), VendorURL)
}

func (a Account) check() error {
	switch {
	case a.Password != "" && a.PasswordFile != "":
		return errors.New("PMPSMART_PASSWORD and PMPSMART_PASSWORD_FILE are both set; set one of them")
	case a.Email == "" && a.PasswordFile != "":
		return errors.New("PMPSMART_PASSWORD_FILE is set without PMPSMART_EMAIL; set both or neither")
	case a.Email == "" && a.Password != "":
		return errors.New("PMPSMART_PASSWORD is set without PMPSMART_EMAIL; set both or neither")
	case a.Email != "" && a.Password == "" && a.PasswordFile == "":
		return errors.New("PMPSMART_EMAIL is set without PMPSMART_PASSWORD or PMPSMART_PASSWORD_FILE; set both or neither")
	case a.PasswordFile != "":
		_, err := a.ReadPassword()
		return err
	}
	return nil
}

// IsZero reports whether there is neither a token nor a password.
func (a Account) IsZero() bool { return a.Email == "" && a.Token == "" }

// Options returns the options of a client of the account.
func (a Account) Options() []pmpsmart.Option {
	options := []pmpsmart.Option{pmpsmart.WithBaseURL(a.BaseURL)}
	if a.Token != "" {
		options = append(options, pmpsmart.WithToken(a.Token))
	}
	switch {
	case a.Email == "":
	case a.PasswordFile != "":
		options = append(options, pmpsmart.WithCredentialSource(func(context.Context) (email, password string, err error) {
			password, err = a.ReadPassword()
			return a.Email, password, err
		}))
	default:
		options = append(options, pmpsmart.WithCredentials(a.Email, a.Password))
	}
	if a.InsecureHTTP {
		options = append(options, pmpsmart.AllowInsecureHTTP())
	}
	return options
}

// maxPassword limits the file of a password.
const maxPassword = 64 << 10

// ReadPassword returns the password, that of the file as it is now, without a line break
// at its end.
func (a Account) ReadPassword() (string, error) {
	if a.PasswordFile == "" {
		return a.Password, nil
	}
	password, err := ReadPasswordFile(a.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("PMPSMART_PASSWORD_FILE is %q, and %w", a.PasswordFile, err)
	}
	return password, nil
}

// ReadPasswordFile returns the password that a file holds, without a line break at its end.
// An error goes on after the file's name: "and that is empty".
func ReadPasswordFile(name string) (string, error) {
	info, err := os.Stat(name) // opening a named pipe would wait
	switch {
	case err != nil:
		return "", cause(err)
	case !info.Mode().IsRegular():
		return "", errors.New("that is no regular file, which can be read before each login")
	}
	file, err := os.Open(name)
	if err != nil {
		return "", cause(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxPassword+1))
	switch line, isLine := strings.CutSuffix(string(text), "\n"); {
	case err != nil:
		return "", cause(err)
	case len(text) > maxPassword:
		return "", fmt.Errorf("that is larger than %d bytes, as no password is", maxPassword)
	case isLine && strings.TrimSuffix(line, "\r") != "":
		return strings.TrimSuffix(line, "\r"), nil
	case isLine || line == "":
		return "", errors.New("that is empty")
	default:
		return line, nil
	}
}

// cause returns the cause of an error of os, which says the path once more.
func cause(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return fmt.Errorf("that can't be read: %w", path.Err)
	}
	return err
}
