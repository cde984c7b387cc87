package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/pmpsmart/pmpsmart-go"
)

// orderGetter is what the code below uses of a *pmpsmart.Client, and nothing more.
type orderGetter interface {
	GetOrder(ctx context.Context, orderID int64, opts ...pmpsmart.CallOption) (*pmpsmart.Order, error)
}

// describe is code of a program's own.
func describe(ctx context.Context, client orderGetter, orderID int64) (string, error) {
	var response pmpsmart.Response
	order, err := client.GetOrder(ctx, orderID, pmpsmart.WithResponse(&response))
	if errors.Is(err, pmpsmart.ErrNotFound) {
		return "no such order", nil
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s is %s (%s)", order.Code, order.Status, response.Message), nil
}

// fakeOrders is an orderGetter for a test.
type fakeOrders map[int64]pmpsmart.Order

func (f fakeOrders) GetOrder(_ context.Context, orderID int64, opts ...pmpsmart.CallOption) (*pmpsmart.Order, error) {
	order, ok := f[orderID]
	if !ok {
		return nil, &pmpsmart.APIError{Op: "GetOrder", HTTPStatus: 404} // matches ErrNotFound
	}
	if response := pmpsmart.ResponseOf(opts...); response != nil {
		*response = pmpsmart.Response{HTTPStatus: 200, Status: "success", Message: "berhasil", Attempts: 1}
	}
	return &order, nil
}

var _ orderGetter = (*pmpsmart.Client)(nil)

// A fake has the methods that the code under test uses, and fills the Response that the
// options of a call ask for.
func ExampleResponseOf() {
	fake := fakeOrders{7: {ID: 7, Code: "PMP-7", Status: pmpsmart.OrderOpen}}
	fmt.Println(describe(context.Background(), fake, 7))
	fmt.Println(describe(context.Background(), fake, 8))
	// Output:
	// PMP-7 is open (berhasil) <nil>
	// no such order <nil>
}
