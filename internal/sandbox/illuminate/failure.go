package illuminate

import (
	"net/http"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

// A Failure is why a request fails: an exception of Laravel's, or a wrong
// password, which the application answers itself.
type Failure struct {
	Status  int
	Message string
	Fields  php.Object  // the validator's messages by field
	Header  http.Header // of the response, beyond the usual
	Class   string      // the exception's, "" if there is none
	// Caught is the message of an application that catches the exception and
	// answers it itself, "" if it leaves it to Laravel.
	Caught string
}

const (
	httpClass     = `Symfony\Component\HttpKernel\Exception\HttpException`
	notFoundClass = `Symfony\Component\HttpKernel\Exception\NotFoundHttpException`
	throttleClass = `Illuminate\Http\Exceptions\ThrottleRequestsException`
	authClass     = `Illuminate\Auth\AuthenticationException`
	deniedClass   = `Symfony\Component\HttpKernel\Exception\AccessDeniedHttpException`
)

// The failures that are always the same.
var (
	Unauthenticated = Failure{Status: 401, Message: "Unauthenticated.", Class: authClass, Caught: "Unauthenticated."}
	Forbidden       = Failure{Status: 403, Message: "This action is unauthorized.", Class: deniedClass, Caught: "This action is unauthorized."}
	UnknownRoute    = Failure{Status: 404, Class: notFoundClass}
	TooLarge        = Failure{Status: 413, Class: `Illuminate\Http\Exceptions\PostTooLargeException`}
	ServerError     = Failure{Status: 500, Message: "Server Error", Class: "ErrorException"}
)

// IsUnauthenticated reports whether no account's token came with the request.
func (f Failure) IsUnauthenticated() bool { return f.Class == authClass }

// IsForbidden reports whether the account may not do what it asked for.
func (f Failure) IsForbidden() bool { return f.Class == deniedClass }

// UnknownModel returns the failure of a record that does not exist. id is "" if
// it was not looked up by id.
func UnknownModel(model, id string) Failure {
	message := `No query results for model [App\Models\` + model + "]"
	if id != "" {
		message += " " + id
	} else {
		message += "."
	}
	return Failure{Status: 404, Message: message, Class: notFoundClass, Caught: "Data tidak ditemukan"}
}

// WrongMethod returns the failure of a request by another method than POST.
func WrongMethod(method string) Failure {
	return Failure{
		Status:  405,
		Message: "The " + method + " method is not supported for this route. Supported methods: POST.",
		Header:  http.Header{"Allow": {"POST"}},
		Class:   `Symfony\Component\HttpKernel\Exception\MethodNotAllowedHttpException`,
	}
}

// Invalid returns the failure of an input that broke rules.
func Invalid(fields php.Object) Failure {
	const message = "The given data was invalid."
	return Failure{Status: 422, Message: message, Fields: fields, Class: `Illuminate\Validation\ValidationException`, Caught: message}
}

// TooManyRequests returns the failure of a request over the rate limit.
func TooManyRequests(header http.Header) Failure {
	return Failure{Status: 429, Message: "Too Many Attempts.", Header: header, Class: throttleClass}
}

// Aborted returns the failure of abort(status), or the one that Laravel itself
// has for that status.
func Aborted(status int) Failure {
	switch status {
	case 401:
		return Unauthenticated
	case 403:
		return Forbidden
	case 404:
		return UnknownRoute
	case 413:
		return TooLarge
	case 422:
		return Invalid(php.Object{{"kode_order", []any{RequiredMessage("kode_order")}}})
	case 429:
		return TooManyRequests(nil)
	case 500:
		return ServerError
	}
	return Failure{Status: status, Message: http.StatusText(status), Class: httpClass}
}
