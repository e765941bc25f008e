#!/usr/bin/env bash
# configure.sh BUILD_DIR [cmake arguments]: configures a build tree with clang, lld and ccache.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:?"usage: scripts/configure.sh BUILD_DIR [cmake arguments]"}; shift
llvm=${INGOT_LLVM_PREFIX:-/usr/lib/llvm-22}
python=${INGOT_PYTHON:-$root/.venv/bin/python}
torch=$("$python" -c 'import importlib.util,os;print(os.path.dirname(importlib.util.find_spec("torch").origin))' 2>/dev/null || true)
cmake -G Ninja -S "$root" -B "$build" \
  -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_C_COMPILER="$llvm/bin/clang" -DCMAKE_CXX_COMPILER="$llvm/bin/clang++" \
  -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
  -DCMAKE_EXE_LINKER_FLAGS="-fuse-ld=lld" -DCMAKE_SHARED_LINKER_FLAGS="-fuse-ld=lld" -DCMAKE_MODULE_LINKER_FLAGS="-fuse-ld=lld" \
  -DINGOT_PRECOMPILE=ON \
  -DINGOT_LLVM_PREFIX="$llvm" -DINGOT_TORCH_PREFIX="$torch" -DINGOT_PYTHON="$python" "$@"
