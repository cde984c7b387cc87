//go:build !goexperiment.jsonv2 || go1.27

package coerce

import "errors"

// errSkip is what an unmarshal function returns to leave a value to the JSON
// package.
var errSkip = errors.ErrUnsupported
