package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/go-resty/resty/v2"
)

// restyAlone is the name of resty that does nothing but send the request, as well as its
// API allows: nothing that it carries can be cheaper.
const restyAlone = "resty alone"

// alone is the entrant that has resty send the request for one order, and reads the body
// without decoding it.
func alone(base string, rt http.RoundTripper) entrant {
	client := resty.NewWithClient(clone(rt)).SetDisableWarn(true)
	template := client.R().SetDoNotParseResponse(true)
	template.Header = http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}, "User-Agent": {"bench"}, "Authorization": {"Bearer " + token}}
	var expected summary // of the body that is known
	var body []byte
	return entrant{restyAlone, func(ctx context.Context) (summary, error) {
		request := *template
		answer, err := request.SetContext(ctx).SetBody(bytes.NewReader([]byte(`{"order_id":198}`))).Post(base + "/order/detail")
		if err != nil {
			return summary{}, err
		}
		defer answer.RawBody().Close()
		got, err := io.ReadAll(answer.RawBody())
		if err != nil || bytes.Equal(got, body) {
			return expected, err
		}
		var order strictAnswer[strictOrder]
		expected, err = oneOf(&order, json.Unmarshal(got, &order))
		body = bytes.Clone(got)
		return expected, err
	}}
}

// TestAlone holds it to reading what the others read.
func TestAlone(t *testing.T) {
	f := canned(orderDetail())
	entrants := append(details(contendersOffline(t)), alone("http://127.0.0.1", f))
	newRace(entrants).round(t, 0, 2, entrants)
}
