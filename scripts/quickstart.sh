#!/usr/bin/env bash
# quickstart.sh: from nothing to a real model in one library, called from C.
#
# Installs what is needed, builds, saves all-MiniLM-L6-v2 with its real weights,
# compiles it, builds the C example and compares two sentences, beside PyTorch.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build}
python=${INGOT_PYTHON:-$root/.venv/bin/python}
work=$build/quickstart

[ -n "${INGOT_SKIP_SETUP:-}" ] || "$root/scripts/setup.sh"
"$root/scripts/build.sh" "$build" ingotc ingot-run

a="A cat sits on the windowsill and watches the rain."
b="The kitten looks out of the window at the wet weather."
echo "Saving MiniLM with PyTorch ..."
torch=$("$python" "$root/examples/minilm.py" "$work" "$a" "$b")

echo "ingotc minilm.pt2 -o minilm.so"
start=$(date +%s.%N)
"$build/bin/ingotc" "$work/minilm.pt2" -o "$work/minilm.so"
awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "  %.1f s\n", b - a }'
ls -l "$work/minilm.so" | awk '{ printf "  %.1f MB\n", $5 / 1e6 }'
ldd "$work/minilm.so" | sed 's/^/  /'

cc=$(command -v cc || command -v clang || echo "${INGOT_LLVM_PREFIX:-/usr/lib/llvm-22}/bin/clang")
"$cc" -O2 -I "$root/runtime/include" "$root/examples/similarity.c" -o "$work/similarity" -ldl -lm
ingot=$("$work/similarity" "$work/minilm.so" "$work/a.txt" "$work/b.txt")

echo
echo "A: $a"
echo "B: $b"
echo "cosine similarity, Ingot from C: $ingot"
echo "cosine similarity, PyTorch:      $torch"
awk -v a="$ingot" -v b="$torch" 'BEGIN { exit !((a - b < 1e-4) && (b - a < 1e-4)) }' || {
  echo "quickstart.sh: the two differ" >&2
  exit 1
}
