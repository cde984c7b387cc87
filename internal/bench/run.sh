#!/bin/sh
# Measures all that BENCHMARKS.md tells and prints its tables as Markdown: about 10
# minutes on two processors, 2 with -short. Progress is told on standard error. It
# generates the peers where they are absent or older than openapi.yaml.
set -eu
cd "$(dirname "$0")"
case $# in
0) short= ;;
*) short=-test.short && [ "$*" = -short ] || { echo "usage: run.sh [-short]" >&2; exit 2; } ;;
esac
export GOWORK=off
for file in generated/oapi/client_gen.go generated/ogen/oas_client_gen.go; do
	if [ -z "$(find "$file" -newer openapi.yaml -newer doc.go 2>/dev/null)" ]; then
		go generate . >&2
		break
	fi
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
go test -tags peers -c -o "$folder/bench.test" .
"$folder/bench.test" -test.run '^$' -test.bench '^BenchmarkReport$' -test.benchtime 1x -test.timeout 1h -report "$folder/report.md" $short >&2
cat "$folder/report.md"
