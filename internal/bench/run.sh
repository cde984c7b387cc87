#!/bin/sh
# Generates the peers where they are absent or older than openapi.yaml, and runs
# the benchmarks: run.sh [rounds], 30 unless told.
set -eu
cd "$(dirname "$0")"
export GOWORK=off
for file in generated/oapi/client_gen.go generated/ogen/oas_client_gen.go; do
	if [ -z "$(find "$file" -newer openapi.yaml 2>/dev/null)" ]; then
		go generate .
		break
	fi
done
rounds=${1:-30}
bench() { go test -tags peers -run '^$' -timeout 1h -bench "$1" -benchtime "$2x" .; }
bench OrderList "$rounds"
bench OrderDetail "$((rounds * 5))" # a call is short, and soon disturbed
bench 'Growth|Memory|Connections' "$(((rounds + 5) / 6))"
