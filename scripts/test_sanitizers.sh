#!/usr/bin/env bash
# test_sanitizers.sh [BUILD_DIR] [SUITE...]: the runtime's tests, and programs end to end (default: language forks tasks
# control custom), with the address and then the thread sanitizer in generated code, runtime and ingot-run.
# Nothing may be reported. Needs a build (scripts/build.sh). The last line is "N passed, N failed".
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build}
shift $(($# > 0))
suites=("$@")
[ $# -gt 0 ] || suites=(language forks tasks control custom)
python=${INGOT_PYTHON:-$root/.venv/bin/python}
llvm=${INGOT_LLVM_PREFIX:-/usr/lib/llvm-22}
passed=0 failed=0

count() { # name, log: of a suite that ends with "N passed, N failed"
  local line ok bad
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$2" | tail -1)
  ok=$(sed -n 's/^\([0-9]*\) passed.*/\1/p' <<< "$line") bad=$(sed -n 's/.* \([0-9]*\) failed.*/\1/p' <<< "$line")
  [ -n "$line" ] || { ok=0 bad=1; }
  echo "== $1: $ok passed, $bad failed"
  passed=$((passed + ok)) failed=$((failed + bad))
}

ninja -C "$build" sanitizers || { echo "0 passed, 1 failed"; exit 1; }
logs=$build/sanitizer-logs
mkdir -p "$logs"
export ASAN_OPTIONS=detect_stack_use_after_return=1:abort_on_error=0 TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=0
for sanitizer in address thread; do
  for suite in "${suites[@]}"; do
    INGOT_BUILD=$build INGOT_SANITIZE=$sanitizer "$python" "$root/test/e2e/test_$suite.py" > "$logs/$sanitizer-$suite.log" 2>&1
    count "$sanitizer $suite" "$logs/$sanitizer-$suite.log"
  done
  tree=$build/runtime-$sanitizer
  cmake -S "$root/runtime" -B "$tree" -G Ninja -DCMAKE_CXX_COMPILER="$llvm/bin/clang++" -DCMAKE_C_COMPILER="$llvm/bin/clang" \
    -DINGOT_SANITIZE=$sanitizer -DINGOT_BUILD_TESTS=ON > "$logs/$sanitizer-runtime.log" 2>&1 && ninja -C "$tree" >> "$logs/$sanitizer-runtime.log" 2>&1
  ctest --test-dir "$tree" --output-on-failure >> "$logs/$sanitizer-runtime.log" 2>&1
  line=$(grep -E '[0-9]+ tests failed out of [0-9]+' "$logs/$sanitizer-runtime.log" | tail -1)
  bad=$(sed -n 's/.*, \([0-9]*\) tests failed out of \([0-9]*\).*/\1/p' <<< "$line")
  all=$(sed -n 's/.*, \([0-9]*\) tests failed out of \([0-9]*\).*/\2/p' <<< "$line")
  [ -n "$all" ] || { all=1 bad=1; }
  echo "== $sanitizer runtime: $((all - bad)) passed, $bad failed"
  passed=$((passed + all - bad)) failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
