# Một Cửa. The targets people use: run, test, check, bench, screenshots, package.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := build
.SILENT:

# The same flags everywhere, or the cache is built twice: Fyne takes minutes.
TAGS  := x11,migrated_fynedo
FLAGS := -trimpath -tags $(TAGS)

GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

# Packages that draw the window. They are tested without cgo, on Fyne's own
# canvas in memory, and never with the race detector, which would compile all
# of Fyne a second time.
WINDOW = $$(go list $(FLAGS) ./ui/window/...)
# Everything else that has tests; cmd/motcua needs OpenGL and has none.
REST   = $$(go list $(FLAGS) ./... | grep -v -e '^motcua/ui/window' -e '^motcua/cmd/motcua$$')

.PHONY: build run setup test vet unit race check lint vuln bench screenshots package clean

build: ## the programs, into build/
	mkdir -p build
	for p in motcua motcuactl portald tokend; do
		echo "build $$p"
		go build $(FLAGS) -o build/$$p ./cmd/$$p
	done

run: setup build ## the trial, in a window where there is a display
	if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then
		exec build/motcua --trial trial
	fi
	echo "There is no display, so the trial plays without a window."
	exec build/motcuactl trial --dir trial

setup: ## installs the Debian packages of assets/packages.txt that are missing
	missing=$$(sed 's/#.*//' assets/packages.txt | xargs -n1 | while read -r p; do
		dpkg-query -W -f '$${Status}\n' "$$p" 2>/dev/null | grep -q 'ok installed' || echo "$$p"
	done)
	if [ -z "$$missing" ]; then exit 0; fi
	echo "installing:" $$missing
	sudo=; if [ "$$(id -u)" != 0 ]; then sudo=sudo; fi
	$$sudo apt-get update -qq
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing

test: setup vet unit race ## everything that must hold before a commit is kept

vet:
	echo "== gofmt"
	bad=$$(gofmt -l $$(go list -f '{{.Dir}}' ./...))
	if [ -n "$$bad" ]; then echo "not formatted:"; echo "$$bad"; exit 1; fi
	echo "== go vet"
	go vet $(FLAGS) ./...

# With MOTCUA_BENCH a test whose program is missing fails instead of skipping.
unit:
	echo "== go test"
	MOTCUA_BENCH=1 go test $(FLAGS) $(REST)
	echo "== go test, the window"
	CGO_ENABLED=0 go test $(FLAGS) $(WINDOW)

race:
	echo "== go test -race"
	MOTCUA_BENCH=1 go test -race $(FLAGS) $(REST)

check: test lint vuln ## test, and what needs the network

lint:
	echo "== golangci-lint"
	go run $(GOLANGCI) run ./...

# The database of known defects is on the network. Not to reach it is no
# defect of ours, but it is said.
vuln:
	echo "== govulncheck"
	out=$$(mktemp)
	trap 'rm -f $$out' EXIT
	if go run $(GOVULNCHECK) -tags $(TAGS) ./... >$$out 2>&1; then
		cat $$out
	elif grep -q -i -E 'vuln.go.dev|fetching vulnerabilities|dial tcp|no such host|connection refused' $$out; then
		echo "govulncheck could not reach its database: nothing was checked."
	else
		cat $$out
		exit 1
	fi

bench: setup ## the ratios of the benchmarks
	MOTCUA_BENCH=1 go test $(FLAGS) -run '^$$' -bench . -benchtime 1s $(REST)

screenshots: setup build ## docs/img/*.png, from the real window on a display in memory
	docs/screenshots.sh

# The programs stand together in /usr/lib/motcua, because motcua starts tokend
# from the folder it is in. dpkg-deb is on every Debian and needs no network.
package: build ## a Debian package in build/
	root=build/deb
	rm -rf $$root
	install -d $$root/DEBIAN $$root/usr/bin
	install -m 644 docs/debian-control $$root/DEBIAN/control
	install -D -m 755 -t $$root/usr/lib/motcua build/motcua build/motcuactl build/tokend
	ln -s ../lib/motcua/motcua ../lib/motcua/motcuactl $$root/usr/bin/
	install -D -m 644 -t $$root/usr/share/applications docs/motcua.desktop
	install -D -m 644 LICENSE $$root/usr/share/doc/motcua/copyright
	dpkg-deb --root-owner-group --build $$root build/

clean:
	rm -rf build trial
