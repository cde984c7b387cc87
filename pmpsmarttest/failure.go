package pmpsmarttest

import (
	"fmt"
	"net/http"
	"strconv"
)

// A failure is why a request is refused: an exception of Laravel's, or a wrong
// password, which the application answers itself.
type failure struct {
	status  int
	message string
	fields  object      // a validator's errors
	header  http.Header // beyond the usual
	// class is the exception's, and kin what an application that catches its
	// errors itself makes of it: "" where it leaves it to Laravel.
	class string
	kin   string
}

// The exceptions that more than one failure is.
const (
	httpClass     = `Symfony\Component\HttpKernel\Exception\HttpException`
	notFoundClass = `Symfony\Component\HttpKernel\Exception\NotFoundHttpException`
	throttleClass = `Illuminate\Http\Exceptions\ThrottleRequestsException`
)

var (
	unauthenticated = failure{status: 401, message: "Unauthenticated.", class: `Illuminate\Auth\AuthenticationException`, kin: "Unauthenticated."}
	forbidden       = failure{status: 403, message: "This action is unauthorized.", class: `Symfony\Component\HttpKernel\Exception\AccessDeniedHttpException`, kin: "This action is unauthorized."}
	unknownRoute    = failure{status: 404, class: notFoundClass}
	tooLarge        = failure{status: 413, class: `Illuminate\Http\Exceptions\PostTooLargeException`}
	wrongPassword   = failure{status: 401, message: "Email atau password salah", kin: "Email atau password salah"}
	serverError     = failure{status: 500, message: "Server Error", class: "ErrorException"}
)

// unknownModel is a record that is not there; id is "" where it was not sought
// by id.
func unknownModel(model, id string) failure {
	message := `No query results for model [App\Models\` + model + "]"
	if id != "" {
		message += " " + id
	} else {
		message += "."
	}
	return failure{status: 404, message: message, class: notFoundClass, kin: "Data tidak ditemukan"}
}

func wrongMethod(method string) failure {
	return failure{
		status:  405,
		message: "The " + method + " method is not supported for this route. Supported methods: POST.",
		header:  http.Header{"Allow": {"POST"}},
		class:   `Symfony\Component\HttpKernel\Exception\MethodNotAllowedHttpException`,
	}
}

func invalid(fields object) failure {
	const message = "The given data was invalid."
	return failure{status: 422, message: message, fields: fields, class: `Illuminate\Validation\ValidationException`, kin: message}
}

// fail is the answer to a failure.
func (x *exchange) fail(f failure) answer {
	a := answer{status: f.status, header: f.header}
	switch {
	case !x.wantsJSON && f.class != "":
		return x.failPage(f)
	case x.form.failure != "none" && f.kin != "":
		a.status, a.body = http.StatusOK, x.form.caught(f)
	case x.form.errors == "html":
		a.page = htmlPage(pageTitle(f.status))
	case x.form.errors == "text":
		a.page = firstOf(f.message, http.StatusText(f.status))
	case f.class == "":
		a.body = x.form.refusal(f)
	default:
		a.body, a.pretty = x.form.exception(f)
	}
	return a
}

// refusal is the application's own answer to a wrong password.
func (f *form) refusal(why failure) object {
	message := f.messageMember(why.message)
	if f.one == "bare" || f.one == "toplevel" {
		return message
	}
	return append(object{{"status", "error"}}, message...)
}

// caught is the answer of an application that answers errors with HTTP 200.
func (f *form) caught(why failure) object {
	var words object
	switch {
	case f.failure == "number", f.failure == "mixed" && (why.class == unauthenticated.class || why.class == forbidden.class):
		words = object{{"status", why.status}}
	case f.failure == "digits":
		words = object{{"status", strconv.Itoa(why.status)}}
	case f.failure == "mixed":
		words = object{{"status", false}}
	default:
		words = statusMember(f.failure)
	}
	if why.fields != nil && f.message == "fields" {
		return append(words, member{"message", why.fields}, member{"data", nil})
	}
	words = append(words, f.messageMember(why.kin)...)
	if why.fields != nil {
		words = append(words, f.fieldsMember(why.fields))
	}
	return append(words, member{"data", nil})
}

// exception is the answer of Laravel's handler, or of one that was written over
// it; pretty where Laravel prints it so.
func (f *form) exception(why failure) (body object, pretty bool) {
	message := f.messageMember(why.message)
	switch f.errors {
	case "envelope":
		body = append(object{{"status", "error"}}, f.messageMember(firstOf(why.kin, why.message))...)
		if why.fields != nil {
			body = append(body, f.fieldsMember(why.fields))
		}
		return append(body, member{"data", raw("[]")}), false
	case "old":
		message = object{{"error", why.message}}
	case "laravel9":
		if why.fields != nil {
			message = f.messageMember(firstComplaint(why.fields))
		}
	case "debug":
		if why.fields == nil && why.class != unauthenticated.class {
			return append(message, trace(why.class)...), true
		}
	}
	if why.fields != nil {
		return append(message, f.fieldsMember(why.fields)), false
	}
	return message, why.class != unauthenticated.class
}

// fieldsMember are a validator's errors by field.
func (f *form) fieldsMember(fields object) member {
	if f.errors == "strings" {
		var texts object
		for _, m := range fields {
			texts = append(texts, member{m.name, m.value.([]any)[0]})
		}
		fields = texts
	}
	return member{"errors", fields}
}

// firstComplaint is the message of a validator since Laravel 9.
func firstComplaint(fields object) string {
	first, more := fields[0].value.([]any)[0].(string), -1
	for _, m := range fields {
		more += len(m.value.([]any))
	}
	switch more {
	case 0:
		return first
	case 1:
		return first + " (and 1 more error)"
	}
	return fmt.Sprintf("%s (and %d more errors)", first, more)
}

// trace is what APP_DEBUG tells the world.
func trace(class string) object {
	const vendor = "/var/www/pmp/vendor/laravel/framework/src/Illuminate/"
	frame := func(file string, line int, function, class string) object {
		return object{{"file", vendor + file}, {"line", line}, {"function", function}, {"class", class}, {"type", "->"}}
	}
	return object{
		{"exception", class}, {"file", vendor + "Foundation/Exceptions/Handler.php"}, {"line", 387},
		{"trace", []any{
			frame("Routing/Router.php", 693, "runRoute", `Illuminate\Routing\Router`),
			frame("Foundation/Http/Kernel.php", 142, "sendRequestThroughRouter", `Illuminate\Foundation\Http\Kernel`),
		}},
	}
}

// failPage is what Laravel answers to who does not ask for JSON.
func (x *exchange) failPage(f failure) answer {
	switch {
	case f.class == unauthenticated.class: // it looks for a route "login" to lead to
		f.status = http.StatusInternalServerError
	case f.fields != nil: // back to the form
		home := x.origin()
		return answer{status: http.StatusFound, header: http.Header{"Location": {home}}, page: htmlPage("Redirecting to " + home)}
	}
	return answer{status: f.status, header: f.header, page: htmlPage(pageTitle(f.status))}
}

func pageTitle(status int) string {
	switch status {
	case 401:
		return "Unauthorized"
	case 500:
		return "Server Error"
	case 405:
		return "An Error Occurred: Method Not Allowed"
	case 413:
		return "An Error Occurred: Content Too Large"
	}
	return http.StatusText(status)
}

func htmlPage(title string) string {
	return `<!DOCTYPE html>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">

        <title>` + title + `</title>
    </head>
    <body class="antialiased">
        <div class="relative flex items-top justify-center min-h-screen">` + title + `</div>
    </body>
</html>
`
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
