package pmpsmarttest

import (
	"net/http"
	"strings"
)

func (x *exchange) login() answer {
	fields := x.input.validate(rules{{"email", "required|email"}, {"password", "required|string"}}, nil)
	if fields != nil {
		return x.fail(invalid(fields))
	}
	account, token, ok, err := x.s.state.login(x.input.text("email"), x.input.text("password"))
	switch {
	case err != nil:
		return x.fail(serverError)
	case !ok:
		return x.fail(wrongPassword)
	}
	return x.session(&account, token, loggedIn)
}

func (x *exchange) logout() answer {
	if err := x.s.state.logout(x.token); err != nil {
		return x.fail(serverError)
	}
	return x.goodbye(loggedOut)
}

// bearerToken reads the token as Laravel does.
func bearerToken(r *http.Request) string {
	header := r.Header.Get("Authorization")
	i := strings.LastIndex(header, "Bearer ")
	if i < 0 {
		return ""
	}
	token, _, _ := strings.Cut(header[i+len("Bearer "):], ",")
	return token
}
