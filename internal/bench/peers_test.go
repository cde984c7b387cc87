//go:build peers

package bench

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pmpsmart/pmpsmart-go/internal/bench/generated/oapi"
	"github.com/pmpsmart/pmpsmart-go/internal/bench/generated/ogen"
)

func init() { generated = append(generated, newOgen, newOapi) }

// source gives ogen's client its token.
type source struct{}

func (source) Token(context.Context, ogen.OperationName) (ogen.Token, error) {
	return ogen.Token{Token: token}, nil
}

func newOgen(base string, rt http.RoundTripper) ([]contender, error) {
	c, err := ogen.NewClient(base, source{}, ogen.WithClient(clone(rt)))
	if err != nil {
		return nil, err
	}
	add := func(s *summary, o *ogen.Order) {
		s.add(o.ID, o.UserID, o.OutletID, o.KodeOrder, string(o.Status), o.DateOrder, o.CreatedAt, o.UpdatedAt)
	}
	return []contender{{ogened,
		func(ctx context.Context) (s summary, err error) {
			answer, err := c.ListOrders(ctx, &ogen.OrderFilter{Status: ogen.NewOptString("pending")})
			if err != nil {
				return s, err
			}
			for i := range answer.Data {
				add(&s, &answer.Data[i])
			}
			return s, nil
		},
		func(ctx context.Context) (s summary, err error) {
			answer, err := c.GetOrder(ctx, &ogen.OrderDetailRequest{OrderID: 198})
			if err == nil {
				add(&s, &answer.Data)
			}
			return s, err
		},
	}}, nil
}

func newOapi(base string, rt http.RoundTripper) ([]contender, error) {
	c, err := oapi.NewClientWithResponses(base, oapi.WithHTTPClient(clone(rt)),
		oapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+token)
			return nil
		}))
	if err != nil {
		return nil, err
	}
	add := func(s *summary, o *oapi.Order) {
		s.add(o.Id, o.UserId, o.OutletId, o.KodeOrder, string(o.Status), o.DateOrder.Time, o.CreatedAt, o.UpdatedAt)
	}
	return []contender{{oapied,
		func(ctx context.Context) (s summary, err error) {
			status := "pending"
			answer, err := c.ListOrdersWithResponse(ctx, oapi.OrderFilter{Status: &status})
			if err != nil {
				return s, err
			}
			if answer.JSON200 == nil {
				return s, fmt.Errorf("order: %s", answer.Status())
			}
			for i := range answer.JSON200.Data {
				add(&s, &answer.JSON200.Data[i])
			}
			return s, nil
		},
		func(ctx context.Context) (s summary, err error) {
			answer, err := c.GetOrderWithResponse(ctx, oapi.OrderDetailRequest{OrderId: 198})
			if err != nil {
				return s, err
			}
			if answer.JSON200 == nil {
				return s, fmt.Errorf("order/detail: %s", answer.Status())
			}
			add(&s, &answer.JSON200.Data)
			return s, nil
		},
	}}, nil
}
