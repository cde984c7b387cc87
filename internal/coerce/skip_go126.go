//go:build goexperiment.jsonv2 && !go1.27

package coerce

import "encoding/json/v2"

// errSkip is what an unmarshal function returns to leave a value to the JSON
// package. Go 1.26 with GOEXPERIMENT=jsonv2 has a name of its own for it.
var errSkip = json.SkipFunc
