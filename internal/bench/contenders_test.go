package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/bytedance/sonic"
	"github.com/go-resty/resty/v2"
	gojson "github.com/goccy/go-json"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
)

const token = "benchmark-token"

// A contender is one way to call the API. Each reads the answer into records of
// its own and sums them up, so that all can be seen to have read the same.
type contender struct {
	name   string
	list   func(context.Context) (summary, error)
	detail func(context.Context) (summary, error)
}

// A summary is what a contender read.
type summary struct {
	records                  int
	ids, users, outlets      int64
	codes, statuses          int // bytes
	days, created, updatedAt int64
}

func (s *summary) add(id, user, outlet int64, code, status string, day, created, updated time.Time) {
	s.records++
	s.ids += id
	s.users += user
	s.outlets += outlet
	s.codes += len(code)
	s.statuses += len(status)
	s.days += day.Unix()
	s.created += created.Unix()
	s.updatedAt += updated.Unix()
}

// generated makes the contenders that need the build tag peers.
var generated []func(base string, rt http.RoundTripper) ([]contender, error)

// The contenders' names, as the tables show them.
const (
	slice  = "pmpsmart"
	seq    = "pmpsmart Seq"
	byHand = "encoding/json"
	result = "resty SetResult"
	goccy  = "resty SetResult, goccy/go-json"
	bytesd = "resty SetResult, sonic"
	ogened = "ogen"
	oapied = "oapi-codegen"
)

// contenders makes all of them. Where rt is nil each has a transport of its own:
// pmpsmart its default one, the others a clone of net/http's.
func contenders(base string, rt http.RoundTripper) ([]contender, error) {
	all, err := ours(base, rt)
	if err != nil {
		return nil, err
	}
	all = append(all, newHand(base, rt).contender(), newResty(result, base, rt, json.Unmarshal),
		newResty(goccy, base, rt, gojson.Unmarshal), newResty(bytesd, base, rt, sonic.Unmarshal))
	for _, make := range generated {
		more, err := make(base, rt)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

func ours(base string, rt http.RoundTripper) ([]contender, error) {
	options := []pmpsmart.Option{
		pmpsmart.WithBaseURL(base), pmpsmart.WithToken(token),
		pmpsmart.WithMaxResponseBytes(1 << 30), // a million orders in one answer
	}
	if rt != nil {
		options = append(options, pmpsmart.WithHTTPClient(&http.Client{Transport: rt}))
	}
	c, err := pmpsmart.New(options...)
	if err != nil {
		return nil, err
	}
	add := func(s *summary, o *pmpsmart.Order) {
		s.add(o.ID, o.UserID, o.OutletID, o.Code, string(o.Status), o.Date.Time(time.UTC), o.CreatedAt, o.UpdatedAt)
	}
	list := func(ctx context.Context) (s summary, err error) {
		orders, err := c.ListOrders(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending})
		for i := range orders {
			add(&s, &orders[i])
		}
		return s, err
	}
	stream := func(ctx context.Context) (s summary, err error) {
		for order, err := range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending}) {
			if err != nil {
				return s, err
			}
			add(&s, &order)
		}
		return s, nil
	}
	detail := func(ctx context.Context) (s summary, err error) {
		order, err := c.GetOrder(ctx, 198)
		if err == nil {
			add(&s, order)
		}
		return s, err
	}
	return []contender{{slice, list, detail}, {seq, stream, nil}}, nil
}

// The strict structs of the two contenders that are written by hand. Like the
// others they read a date as a date.
type (
	strictOrder struct {
		ID        int64     `json:"id"`
		Code      string    `json:"kode_order"`
		Status    string    `json:"status"`
		Date      day       `json:"date_order"`
		UserID    int64     `json:"user_id"`
		OutletID  int64     `json:"outlet_id"`
		CreatedAt time.Time `json:"created_at"`
		UpdatedAt time.Time `json:"updated_at"`
	}
	strictAnswer[T any] struct {
		Status  string `json:"status"`
		Message string `json:"message"`
		Data    T      `json:"data"`
	}
	strictFilter struct {
		Status string `json:"status,omitempty"`
	}
	strictDetail struct {
		OrderID int64 `json:"order_id"`
	}
	day struct{ time.Time }
)

func (d *day) UnmarshalJSON(b []byte) (err error) {
	d.Time, err = time.Parse(`"`+time.DateOnly+`"`, string(b))
	return err
}

func (s *summary) addStrict(o *strictOrder) {
	s.add(o.ID, o.UserID, o.OutletID, o.Code, o.Status, o.Date.Time, o.CreatedAt, o.UpdatedAt)
}

func listOf(answer *strictAnswer[[]strictOrder], err error) (s summary, _ error) {
	for i := range answer.Data {
		s.addStrict(&answer.Data[i])
	}
	return s, err
}

func oneOf(answer *strictAnswer[strictOrder], err error) (s summary, _ error) {
	s.addStrict(&answer.Data)
	return s, err
}

// clone is the transport of the contenders that bring none.
func clone(rt http.RoundTripper) *http.Client {
	if rt == nil {
		rt = http.DefaultTransport.(*http.Transport).Clone()
	}
	return &http.Client{Transport: rt}
}

// A hand is net/http with encoding/json.
type hand struct {
	base string
	http *http.Client
}

func newHand(base string, rt http.RoundTripper) *hand { return &hand{base, clone(rt)} }

func (h *hand) post(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := h.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(out); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

func (h *hand) contender() contender {
	return contender{byHand,
		func(ctx context.Context) (summary, error) {
			var answer strictAnswer[[]strictOrder]
			err := h.post(ctx, "/order", strictFilter{Status: "pending"}, &answer)
			return listOf(&answer, err)
		},
		func(ctx context.Context) (summary, error) {
			var answer strictAnswer[strictOrder]
			err := h.post(ctx, "/order/detail", strictDetail{198}, &answer)
			return oneOf(&answer, err)
		},
	}
}

// newResty is resty's SetResult with an engine that decodes.
func newResty(name, base string, rt http.RoundTripper, unmarshal func([]byte, any) error) contender {
	c := resty.NewWithClient(clone(rt)).SetBaseURL(base).SetDisableWarn(true).SetJSONUnmarshaler(unmarshal).
		SetAuthToken(token).SetHeader("Accept", "application/json").SetHeader("Content-Type", "application/json")
	post := func(ctx context.Context, path string, in, out any) error {
		answer, err := c.R().SetContext(ctx).SetBody(in).SetResult(out).Post(path)
		if err == nil && answer.IsError() {
			err = fmt.Errorf("%s: %s", path, answer.Status())
		}
		return err
	}
	return contender{name,
		func(ctx context.Context) (summary, error) {
			var answer strictAnswer[[]strictOrder]
			err := post(ctx, "/order", strictFilter{Status: "pending"}, &answer)
			return listOf(&answer, err)
		},
		func(ctx context.Context) (summary, error) {
			var answer strictAnswer[strictOrder]
			err := post(ctx, "/order/detail", strictDetail{198}, &answer)
			return oneOf(&answer, err)
		},
	}
}
