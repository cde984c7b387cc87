package sandbox

import (
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
)

// wrongPassword is what the application itself answers to a login.
var wrongPassword = illuminate.Failure{Status: 401, Message: "Email atau password salah", Caught: "Email atau password salah"}

func (x *exchange) login() shape.Response {
	fields := x.input.Validate(illuminate.Rules{{"email", "required|email"}, {"password", "required|string"}}, nil)
	if fields != nil {
		return x.fail(illuminate.Invalid(fields))
	}
	account, token, ok, err := x.s.store.Login(x.input.Text("email"), x.input.Text("password"))
	switch {
	case err != nil:
		return x.notKept(err)
	case !ok:
		return x.fail(wrongPassword)
	}
	return x.view.Session(record.Account(&account), token, loggedIn)
}

func (x *exchange) logout() shape.Response {
	if err := x.s.store.Logout(x.token); err != nil {
		return x.notKept(err)
	}
	return x.view.LoggedOut(loggedOut)
}
