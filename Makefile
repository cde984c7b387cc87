# What people run while they work. Each part of .ci/run is a target, such as `make lint`.
PARTS := format vet lint tidy test race go127 jsonv2 cross quickstart clients consumer speed fuzz install contract redis vulnerabilities
.DEFAULT_GOAL := help
.PHONY: help fmt check api api-freeze errors openapi requires first-use release-check release $(PARTS)

help:
	@echo 'make check            the quick part of what CI runs'
	@echo 'make fmt              format the code'
	@echo 'make test             the tests of every module; PMPSMART_LONG=1 adds the long ones'
	@echo 'make race             the same with the race detector, the long ones included'
	@echo 'make go127            build, vet and test every module with Go 1.27'
	@echo 'make jsonv2           test with Go 1.26 and GOEXPERIMENT=jsonv2'
	@echo 'make cross            the tests with 32-bit integers; compile for other systems'
	@echo 'make install          install PHP, Laravel, Redis, PostgreSQL, Node.js, Python and Chromium; needs Debian and root'
	@echo 'make contract         the contract suite on a real Laravel; needs PHP'
	@echo 'make redis            the tests on a real Redis; needs redis-server'
	@echo 'make fuzz             every fuzz target for a minute; FUZZTIME=1h and FUZZ=FuzzList choose other times and one target'
	@echo 'make quickstart       the quickstart on the sandbox'
	@echo 'make clients          the clients in other languages; those whose language is installed'
	@echo 'make consumer         install a release of HEAD as its users would, and follow the README'
	@echo 'make speed            compare the processor time of reading lists and records with that of the last release'
	@echo 'make vulnerabilities  known vulnerabilities in the modules that are used'
	@echo 'make api              update api/next.txt after a change of the exported API'
	@echo 'make errors           update docs/errors.md after a change of an error text'
	@echo 'make openapi          update the examples of the description of the API, docs/openapi.yaml, docs/api.md and the Postman collection'
	@echo 'make requires         require the version in client.go in every go.mod, after raising it'
	@echo 'make first-use        measure how long a newcomer waits, with empty caches, for a first order and a first program'
	@echo 'make release-check    check whether the tree can be released'
	@echo 'make release          tag a release in this clone; pushes nothing'
	@echo 'and format, vet, lint, tidy: the other parts of .ci/run'

fmt:
	gofmt -w $$(git ls-files --cached --others --exclude-standard '*.go')

check:
	bash .ci/run format vet lint tidy test quickstart clients

$(PARTS):
	bash .ci/run $@

api:
	go test ./internal/apilist -update

# Lists the current API as that of the version in client.go, which is about to be released.
api-freeze:
	go test ./internal/apilist -update -freeze v$$(sed -n 's/^const version = "\(.*\)"$$/\1/p' client.go)

errors:
	go test ./internal/errordoc -update

openapi:
	GOWORK=off go -C internal/conform test -run 'TestExamples|TestWritten' -update .

first-use:
	bash .ci/first-use

requires:
	bash .ci/requires -w

release-check:
	bash .ci/release-check

release:
	bash .ci/release
