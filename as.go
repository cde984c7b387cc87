package pmpsmart

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"reflect"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// ListAs returns an iterator over the records of any list that stands under the base
// URL, each decoded whole into a T. It reads what the models do not name:
//
//	type Order struct {
//		pmpsmart.Order
//		Total float64 `json:"total"`
//	}
//	for order, err := range pmpsmart.ListAs[Order](ctx, client, "order", pmpsmart.OrderFilter{UserID: 7}) {
//		…
//	}
//
// T may be a struct with json tags, a map, json.RawMessage, a model of this package, a
// struct that embeds models, or any other type. It is decoded as leniently as the
// models are: numbers in strings, times in any form, names whatever their case and
// separators. A model that T embeds takes its fields by its own table, T takes the
// others, and the model's Extra keeps what neither names and what a field of the model
// can't hold. A field of T with the name of a model's is set as well. The same is true
// of structs inside of T.
//
// The path, which may have a query, and in are those of [Client.Call]. All pages are
// read, one record is in memory, and nothing is sent before the range begins. A value
// that its place in T can't hold is a [Drift], with [WithStrictDecoding] an error. An
// error comes last, with a zero T; a path that leaves the base URL, input that its
// method would refuse, and a T that can't hold a record are an [*InputError].
//
// Class: read.
func ListAs[T any](ctx context.Context, c *Client, path string, in any, opts ...CallOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var record T
		ctx, op, records, err := c.newTyped(ctx, "ListAs", path, in, &record, opts)
		if err != nil {
			yield(record, err)
			return
		}
		defer op.abandon()
		consumer := records.consumer(&record)
		consumer.Fields, consumer.AnyElement = records.Fields(), !records.AreObjects()
		yieldPages(ctx, c, op, &record, yield, func(r *response, commit func() bool) (*envelope.Answer, error) {
			return envelope.ListFor(r.Body, consumer, op.options(r), commit)
		})
	}
}

// GetAs returns one record of any endpoint that reads, decoded into a T as by [ListAs].
// Where the server has none, it is [ErrNotFound], also if the response is a success
// without data. If T is a scalar or a list, it is the data of the response.
//
// Class: read.
func GetAs[T any](ctx context.Context, c *Client, path string, in any, opts ...CallOption) (*T, error) {
	record := new(T)
	ctx, op, records, err := c.newTyped(ctx, "GetAs", path, in, record, opts)
	if err != nil {
		return nil, err
	}
	defer op.abandon()
	consumer := records.consumer(record)
	consumer.Fields, consumer.AnyKind = records.FieldsAlone(), !records.EmbedModels()
	err = getRecord(ctx, c, op, func(r *response) (a *envelope.Answer, found bool, err error) {
		*record = *new(T)
		if records.MayBeObjects() {
			return envelope.OneFor(r.Body, consumer, op.options(r))
		}
		return op.valueAs(r, record)
	}, func(r *response, a *envelope.Answer) error {
		if records.MayBeObjects() && !a.Record {
			return op.noField(r, a)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return record, nil
}

// valueAs decodes the data of a response into out, which can't hold a record.
func (op *operation) valueAs(r *response, out any) (a *envelope.Answer, found bool, err error) {
	a, answer, err := envelope.Value(r.Body, op.options(r))
	if err != nil || a.Failed || answer.Data == nil || string(answer.Data) == "null" {
		return a, false, err
	}
	err = op.decode(r, answer.Data, out)
	if err == nil {
		err = op.checkPages(r, a, answer.Data, out)
	}
	if err != nil {
		a.Head = answer.Whole
	}
	return a, err == nil, err
}

// typedRecords are the records of ListAs and GetAs.
type typedRecords struct {
	*coerce.Records
	place func() (path, at string)
	drift envelope.DriftFunc
}

// consumer returns the Consumer that decodes each record into what record points to.
func (t *typedRecords) consumer(record any) envelope.Consumer {
	target := reflect.ValueOf(record).Elem()
	return envelope.Consumer{Decode: func(object []byte, place func() (path, at string), drift envelope.DriftFunc) (int, error) {
		t.place, t.drift = place, drift
		target.SetZero()
		return t.Decode(object, record)
	}}
}

// newTyped starts an operation of ListAs or GetAs, whose records are like the one that
// record points to.
func (c *Client) newTyped(ctx context.Context, name, path string, in, record any, opts []CallOption) (context.Context, *operation, *typedRecords, error) {
	if problem := c.check(); problem != nil {
		return ctx, nil, nil, inputError(name, problem)
	}
	t := new(typedRecords)
	t.Records = coerce.NewRecords(record, coerce.Options{
		Location: c.config.location,
		Known:    known,
		Place:    func() (path, at string) { return t.place() },
		Drift:    func(m coerce.Mismatch) error { return t.drift(m.Path, m.At, m.Want, m.Got) },
	})
	var badType *InputError
	if checkTarget(record) != nil {
		badType = &InputError{Field: "T", Problem: fmt.Sprintf("is a %s, which can't be made of JSON", reflect.TypeOf(record).Elem())}
	}
	ctx, op, err := c.newCall(ctx, name, retry.Read, path, in, opts, badType)
	return ctx, op, t, err
}

// newCall starts an operation whose path and input are the caller's.
func (c *Client) newCall(ctx context.Context, name string, class retry.Class, path string, in any, opts []CallOption, problems ...*InputError) (context.Context, *operation, error) {
	path, badPath := checkPath(path)
	body, badBody := callBody(in)
	ctx, op, err := c.newOperation(ctx, endpoint{name, path, class}, nil, opts, append([]*InputError{badPath, badBody}, problems...)...)
	if err != nil {
		return ctx, nil, err
	}
	op.body, op.displayPath = body, line(path)
	op.tell.path = op.displayPath
	return ctx, op, nil
}

// withQuery returns a path with rawQuery, which names a page, in its query. It takes
// the place of a page that the path names.
func withQuery(path, rawQuery string) string {
	path, own, _ := strings.Cut(path, "?")
	var all strings.Builder
	for parameter := range strings.SplitSeq(own, "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if name, _ = url.QueryUnescape(name); name != "page" && name != "cursor" && parameter != "" {
			all.WriteString(parameter + "&")
		}
	}
	return path + "?" + all.String() + rawQuery
}
