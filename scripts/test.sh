#!/usr/bin/env bash
# test.sh [BUILD_DIR]: setup, build, then every suite. The last line totals them:
# "N passed, N failed"; the exit code is 0 when nothing failed.
#   INGOT_SKIP_SETUP=1: everything is installed.   INGOT_E2E="--quick": fewer sizes.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build}
llvm=${INGOT_LLVM_PREFIX:-/usr/lib/llvm-22}
python=${INGOT_PYTHON:-$root/.venv/bin/python}
passed=0 failed=0

add() { # name passed failed
  echo "== $1: $2 passed, $3 failed"
  passed=$((passed + $2)) failed=$((failed + $3))
}
die() {
  echo "test.sh: $1" >&2
  echo "$passed passed, $((failed + 1)) failed"
  exit 1
}

[ -n "${INGOT_SKIP_SETUP:-}" ] || "$root/scripts/setup.sh" || die "setup failed"
"$root/scripts/build.sh" "$build" || die "the build failed"
logs=$build/test-logs
mkdir -p "$logs"

# lit: compiler and tools.
"$llvm/bin/lit" -sv "$build/test" 2>&1 | tee "$logs/lit.log"
number() { sed -n "s/^ *$1 *: *\([0-9][0-9]*\).*/\1/p" "$logs/lit.log" | tail -1; }
ok=$(number Passed) bad=$(number Failed) unresolved=$(number Unresolved) timed=$(number 'Timed Out')
bad=$((${bad:-0} + ${unresolved:-0} + ${timed:-0}))
[ $((${ok:-0} + bad)) -gt 0 ] || bad=1 # lit itself did not run
add lit "${ok:-0}" "$bad"

# GoogleTest and the tools' own tests.
ctest --test-dir "$build" -j "$(nproc)" --output-on-failure -LE 'lit|e2e' 2>&1 | tee "$logs/ctest.log"
line=$(grep -E '[0-9]+ tests failed out of [0-9]+' "$logs/ctest.log" | tail -1)
bad=$(sed -n 's/.*, \([0-9]*\) tests failed out of \([0-9]*\).*/\1/p' <<< "$line")
all=$(sed -n 's/.*, \([0-9]*\) tests failed out of \([0-9]*\).*/\2/p' <<< "$line")
[ -n "$all" ] || { all=1 bad=1; }
add unit $((all - bad)) "$bad"

# End to end: real ingotc, real ingot-run, PyTorch as the oracle.
for suite in "$root"/test/e2e/test_*.py "$root"/test/fuzz/fuzz.py; do
  [ -e "$suite" ] || continue
  name=$(basename "$suite" .py)
  arguments=()
  [ "$name" = test_models ] && read -ra arguments <<< "${INGOT_E2E:-}"
  INGOT_BUILD=$build "$python" "$suite" ${arguments[@]+"${arguments[@]}"} 2>&1 | tee "$logs/$name.log"
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$logs/$name.log" | tail -1)
  ok=$(sed -n 's/^\([0-9]*\) passed.*/\1/p' <<< "$line")
  bad=$(sed -n 's/.* \([0-9]*\) failed.*/\1/p' <<< "$line")
  [ -n "$line" ] || { ok=0 bad=1; }
  add "$name" "$ok" "$bad"
done

# Rooms, arrows, sizes of files.
if [ -e "$root/scripts/check_structure.py" ]; then
  if "$python" "$root/scripts/check_structure.py" 2>&1 | tee "$logs/structure.log"; then add structure 1 0; else add structure 0 1; fi
fi

# Generated pages are what the sources say.
if "$python" "$root/scripts/generate_operators.py" --check; then add documents 1 0; else add documents 0 1; fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
