// Package testpostgres starts the PostgreSQL that Debian has, for the tests of the
// mirror. It is in no program.
package testpostgres

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// RequireVariable is the environment variable that makes it a failure that PostgreSQL is
// not installed.
const RequireVariable = "PMPSMART_REQUIRE_POSTGRES"

// A Server is a PostgreSQL with nothing in it. It listens on a socket in a folder of its
// own alone.
type Server struct {
	t        testing.TB
	bin, dir string
	process  *exec.Cmd
	output   *bytes.Buffer
}

// Start starts a server that ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	servers, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(servers) == 0 {
		if os.Getenv(RequireVariable) != "" {
			t.Fatal("PostgreSQL is not installed")
		}
		t.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
	}
	slices.Sort(servers)
	dir, err := os.MkdirTemp("", "pg") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, bin: filepath.Dir(servers[len(servers)-1]), dir: dir}
	t.Cleanup(func() {
		s.Stop()
		_ = os.RemoveAll(dir)
	})
	initdb, output := s.command("initdb", "--pgdata", s.data(), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
	if err := initdb.Run(); err != nil {
		t.Fatal(err, output)
	}
	s.Up()
	return s
}

// URL returns the URL of a new database.
func (s *Server) URL(database string) string {
	s.t.Helper()
	s.SQL("postgres", "CREATE DATABASE "+database)
	return fmt.Sprintf("postgres://postgres@/%s?host=%s", database, s.dir)
}

// SQL runs a statement in a database with PostgreSQL's own client, and returns what it
// prints: a line a row, with | between the columns.
func (s *Server) SQL(database, statement string) string {
	s.t.Helper()
	out, err := exec.Command("psql", "-h", s.dir, "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-qAt", "-c", statement).CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", statement, err, out)
	}
	return string(bytes.TrimRight(out, "\n"))
}

// Up starts the server again after Stop.
func (s *Server) Up() {
	s.t.Helper()
	s.process, s.output = s.command("postgres", "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "timezone=Asia/Jakarta")
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if exec.Command(filepath.Join(s.bin, "pg_isready"), "-h", s.dir).Run() == nil {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatal("PostgreSQL does not answer: ", s.output)
		}
	}
}

// Stop ends the server and its connections.
func (s *Server) Stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(os.Interrupt) // a fast shutdown
	_ = s.process.Wait()
	s.process = nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// command returns one of PostgreSQL's programs, and what it prints.
func (s *Server) command(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	s.t.Helper()
	var output bytes.Buffer
	c := exec.Command(filepath.Join(s.bin, name), args...)
	c.Dir, c.Stdout, c.Stderr = s.dir, &output, &output
	c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	if err := asPostgres(c, s.dir); err != nil {
		s.t.Fatal(err)
	}
	return c, &output
}
