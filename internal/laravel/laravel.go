// Package laravel runs a small PMP Smart server on the real Laravel framework, so that the client is tested against
// what Laravel does rather than against what its authors believe that it does.
//
// The application is index.php beside this file. It needs Debian's packages of PHP and Laravel 8, which install.sh
// installs; [Available] tells whether they are there. [Start] writes the application into a folder of its own, serves
// it with PHP's built-in server on a free port of 127.0.0.1 and waits until it answers.
//
// One server answers in every style of [Styles]: Options.Style is the default, and a request's header X-Style chooses
// another. To run it by hand, without Go:
//
//	bash internal/laravel/install.sh
//	PMPSMART_DB=/tmp/pmpsmart/db.sqlite PHP_CLI_SERVER_WORKERS=4 php -q -S 127.0.0.1:8000 internal/laravel/index.php
//	curl -X POST -H 'Accept: application/json' -d 'email=api@pmpsmart.com' -d 'password=rahasia' \
//		http://127.0.0.1:8000/api/v1/auth/login
//
// The head of index.php lists the environment variables that it reads.
package laravel

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Email and Password are the account of a server without a seed.
const (
	Email    = "api@pmpsmart.com"
	Password = "rahasia"
)

// StyleHeader is the request header that chooses the style of one answer.
const StyleHeader = "X-Style"

// Styles are the names of the styles in which the server answers.
var Styles = []string{
	"plain", "strings", "paginated", "simple", "cursor", "resources", "toplevel", "keyed", "bare", "loose", "rows",
	"carbon", "debug", "jsonapi", "indonesian", "grouped",
}

// Options say how a server behaves. The zero value answers in the style plain, lets an account have any number of
// tokens and holds the one account of Email and Password.
type Options struct {
	Style       string // one of Styles; "" is plain
	Seed        string // path of a JSON file that the database is filled from
	SingleToken bool   // a login ends the account's earlier token
	Unique      bool   // a second insert of the same kode_order is a validation error
	PerPage     int    // records on a page; 0 is 15
	Throttle    int    // requests a minute that a user may make; 0 is any number
	Workers     int    // processes that answer; 0 is 4
	Dir         string // folder of the database and all else that the server writes; "" is a new one that Close removes
}

// Server is a running server.
type Server struct {
	URL string // the base URL of the API: http://127.0.0.1:PORT/api/v1
	Dir string // see Options

	root   string // http://127.0.0.1:PORT
	stop   context.CancelFunc
	exited chan struct{} // closed when PHP and all its workers are gone
	output *output
	remove bool
}

//go:embed index.php
var application []byte

// Available returns nil where PHP and the framework are installed, and else an error that says what is missing.
func Available() error { return available() }

var available = sync.OnceValue(func() error {
	for _, program := range []string{"php", "sh", "setsid"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("laravel: %s is not installed (install.sh installs what is needed)", program)
		}
	}
	check := exec.Command("php", "-d", "display_errors=stderr", "-d", "error_reporting=1", "-r", `
		foreach (['pdo_sqlite', 'mbstring', 'dom'] as $extension) {
			if (! extension_loaded($extension)) exit("PHP has no extension $extension");
		}
		if (! stream_resolve_include_path('Illuminate/autoload.php')) exit('PHP finds no Illuminate/autoload.php');
		require 'Illuminate/autoload.php';
		if (! class_exists('Illuminate\Foundation\Application')) exit('Illuminate has no Foundation');
		if (strpos(Illuminate\Foundation\Application::VERSION, '8.') !== 0) exit('Laravel is not version 8');`)
	out, err := check.CombinedOutput()
	if missing := strings.TrimSpace(string(out)); missing != "" {
		return fmt.Errorf("laravel: %s (install.sh installs what is needed)", missing)
	}
	if err != nil {
		return fmt.Errorf("laravel: php does not run: %w", err)
	}
	return nil
})

// supervise runs PHP in a session of its own and kills that session, PHP's workers included, as soon as standard input
// ends: on Close, but also when the Go program dies without one. PHP leaves its workers behind when it is killed alone.
const supervise = `exec 3<&0 </dev/null; (read -r _ <&3; kill -9 0) >/dev/null 2>&1 & exec "$@" 3<&-`

