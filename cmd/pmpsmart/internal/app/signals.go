package app

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// notify returns a context that ends with the first of the signals that ask a program
// to stop. After it they have their usual effect again.
func notify(parent context.Context) (context.Context, func()) {
	ignorePipe()
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
