# RUN: %python %s %S/scale.mlir %t
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exit codes and messages of ingotc: 2 for wrong usage, 1 for the user's files, never an output left behind."""
import os
import subprocess
import sys

model, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)


def run(*args):
    return subprocess.run(["ingotc", *args], capture_output=True, text=True)


def check(code, words, *args):
    before = sorted(os.listdir("."))
    result = run(*args)
    assert result.returncode == code, (args, result.returncode, result.stderr)
    assert words in result.stderr, (args, result.stderr)
    assert result.stderr.count("error: ") == 1, (args, result.stderr)
    assert sorted(os.listdir(".")) == before, (args, os.listdir("."))


# Wrong usage.
check(2, "no model is given")
check(2, "unknown option '--frobnicate'", model, "--frobnicate")
check(2, "--emit: expected so, obj, asm or llvm, found 'exe'", model, "--emit=exe")
check(2, "unknown phase 'middle'; the phases are import normalize", model, "--stop-after=middle")
check(2, "-o needs a value", model, "-o")
check(2, "--constants needs a value", model, "--constants=")
check(2, "--report needs a value", model, "--report", "")
check(2, "two models are given", model, model)
check(2, "-j: expected a number of 1 to 1024, found '0'", model, "-j", "0")
check(2, "-j: expected a number of 1 to 1024, found '99999999'", model, "-j", "99999999")
check(2, "the type nests deeper than 100 levels", model, "--input", "x=" + "(" * 100000)
check(2, "a tensor has at most 64 dimensions", model, "--input", "x=f32[" + "?," * 99 + "?]")
check(2, "'9223372036854775807' is no size", model, "--input", "x=f32[9223372036854775807]")
check(2, "--sanitize is address or thread, not 'memory'", model, "--sanitize=memory")
check(2, "--stop-after comes before --start-from", model, "--stop-after=import", "--start-from=llvm")
check(2, "expected NAME=TYPE", model, "--input", "f32[3]")
check(2, "'f33' is no dtype", model, "--input", "x=f33[3]")
check(2, "column 5: expected a size", model, "--input", "x=f32[,3]")
check(2, "a tensor needs its sizes", model, "--input", "x=f32")
check(2, "expected the end of the type", model, "--input", "x=f32[3]]")
check(2, "expected ']'", model, "--input", "x=Optional[f32[3]")
check(2, "expected a key", model, "--input", "x={a: i64}")
check(2, "the input's name before '=' is empty", model, "--input", "=f32[3]")

# The user's files.
check(1, "cannot read 'missing.pt2': No such file", "missing.pt2")
check(1, "is a folder", folder)
check(1, "unknown CPU 'z80'", model, "--cpu=z80")
check(1, "choose one with --cpu", model, "--cpu=portable", "--emit=asm")
check(1, "cannot write 'nowhere/x.so'", model, "-o", "nowhere/x.so")
check(1, "it is a folder", model, "-o", folder)
check(1, "cannot read the case 'nowhere/case.json'", model, "--case", "nowhere/case.json")
open("empty.mlir", "w").close()
open("text.onnx", "w").write("x")
check(1, "unknown kind of file '.onnx': expected .pt, .pt2 or .mlir", "text.onnx")
open("wrong.mlir", "w").write("func.func @f( {")
check(1, "wrong.mlir:1:", "wrong.mlir")
check(1, "--start-from=llvm takes a .mlir file", "text.onnx", "--start-from=llvm")

# Right usage.
assert run("--help").returncode == 0 and "--stop-after=PHASE" in run("--help").stdout
assert "normalize" in run("--help").stdout
assert run("--version").stdout.startswith("ingotc 0.")
for emit, extension in (("so", "so"), ("obj", "o"), ("asm", "s"), ("llvm", "ll")):
    result = run(model, "--emit=" + emit)
    assert result.returncode == 0 and not result.stderr, result.stderr
    assert os.path.getsize("scale." + extension) > 0
result = run(model, "--dump-phases=dumps", "-o", "a.so", "--constants=a.weights")
assert result.returncode == 0, result.stderr
assert os.path.getsize("a.weights") == 64
# A dump is an input of the next phase.
result = run("dumps/5-llvm.mlir", "-o", "b.so", "--start-from=object")
assert result.returncode == 0, result.stderr
result = run(model, "--stop-after=llvm")
assert result.returncode == 0 and "llvm.func" in result.stdout, result.stderr
