package sandbox

import (
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

// routes are the endpoints by path.
var routes = map[string]route{
	"auth/login":            {op: "Login", open: true, endpoint: (*exchange).login},
	"auth/logout":           {op: "Logout", endpoint: (*exchange).logout},
	"json/order":            {op: "InsertJSONOrder", writes: true, endpoint: (*exchange).insertJSONOrder},
	"json/order/update":     {op: "UpdateJSONOrder", writes: true, endpoint: (*exchange).updateJSONOrder},
	"json/order/get/filter": {op: "FilterJSONOrders", list: true, endpoint: (*exchange).filterJSONOrders},
	"master/outlet":         {op: "ListOutlets", list: true, endpoint: (*exchange).listOutlets},
	"master/outlet/update":  {op: "UpdateOutletCode", writes: true, endpoint: (*exchange).updateOutletCode},
	"order":                 {op: "ListOrders", list: true, endpoint: (*exchange).listOrders},
	"order/update":          {op: "UpdateOrderStatus", writes: true, endpoint: (*exchange).updateOrderStatus},
	"order/detail":          {op: "GetOrder", endpoint: (*exchange).getOrder},
	"user/sales":            {op: "ListSalesUsers", list: true, endpoint: (*exchange).listSalesUsers},
	"visit":                 {op: "ListVisits", list: true, endpoint: (*exchange).listVisits},
}

// Paths returns the path of each operation under [Prefix].
func Paths() map[string]string {
	paths := map[string]string{}
	for path, route := range routes {
		paths[route.op] = path
	}
	return paths
}

// Ops returns the operations that the endpoints are to a client.
func Ops() fault.Ops {
	ops := fault.Ops{}
	for _, route := range routes {
		ops[route.op] = route.list
	}
	return ops
}
