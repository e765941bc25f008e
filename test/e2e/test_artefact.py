# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The produced library as a file: what it needs and exports, its size, its bytes, two of them in one process.

  test_artefact.py [--match RE]
"""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import torch

import harness

ROOT = Path(__file__).resolve().parents[2]
LLVM = Path(os.environ.get("INGOT_LLVM_PREFIX", "/usr/lib/llvm-22")) / "bin"
CC = shutil.which("cc") or shutil.which("clang") or str(LLVM / "clang")
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Scaled(torch.nn.Module):
    def __init__(self, scale):
        super().__init__()
        self.fc = torch.nn.Linear(4, 600)
        with torch.no_grad():
            self.fc.weight.fill_(scale)
            self.fc.bias.zero_()

    def forward(self, x):
        return torch.relu(self.fc(x))


def build(folder, name, scale=1.0, *options):
    model = folder / f"{name}.pt"
    if not model.exists():
        torch.jit.script(Scaled(scale).eval()).save(str(model))
    so = folder / f"{name}.so"
    harness.call([harness.INGOTC, model, "-o", so, "--input", "x=f32[?,4]", *options])
    return so


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def run(so, *more):
    return harness.call([harness.INGOT_RUN, so, "--input", "x=rand:f32[2,4]", *more])


@test
def needs_nothing_but_libc(folder):
    for options in ([], ["--cpu=portable"]):
        so = build(folder, "plain", 1.0, *options)
        text = harness.call(["ldd", so])
        for line in text.splitlines():
            expect(re.search(r"linux-vdso|libc\.so\.6|libm\.so\.6|ld-linux", line), f"ldd shows {line.strip()}")
        names = [line.split()[-1] for line in harness.call([LLVM / "llvm-nm", "-D", "--defined-only", so]).splitlines()]
        expect(sorted(names) == ["ingot_query", "ingot_query_plain"], f"exports {names}")


@test
def holds_its_weights_and_little_else(folder):
    so = build(folder, "small")
    expect(so.stat().st_size < 4 * 600 * 5 + 2_000_000, f"{so.stat().st_size} bytes")


@test
def same_bytes_again(folder):
    first = build(folder, "again").read_bytes()
    expect(first == build(folder, "again").read_bytes(), "a second compile gives other bytes")


@test
def constants_in_a_file(folder):
    so = build(folder, "split", 1.0, f"--constants={folder / 'split.weights'}")
    expect((folder / "split.weights").stat().st_size >= 600 * 4 * 4, "the file does not hold the weights")
    run(so)
    moved = folder / "moved"
    moved.mkdir()
    for f in ("split.so", "split.weights"):
        shutil.move(folder / f, moved)
    run(moved / "split.so")
    (moved / "split.weights").write_bytes(b"\1" * (moved / "split.weights").stat().st_size)
    try:
        run(moved / "split.so")
    except harness.ToolError as e:
        expect("split.weights" in e.text, f"the message does not name the file: {e.text}")
    else:
        raise AssertionError("foreign constants were taken")


@test
def report_counts_operators(folder):
    build(folder, "report", 1.0, "--report", folder / "report.json")
    report = json.loads((folder / "report.json").read_text())
    names = [o["name"] for o in report["operators"]]
    expect("aten::relu" in names and report["totals"]["refused"] == 0, f"report has {names}")
    expect(all(o["lines"] for o in report["operators"]), "an operator has no source line")


@test
def every_kind_of_output(folder):
    build(folder, "kinds")
    for kind, magic in (("obj", b"\x7fELF"), ("asm", b"\t"), ("llvm", b"")):
        out = folder / f"kinds.{kind}"
        harness.call([harness.INGOTC, folder / "kinds.pt", "-o", out, "--input", "x=f32[?,4]", f"--emit={kind}"])
        expect(out.read_bytes().startswith(magic) and out.stat().st_size > 100, f"--emit={kind} wrote something else")
    expect("define" in (folder / "kinds.llvm").read_text(), "no LLVM IR")


@test
def every_phase_resumes(folder):
    dumps = folder / "dumps"
    build(folder, "phases", 1.0, f"--dump-phases={dumps}")
    files = sorted(dumps.glob("*.mlir"))
    expect(len(files) >= 5, f"dumps: {[f.name for f in files]}")
    for f in files:
        so = folder / "resumed.so"
        harness.call([harness.INGOTC, f, "-o", so] + (["--input", "x=f32[?,4]"] if "import" in f.name else []))
        expect("f32[2,600]" in run(so), f"{f.name} does not resume")


def program(folder, linked):
    a, b = build(folder, "first", 1.0), build(folder, "second", 2.0)
    exe = folder / ("linked" if linked else "opened")
    command = [CC, "-O1", "-I", ROOT / "runtime/include", ROOT / "test/e2e/linked.c", "-o", exe]
    if linked:
        command += ["-DLINKED", a, b, f"-Wl,-rpath,{folder}"]
    harness.call(command + ["-ldl"])
    return harness.call([exe] if linked else [exe, a, b]).split()


@test
def two_linked_libraries_share_a_pool(folder):
    expect(program(folder, True)[:2] == ["4", "8"], "wrong answers")


@test
def two_opened_libraries_share_a_pool(folder):
    values = program(folder, False)
    expect(values[:2] == ["4", "8"], f"wrong answers: {values}")
    expect(int(values[2]) <= 2, f"{values[2]} threads: one pool of 2 is the caller and one worker")


@test
def examples_in_c_and_cpp_run(folder):
    so = build(folder, "example")
    exe = folder / "call"
    harness.call([CC, "-I", ROOT / "runtime/include", ROOT / "examples/call.c", "-o", exe, "-ldl"])
    expect("float32[2,600]" in harness.call([exe, so, "2", "4"]) or "f32[2,600]" in harness.call([exe, so, "2", "4"]), "call.c")
    cxx = shutil.which("c++") or shutil.which("clang++") or str(LLVM / "clang++")
    harness.call([cxx, "-std=c++17", "-I", ROOT / "runtime/include", ROOT / "examples/call.cpp", "-o", folder / "callpp", "-ldl"])


if __name__ == "__main__":
    sys.exit(harness.main((test.__name__, test) for test in TESTS))
