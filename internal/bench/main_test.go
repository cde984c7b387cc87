package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// role names the environment variable that makes this program one of its own
// children: the server, so that its work is in nobody's figures, or a client
// whose peak memory is measured.
const role = "PMPSMART_BENCH_ROLE"

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "server":
		err = serve()
	case "client":
		err = read(os.Getenv(role+"_CONTENDER"), os.Getenv(role+"_BASE"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve answers until standard input ends, which it does with the parent.
func serve() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(l, newHandler()) }()
	fmt.Println("http://" + l.Addr().String())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func child(tb testing.TB, environment ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), environment...)
	c.Stderr = os.Stderr
	return c
}

// startServer runs a server in a process of its own and gives its address.
func startServer(tb testing.TB) (base string) {
	c := child(tb, role+"=server")
	in, err := c.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// read has one contender read the list at base, and prints the most memory, in
// KiB, that this process ever had in use.
func read(name, base string) error {
	all, err := contenders(base, nil)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.name == name {
			if _, err := c.list(context.Background()); err != nil {
				return err
			}
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if peak == nil {
		return errors.New("/proc/self/status has no VmHWM")
	}
	fmt.Println(string(peak[1]))
	return nil
}

// peak is the most memory, in bytes, of a process that does nothing but read a
// list of n orders.
func peak(tb testing.TB, server, contender string, n int) float64 {
	out, err := child(tb, role+"=client", role+"_CONTENDER="+contender, fmt.Sprintf("%s_BASE=%s/%d", role, server, n)).Output()
	if err != nil {
		tb.Fatal(err)
	}
	kib, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		tb.Fatal(err)
	}
	return kib * 1024
}
