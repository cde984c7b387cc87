package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/paginate"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// Call posts in, marshaled as by encoding/json (a json.RawMessage or []byte as it
// is, nil for no body), to any path under the base URL, which may have a query. It
// is for what the vendor's page does not name. The data of the response is decoded
// into out, leniently and into any Go type or model of this package; nil drops it.
// A response without data leaves out as it is. Only one page of a list is read: that
// more follow is a [Drift] at data, unless in or the query of path names a page or
// cursor, or out is a struct or map that the page's numbers stand in; [ListAs] reads
// all of them. Data that the type of out can't hold at all is a [*DecodeError]; a part of it that
// its place can't hold is a [Drift]. A path that leaves the base URL is an
// [*InputError], and so is a filter or input of this package's that its method would
// refuse.
//
// Class: create, so that it is never retried blindly, and an unclear outcome is an
// [*OutcomeUnknownError].
func (c *Client) Call(ctx context.Context, path string, in, out any, opts ...CallOption) error {
	ctx, op, err := c.newCall(ctx, callOp, create, path, in, opts, checkTarget(out))
	if err != nil {
		return err
	}
	defer op.abandon()
	err = c.do(ctx, op, target{}, nil, func(r *response) (bool, error) {
		return false, op.readData(r, out)
	})
	return op.finish(ctx, err)
}

// readData decodes the data of a response into out.
func (op *operation) readData(r *response, out any) error {
	if r.hasNoContent() {
		return nil
	}
	a, answer, err := envelope.Value(r.Body, op.options(r))
	if (out == nil || r.Status == http.StatusCreated) && errors.Is(err, envelope.ErrEmpty) {
		return nil
	}
	if err = op.result(r, a, err); err != nil || out == nil || answer.Data == nil {
		return err
	}
	if err = op.decode(r, answer.Data, out); err == nil {
		err = op.checkPages(r, a, answer.Data, out)
	}
	if err != nil {
		mismatch := op.decodeError(r, answer.Whole, err)
		mismatch.known = true
		return mismatch
	}
	return nil
}

// checkPages reports that data is one page of a list that has more of them.
func (op *operation) checkPages(r *response, a *envelope.Answer, data []byte, out any) error {
	list, ok := envelope.InfoOfList(data)
	if !ok || op.asksForPage() {
		return nil
	}
	var first paginate.Position
	follows := first.HasMore(a.Page) || a.Total > int64(list.Count)
	switch t := targetOf(out); {
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map: // which has the page's numbers
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && list.Total > int64(list.Count):
		follows = true
	default:
		follows = follows || first.HasMore(list.Page)
	}
	if !follows {
		return nil
	}
	return op.incomplete("all pages of the list, as ListAs reads them", strconv.Itoa(list.Count), howMany(list.Count)+" of the first")
}

// asksForPage reports whether the query or the body of a Call names the page that it
// asks for.
func (op *operation) asksForPage() bool {
	_, rawQuery, _ := strings.Cut(op.path, "?")
	query, _ := url.ParseQuery(rawQuery)
	if query.Has("page") || query.Has("cursor") {
		return true
	}
	if loose.Kind(op.body) != '{' {
		return false
	}
	for name := range loose.Members(op.body) {
		if loose.NameIs(name, "page") || loose.NameIs(name, "cursor") {
			return true
		}
	}
	return false
}

// decode decodes data into out. A part that its place can't hold is drift, and an
// error in strict mode. If that is all of data it is always an error, unless data
// only says yes or no where a record was wanted, as after a write.
func (op *operation) decode(r *response, data []byte, out any) error {
	if op.isTooHeavy(data) && !isText(out) {
		return errTooManyValues
	}
	o := coerce.Options{Location: op.config.location, Known: known}
	o.Drift = func(m coerce.Mismatch) error {
		if op.config.strict || m.Whole && !(o.IsRecord(out) && saysYesOrNo(m.Got)) {
			const searched, shown = 8 << 10, 80
			start := r.Cut(string(m.Got[:min(len(m.Got), searched)]), shown)
			return &envelope.Problem{Text: m.At + ": want " + m.Want, Got: start, Drift: op.config.strict}
		}
		op.recordDrift(r, []envelope.Drift{{Path: m.Path, Want: m.Want, Got: m.Got, Count: 1}})
		return nil
	}
	err := coerce.Decode(data, out, o)
	var problem *envelope.Problem
	if errors.As(err, &problem) {
		return problem // it says where, as each error of strict mode does
	}
	return err
}

// isTooHeavy reports whether data has so many values that they would take too much
// memory.
func (op *operation) isTooHeavy(data []byte) bool {
	most := envelope.MemoryFor(op.maxBytes())
	return int64(len(data)) > most/loose.MaxWeight && loose.Weight(data) > most
}

// saysYesOrNo reports whether data is a bool, or a number such as a count of rows.
func saysYesOrNo(data []byte) bool {
	kind := loose.Kind(data)
	return kind == 't' || kind == 'f' || kind == '0'
}

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
// that its place in T can't hold is a [Drift], with [WithStrictDecoding] an error; so is a
// record, if T is a scalar, which is for lists of scalars. An error comes last, with a zero
// T; a path that leaves the base URL, input that its method would refuse, and a T that
// can't be made of JSON, such as a func, are an [*InputError].
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
	c := envelope.Consumer{Decode: func(object []byte, place func() (path, at string), drift envelope.DriftFunc) (int, error) {
		t.place, t.drift = place, drift
		target.SetZero()
		return t.Decode(object, record)
	}}
	if t.CanScan() {
		c.Scan = func(b []byte) int {
			target.SetZero()
			return t.Scan(b, target)
		}
		c.Finish = func(object []byte, place func() (path, at string), drift envelope.DriftFunc) (int, error) {
			t.place, t.drift = place, drift
			return t.Finish(object)
		}
	}
	return c
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
