package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// newPostgres returns the URL of an empty database on a PostgreSQL that the tests share.
func newPostgres(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.start(t) })
	if shared.url == "" {
		t.Skip("PostgreSQL did not start: see the test before")
	}
	admin, err := pgx.Connect(t.Context(), shared.url)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.WithoutCancel(t.Context()))
	name := fmt.Sprintf("t%d", shared.databases.Add(1))
	if _, err := admin.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(shared.url, "/postgres?", "/"+name+"?", 1)
}

// shared is the PostgreSQL that Debian has. It listens on nothing but a socket in a
// folder of its own. As it refuses to run as root, it runs as the user that Debian made
// for it if the tests do.
var shared postgresServer

type postgresServer struct {
	once      sync.Once
	url, dir  string
	server    *exec.Cmd
	databases atomic.Int64
}

func (s *postgresServer) start(t testing.TB) {
	t.Helper()
	servers, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(servers) == 0 {
		if os.Getenv("PMPSMART_REQUIRE_POSTGRES") != "" {
			t.Fatal("PostgreSQL is not installed")
		}
		t.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
	}
	slices.Sort(servers)
	bin := filepath.Dir(servers[len(servers)-1])
	var err error
	if s.dir, err = os.MkdirTemp("", "pg"); err != nil { // a socket's path must be short
		t.Fatal(err)
	}
	as := credential(t, s.dir)
	run := func(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
		var output bytes.Buffer
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir, c.Stdout, c.Stderr = s.dir, &output, &output
		c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
		c.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		return c, &output
	}
	data := filepath.Join(s.dir, "data")
	initdb, output := run("initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
	if err := initdb.Run(); err != nil {
		t.Fatal(err, output)
	}
	server, _ := run("postgres", "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=400")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	s.server = server
	url := fmt.Sprintf("postgres://postgres@/postgres?host=%s", s.dir)
	eventually(t, "PostgreSQL answers", func() bool {
		c, err := pgx.Connect(t.Context(), url)
		return err == nil && c.Close(t.Context()) == nil
	})
	s.url = url
}

// stop ends the server, if one was started.
func (s *postgresServer) stop() {
	if s.server != nil {
		_ = s.server.Process.Signal(syscall.SIGINT) // a fast shutdown
		_ = s.server.Wait()
	}
	if s.dir != "" {
		os.RemoveAll(s.dir)
	}
}

// credential returns the user that PostgreSQL runs as, who may use dir, or nil for the
// test's own.
func credential(t testing.TB, dir string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
