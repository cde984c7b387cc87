// Quickstart walks through a day's work with PMP Smart: who sells, where, what was ordered, and what a program writes
// back.
//
//	go run ./examples/quickstart
//
// As it stands it starts a sandbox in its own process. With PMPSMART_BASE_URL, PMPSMART_EMAIL and PMPSMART_PASSWORD set
// it talks to that server instead, and only reads.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	if err := run(ctx, os.Stdout); err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	live, err := environment()
	if err != nil {
		return err
	}
	if live {
		return onLiveServer(ctx, out)
	}
	return onSandbox(ctx, out)
}

// environment reports whether a server is named by the environment. Half of what is needed is an error, not a reason to
// show the sandbox's data as if it were the server's.
func environment() (live bool, err error) {
	names := []string{"PMPSMART_BASE_URL", "PMPSMART_EMAIL", "PMPSMART_PASSWORD"}
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return os.Getenv(name) != "" })
	if len(missing) > 0 && len(missing) < len(names) {
		return false, fmt.Errorf("%s missing: set %s for a real server, or none of them for the sandbox",
			strings.Join(missing, " and "), strings.Join(names, ", "))
	}
	return len(missing) == 0, nil
}

func onLiveServer(ctx context.Context, out io.Writer) error {
	client, err := pmpsmart.New(pmpsmart.FromEnv(), pmpsmart.WithUserAgent("pmpsmart-quickstart"))
	if err != nil {
		return err
	}
	defer client.Close()
	fmt.Fprintf(out, "This is %s, as %s. Nothing is written to it.\n", os.Getenv("PMPSMART_BASE_URL"), os.Getenv("PMPSMART_EMAIL"))
	w := walk{ctx, client, out}
	return w.each(w.outlets, w.salespeople, w.visits, w.orders)
}

func onSandbox(ctx context.Context, out io.Writer) error {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client := server.Client(pmpsmart.WithUserAgent("pmpsmart-quickstart"))
	defer client.Close()
	fmt.Fprintf(out, "This is a sandbox in this process, %s. Its data is made up.\n", server.URL)
	w := walk{ctx, client, out}
	err := w.each(w.login, w.outlets, w.salespeople, w.visits, w.orders,
		w.completeOrder, w.renameOutlet, w.jsonOrders, w.missingOrder, w.logout)
	if err != nil {
		return err
	}
	fmt.Fprint(out, `
To see your own data, reads only:
  PMPSMART_BASE_URL=https://api.pmpsmart.com/api/v1 PMPSMART_EMAIL=you@example.com PMPSMART_PASSWORD=secret go run ./examples/quickstart
`)
	return nil
}
