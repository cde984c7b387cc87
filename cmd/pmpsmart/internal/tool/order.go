package tool

import (
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
)

// IsStatus reports whether a status is one that the vendor documents for orders.
func IsStatus(status string) bool {
	switch pmpsmart.OrderStatus(status) {
	case pmpsmart.OrderOpen, pmpsmart.OrderPending, pmpsmart.OrderComplete, pmpsmart.OrderCancel:
		return true
	}
	return false
}

// Status returns a status of orders as the vendor spells it: spreadsheets and telephones
// begin one with a capital. What is no status stays as it is.
func Status(text string) string {
	if status := strings.ToLower(strings.TrimSpace(text)); IsStatus(status) {
		return status
	}
	return text
}
