#!/usr/bin/env bash
# Draws docs/img anew: the three roles play their stories in the real window on
# a display in memory, and each screen is taken once it stands still. The
# picture is drawn by Fyne's software canvas from the same widgets, because a
# graphics driver without a screen gives back black.
set -euo pipefail
cd "$(dirname "$0")/.."

trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
mkdir -p docs/img
rm -f docs/img/*.png

play() { # role, display size, further flags
	local role=$1 size=$2
	shift 2
	echo "== $role at $size"
	xvfb-run -a -s "-screen 0 ${size}x24" build/motcua --trial "$trial" --role "$role" --play \
		--size "$size" --screenshot-dir docs/img "$@" 2> >(grep -v -e 'Fyne error:  failed to watch' -e dbus-launch -e app_xdg.go >&2)
}

play counter 1366x768
play kiosk 1280x800
play setup 1366x768

# The two papers, as they come out of the printer.
pdftoppm -r 80 -png -singlefile "$trial/receipt.pdf" docs/img/paper-receipt
ticket=$(find "$trial/printed" -name '*.pdf' | sort | tail -n 1) # the kiosk printed last
pdftoppm -r 120 -png -singlefile "$ticket" docs/img/paper-ticket
ls docs/img
