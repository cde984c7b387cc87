//go:build peers

// Package oapi is the client that oapi-codegen writes here. This file names what
// it imports, so that go.mod is complete while it is absent.
package oapi

import _ "github.com/oapi-codegen/runtime/types"
