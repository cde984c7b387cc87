package pmpsmarttest

// A route is one of the twelve endpoints of the vendor's page.
type route struct {
	op       string // the client's method
	open     bool   // needs no token
	writes   bool   // is not for a viewer
	endpoint func(*exchange) answer
}

// routes are the endpoints by path.
var routes = map[string]route{
	"auth/login":            {op: "Login", open: true, endpoint: (*exchange).login},
	"auth/logout":           {op: "Logout", endpoint: (*exchange).logout},
	"json/order":            {op: "InsertJSONOrder", writes: true, endpoint: (*exchange).insertJSONOrder},
	"json/order/update":     {op: "UpdateJSONOrder", writes: true, endpoint: (*exchange).updateJSONOrder},
	"json/order/get/filter": {op: "FilterJSONOrders", endpoint: (*exchange).filterJSONOrders},
	"master/outlet":         {op: "ListOutlets", endpoint: (*exchange).listOutlets},
	"master/outlet/update":  {op: "UpdateOutletCode", writes: true, endpoint: (*exchange).updateOutletCode},
	"order":                 {op: "ListOrders", endpoint: (*exchange).listOrders},
	"order/update":          {op: "UpdateOrderStatus", writes: true, endpoint: (*exchange).updateOrderStatus},
	"order/detail":          {op: "GetOrder", endpoint: (*exchange).getOrder},
	"user/sales":            {op: "ListSalesUsers", endpoint: (*exchange).listSalesUsers},
	"visit":                 {op: "ListVisits", endpoint: (*exchange).listVisits},
}

// The messages are the documented ones, which the vendor copied from endpoint to
// endpoint.
const (
	loggedIn      = "Submit Login berhasil"
	loggedOut     = "Logout berhasil"
	outletsTaken  = "Logout berhasil"
	taken         = "Data order berhasil diambil"
	updated       = "Data order berhasil diupdate"
	codeUpdated   = "Kode outlet berhasil diperbarui"
	jsonTaken     = "Data JSON order berhasil diambil"
	jsonOrderRule = "required|string|max:100"
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
