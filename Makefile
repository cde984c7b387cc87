# What people run while they work. The parts of .ci/run are targets here: `make test`, `make lint`.
PARTS := format vet lint tidy test race cross quickstart fuzz install contract redis vulnerabilities
.DEFAULT_GOAL := help
.PHONY: help fmt check api api-freeze errors first-use release-check $(PARTS)

help:
	@echo 'make check            what CI runs, without the race detector, fuzzing and what needs packages installed'
	@echo 'make fmt              format the code'
	@echo 'make test             every test of every module'
	@echo 'make race             the same with the race detector'
	@echo 'make cross            the tests with 32-bit integers; compile for other systems'
	@echo 'make install          install PHP, Laravel and Redis; needs Debian and root'
	@echo 'make contract         the contract suite on a real Laravel; needs PHP'
	@echo 'make redis            the tests on a real Redis; needs redis-server'
	@echo 'make fuzz             every fuzz target for a minute, or FUZZTIME=10s'
	@echo 'make quickstart       the quickstart on the sandbox'
	@echo 'make vulnerabilities  what is known of the modules in use'
	@echo 'make api              write api/next.txt anew after a change of the exported API'
	@echo 'make errors           write docs/errors.md anew after a change of what errors print'
	@echo 'make first-use        how long a newcomer waits, with empty caches, for a first order and a first program'
	@echo 'make release-check    whether the tree can be released, and the tags to make'
	@echo 'and format, vet, lint, tidy, the other parts of .ci/run'

fmt:
	gofmt -w $$(git ls-files --cached --others --exclude-standard '*.go')

check:
	bash .ci/run format vet lint tidy test quickstart

$(PARTS):
	bash .ci/run $@

api:
	go test ./internal/apilist -update

# What is released stays as it is: the lines of api/next.txt become those of a version.
api-freeze:
	go test ./internal/apilist -update -freeze v$$(sed -n 's/^const version = "\(.*\)"$$/\1/p' client.go)

errors:
	go test ./internal/errordoc -update

first-use:
	bash .ci/first-use

release-check:
	bash .ci/release-check
