package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A request is one line of the log, whatever its path holds.
func TestARequestIsOneLine(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	(&requestLog{out: &out}).line(pmpsmarttest.Request{Method: "POST", Path: "/api/v1/x\n::error::forged\x1b[31m\u202e", Query: "a=\u2028\u009b", Status: 404})
	require.Regexp(t, `^\d\d:\d\d:\d\d 404 POST /api/v1/x%0A::error::forged%1B%5B31m%E2%80%AE\?a=%E2%80%A8%C2%9B +0 bytes +0s  \n$`, out.String())
}
