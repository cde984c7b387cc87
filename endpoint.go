package pmpsmart

// class says what a call does, and so when it may be repeated: every endpoint
// is a POST.
type class uint8

const (
	read      class = iota // changes nothing: repeated after whatever may pass
	overwrite              // sets something: setting it twice is setting it once
	create                 // adds something: repeated only if surely not processed
	auth                   // logs in or out
)

// An endpoint is a row of the table below.
type endpoint struct {
	op    string // the method's name, which starts its errors
	path  string // under the base URL
	class class
}

// endpoints are the vendor's, in the order of its page.
var endpoints = struct {
	login, logout                                      endpoint
	insertJSONOrder, updateJSONOrder, filterJSONOrders endpoint
	listOutlets, updateOutletCode                      endpoint
	listOrders, updateOrderStatus, getOrder            endpoint
	listSalesUsers                                     endpoint
	listVisits                                         endpoint
}{
	login:             endpoint{"Login", "auth/login", auth},
	logout:            endpoint{"Logout", "auth/logout", auth},
	insertJSONOrder:   endpoint{"InsertJSONOrder", "json/order", create},
	updateJSONOrder:   endpoint{"UpdateJSONOrder", "json/order/update", overwrite},
	filterJSONOrders:  endpoint{"FilterJSONOrders", "json/order/get/filter", read},
	listOutlets:       endpoint{"ListOutlets", "master/outlet", read},
	updateOutletCode:  endpoint{"UpdateOutletCode", "master/outlet/update", overwrite},
	listOrders:        endpoint{"ListOrders", "order", read},
	updateOrderStatus: endpoint{"UpdateOrderStatus", "order/update", overwrite},
	getOrder:          endpoint{"GetOrder", "order/detail", read},
	listSalesUsers:    endpoint{"ListSalesUsers", "user/sales", read},
	listVisits:        endpoint{"ListVisits", "visit", read},
}