// Start starts a server and returns when it answers. The end of ctx ends the server as well as the start.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	s := &Server{Dir: opts.Dir, exited: make(chan struct{}), output: newOutput()}
	if s.Dir == "" {
		dir, err := os.MkdirTemp("", "pmpsmart-laravel-")
		if err != nil {
			return nil, fmt.Errorf("laravel: %w", err)
		}
		s.Dir, s.remove = dir, true
	}
	if err := s.start(ctx, opts); err != nil {
		closing := s.Close() // and so all that PHP has said is there
		return nil, errors.Join(s.explain(err), closing)
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, opts Options) error {
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return err
	}
	env, err := opts.environ(dir)
	if err != nil {
		return err
	}
	script := filepath.Join(dir, "index.php")
	if err := os.WriteFile(script, application, 0o600); err != nil {
		return err
	}
	stdin, hold, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdin.Close()

	ctx, cancel := context.WithCancel(ctx)
	// PHP itself chooses a free port and prints it, so that nobody else can take the port in between.
	cmd := exec.CommandContext(ctx, "setsid", "sh", "-c", supervise, "sh", "php", "-q",
		"-d", "opcache.file_update_protection=0", // which would compile the script, just written, for each request
		"-S", "127.0.0.1:0", script)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stderr = dir, env, stdin, s.output
	cmd.Cancel = hold.Close
	if err := cmd.Start(); err != nil {
		cancel()
		hold.Close()
		return err
	}
	s.stop = cancel
	go func() {
		_ = cmd.Wait() // returns when every process that can write to s.output is gone
		hold.Close()
		close(s.exited)
	}()

	select {
	case s.root = <-s.output.address:
	case <-s.exited:
		return errors.Join(errors.New("PHP ended"), ctx.Err())
	}
	s.URL = s.root + "/api/v1"
	_, err = s.test(http.MethodGet, "/_test/logins") // makes the database: what comes after finds it complete
	return err
}

// environ returns the server's environment.
func (o Options) environ(dir string) ([]string, error) {
	env := append(os.Environ(),
		"PMPSMART_DB="+filepath.Join(dir, "db.sqlite"),
		"PMPSMART_STYLE="+o.Style,
		"PMPSMART_SINGLE_TOKEN="+digit(o.SingleToken),
		"PMPSMART_UNIQUE="+digit(o.Unique),
		"PMPSMART_THROTTLE="+strconv.Itoa(o.Throttle),
		"PMPSMART_PER_PAGE=", "PMPSMART_SEED=",
		"PHP_CLI_SERVER_WORKERS=4",
	)
	if o.PerPage > 0 {
		env = append(env, "PMPSMART_PER_PAGE="+strconv.Itoa(o.PerPage))
	}
	if o.Workers > 0 {
		env = append(env, "PHP_CLI_SERVER_WORKERS="+strconv.Itoa(o.Workers))
	}
	if o.Seed != "" {
		seed, err := filepath.Abs(o.Seed)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(seed); err != nil {
			return nil, err
		}
		env = append(env, "PMPSMART_SEED="+seed)
	}
	return env, nil
}

func digit(on bool) string {
	if on {
		return "1"
	}
	return "0"
}

// Expire forgets all tokens, as if each had run out.
func (s *Server) Expire() error {
	_, err := s.test(http.MethodPost, "/_test/expire")
	return s.explain(err)
}

// Logins returns the number of logins that succeeded.
func (s *Server) Logins() (int, error) {
	body, err := s.test(http.MethodGet, "/_test/logins")
	if err != nil {
		return 0, s.explain(err)
	}
	n, err := strconv.Atoi(string(body))
	return n, s.explain(err)
}

// Down puts the application into maintenance, as `php artisan down --retry` does: it answers 503 until Up.
func (s *Server) Down(retryAfter time.Duration) error {
	down := fmt.Sprintf(`{"retry":%d}`, int(retryAfter.Seconds()))
	return os.WriteFile(s.downFile(), []byte(down), 0o600)
}

// Up ends the maintenance.
func (s *Server) Up() error { return os.Remove(s.downFile()) }

func (s *Server) downFile() string { return filepath.Join(s.Dir, "storage", "framework", "down") }

// Close kills the server and waits until all its processes are gone.
func (s *Server) Close() error {
	if s.stop != nil {
		s.stop()
		<-s.exited
	}
	if s.remove {
		return os.RemoveAll(s.Dir)
	}
	return nil
}

// Log returns the end of what PHP and Laravel have written to standard error.
func (s *Server) Log() string { return s.output.String() }

var client = &http.Client{
	Transport: &http.Transport{DisableKeepAlives: true},
	Timeout:   time.Minute,
}

// test calls one of the routes that are there for tests.
func (s *Server) test(method, path string) ([]byte, error) {
	req, err := http.NewRequest(method, s.root+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, bytes.TrimSpace(body))
	}
	return body, err
}

// explain adds what PHP has logged to err.
func (s *Server) explain(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("laravel: %w; PHP's log:\n%s", err, s.Log())
}
