// Package bench measures the library beside other ways to call the same API:
// net/http with encoding/json by hand, resty's SetResult, and clients generated
// from openapi.yaml. ../../BENCHMARKS.md holds the figures; run.sh makes them.
//
// The generated clients are not kept: go generate writes them, and the build tag
// peers takes them in.
package bench

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config oapi-codegen.yaml openapi.yaml
//go:generate go run github.com/ogen-go/ogen/cmd/ogen@v1.25.0 -config ogen.yaml -target generated/ogen -package ogen -clean openapi.yaml
