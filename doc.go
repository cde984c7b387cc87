// Package pmpsmart is a client for the HTTP API of PMP Smart, a sales-force
// system: outlets, orders, visits and the salespeople who make them.
//
// # The API
//
// It has twelve endpoints, all of them POSTs that take JSON and answer with an
// envelope of status, message and data. The vendor documents them by one page,
// whose examples are wrong in places, and its server is a Laravel application
// that does not keep to its own types. So the client expects what is documented,
// survives the rest, tells of what it met ([Drift]), and loses nothing: a field
// that no struct names is in the record's [Extra].
//
//	c, err := pmpsmart.New(pmpsmart.FromEnv())
//	orders, err := c.ListOrders(ctx, pmpsmart.OrderFilter{})
//
// A [Client] has one method for each endpoint and is safe for concurrent use.
// [Client.Call] reaches what the page does not name.
//
// # Five things that surprise
//
//   - One account may have one token. A login then ends the token of every other
//     program of that account, so programs that share an account need to share a
//     [TokenStore].
//   - Inserts are not idempotent: the same insert twice is two rows. One whose
//     answer was lost is an [*OutcomeUnknownError] and is not repeated;
//     [Client.EnsureJSONOrder] makes it exactly-once for its caller.
//   - HTTP 200 does not mean success. What the envelope says counts: a refusal is
//     an [*APIError] whatever the HTTP status.
//   - A list may come in pages that the vendor's page does not mention. A list
//     method always returns the whole list; those that end in Seq hold one record
//     at a time.
//   - Times come without a zone. They are WIB, UTC+7, unless [WithLocation] says
//     otherwise, and MySQL's zero date is the zero time.
//
// # Errors
//
// errors.Is tells the kind ([ErrUnauthorized], [ErrNotFound], [ErrValidation] and
// the others), errors.As the detail: [*APIError] for what the server refused,
// [*DecodeError] for an answer that can't be read, [*InputError] for input that
// was not sent, [*OutcomeUnknownError] for a create that may have been done. A
// call whose own login was refused for good is [ErrUnauthorized], whatever the
// status, and never [ErrNotFound]. A broken connection keeps its net.Error, a
// context's end its cause, and a server that was silent too long is
// [context.DeadlineExceeded]. No error shows a token or a password.
//
// # Repeats
//
// What may be repeated depends on what a call does, not on HTTP:
//
//	read       lists, detail, filter   after a lost connection, a silent server, 408, 425, 429, 5xx, a cut body
//	overwrite  the three updates       the same: setting twice is setting once
//	create     insert, Call            only if surely not processed: 429, 503 with Retry-After, a failed dial
//	auth       login, logout           after a lost connection, a silent server, 429, 5xx, a cut body
//
// A 401 makes one login for all calls that met it, and each is sent once more.
// [RetryPolicy] has the numbers.
//
// # Testing
//
// Package pmpsmarttest is a server of all twelve endpoints in the process, for
// tests that need no network. docs/testing.md says when to use what.
package pmpsmart
