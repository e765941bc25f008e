# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow that depends on data: branches, loops, early returns, mutation, printing and raising inside them, against
TorchScript; higher-order operators of exported programs against the exported module. control_programs: methods of one
module share a compile; control/: a method is compiled for the types of its first call.

  test_control.py [--match RE] [--keep FOLDER]
"""
import argparse
import json
import re
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import torch

import control_programs
import harness
from control import containers, exported, joined, mixed, paths, state

warnings.filterwarnings("ignore")

# Not compiled yet: each is one clear error.
REFUSED = {
    "kinds.unsqueeze_loop",  # a rank without bound
    "aliases.write_after_append",  # a tensor that a list holds is written
    "exported.associative",  # vmap inside the operator
    "joined.nested_view",  # which part of a tensor is written depends on the path
}


def type_of(v):
    """The --input type of a sample: every dimension may have any size."""
    if isinstance(v, torch.Tensor):
        name = {torch.float32: "f32", torch.float64: "f64", torch.int64: "i64", torch.bool: "bool", torch.int32: "i32"}[v.dtype]
        return f"{name}[{','.join('?' * v.dim())}]"
    return None


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
    with harness.Captured() as out:
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
        # Errors of operators have the types that C++ has; TorchScript reports RuntimeError for most.
        same = raised["message"] in error and (raised["type"] in error or raised["type"] in ("Exception", "IndexError", "KeyError"))
        return None if same else f"raises {raised}, expected {error[-200:]}"
    if error is not None:
        return f"does not raise: {error[-200:]}"
    got = harness.read_value(result["outputs"], data)
    if problem := harness.compare(got, expected, harness.to_double(expected)):
        return f"{problem}: got {got}, expected {expected}"
    if result.get("args_after"):
        mutated = [harness.read_value(n, data) for n in result["args_after"]["args"]]
        # Python's lists and dicts are copied on their way into TorchScript: the caller's stay as they are.
        pairs = [(x, y) for x, y in zip(mutated, after) if isinstance(y, torch.Tensor)]
        mutated, after = [x for x, _ in pairs], [y for _, y in pairs]
        if problem := harness.compare(mutated, after, harness.to_double(after)):
            return f"arguments after the call: {problem}"
    elif any(isinstance(x, torch.Tensor) and not torch.equal(x.nan_to_num(), y.nan_to_num()) for x, y in zip(args, after)):
        return "an argument should have changed"
    return None


def compile_together(module, model, cases, folder, name):
    """One library for all methods: {method: library}, {method: error}."""
    def compile(methods, so):
        command = []
        for m in methods:
            command += ["--method", m]
            for argument, value in zip(getattr(module, m).schema.arguments[1:], cases[m][0]):
                if t := type_of(value):
                    command += ["--input", f"{m}:{argument.name}={t}"]
        return harness.compile(model, so, None, *command)

    sos, errors = {}, {}
    try:
        so = compile(cases, folder / f"{name}.so")
        return {m: so for m in cases}, errors
    except harness.ToolError:
        for m in cases:  # one by one: which are the culprits?
            try:
                sos[m] = compile([m], folder / f"{name}.{m}.so")
            except harness.ToolError as e:
                errors[m] = e
    return sos, errors


def compile_recorded(module, model, cases, folder, name):
    """A library for each method, with the types of its first call."""
    sos, errors = {}, {}
    for m in cases:
        case = harness.write_case(folder / f"{name}.{m}.types", cases[m][0], method=m)
        try:
            sos[m] = harness.compile(model, folder / f"{name}.{m}.so", case, "--method", m)
        except harness.ToolError as e:
            errors[m] = e
    return sos, errors


def all_groups():
    for name, program, cases in control_programs.groups():
        yield name, program, cases, compile_together
    for programs in (containers, joined, paths, state, mixed):
        for name, program, cases in programs.groups():
            yield name, program, cases, compile_recorded


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--match", default="")
    p.add_argument("--keep")
    options = p.parse_args()
    folder = Path(options.keep or tempfile.mkdtemp(prefix="ingot-control-"))
    folder.mkdir(parents=True, exist_ok=True)
    passed, failed = 0, 0

    def fail(what):
        nonlocal failed
        failed += 1
        print(f"FAIL {what}", flush=True)

    def refused(name, error):
        """A refusal is a clear error that names the user's line."""
        nonlocal passed
        if name in REFUSED and error.code == 1 and re.search(r"\w+\.py:\d+(:\d+)?: error: ", error.text):
            passed += 1
        else:
            fail(f"{name}: {str(error)[:1200]}")

    for name, program, cases, compile in all_groups():
        cases = {m: c for m, c in cases.items() if re.search(options.match, f"{name}.{m}")}
        if not cases:
            continue
        model = folder / f"{name}.pt"
        torch.jit.script(program.eval()).save(str(model))
        sos, errors = compile(torch.jit.load(str(model)), model, cases, folder, name)
        for m, e in errors.items():
            refused(f"{name}.{m}", e)
        for m, so in sos.items():
            if f"{name}.{m}" in REFUSED:
                fail(f"{name}.{m} compiles now: take it off the list of what is refused")
            for i, args in enumerate(cases[m]):
                try:
                    # Calls of the oracle's instance must not see each other's state.
                    problem = check(torch.jit.load(str(model)), so, m, args, folder / f"{name}.{m}.{i}")
                except harness.ToolError as e:
                    problem = str(e)[:600]
                if problem:
                    fail(f"{name}.{m}{i}: {problem}")
                passed += problem is None
    for name, program, arguments, dynamic, calls in exported.programs():
        name = f"exported.{name}"
        if not re.search(options.match, name):
            continue
        model = folder / f"{name}.pt2"
        torch.export.save(torch.export.export(program.eval(), arguments, dynamic_shapes=dynamic, strict=True), str(model))
        reference = torch.export.load(str(model)).module()
        try:
            so = harness.compile(model, folder / f"{name}.so")
        except harness.ToolError as e:
            refused(name, e)
            continue
        if name in REFUSED:
            fail(f"{name} compiles now: take it off the list of what is refused")
        for i, args in enumerate(calls):
            try:
                got, _ = harness.run(so, harness.write_case(folder / f"{name}.{i}", args), folder / f"{name}.{i}.out")
                expected = reference(*args)
                problem = harness.compare(got, expected, harness.to_double(expected))
            except (harness.ToolError, harness.ProgramError) as e:
                problem = str(e)[:600]
            if problem:
                fail(f"{name}{i}: {problem}")
            passed += problem is None
    if not options.keep:
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
