#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds the tree against docs/Architecture.md: which room may include which, how long files may be, and their format.

Prints every offender; exit code 1 when there is one.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1000

# room -> rooms whose headers it may include (its own always)
MAY_INCLUDE = {
    "abi": set(),
    "runtime": {"abi"},
    "script": {"support", "graph"},
    "graph": {"support"},
    "task": {"support", "graph", "abi"},
    "support": set(),
    "import": {"script", "graph", "support"},
    "transforms": {"script", "graph", "task", "support"},
    "conversion": {"script", "graph", "task", "support", "abi"},
    "codegen": {"graph", "task", "abi", "support"},
    "pipeline": {"import", "transforms", "conversion", "codegen", "script", "graph", "task", "support"},
    "driver": {"pipeline", "import", "transforms", "conversion", "codegen", "script", "graph", "task", "support", "abi"},
    "ingot-run": {"runtime"},
    "tools": {"driver", "pipeline", "support", "transforms", "conversion", "codegen", "script", "graph", "task"},
}
ROOMS = [
    (r"(include/)?ingot/ABI/", "abi"), (r"runtime/", "runtime"), (r"ingot\.h(pp)?$", "runtime"),
    (r"dialects/Script/", "script"), (r"dialects/Graph/", "graph"), (r"dialects/Task/", "task"),
    (r"(include/)?ingot/Support/|lib/Support/", "support"), (r"(include/)?ingot/Import/|lib/Import/", "import"),
    (r"(include/)?ingot/Transforms/|lib/Transforms/", "transforms"),
    (r"(include/)?ingot/Conversion/|lib/Conversion/", "conversion"),
    (r"(include/)?ingot/Codegen/|lib/Codegen/", "codegen"), (r"(include/)?ingot/Pipeline/|lib/Pipeline/", "pipeline"),
    (r"(include/)?ingot/Driver/|lib/Driver/", "driver"), (r"tools/ingot-run/", "ingot-run"), (r"tools/", "tools"),
]


def room_of(path):
    return next((room for pattern, room in ROOMS if re.match(pattern, path)), None)


def unformatted(files):
    """Files that clang-format would change: .clang-format is the format, not a proposal."""
    sources = [f for f in files if re.search(r"\.(cpp|c|h|hpp)$", f)]
    found = subprocess.run(["clang-format-22", "--dry-run", *sources], capture_output=True, text=True, check=True, cwd=ROOT)
    return sorted(set(re.findall(r"^([^:\n]+):\d+:\d+: warning: code should be clang-formatted", found.stderr, re.M)))


def main():
    files = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
    offenders = []
    for name in files:
        if not re.search(r"\.(cpp|c|h|hpp|td|py)$", name):
            continue
        text = (ROOT / name).read_text(errors="replace")
        lines = text.count("\n")
        if lines > LIMIT:
            offenders.append(f"{name}: {lines} lines, the limit is {LIMIT}: split it by idea")
        room = room_of(name)
        if room is None or name.startswith("test/"):
            continue
        for included in re.findall(r'^\s*#?include "([^"]+)"', text, re.M):
            target = room_of(included)
            if target and target != room and target not in MAY_INCLUDE[room]:
                offenders.append(f"{name}: room '{room}' may not include '{included}' of room '{target}'")
    offenders += [f"{name}: not formatted: clang-format-22 -i {name}" for name in unformatted(files)]
    for o in offenders:
        print(o)
    print(f"{len(files)} files checked, {len(offenders)} offenders")
    return 1 if offenders else 0


if __name__ == "__main__":
    sys.exit(main())
