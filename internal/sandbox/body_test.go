package sandbox_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// dial connects to a server and sends the head of a request of so many bytes, and the
// beginning of its body.
func dial(t *testing.T, srv *server, path, length, body string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimSuffix(srv.url, "/api/v1"), "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = io.WriteString(conn, "POST /api/v1"+path+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: "+length+"\r\n\r\n"+body)
	require.NoError(t, err)
	return conn, bufio.NewReader(conn)
}

// A body that stays unfinished is given up, and what came of it is not acted on.
func TestBodyThatIsUnfinished(t *testing.T) {
	t.Parallel()
	srv := start(t, empty, func(c *sandbox.Config) { c.BodyTimeout = 100 * time.Millisecond })
	const login = `{"email":"sandbox@pmpsmart.test","password":"bukan-rahasia"}`
	_, in := dial(t, srv, "/auth/login", "1000", login)
	resp, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	assert.Equal(t, []any{http.StatusRequestTimeout, true}, []any{resp.StatusCode, resp.Close})
	_, err = in.ReadByte()
	require.ErrorIs(t, err, io.EOF)

	patient := start(t, empty)
	conn, in := dial(t, patient, "/auth/login", "1000", login)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	_, err = in.ReadByte()
	require.Error(t, err)
	for srv, note := range map[*server]string{srv: "the request's body brought nothing for 100ms", patient: "the request's body ended too early"} {
		assert.Zero(t, srv.Logins())
		requests := srv.Requests()
		require.Len(t, requests, 1)
		assert.Equal(t, note, requests[0].Note)
		assert.NotContains(t, requests[0].Body, "rahasia")
	}
}

// A body that comes slowly comes, and the connection serves on.
func TestBodyThatIsSlow(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		const timeout = time.Minute
		config := sandbox.Default()
		config.Email, config.Password, config.Data, config.BodyTimeout = email, password, seed.Data{}, timeout
		box, err := sandbox.New(config)
		require.NoError(t, err)
		require.NoError(t, box.Fail(fault.Fault{Op: "ListVisits", Kind: fault.Delay, Wait: 2 * timeout}))
		listener := testserver.NewListener(t)
		srv := &http.Server{Handler: box}
		go func() { _ = srv.Serve(listener) }()
		t.Cleanup(func() {
			srv.Close()
			box.Close()
		})
		conn, err := testserver.Dial(t)(t.Context(), "tcp", listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(time.Hour)))

		const login = `{"email":"sandbox@pmpsmart.test","password":"bukan-rahasia"}`
		in := bufio.NewReader(conn)
		send := func(text string) {
			t.Helper()
			_, err := io.WriteString(conn, text)
			require.NoError(t, err)
		}
		send("POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: 60\r\n\r\n")
		for part := range len(login) / 4 { // 15 parts take longer than the timeout
			time.Sleep(timeout - 1)
			send(login[4*part : 4*part+4])
		}
		resp, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.Equal(t, 200, resp.StatusCode, string(body))
		send("POST /api/v1/visit HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAccept: application/json\r\nAuthorization: Bearer " + token60.FindString(string(body)) + "\r\n\r\n{}")
		resp, err = http.ReadResponse(in, nil)
		require.NoError(t, err, "the timeout does not count while the server waits")
		assert.Equal(t, 200, resp.StatusCode)
	})
}

// A body that is refused before it has come is not waited for.
func TestBodyThatIsTooLargeAndUnfinished(t *testing.T) {
	t.Parallel()
	srv := start(t, func(c *sandbox.Config) { c.BodyTimeout, c.MaxBody = 100*time.Millisecond, 10 })
	_, in := dial(t, srv, "/visit", "1000", "x")
	resp, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
	_, err = io.Copy(io.Discard, in)
	require.NoError(t, err, "and the connection ends")
}

// What may surprise in an answer is told in the log.
func TestNotes(t *testing.T) {
	t.Parallel()
	srv := open(t, func(c *sandbox.Config) { c.DataFile = t.TempDir() + "/data" })
	for _, path := range []string{"/order", "/auth/login"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.url+path, strings.NewReader("{}"))
		require.NoError(t, err)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		resp.Body.Close()
	}
	token := srv.login(t)
	require.NoError(t, srv.CloseDataFile())
	_, err := post(t, srv.url+"/order/update", token, `{"order_id":1,"status":"open"}`)
	require.NoError(t, err)
	var notes []string
	for _, r := range srv.Requests() {
		notes = append(notes, r.Note)
	}
	require.Len(t, notes, 4)
	assert.Equal(t, []string{
		`no "Accept: application/json": Laravel redirects to a route "login" that isn't there`,
		`no "Accept: application/json": Laravel redirects back to the form`, "",
	}, notes[:3])
	assert.Regexp(t, "^data file: write .*file already closed$", notes[3])
	assert.ErrorIs(t, srv.close(), os.ErrClosed)
}

func TestDelay(t *testing.T) {
	t.Parallel()
	srv := start(t, func(c *sandbox.Config) { c.Delay = 50 * time.Millisecond })
	began := time.Now()
	srv.login(t)
	assert.GreaterOrEqual(t, time.Since(began), 50*time.Millisecond)
}

// A reset gives the data file back to the start too, and what the former requests
// write is not in it.
func TestResetOfADataFile(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/data"
	kept := func(c *sandbox.Config) { c.DataFile, c.Data, c.EndToday = path, seed.New(3), true }
	srv := open(t, kept)
	token := srv.login(t)
	_, err := srv.Visits().Add(seed.Visit{Name: "Budi"})
	require.NoError(t, err)
	require.NoError(t, srv.SetClock(time.Date(2031, time.January, 2, 5, 0, 0, 0, time.UTC)))
	require.NoError(t, srv.Reset(nil))
	_, err = srv.Visits().Add(seed.Visit{ID: 7, Name: "Siti"})
	require.NoError(t, err)
	want := len(collect(srv.Visits()))
	require.NoError(t, srv.close())
	srv = open(t, kept)
	assert.Len(t, collect(srv.Visits()), want)
	answer, err := post(t, srv.url+"/visit", token, "")
	require.NoError(t, err)
	assert.Contains(t, answer, "Unauthenticated", "tokens of before are gone")
	require.NoError(t, srv.close())
}

func collect[Row any](rows sandbox.Collection[Row]) (all []string) {
	for r := range rows.All() {
		all = append(all, string(r))
	}
	return all
}

// login returns a token of the server's account.
func (s *server) login(t *testing.T) string {
	t.Helper()
	answer, err := post(t, s.url+"/auth/login", "", `{"email":"`+email+`","password":"`+password+`"}`)
	require.NoError(t, err)
	token := token60.FindString(answer)
	require.NotEmpty(t, token)
	return token
}
