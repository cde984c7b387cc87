package tool

import "github.com/pmpsmart/pmpsmart-go"

// IsStatus reports whether a status is one that the vendor documents for orders.
func IsStatus(status string) bool {
	switch pmpsmart.OrderStatus(status) {
	case pmpsmart.OrderOpen, pmpsmart.OrderPending, pmpsmart.OrderComplete, pmpsmart.OrderCancel:
		return true
	}
	return false
}
