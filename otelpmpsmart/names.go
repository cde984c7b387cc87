package otelpmpsmart

import "go.opentelemetry.io/otel/attribute"

// The attributes that the semantic conventions do not have.
const (
	operationKey = attribute.Key("pmpsmart.operation.name")   // the method, "ListOrders"
	classKey     = attribute.Key("pmpsmart.operation.class")  // "read", "overwrite", "create" or "auth"
	parentKey    = attribute.Key("pmpsmart.operation.parent") // the method whose call made this one
	recordsKey   = attribute.Key("pmpsmart.records")          // that the caller got
	attemptsKey  = attribute.Key("pmpsmart.attempts")         // requests of a call, without those of its inner calls
	pageKey      = attribute.Key("pmpsmart.page")             // of a list, from 1
	waitKey      = attribute.Key("pmpsmart.retry.wait")       // in seconds
	reasonKey    = attribute.Key("pmpsmart.give_up.reason")   // "attempts", "budget", "deadline" or "retry-after"
	driftPathKey = attribute.Key("pmpsmart.drift.path")       // "data.*.user_id"
	driftKey     = attribute.Key("pmpsmart.drift.count")
)

// The events of a call's span.
const (
	retryEvent  = "pmpsmart.retry"
	giveUpEvent = "pmpsmart.give_up"
	driftEvent  = "pmpsmart.drift"
)

// giveUpReasons are the values of RetryInfo.GaveUp.
var giveUpReasons = []string{"attempts", "budget", "deadline", "retry-after"}

// other is the semantic conventions' value for what is none of the few values of an
// attribute.
const other = "_OTHER"
