package push

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// An order is one line of the input.
type order struct {
	line   int
	in     pmpsmart.JSONOrderInput
	data   json.RawMessage
	sum    string // of the status and the data, however they are written
	broken error  // why the line is no order
	end    error  // why there are no more lines
}

// longestLine bounds the memory that a line takes.
const longestLine = 16 << 20

// readOrders gives the lines of the input one by one, in a goroutine of its own:
// a read from a pipe may wait for ever. A line that is no order does not end it;
// an input that can't be read does, by an order that says so in end.
func readOrders(ctx context.Context, in io.Reader) <-chan order {
	orders := make(chan order)
	go func() {
		defer close(orders)
		in, err := tool.Text(in)
		if err != nil {
			give(ctx, orders, order{end: err})
			return
		}
		lines := bufio.NewScanner(in)
		lines.Buffer(make([]byte, 64<<10), longestLine)
		n := 0
		for lines.Scan() {
			n++
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) > 0 && !give(ctx, orders, parse(n, line)) {
				return
			}
		}
		if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
			give(ctx, orders, order{end: fmt.Errorf("line %d is longer than %d MiB", n+1, longestLine>>20)})
		} else if err != nil {
			give(ctx, orders, order{end: err})
		}
	}()
	return orders
}

// give puts an order into a channel, unless the context ends before.
func give(ctx context.Context, orders chan<- order, o order) bool {
	select {
	case orders <- o:
		return true
	case <-ctx.Done():
		return false
	}
}

// take gives the next order of a channel, unless there is none or the context
// ends before.
func take(ctx context.Context, orders <-chan order) (o order, ok bool) {
	select {
	case o, ok = <-orders:
	case <-ctx.Done():
	}
	return o, ok
}
