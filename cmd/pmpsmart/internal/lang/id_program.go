package lang

// programMessages are those that the commands share.
var programMessages = map[string]string{
	"-lang is %q; want en or id": "-lang berisi %q; yang bisa: en atau id",
}
