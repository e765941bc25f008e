#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""generate_operators.py [--check]: docs/generated/Operators.md from the families' tables in lib/Conversion/ScriptToGraph.

--check writes nothing and fails when the page is not what the sources say.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "generated" / "Operators.md"
HEAD = """# Operators

Made by `scripts/generate_operators.py` from the families' tables; do not edit.

Every row is compiled to native code. `name.*` is every overload without a row of its own. In-place forms (`add_`), `out=`
forms and `_copy` forms follow from the functional row and are not listed. What is not here is refused by name, with the
source line.

| family | rows | operators |
| --- | --- | --- |
"""


def rows(path):
    """The names in the rows {"aten::name.overload", function} of a family's table."""
    text = re.sub(r"//[^\n]*", "", path.read_text())
    names = re.findall(r'\{\s*"((?:aten|prim|prims|higher_order|torchvision)::[\w.*]+)"\s*,\s*[\w:<(\[]', text)
    # Rows by macro: UNARY("sin", SinOp), BINARY("add", addition).
    names += ["aten::" + n for n in re.findall(r'\b[A-Z][A-Z_0-9]{3,}\("([a-z_]\w*)"', text)]
    return sorted(set(names))


def page():
    lines, total, seen = [], 0, {}
    for path in sorted((ROOT / "lib" / "Conversion" / "ScriptToGraph").glob("*.cpp")):
        names = rows(path)
        if names:
            total += len(names)
            # The table would keep one of two rows, silently in a release build.
            for name in re.findall(r'^    \{"([a-z]+::[\w.*]+)", [\w:<]+', path.read_text(), re.M):
                if not path.stem.startswith("Runtime") and seen.setdefault(name, path.stem) != path.stem:
                    sys.exit(f"{name} has a row in {seen[name]} and one in {path.stem}")
            short = " ".join(f"`{n.removeprefix('aten::')}`" for n in names)
            lines.append(f"| {path.stem} | {len(names)} | {short} |")
    return HEAD + "\n".join(lines) + f"\n\n{total} rows.\n"


def main():
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text() != text:
            print("docs/generated/Operators.md is old: run scripts/generate_operators.py")
            return 1
        return 0
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
