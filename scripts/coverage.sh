#!/usr/bin/env bash
# coverage.sh BUILD_DIR [SUITE...]: builds the compiler with coverage, runs suites of test/e2e (default: language control
# values forks custom effects refusals) and lists lines and branches of the import and script rooms that they reach,
# file by file; the last line is the total of the scripted side. The operators' families are not counted: other suites reach them.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:?"usage: scripts/coverage.sh BUILD_DIR [suites]"}; shift
suites=("$@")
[ $# -gt 0 ] || suites=(language control values forks custom effects refusals)
llvm=${INGOT_LLVM_PREFIX:-/usr/lib/llvm-22}
python=${INGOT_PYTHON:-$root/.venv/bin/python}

"$root/scripts/configure.sh" "$build" -DINGOT_COVERAGE=ON > /dev/null
ninja -C "$build" ingotc ingot-run > /dev/null
profiles=$build/profiles
rm -rf "$profiles" && mkdir -p "$profiles"
export LLVM_PROFILE_FILE="$profiles/%m.profraw"
for suite in "${suites[@]}"; do
  echo "$suite: $(INGOT_BUILD=$build "$python" "$root/test/e2e/test_$suite.py" 2> /dev/null | grep -E '^[0-9]+ passed' | tail -1)"
done
"$llvm/bin/llvm-profdata" merge -o "$profiles/all.profdata" "$profiles"/*.profraw
families=$(cd "$root/lib/Conversion/ScriptToGraph" && grep -l 'OperatorRow> eval::' ./*.cpp | sed 's/^\.\///' | paste -sd'|')
report() { # rooms
  "$llvm/bin/llvm-cov" report "$build/lib/libIngotCompiler.so" -object "$build/lib/libIngotTorchScriptImport.so" \
    -instr-profile="$profiles/all.profdata" --show-branch-summary --show-region-summary=false \
    --ignore-filename-regex="/($families)$" "$@"
}
report "$root/lib/Import/Export" # programs of torch.export: the models' and operators' suites reach more
report "$root/lib/Import/TorchScript" "$root/lib/Conversion/ScriptToGraph"
