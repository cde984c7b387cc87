// Package pmpsmart is a client for the HTTP API of PMP Smart, a sales force
// system: outlets, orders, visits and the salespeople who make them.
//
// # The API
//
// The API has twelve endpoints, all of them POSTs that take JSON and respond with
// an envelope of status, message and data. The vendor documents them on one page,
// whose examples are wrong in places, and the server is a Laravel application that
// does not keep to its own types. The client therefore expects what is documented,
// accepts what differs, reports it as [Drift], and drops nothing: fields that a
// struct does not have are in the record's [Extra].
//
//	c, err := pmpsmart.New(pmpsmart.FromEnv())
//	orders, err := c.ListOrders(ctx, pmpsmart.OrderFilter{})
//
// A [Client] has a method for each endpoint and is safe for concurrent use.
// [Client.Call] reaches endpoints that the vendor's page does not name.
//
// # What may surprise you
//
//   - An account may have only one token. A login then invalidates the token of
//     every other program that uses the account, so programs that share an account
//     need to share a [TokenStore].
//   - Inserts are not idempotent: the same insert twice adds two rows. If the
//     response to one is lost, the error is an [*OutcomeUnknownError] and the insert
//     is not retried. [Client.EnsureJSONOrder] inserts exactly once for its caller.
//   - HTTP 200 does not mean success. If the envelope reports a failure, the error
//     is an [*APIError], whatever the HTTP status.
//   - Lists may be paginated, though the vendor's page does not say so. A list method
//     always returns the whole list; its Seq variant yields one record at a time.
//   - Times have no zone. They are read as WIB, UTC+7, unless [WithLocation] sets
//     another zone. MySQL's zero date is read as the zero time.
//
// # Errors
//
// Use errors.Is for the kind of an error ([ErrUnauthorized], [ErrNotFound],
// [ErrValidation] and others) and errors.As for its details: [*APIError] for an
// error response, [*DecodeError] for a response that cannot be read, [*InputError]
// for an invalid argument, [*OutcomeUnknownError] for a create that may have been
// done. A call whose own login was refused matches [ErrUnauthorized], whatever the
// status, and no other kind. [Retryable] reports whether a call may go well later.
// docs/errors.md says what to do about each kind. A network error keeps its
// net.Error and a canceled context its cause; an idle timeout matches
// [context.DeadlineExceeded]. No error contains a token or a password.
//
// # Retries
//
// What is retried depends on what a call does, not on HTTP:
//
//	read       lists, detail, filter   after a lost connection, an idle timeout, 408, 425, 429, 5xx, a truncated body
//	overwrite  the three updates       the same: setting a value twice does no harm
//	create     insert, Call            only what was certainly not processed: 429, 503 with Retry-After, a failed dial
//	auth       login, logout           after a lost connection, an idle timeout, 429, 5xx, a truncated body
//
// After a 401 the client logs in once for all calls that got it, and sends each
// once more. See [RetryPolicy] for the numbers.
//
// # Testing
//
// Package pmpsmarttest has a server with all twelve endpoints for tests that need
// no network. docs/testing.md compares it with the alternatives.
package pmpsmart
