// Quickstart walks through a day's work with PMP Smart: who sells, where, what was ordered, and what a program writes
// back.
//
//	go run ./examples/quickstart
//
// As it stands it starts a sandbox in its own process. With any of PMPSMART_BASE_URL, PMPSMART_EMAIL, PMPSMART_PASSWORD
// and PMPSMART_TOKEN set it talks to the server that these name instead, the vendor's unless told, and only reads.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
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
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		status := 1
		if errors.Is(err, context.Canceled) {
			err, status = errors.New("interrupted"), 130 // as shells have it for Ctrl-C
		}
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(status)
	}
}

const usage = `usage: quickstart

Quickstart walks through a day's work with PMP Smart, on a sandbox in its own process.
With any of these set it talks to a real server instead, and only reads:

  PMPSMART_EMAIL, PMPSMART_PASSWORD   the account to log in with (or
  PMPSMART_PASSWORD_FILE              the file of its password), or
  PMPSMART_TOKEN                      a token that is good already
  PMPSMART_BASE_URL                   another server than the vendor's
`

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		_, err := fmt.Fprint(out, usage)
		return err
	case err != nil:
		return fmt.Errorf("%w; -h tells more", err)
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q; -h tells more", flags.Arg(0))
	}
	if isLive() {
		return onLiveServer(ctx, out)
	}
	return onSandbox(ctx, out)
}

// isLive reports whether the environment says anything of a real server. What then is missing is an error, which
// pmpsmart.FromEnv tells, and not a reason to show the sandbox's data as if it were the server's.
func isLive() bool {
	names := []string{"PMPSMART_BASE_URL", "PMPSMART_EMAIL", "PMPSMART_PASSWORD", "PMPSMART_PASSWORD_FILE", "PMPSMART_TOKEN"}
	return slices.ContainsFunc(names, func(name string) bool { return os.Getenv(name) != "" })
}

func onLiveServer(ctx context.Context, out io.Writer) error {
	client, err := pmpsmart.New(pmpsmart.FromEnv(), pmpsmart.WithUserAgent("pmpsmart-quickstart"))
	if err != nil {
		return err
	}
	defer client.Close()
	account := os.Getenv("PMPSMART_EMAIL")
	if account == "" && os.Getenv("PMPSMART_TOKEN") != "" {
		account = "the token's account"
	}
	if account != "" { // without one the first call says what to set
		fmt.Fprintf(out, "This is %s, as %s. Nothing is written to it.\n", cmp.Or(strings.TrimSpace(os.Getenv("PMPSMART_BASE_URL")), "the vendor's server"), account)
	}
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
  PMPSMART_EMAIL=you@example.com PMPSMART_PASSWORD=secret go run ./examples/quickstart
`)
	return nil
}
