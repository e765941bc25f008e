# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares random programs with PyTorch: values, changed arguments, printed text, and which results share storage.

  fuzz.py [--seeds FROM:TO] [--size N] [--batch N] [--form FORM] [-O LEVEL ...] [--cpu CPU] [--keep FOLDER] [--log FILE]

Many programs are methods of one library. With --log the seeds that were compared are kept, and a later run goes on
after them. A program that ingotc refuses is counted and named, not failed: a wrong answer is. So is one with branches,
loops or windows whose results share no storage though PyTorch's do, with equal values. The last line is "N passed, N failed" (refused
and unshared ones are in neither).
"""
import argparse
import json
import logging
import re
import sys
import tempfile
import warnings
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import harness  # noqa: E402
from forms import FORMS  # noqa: E402
from programs import Program  # noqa: E402


class Refused(Exception):
    """The library says what it does not take."""


class Unshared(Exception):
    """All values are right; results share less storage than PyTorch's."""


def build(model, units, folder, options):
    """Libraries of units: one for all where they compile; and those that are refused. Where a message does not name what
    it refuses, halves are tried."""
    saved = folder.parent / ("programs" + model.suffix)
    refused = {}
    while units:
        so = folder / f"{units[0].method}-{len(units)}.so"
        types = [o for u in units for o in u.types]
        try:
            harness.call([harness.INGOTC, saved, "-o", so, *options, *types], timeout=1800)
            return {u.method: so for u in units}, refused
        except harness.ToolError as e:
            named = [u for u in model.refused(e.text) if u in units] if e.code == 1 else []
            if not named and len(units) > 1:
                half = len(units) // 2
                sos, no = build(model, units[:half], folder, options)
                others, more = build(model, units[half:], folder, options)
                return sos | others, refused | no | more
            for u in named or units:
                refused[u.method] = e
            units = [u for u in units if u.method not in refused]
    return {}, refused


def groups(tensors):
    """For each tensor the first one that shares its storage; tensors without elements share nothing."""
    keys = [t.untyped_storage().data_ptr() if t.numel() else None for t in tensors]
    return [i if k is None else keys.index(k) for i, k in enumerate(keys)]


def check(unit, so, folder):
    with harness.Captured() as captured:
        results, raised, after = unit.expected()
    printed, count = captured.text, len([a for a in unit.arguments if isinstance(a, torch.Tensor)])
    case = harness.write_case(folder / unit.method, unit.arguments, method=unit.method)
    tree = json.loads(case.read_text())
    tree["seed"] = 7
    case.write_text(json.dumps(tree))
    out = folder / unit.method / "out"
    try:
        got, whole = harness.run(so, case, out)
    except harness.ProgramError as e:
        if re.search("must be row-major|share memory|program was compiled for", e.message):
            raise Refused(e.message) from e
        return None if raised is not None else f"raises {e.kind}: {e.message}"
    # Its interpreter can lose a variable that a loop only reads.
    if raised is not None and ("INTERNAL ASSERT FAILED" in raised or "Expected Tensor but got None" in raised):
        raise Refused("PyTorch fails: " + raised)
    if raised is not None:
        return f"does not raise {raised.strip().splitlines()[-1]}"
    if whole.get("stdout", "") != printed:
        return f"printed {whole.get('stdout', '')!r}, expected {printed!r}"
    results = results if isinstance(results, (tuple, list)) else (results,)
    got = got if isinstance(got, (tuple, list)) else (got,)
    for i, (a, b) in enumerate(zip(got, results)):
        if isinstance(b, torch.Tensor):
            if a.shape != b.shape or not torch.equal(a.nan_to_num(9e9), b.nan_to_num(9e9)):
                return f"result {i} is {a.tolist()}, expected {b.tolist()}"
        elif a != b:
            return f"result {i} is {a}, expected {b}"
    binary = (out / "out.bin").read_bytes() if (out / "out.bin").exists() else b""
    changed = whole.get("args_after")
    mine = [harness.read_value(v, binary) for v in changed["args"]] if changed else list(unit.arguments)
    for i in range(count):
        if not torch.equal(mine[i], after[i]):
            return f"argument {i} is {mine[i].tolist()} after the call, expected {after[i].tolist()}"
    # Storage that torch shares must be shared.
    tensors = list(after[:count]) + [r for r in results if isinstance(r, torch.Tensor)]
    outputs = whole["outputs"]["v"] if whole["outputs"]["t"] in ("tuple", "list") else [whole["outputs"]]
    nodes = tree["args"][:count] + [v for v in outputs if v["t"] == "tensor"]
    roots = {}
    for node in nodes:
        n = node["n"]
        roots[n] = roots.get(node.get("same", node.get("shares", n)), n)
    mine = [roots[node["n"]] for node in nodes]
    for i, first in enumerate(groups(tensors)):
        if first < count and not unit.arguments[first].is_contiguous():
            continue  # README: views of such inputs are copies
        if first != i and mine[i] != mine[first]:
            name = lambda k: f"argument {k}" if k < count else f"result {k - count}"
            raise Unshared(f"{name(i)} shares no storage with {name(first)}")
    return None


