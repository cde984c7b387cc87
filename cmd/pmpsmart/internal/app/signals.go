package app

import (
	"context"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
)

// notify returns a context that ends with the first of the signals that ask a program
// to stop. After it they have their usual effect again.
func notify(parent context.Context) (context.Context, func()) {
	ignorePipe()
	return command.Context(parent)
}
