# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares random programs with TorchScript: values, changed arguments, printed text, and which results share storage.

  fuzz.py [--seeds FROM:TO] [--size N] [--batch N] [-O LEVEL ...] [--keep FOLDER] [--log FILE]

Many programs are methods of one library. With --log the seeds that were compared are kept, and a later run goes on
after them. A program that ingotc refuses is counted and named, not failed: a wrong answer is. The last line is
"N passed, N failed" (refused ones are in neither).
"""
import argparse
import itertools
import json
import re
import sys
import tempfile
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import harness  # noqa: E402
from programs import Program, copied  # noqa: E402

CLASSES = itertools.count()


class Refused(Exception):
    """The library says what it does not take."""


def empty_module():
    """Of a class of its own: modules of one class share their methods."""
    return torch.jit.script(type("Programs", (torch.nn.Module,), {"__module__": f"fuzz{next(CLASSES)}"})())


def scripted(programs):
    """One module with the programs that TorchScript takes (it does not take all that Python takes)."""
    kept = []
    for program in programs:
        try:
            empty_module().define(program.source())
            kept.append(program)
        except RuntimeError:
            pass
    module = empty_module()
    for program in kept:
        module.define(program.source())
    return module, kept


def types(program):
    x, y = program.arguments[:2]
    # How many dimensions or parts these give must be known at compile time.
    fixed = re.search(r"squeeze\(|split\(|chunk\(|unbind\(", program.source()) or program.random.random() < 0.2
    spell = lambda t: "f32[" + ",".join(str(n) if fixed else "?" for n in t.shape) + "]"
    return ["--method", program.name, "--input", f"{program.name}:x={spell(x)}", "--input", f"{program.name}:y={spell(y)}",
            "--input", f"{program.name}:n=int", "--input", f"{program.name}:p=bool"]


def build(module, programs, folder, level):
    """Libraries of programs: one for all where they compile, else one each; and those that are refused."""
    model = folder / "programs.pt"
    module.save(str(model))
    so = folder / f"all{level}.so"
    options = [o for p in programs for o in types(p)]
    try:
        harness.call([harness.INGOTC, model, "-o", so, f"-O{level}", *options], timeout=1800)
        return {p.name: so for p in programs}, {}
    except harness.ToolError as e:
        if len(programs) == 1:
            return {}, {programs[0].name: e}
    found, refused = {}, {}
    half = len(programs) // 2
    for i, part in enumerate((programs[:half], programs[half:])):
        inner = folder / str(i)
        inner.mkdir(exist_ok=True)
        sos, no = build(module, part, inner, level)
        found.update(sos)
        refused.update(no)
    return found, refused


def expected(module, program):
    """(results or None, raised text, arguments after, printed)"""
    args = copied(program.arguments)
    torch.manual_seed(7)
    with harness.Captured() as printed:
        try:
            results, raised = getattr(module, program.name)(*args), None
        except Exception as e:
            results, raised = None, str(e)
    return results, raised, args, printed.text


def groups(tensors):
    """For each tensor the first one that shares its storage; tensors without elements share nothing."""
    keys = [t.untyped_storage().data_ptr() if t.numel() else None for t in tensors]
    return [i if k is None else keys.index(k) for i, k in enumerate(keys)]


def check(program, module, so, folder):
    results, raised, after, printed = expected(module, program)
    case = harness.write_case(folder / program.name, program.arguments, method=program.name)
    tree = json.loads(case.read_text())
    tree["seed"] = 7
    case.write_text(json.dumps(tree))
    out = folder / program.name / "out"
    try:
        got, whole = harness.run(so, case, out)
    except harness.ProgramError as e:
        if "must be row-major" in e.message:
            raise Refused(e.message) from e
        return None if raised is not None else f"raises {e.kind}: {e.message}"
    if raised is not None:
        return f"does not raise {raised.strip().splitlines()[-1]}"
    if whole.get("stdout", "") != printed:
        return f"printed {whole.get('stdout', '')!r}, expected {printed!r}"
    for i, (a, b) in enumerate(zip(got, results)):
        if isinstance(b, torch.Tensor):
            if a.shape != b.shape or not torch.equal(a.nan_to_num(9e9), b.nan_to_num(9e9)):
                return f"result {i} is {a.tolist()}, expected {b.tolist()}"
        elif a != b:
            return f"result {i} is {a}, expected {b}"
    binary = (out / "out.bin").read_bytes() if (out / "out.bin").exists() else b""
    changed = whole.get("args_after")
    mine = [harness.read_value(v, binary) for v in changed["args"]] if changed else list(program.arguments)
    for i in range(2):
        if not torch.equal(mine[i], after[i]):
            return f"argument {i} is {mine[i].tolist()} after the call, expected {after[i].tolist()}"
    # Storage that torch shares must be shared.
    tensors = list(after[:2]) + [r for r in results if isinstance(r, torch.Tensor)]
    nodes = [tree["args"][0], tree["args"][1]] + [v for v in whole["outputs"]["v"] if v["t"] == "tensor"]
    roots = {}
    for node in nodes:
        n = node["n"]
        roots[n] = roots.get(node.get("same", node.get("shares", n)), n)
    mine = [roots[node["n"]] for node in nodes]
    for i, first in enumerate(groups(tensors)):
        if first < 2 and not program.arguments[first].is_contiguous():
            continue  # README: views of such inputs are copies
        if first != i and mine[i] != mine[first]:
            return f"result {i - 2} shares no storage with {'argument' if first < 2 else 'result'} {first if first < 2 else first - 2}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="0:100", help="first and end of the programs' seeds")
    parser.add_argument("--size", type=int, default=10, help="statements of a program's outermost block")
    parser.add_argument("--batch", type=int, default=25, help="programs of one library")
    parser.add_argument("-O", dest="levels", action="append", choices="0123", help="optimisation levels; default 0 and 3")
    parser.add_argument("--keep", type=Path, help="where the sources of programs that fail are written")
    parser.add_argument("--log", type=Path, help="seeds that are done, one a line with its outcome")
    options = parser.parse_args()
    first, end = map(int, options.seeds.split(":"))
    done = {int(line.split()[0]) for line in options.log.read_text().splitlines()} if options.log and options.log.exists() else set()
    passed = failed = refused = 0
    seeds = [s for s in range(first, end) if s not in done]
    for start in range(0, len(seeds), options.batch):
        torch.manual_seed(0)
        module, programs = scripted([Program(s, options.size) for s in seeds[start:start + options.batch]])
        outcomes = {}
        with tempfile.TemporaryDirectory() as folder:
            for level in options.levels or ["0", "3"]:
                sos, no = build(module, programs, Path(folder), level)
                for name, e in no.items():
                    outcomes[name] = ("refused", e.text.strip()) if e.code == 1 else ("failed", str(e))
                for program in programs:
                    if program.name in sos and outcomes.get(program.name, ("passed",))[0] == "passed":
                        try:
                            problem = check(program, module, sos[program.name], Path(folder) / level)
                        except Refused as e:
                            outcomes[program.name] = ("refused", str(e))
                            continue
                        except harness.ToolError as e:
                            problem = str(e)
                        outcomes[program.name] = ("failed", f"-O{level}: {problem}") if problem else ("passed", "")
        for program in programs:
            outcome, text = outcomes[program.name]
            passed, failed, refused = passed + (outcome == "passed"), failed + (outcome == "failed"), refused + (outcome == "refused")
            if outcome != "passed":
                print(f"{outcome.upper()} seed {program.name[1:]}: {text[:600]}", flush=True)
            if outcome == "failed" and options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                arguments = "".join(f"# {a!r}\n" for a in program.arguments)
                (options.keep / f"{program.name}.py").write_text(arguments.replace("\n ", " ") + program.source())
        if options.log:
            with options.log.open("a") as log:
                log.writelines(f"{p.name[1:]} {outcomes[p.name][0]}\n" for p in programs)
    print(f"{refused} refused")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