def form_of(seed):
    """Neighbours are alike, since they share a library."""
    return ("scripted", "traced", "scripted", "exported", "scripted", "traced", "scripted", "scripted")[seed // 25 % 8]


def may_copy(program):
    """Whether the path decides what a tensor is; windows of a tensor that is not row-major are copies too."""
    source = program.helper + program.source()
    return "unfold(" in source or program.form == "scripted" and bool(re.search(r"^\s+(if|for|while) ", source, re.M))


def compare(programs, form, options, folder):
    """{program's name: (outcome, text)}"""
    torch.manual_seed(0)
    model = FORMS[form](programs)
    outcomes = {p.name: ("unsaved", "") for p in programs}
    if model.units:
        model.save(folder / ("programs" + model.suffix))  # before calls change its buffers
    for level in options.levels or ["0", "3"]:
        inner = folder / level
        inner.mkdir()
        sos, no = build(model, model.units, inner, [f"-O{level}", f"--cpu={options.cpu}", "-j1"])
        for unit in model.units:
            if unit.method in no:
                e = no[unit.method]
                outcome = ("refused", e.text.strip()) if e.code == 1 else ("failed", str(e))
            else:
                try:
                    problem = check(unit, sos[unit.method], inner)
                    outcome = ("failed", f"-O{level}: {problem}") if problem else ("passed", "")
                except Refused as e:
                    outcome = ("refused", str(e))
                except Unshared as e:
                    known = not any(may_copy(p) for p in programs if p.name in unit.seeds)
                    outcome = ("failed" if known else "unshared", f"-O{level}: {e}")
                except harness.ToolError as e:
                    outcome = ("refused" if "shares memory with another input" in e.text else "failed", f"-O{level}: {e}")
            for name in unit.seeds:
                if outcomes[name][0] in ("unsaved", "passed", "unshared"):
                    outcomes[name] = outcome
    bad = [p for p in programs if outcomes[p.name][0] in ("refused", "failed")]
    if form == "exported" and bad and len(programs) > 1:  # which of them
        for i, program in enumerate(bad):
            inner = folder / f"alone{i}"
            inner.mkdir()
            outcomes |= compare([program], form, options, inner)
    return outcomes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="0:100", help="first and end of the programs' seeds")
    parser.add_argument("--size", type=int, default=10, help="statements of a program's outermost block")
    parser.add_argument("--batch", type=int, default=25, help="programs of one library")
    parser.add_argument("--form", choices=FORMS, help="of all programs; default: by the seed")
    parser.add_argument("-O", dest="levels", action="append", choices="0123", help="optimisation levels; default 0 and 3")
    parser.add_argument("--cpu", default="native", help="as ingotc's; portable takes three times as long")
    parser.add_argument("--keep", type=Path, help="where the sources of programs that fail are written")
    parser.add_argument("--log", type=Path, help="seeds that are done, one a line with its outcome")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    torch._C._set_graph_executor_optimize(False)  # its passes give other values at times, from the second call on
    first, end = map(int, options.seeds.split(":"))
    done = {int(line.split()[0]) for line in options.log.read_text().splitlines() if "failed" not in line} if options.log and options.log.exists() else set()
    totals = {"passed": 0, "failed": 0, "refused": 0, "unshared": 0, "unsaved": 0}
    for start in range(first, end, options.batch):
        seeds = [s for s in range(start, min(start + options.batch, end)) if s not in done]
        if not seeds:
            continue
        form = options.form or form_of(start)
        programs = [Program(s, options.size, form) for s in seeds]
        with tempfile.TemporaryDirectory() as folder:
            outcomes = compare(programs, form, options, Path(folder))
        for program in programs:
            outcome, text = outcomes[program.name]
            totals[outcome] += 1
            if outcome in ("failed", "refused", "unshared"):
                print(f"{outcome.upper()} seed {program.name[1:]} ({form}): {text[:600]}", flush=True)
            if outcome == "failed" and options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                arguments = "".join(f"# {a!r}\n" for a in program.arguments)
                (options.keep / f"{program.name}.py").write_text(arguments.replace("\n ", " ") + program.helper + program.source())
        if options.log:
            with options.log.open("a") as log:
                log.writelines(f"{p.name[1:]} {outcomes[p.name][0]}\n" for p in programs)
    print(f"{totals['refused']} refused, {totals['unshared']} unshared, {totals['unsaved']} that PyTorch does not save")
    print(f"{totals['passed']} passed, {totals['failed']} failed")
    return 1 if totals["failed"] or not totals["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
