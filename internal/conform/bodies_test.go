package conform

// bodies are right requests of each endpoint.
var bodies = map[string]string{
	"Login":             `{"email":"sandbox@pmpsmart.test","password":"bukan-rahasia"}`,
	"Logout":            ``,
	"InsertJSONOrder":   `{"kode_order":"PMP-3903002","json_data":"{\"key\": \"value\"}","status":"completed"}`,
	"UpdateJSONOrder":   `{"kode_order":"PMP-0000000","json_data":"{\"key\": \"value\"}","status":"completed"}`,
	"FilterJSONOrders":  `{"search":"PMP-3903001"}`,
	"ListOutlets":       ``,
	"UpdateOutletCode":  `{"id_outlet":"999","kode_outlet":"OUT-001"}`,
	"ListOrders":        `{"status":"pending"}`,
	"UpdateOrderStatus": `{"order_id":999,"status":"complete"}`,
	"GetOrder":          `{"order_id":999}`,
	"ListSalesUsers":    `{"name":"Ferryanto"}`,
	"ListVisits":        `{"name":"Ferryanto"}`,
}

// wrongs are requests that the validator refuses.
var wrongs = map[string]string{
	"Login":             `{"email":"sandbox"}`,
	"InsertJSONOrder":   `{"json_data":{"key":"value"},"status":"completed"}`,
	"UpdateJSONOrder":   `{"json_data":{"key":"value"},"status":"completed"}`,
	"FilterJSONOrders":  `{"start_date":"2026-05-31","end_date":"2026-05-01"}`,
	"UpdateOutletCode":  `{"id_outlet":"delapan","kode_outlet":""}`,
	"ListOrders":        `{"user_id":"Ferryanto","date_order":"kemarin"}`,
	"UpdateOrderStatus": `{"order_id":198,"status":"lunas"}`,
	"GetOrder":          `{}`,
	"ListSalesUsers":    `{"name":["Ferryanto"]}`,
	"ListVisits":        `{"name":["Ferryanto"]}`,
}
