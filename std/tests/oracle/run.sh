#!/usr/bin/env bash
# Compares the library with Go's own: usage `run.sh [check ...]`, without arguments every check_*.go here.
#
# The packages become Go packages below the import path `mg/` in a temporary GOPATH: each `.mg` file is copied to `.go` with
# its imports rewritten and its natives left out, and `shims/<package>.go` implements the natives over Go's own library.
# A check imports both and prints the differences. Needs go in $GO or on the path.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
std=$(dirname "$(dirname "$here")")
go=${GO:-go}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOPATH=$work GO111MODULE=off GOTOOLCHAIN=local GOFLAGS=

packages=$(cd "$std" && find . -name '*.mg' -printf '%h\n' | sort -u | sed 's#^\./##')
rewrite=""
for package in $packages; do
    # Go forbids importing a path with an `internal` element from outside its parent.
    rewrite+="s#^\\(import \\|	\\|	[a-z]* \\)\"$package\"\$#\\1\"mg/${package/internal/inner}\"#;"
done
for package in $packages; do
    target=$work/src/mg/${package/internal/inner}
    mkdir -p "$target"
    for file in "$std/$package"/*.mg; do
        case $file in *_arm64.mg) continue ;; esac
        sed -e "$rewrite" -e '/^func .*[^{}]$/d' "$file" >"$target/$(basename "$file" .mg).go"
    done
    shim=$here/shims/${package//\//_}.go
    if [ -e "$shim" ]; then cp "$shim" "$target/natives_shim.go"; fi
done

status=0
for check in "${@:-}"; do
    for file in "$here"/check_${check:-*}.go; do
        name=$(basename "$file" .go)
        mkdir -p "$work/src/$name"
        cp "$file" "$work/src/$name/main.go"
        echo "== $name"
        (cd "$work/src/$name" && "$go" run .) || status=1
    done
done
exit $status
