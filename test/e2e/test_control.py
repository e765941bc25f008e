# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow that depends on data: branches, loops, early returns, mutation, printing and raising inside them, against
TorchScript. Methods of one module share a compile.

  test_control.py [--match RE] [--keep FOLDER]
"""
import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import torch

import control_programs
import harness

warnings.filterwarnings("ignore")


def type_of(v):
    """The --input type of a sample: every dimension may have any size."""
    if isinstance(v, torch.Tensor):
        name = {torch.float32: "f32", torch.float64: "f64", torch.int64: "i64", torch.bool: "bool", torch.int32: "i32"}[v.dtype]
        return f"{name}[{','.join('?' * v.dim())}]"
    return None


class Captured:
    """What is written to the file descriptor 1 meanwhile."""

    def __enter__(self):
        sys.stdout.flush()
        self.file = tempfile.TemporaryFile()
        self.saved = os.dup(1)
        os.dup2(self.file.fileno(), 1)
        return self

    def __exit__(self, *_):
        sys.stdout.flush()
        os.dup2(self.saved, 1)
        os.close(self.saved)
        self.file.seek(0)
        self.text = self.file.read().decode()


def copy(v):
    if isinstance(v, torch.Tensor):
        return v.clone()
    if isinstance(v, (list, tuple)):
        return type(v)(copy(x) for x in v)
    return v


def oracle(module, method, args):
    """(results, arguments after, printed, error)"""
    args = copy(args)
    results, error = None, None
    with Captured() as out:
        try:
            results = getattr(module, method)(*args)
        except Exception as e:
            error = str(e)
    return results, args, out.text, error


def check(module, so, method, args, folder):
    """None, or what differs."""
    expected, after, printed, error = oracle(module, method, args)
    case = harness.write_case(folder / "case", args, method=method)
    out = folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    harness.call([harness.INGOT_RUN, so, "--case", case, "--out", out])
    result = json.loads((out / "out.json").read_text())
    binary = out / "out.bin"
    data = binary.read_bytes() if binary.exists() else b""
    if result.get("stdout", "") != printed:
        return f"prints {result.get('stdout')!r}, expected {printed!r}"
    if raised := result.get("raises"):
        if error is None:
            return f"raises {raised}"
        # An assert has no class in TorchScript: its message names it.
        same = raised["message"] in error and (raised["type"] in error or raised["type"] == "Exception")
        return None if same else f"raises {raised}, expected {error[-200:]}"
    if error is not None:
        return f"does not raise: {error[-200:]}"
    got = harness.read_value(result["outputs"], data)
    if problem := harness.compare(got, expected, harness.to_double(expected)):
        return f"{problem}: got {got}, expected {expected}"
    if result.get("args_after"):
        mutated = [harness.read_value(n, data) for n in result["args_after"]["args"]]
        if problem := harness.compare(mutated, after, harness.to_double(after)):
            return f"arguments after the call: {problem}"
    elif any(isinstance(x, torch.Tensor) and not torch.equal(x.nan_to_num(), y.nan_to_num()) for x, y in zip(args, after)):
        return "an argument should have changed"
    return None


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--match", default="")
    p.add_argument("--keep")
    options = p.parse_args()
    folder = Path(options.keep or tempfile.mkdtemp(prefix="ingot-control-"))
    folder.mkdir(parents=True, exist_ok=True)
    passed, failed = 0, 0
    for name, program, cases in control_programs.groups():
        cases = {m: c for m, c in cases.items() if re.search(options.match, f"{name}.{m}")}
        if not cases:
            continue
        module = torch.jit.script(program.eval())
        model = folder / f"{name}.pt"
        module.save(str(model))

        def compile(methods, so):
            command = []
            for m in methods:
                command += ["--method", m]
                schema = getattr(module, m).schema if m != "forward" else module.forward.schema
                for argument, value in zip(schema.arguments[1:], cases[m][0]):
                    if t := type_of(value):
                        command += ["--input", f"{m}:{argument.name}={t}"]
            return harness.compile(model, so, None, *command)

        sos = {}
        try:
            so = compile(cases, folder / f"{name}.so")
            sos = {m: so for m in cases}
        except harness.ToolError:
            for m in cases:  # one by one: which are the culprits?
                try:
                    sos[m] = compile([m], folder / f"{name}.{m}.so")
                except harness.ToolError as e:
                    failed += len(cases[m])
                    print(f"FAIL {name}.{m}: {str(e)[:1200]}", flush=True)
        for m, so in sos.items():
            for i, args in enumerate(cases[m]):
                try:
                    problem = check(module, so, m, args, folder / f"{name}.{m}.{i}")
                except harness.ToolError as e:
                    problem = str(e)[:600]
                passed += problem is None
                failed += problem is not None
                if problem:
                    print(f"FAIL {name}.{m}{i}: {problem}", flush=True)
    if not options.keep:
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
