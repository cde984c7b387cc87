package pmpsmart_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// bodiesWith are answers that show a text at a place where an error, a drift or a
// log might cut it, after so much else.
func bodiesWith(text string, before int) map[string]string {
	pad := strings.Repeat("x", before) + " "
	return map[string]string{
		"a message":              `{"status":"error","message":"` + pad + text + `"}`,
		"an error's message":     `{"error":{"message":"` + pad + text + `"}}`,
		"a status":               `{"status":"` + pad + text + `","success":false}`,
		"a validator's error":    `{"status":"error","errors":{"email":["` + pad + text + `"]}}`,
		"a page's title":         `<html><title>` + pad + text + `</title></html>`,
		"a text":                 pad + text,
		"data that is a text":    `{"data":"` + pad + text + `"}`,
		"an element":             `{"data":["` + pad + text + `"]}`,
		"broken JSON":            `{"data":[` + pad + text,
		"a word that is no JSON": `{"data":[{"id":` + text + pad,
		"noise":                  "<br />" + pad + text + "\n" + `{"data":[]}`,
		"a second value":         `{"data":[]} {"x":"` + pad + text + `"}`,
		"an odd field":           `{"data":[{"id":"` + pad + text + `"}]}`,
		"a link":                 `{"data":[{"id":1}],"next_page_url":"/x?offset=` + pad + text + `"}`,
		"an unknown status":      `{"status":"` + pad + text + `","data":[]}`,
	}
}

// A secret is not shown by half where a text is cut.
func TestNoSecretIsShownByHalf(t *testing.T) {
	t.Parallel()
	const secret = aToken
	start := secret[2:8] // of which nothing longer may show
	// Texts are cut at 40, 80, 200, 500 and 8,192 bytes.
	for _, before := range []int{0, 5, 20, 35, 45, 60, 75, 165, 180, 195, 465, 480, 495, 8160, 8185} {
		for name, body := range bodiesWith(secret, before) {
			for _, status := range []int{200, 500} {
				if status == 500 && before < 400 {
					continue // of which only the message is cut
				}
				s := serve(t, answer(status, body))
				var told strings.Builder
				logger := slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))
				shows := pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) { fmt.Fprintf(&told, "%+v %s\n", d, d.Got) })
				for _, strict := range []pmpsmart.Option{nil, pmpsmart.WithStrictDecoding()} {
					c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}), pmpsmart.WithLogger(logger), shows, strict)
					for _, o := range []operation{listing, reading, calling} {
						if err := o.do(t.Context(), c); err != nil {
							fmt.Fprintf(&told, "%v %+v %#v\n", err, err, err)
						}
					}
				}
				require.NotContains(t, told.String(), start, "%s after %d, HTTP %d", name, before, status)
			}
		}
	}
}

// Nor where Call shows what does not fit.
func TestNoSecretIsShownByHalfOfWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for before := 30; before < 80; before += 3 {
		s := serve(t, ok(`"`+strings.Repeat("x", before)+" "+aToken+`"`))
		for _, strict := range []pmpsmart.Option{nil, pmpsmart.WithStrictDecoding()} {
			var n int
			err := s.client(strict).Call(t.Context(), "x", nil, &n)
			require.ErrorContains(t, err, "data: want int, got ")
			require.NotContains(t, printed(t, err), aToken[2:8], "after %d", before)
		}
	}
}

// What net/http quotes of an answer's head is shown without its secrets.
func TestTransportErrorsShowNoSecret(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nAuthorization %s\r\n\r\n", r.Header.Get("Authorization"))
	})
	err := reading.do(t.Context(), s.client())
	require.ErrorContains(t, err, "malformed MIME header")
	requireClean(t, printed(t, err), aToken)
}

// The content type of an answer that can't be read may be anything.
func TestContentTypeShowsNoSecret(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(200, "x", "Content-Type", "text/"+aToken))
	err := reading.do(t.Context(), s.client())
	require.ErrorContains(t, err, "(HTTP 200, text/[redacted])")
	requireClean(t, printed(t, err), aToken)
}
