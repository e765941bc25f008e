# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The user's mistakes: each gives exit code 1 (2 for wrong usage), a clear message, and leaves no output file.

  test_errors.py [--match RE]
"""
import argparse
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn

import harness

warnings.filterwarnings("ignore")


class Linear(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return torch.relu(self.fc(x))


class Unknown(nn.Module):
    def forward(self, x):
        a = torch.fake_quantize_per_tensor_affine(x, 0.1, 0, -128, 127)
        return torch.fake_quantize_per_channel_affine(x, torch.ones(4), torch.zeros(4, dtype=torch.int32), 0, -128, 127) + a


class SameSizes(nn.Module):
    def forward(self, x, y):
        return x + y


class Programs:
    """The good programs that the bad ones are made from."""

    def __init__(self, folder):
        self.folder = folder
        self.pt = folder / "good.pt"
        torch.jit.script(Linear().eval()).save(str(self.pt))
        self.pt2 = folder / "good.pt2"
        n = torch.export.Dim("n", min=0, max=64)
        torch.export.save(torch.export.export(Linear().eval(), (torch.randn(2, 4),), dynamic_shapes=({0: n},)), str(self.pt2))
        self.same = folder / "same.pt2"
        torch.export.save(torch.export.export(SameSizes(), (torch.randn(3, 4), torch.randn(3, 4)), dynamic_shapes=({0: n}, {0: n})), str(self.same))
        self.unknown = folder / "unknown.pt"
        torch.jit.trace(Unknown(), (torch.randn(4, 4),)).save(str(self.unknown))
        self.unknown2 = folder / "unknown.pt2"
        torch.export.save(torch.export.export(Unknown(), (torch.randn(4, 4),)), str(self.unknown2))
        self.state_dict = folder / "weights.pt"
        torch.save(Linear().state_dict(), str(self.state_dict))

    def damaged(self, source, name, change):
        path = self.folder / name
        path.write_bytes(change(bytearray(source.read_bytes())))
        return path

    def rezipped(self, source, name, change):
        """The archive with entries changed: `change(name, bytes)` gives bytes, or None to drop the entry."""
        path = self.folder / name
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
            for entry in old.infolist():
                data = change(entry.filename, old.read(entry.filename))
                if data is not None:
                    new.writestr(entry.filename, data)
        return path


def edit_model(edit):
    def change(name, data):
        if not name.endswith("models/model.json"):
            return data
        tree = json.loads(data)
        edit(tree)
        return json.dumps(tree).encode()
    return change


def only(suffix, replacement):
    return lambda name, data: replacement(data) if name.endswith(suffix) else data


def compile_cases(p):
    """(name, arguments of ingotc without -o, expected text)"""
    spec = ["--input", "x=f32[?,4]"]
    half = lambda b: b[:len(b) // 2]
    flip = lambda b: bytes(b[:40]) + bytes(x ^ 0xFF for x in b[40:200]) + bytes(b[200:])
    node = lambda t: t["graph_module"]["graph"]["nodes"][0]
    yield "missing.pt", [p.folder / "nowhere.pt", *spec], r"nowhere\.pt"
    yield "missing.pt2", [p.folder / "nowhere.pt2"], r"nowhere\.pt2"
    yield "a folder", [p.folder, *spec], "is a folder: expected a .pt"
    yield "unknown extension", [p.damaged(p.pt, "model.onnx", bytes)], r"onnx|\.pt"
    for ext, good in (("pt", p.pt), ("pt2", p.pt2)):
        extra = spec if ext == "pt" else []
        yield f"empty.{ext}", [p.damaged(good, f"empty.{ext}", lambda b: b""), *extra], "empty"
        yield f"truncated.{ext}", [p.damaged(good, f"truncated.{ext}", half), *extra], "truncated archive|failed finding central directory"
        yield f"one byte short.{ext}", [p.damaged(good, f"short.{ext}", lambda b: b[:-1]), *extra], "truncated archive|failed finding central directory"
        yield f"text.{ext}", [p.damaged(good, f"text.{ext}", lambda b: b"hello, this is no archive\n" * 20), *extra], "no zip archive|not a zip archive"
        yield f"corrupted.{ext}", [p.damaged(good, f"corrupted.{ext}", flip), *extra], "corrupted|damaged archive"
        yield f"an empty zip.{ext}", [p.rezipped(good, f"nothing.{ext}", lambda n, d: None), *extra], "does not contain any files|has no entries"
        yield f"a directory of zeros.{ext}", [p.damaged(good, f"zeros.{ext}", lambda b: bytes(len(b))), *extra], "no zip archive|not a zip archive"
        yield f"wrong version.{ext}", [p.rezipped(good, f"version.{ext}", lambda n, d: b"999999\n" if n.endswith("version") else d), *extra], "999999"
    yield "wrong byte order.pt2", [p.rezipped(p.pt2, "order.pt2", only("byteorder", lambda d: b"big"))], "big|byte"
    yield "weights instead of a program", [p.state_dict, *spec], "is a Python pickle"
    yield "no model.json", [p.rezipped(p.pt2, "nojson.pt2", lambda n, d: None if n.endswith("model.json") else d)], "no model"
    yield "bad JSON", [p.rezipped(p.pt2, "badjson.pt2", only("models/model.json", lambda d: d[:100]))], "model.json|JSON"
    yield "JSON of another kind", [p.rezipped(p.pt2, "list.pt2", only("models/model.json", lambda d: b"[1, 2]"))], "model.json|JSON|object"
    yield "future schema", [p.rezipped(p.pt2, "future.pt2", edit_model(lambda t: t["schema_version"].update(major=99)))], "99|version"
    yield "no graph", [p.rezipped(p.pt2, "nograph.pt2", edit_model(lambda t: t["graph_module"].pop("graph")))], "graph"
    yield "an unknown value", [p.rezipped(p.pt2, "value.pt2", edit_model(lambda t: node(t)["inputs"][0]["arg"].update(as_tensor={"name": "nobody"})))], "nobody"
    yield "an operator of nobody", [p.rezipped(p.pt2, "op.pt2", edit_model(lambda t: node(t).update(target="torch.ops.nobody.here.default")))], "nobody"
    yield "weights cut off", [p.rezipped(p.pt2, "cut.pt2", only("data/weights/weight_0", lambda d: d[:4]))], "needs 48 bytes of entry"
    yield "weights missing", [p.rezipped(p.pt2, "noweight.pt2", lambda n, d: None if n.endswith("data/weights/weight_0") else d)], "weight"
    yield "bad symbol", [p.rezipped(p.pt2, "symbol.pt2", only("models/model.json", lambda d: d.replace(b"Symbol(", b"Symbl((")))], "cannot read the size expression"
    yield "unknown operators.pt", [p.unknown, "--input", "x=f32[4,4]"], r"(?s)fake_quantize_per_tensor.*fake_quantize_per_channel"
    yield "unknown operators.pt2", [p.unknown2], r"(?s)fake_quantize_per_tensor.*fake_quantize_per_channel"
    yield "no input spec", [p.pt], r"--input"
    yield "spec of nobody", [p.pt, *spec, "--input", "q=f32[2]"], "q"
    yield "spec contradicts the graph", [p.pt, "--input", "x=f32[?,5]"], r"always raises RuntimeError: mat1 and mat2 shapes cannot be multiplied \(\?x5 and 4x3\)"
    yield "spec of another dtype", [p.pt, "--input", "x=i64[?,4]"], "same dtype, but got: Long != Float"
    yield "spec of another rank", [p.pt2, "--input", "x=f32[?,4,4]"], "rank|dimension|x"
    yield "spec against a fixed size", [p.pt2, "--input", "x=f32[?,5]"], "has size 4 in dimension 1 in the exported program"
    yield "spec beyond the range", [p.same, "--input", "x=f32[65,4]"], "has a size of 0 to 64 in dimension 0 in the exported program, but its type was given with size 65"
    yield "spec of two sizes for one", [p.same, "--input", "x=f32[3,4]", "--input", "y=f32[5,4]"], "y.* size 5"
    yield "spec of another kind", [p.same, "--input", "x=int"], "input 'x' is a Tensor in the exported program, but its type was given as an int"
    yield "spec of no exported input", [p.same, "--input", "z=f32[3,4]"], "method 'forward' has no input 'z'; it has 'x', 'y'"
    yield "one input twice", [p.pt, *spec, "--input", "x=f32[?,4]"], "the type of input 'x' of method 'forward' was given twice"
    yield "a method that is not compiled", [p.pt, *spec, "--input", "other:x=f32[?,4]"], "was given for method 'other', which is not compiled; compiled are 'forward'"
    yield "method of nobody", [p.pt, *spec, "--method", "backwards"], "backwards"
    yield "CPU of nobody", [p.pt, *spec, "--cpu=abacus"], "abacus"
    yield "missing case", [p.pt, "--case", p.folder / "nocase"], "nocase"
    deep = p.folder / "deep"
    deep.mkdir(exist_ok=True)
    (deep / "case.json").write_text("[" * 300000)
    yield "a case that nests deeply", [p.pt, "--case", deep], "nested deeper than 400 levels"
    yield "a 32-bit CPU", [p.pt, *spec, "--cpu=i386"], "i386"


def overwriting_cases(p, out):
    """(name, all arguments of ingotc, expected text): files that are named twice stay as they are"""
    spec = ["--input", "x=f32[?,4]"]
    yield "output over the model", [p.pt, *spec, "-o", p.pt], "the model.*are one file|one file"
    yield "constants over the output", [p.pt, *spec, "-o", out / "w.so", f"--constants={out / 'w.so'}"], "--constants and the output are one file"
    yield "report over the output", [p.pt, *spec, "-o", out / "w.so", f"--report={out / 'w.so'}"], "--report and the output are one file"


def usage_cases(p):
    yield "no arguments", []
    yield "unknown option", [p.pt, "--fast-please"]
    yield "unknown emit", [p.pt, "--emit=poem"]
    yield "unknown phase", [p.pt, "--stop-after=lunch"]
    yield "spec of no dtype", [p.pt, "--input", "x=q99[?,4]"]
    yield "spec without end", [p.pt, "--input", "x=f32[?,4"]
    yield "spec without type", [p.pt, "--input", "x"]


def run_cases(p, so, same):
    npy = lambda name, a: (np.save(p.folder / name, a), f"x={p.folder / name}")[1]
    f = np.float32
    yield "missing library", [p.folder / "nowhere.so", "--signature"], "nowhere"
    yield "not a library", [p.pt, "--signature"], "."
    yield "a library of somebody else", ["/lib/x86_64-linux-gnu/libm.so.6", "--signature"], "ingot"
    yield "unknown method", [so, "--method", "backwards", "--input", "x=rand:f32[2,4]"], "backwards"
    yield "missing input", [so], "x"
    yield "input of nobody", [so, "--input", "x=rand:f32[2,4]", "--input", "q=int:1"], "q"
    yield "wrong rank", [so, "--input", npy("rank.npy", np.zeros((2, 2, 4), f))], "x"
    yield "wrong dtype", [so, "--input", npy("dtype.npy", np.zeros((2, 4), np.int64))], "x"
    yield "wrong fixed size", [so, "--input", npy("fixed.npy", np.zeros((2, 5), f))], "x"
    yield "a number for a tensor", [so, "--input", "x=int:3"], "x"
    yield "no npy", [so, "--input", f"x={p.pt}"], "."
    yield "missing npy", [so, "--input", "x=nowhere.npy"], "nowhere"
    yield "related sizes", [same, "--input", "x=rand:f32[3,4]", "--input", "y=rand:f32[5,4]"], "y|x"
    yield "out of range", [same, "--input", "x=rand:f32[65,4]", "--input", "y=rand:f32[65,4]"], "64|65"
    yield "missing case", [so, "--case", p.folder / "nocase"], "nocase"
    for part in (1, 5, 15):
        yield f"{part} twentieths of a library", [p.damaged(so, f"part{part}.so", lambda b: b[:len(b) * part // 20]), "--input", "x=rand:f32[2,4]"], "is truncated"


def attempt(command, code, text, output=None):
    p = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    if p.returncode != code:
        return f"exit code {p.returncode}, expected {code}; stderr: {p.stderr.strip()[-300:]}"
    if not p.stderr.strip():
        return "no message"
    if re.search(r"Stack dump|PLEASE submit|Assertion|Traceback|terminate called|#0 0x", p.stderr):
        return "crash: " + p.stderr.strip()[-300:]
    if re.search(r"\{\d\}|see current operation|LLVM ERROR", p.stderr):
        return "a message of the compiler's inside: " + p.stderr.strip()[-300:]
    if not re.search(text, p.stderr):
        return f"the message does not say {text!r}: {p.stderr.strip()[-300:]}"
    if output and output.exists():
        return "an output file is left"
    if output and list(output.parent.iterdir()):
        return f"left behind: {[x.name for x in output.parent.iterdir()]}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--match", default="")
    options = parser.parse_args()
    passed = failed = 0

    def report(name, problem):
        nonlocal passed, failed
        passed, failed = passed + (not problem), failed + bool(problem)
        if problem:
            print(f"FAIL {name}: {problem}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        p = Programs(folder)
        out = folder / "out"
        wanted = lambda name: re.search(options.match, name)
        for name, arguments, text in compile_cases(p):
            if wanted(name):
                shutil.rmtree(out, ignore_errors=True)
                out.mkdir()
                report(f"ingotc: {name}", attempt([harness.INGOTC, *arguments, "-o", out / "m.so"], 1, text, out / "m.so"))
        before = p.pt.read_bytes()
        for name, arguments, text in overwriting_cases(p, out):
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            report(f"ingotc: {name}", attempt([harness.INGOTC, *arguments], 1, text, out / "w.so"))
        report("the model is still there", None if p.pt.read_bytes() == before else "it was written")
        report("ingotc: output folder missing",
               attempt([harness.INGOTC, p.pt, "--input", "x=f32[?,4]", "-o", folder / "no" / "where" / "m.so"], 1, "where"))
        report("ingotc: output is a folder", attempt([harness.INGOTC, p.pt, "--input", "x=f32[?,4]", "-o", folder], 1, "it is a folder"))
        for name, arguments in usage_cases(p):
            if wanted(name):
                report(f"ingotc: {name}", attempt([harness.INGOTC, *arguments], 2, "."))
        try:
            so = harness.compile(p.pt, folder / "good.so", None, "--input", "x=f32[?,4]")
            same = harness.compile(p.same, folder / "same.so")
            for name, arguments, text in run_cases(p, so, same):
                if wanted(name):
                    report(f"ingot-run: {name}", attempt([harness.INGOT_RUN, *arguments], 1, text))
            report("ingot-run: unknown option", attempt([harness.INGOT_RUN, so, "--fast-please"], 2, "."))
        except harness.ToolError as e:
            report("the good programs compile", str(e))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
