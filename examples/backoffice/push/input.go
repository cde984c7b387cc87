package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go"
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

// parse reads one line. The client checks the rest: that no field is empty.
func parse(n int, line []byte) order {
	o := order{line: n}
	var fields struct {
		Code   string                   `json:"code"`
		Status pmpsmart.JSONOrderStatus `json:"status"`
		Data   json.RawMessage          `json:"data"`
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields() // a misspelt name would be lost
	switch err := decoder.Decode(&fields); {
	case !utf8.Valid(line):
		o.broken = errors.New("is not UTF-8")
	case err != nil:
		o.broken = fmt.Errorf("is no order: %w", err)
	case decoder.InputOffset() < int64(len(line)):
		o.broken = errors.New("holds more than one order")
	case fields.Code == "" || fields.Status == "" || fields.Data == nil:
		o.broken = errors.New(`needs a "code", a "status" and "data"`)
	default:
		o.data = fields.Data
		o.in = pmpsmart.JSONOrderInput{Code: fields.Code, Status: fields.Status, Data: o.data}
		o.sum = sum(fields.Status, fields.Data)
	}
	return o
}

// sum tells orders of one code apart: by status and data, whatever the white
// space and the order of members.
func sum(status pmpsmart.JSONOrderStatus, data json.RawMessage) string {
	canonical := jsontext.Value(bytes.Clone(data))
	_ = canonical.Canonicalize() // what can't be made so is compared as it is
	hash := sha256.Sum256(fmt.Appendf(nil, "%q %s", status, canonical))
	return hex.EncodeToString(hash[:16])
}
