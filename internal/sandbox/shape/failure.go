package shape

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

// Fail returns the response of a failure.
func (v *View) Fail(why illuminate.Failure) Response {
	f := &v.Form
	resp := Response{Status: why.Status, Header: why.Header}
	switch {
	case !v.WantsJSON && why.Class != "":
		return v.failPage(why)
	case f.failure != "none" && why.Caught != "":
		resp.Status, resp.Body = http.StatusOK, f.caught(why)
	case f.errors == "html":
		resp.Page = htmlPage(pageTitle(why.Status))
	case f.errors == "text":
		resp.Page = cmp.Or(why.Message, http.StatusText(why.Status))
	case why.Class == "":
		resp.Body = f.refusal(why)
	default:
		resp.Body, resp.Pretty = f.exception(why)
	}
	return resp
}

// Missing returns the response to a question for a record that does not exist.
func (v *View) Missing(message string, why illuminate.Failure) Response {
	if v.Form.missing == "404" {
		return v.Fail(why)
	}
	return v.Form.nothing(message, v.Form.missing)
}

// refusal returns the application's own answer to a wrong password.
func (f *Form) refusal(why illuminate.Failure) php.Object {
	message := f.messageMember(why.Message)
	if f.one == "bare" || f.one == "toplevel" {
		return message
	}
	return append(php.Object{{"status", "error"}}, message...)
}

// caught returns the answer of an application that answers errors with HTTP 200.
func (f *Form) caught(why illuminate.Failure) php.Object {
	var words php.Object
	switch {
	case f.failure == "number", f.failure == "mixed" && (why.IsUnauthenticated() || why.IsForbidden()):
		words = php.Object{{"status", why.Status}}
	case f.failure == "digits":
		words = php.Object{{"status", strconv.Itoa(why.Status)}}
	case f.failure == "mixed":
		words = php.Object{{"status", false}}
	case f.failure == "nested":
		refusal := append(php.Object{{"status", "error"}}, f.messageMember(why.Caught)...)
		if why.Fields != nil {
			refusal = append(refusal, f.fieldsMember(why.Fields))
		}
		return f.envelope("OK", refusal)
	default:
		words = statusMember(f.failure)
	}
	if why.Fields != nil && f.message == "fields" {
		return append(words, php.Member{"message", why.Fields}, php.Member{"data", nil})
	}
	words = append(words, f.messageMember(why.Caught)...)
	if why.Fields != nil {
		words = append(words, f.fieldsMember(why.Fields))
	}
	return append(words, php.Member{"data", nil})
}

// exception returns the answer of Laravel's handler, or of one that replaces it,
// and whether it is printed pretty.
func (f *Form) exception(why illuminate.Failure) (body php.Object, pretty bool) {
	message := f.messageMember(why.Message)
	switch f.errors {
	case "envelope":
		body = append(php.Object{{"status", "error"}}, f.messageMember(cmp.Or(why.Caught, why.Message))...)
		if why.Fields != nil {
			body = append(body, f.fieldsMember(why.Fields))
		}
		return append(body, php.Member{"data", php.Raw("[]")}), false
	case "old":
		message = php.Object{{"error", why.Message}}
	case "laravel9":
		if why.Fields != nil {
			message = f.messageMember(firstMessage(why.Fields))
		}
	case "debug":
		if why.Fields == nil && !why.IsUnauthenticated() {
			return append(message, trace(why.Class)...), true
		}
	}
	if why.Fields != nil {
		return append(message, f.fieldsMember(why.Fields)), false
	}
	return message, !why.IsUnauthenticated()
}

// fieldsMember returns the validator's messages by field.
func (f *Form) fieldsMember(fields php.Object) php.Member {
	if f.errors == "list" {
		var list []any
		for _, m := range fields {
			for _, message := range m.Value.([]any) {
				list = append(list, php.Object{{"field", m.Name}, {"message", message}})
			}
		}
		return php.Member{"errors", list}
	}
	if f.errors == "strings" {
		var texts php.Object
		for _, m := range fields {
			texts = append(texts, php.Member{m.Name, m.Value.([]any)[0]})
		}
		fields = texts
	}
	return php.Member{"errors", fields}
}

// firstMessage returns the message of a validation since Laravel 9.
func firstMessage(fields php.Object) string {
	first, more := fields[0].Value.([]any)[0].(string), -1
	for _, m := range fields {
		more += len(m.Value.([]any))
	}
	switch more {
	case 0:
		return first
	case 1:
		return first + " (and 1 more error)"
	}
	return fmt.Sprintf("%s (and %d more errors)", first, more)
}

// trace returns what APP_DEBUG adds.
func trace(class string) php.Object {
	const vendor = "/var/www/pmp/vendor/laravel/framework/src/Illuminate/"
	frame := func(file string, line int, function, class string) php.Object {
		return php.Object{{"file", vendor + file}, {"line", line}, {"function", function}, {"class", class}, {"type", "->"}}
	}
	return php.Object{
		{"exception", class}, {"file", vendor + "Foundation/Exceptions/Handler.php"}, {"line", 387},
		{"trace", []any{
			frame("Routing/Router.php", 693, "runRoute", `Illuminate\Routing\Router`),
			frame("Foundation/Http/Kernel.php", 142, "sendRequestThroughRouter", `Illuminate\Foundation\Http\Kernel`),
		}},
	}
}

// failPage returns what Laravel answers to who does not ask for JSON.
func (v *View) failPage(why illuminate.Failure) Response {
	status := why.Status
	switch {
	case why.IsUnauthenticated(): // it looks for a route "login" to redirect to
		status = http.StatusInternalServerError
	case why.Fields != nil: // back to the form
		return Response{Status: http.StatusFound, Header: http.Header{"Location": {v.Origin}}, Page: htmlPage("Redirecting to " + v.Origin)}
	}
	return Response{Status: status, Header: why.Header, Page: htmlPage(pageTitle(status))}
}
