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

// The endpoints, in the order of the vendor's page.
var (
	loginEndpoint             = endpoint{"Login", "auth/login", auth}
	logoutEndpoint            = endpoint{"Logout", "auth/logout", auth}
	insertJSONOrderEndpoint   = endpoint{"InsertJSONOrder", "json/order", create}
	updateJSONOrderEndpoint   = endpoint{"UpdateJSONOrder", "json/order/update", overwrite}
	filterJSONOrdersEndpoint  = endpoint{"FilterJSONOrders", "json/order/get/filter", read}
	listOutletsEndpoint       = endpoint{"ListOutlets", "master/outlet", read}
	updateOutletCodeEndpoint  = endpoint{"UpdateOutletCode", "master/outlet/update", overwrite}
	listOrdersEndpoint        = endpoint{"ListOrders", "order", read}
	updateOrderStatusEndpoint = endpoint{"UpdateOrderStatus", "order/update", overwrite}
	getOrderEndpoint          = endpoint{"GetOrder", "order/detail", read}
	listSalesUsersEndpoint    = endpoint{"ListSalesUsers", "user/sales", read}
	listVisitsEndpoint        = endpoint{"ListVisits", "visit", read}
)
