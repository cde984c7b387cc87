package pmpsmart

import "github.com/pmpsmart/pmpsmart-go/internal/retry"

// The classes, which say when a call may be retried.
const (
	read      = retry.Read
	overwrite = retry.Overwrite
	create    = retry.Create
	auth      = retry.Auth
)

// An endpoint is a row of the table below.
type endpoint struct {
	name  string // the method's name, which starts its errors
	path  string // under the base URL
	class retry.Class
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

// callOp is the name of [Client.Call], a create.
const callOp = "Call"

// isCreate reports whether the method that an error names is a create.
func isCreate(op string) bool { return op == insertJSONOrderEndpoint.name || op == callOp }

// ensureOp is the name of the method below, which its errors start with.
const ensureOp = "EnsureJSONOrder"

// ensureEndpoint is what hooks are told of EnsureJSONOrder, which sends no requests but
// those of its inner calls.
var ensureEndpoint = endpoint{ensureOp, insertJSONOrderEndpoint.path, create}
