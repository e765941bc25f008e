#!/usr/bin/env bash
# build.sh [BUILD_DIR] [targets]: configures and builds; default folder: build.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build}
[ $# -gt 0 ] && shift
[ -e "$build/build.ninja" ] || "$root/scripts/configure.sh" "$build"
exec ninja -C "$build" "$@"
