#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_corpus.py CORPUS [--build DIR] [--full] [--update]: recorded programs against test/corpus-floors.json.

The floors say how many cases of each group must pass, and that no answer is wrong and nothing crashes beyond what they
allow. The default is a sample (the first `limit` cases of a group); --update raises the floors to what was measured.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "test" / "corpus-floors.json"


def build_operators(folder):
    """The custom operators that two programs of the seeds call, examples/operators.c."""
    library = Path(folder) / "liboperators.so"
    compiler = shutil.which("cc") or shutil.which("clang") or "/usr/lib/llvm-22/bin/clang"
    subprocess.run([compiler, "-shared", "-fPIC", "-I", ROOT / "runtime/include", ROOT / "examples/operators.c", "-o", library], check=True)
    return library


def tally(corpus, group, build, limit, operators):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [sys.executable, str(corpus / "check.py"),
                   "--compile", f"{build}/bin/ingotc {{model}} -o {{so}} --case {{case}} --operators {ROOT}/examples/operators.txt",
                   "--run", f"{build}/bin/ingot-run {{so}} --case {{case}} --out {{out}} --operators {operators}",
                   str(corpus / group), "--json", out.name, "--jobs", "2"]
        if limit:
            command += ["--limit", str(limit)]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        rows = json.load(open(out.name))
    counts = {}
    for _, _, verdict, _, _ in rows:  # corpus, case, verdict, message, seconds; "pass, other text" is a pass
        verdict = verdict.split(",")[0]
        counts[verdict] = counts.get(verdict, 0) + 1
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    floors = json.loads(FLOORS.read_text())
    key = "full" if options.full else "sample"
    bad = 0
    folder = tempfile.TemporaryDirectory()
    operators = build_operators(folder.name)
    for group, floor in floors[key].items():
        counts = tally(options.corpus.resolve(), group, options.build.resolve(), floor.get("limit"), operators)
        print(group, counts, flush=True)
        passed, wrong, crash = (counts.get(k, 0) for k in ("pass", "wrong", "crash"))
        if options.update:
            floor.update({"pass": passed, "wrong": wrong, "crash": crash})
        elif passed < floor["pass"] or wrong > floor["wrong"] or crash > floor["crash"]:
            print(f"  below the floor: {floor}")
            bad += 1
    if options.update:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
