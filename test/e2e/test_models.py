# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every promised model, in every form it can be saved in, at every dynamic size, from one library each.

  test_models.py [--match RE] [--quick]

Where PyTorch raises for a size, the library must raise too.
"""
import argparse
import copy
import itertools
import re
import sys
import tempfile
import time
import warnings
from pathlib import Path

import torch

import harness
from models import MODELS

warnings.filterwarnings("ignore")


def save(model, module, args, form, path):
    """Writes the program; returns the callable that is its oracle and the sizes it was fixed to."""
    if form in ("script", "trace"):
        program = torch.jit.script(module) if form == "script" else torch.jit.trace(module, args)
        program.save(str(path))
        return program
    shapes = tuple({d: torch.export.Dim.AUTO for d in range(a.dim())} for a in args)
    with torch.no_grad():
        program = torch.export.export(module, args, dynamic_shapes=shapes)
        if form == "decomposed":
            program = program.run_decompositions()
    torch.export.save(program, str(path))
    return program.module()


def size_sets(model, form, quick):
    """Each dimension over its sizes with the others at their first, then all at their last non-zero ones."""
    first = {d: s[0] for d, s in model.dims.items()}
    sets = [first]
    for d, sizes in model.dims.items():
        if form in ("export", "decomposed") and d in model.fixed_by_export:
            continue
        sets += [dict(first, **{d: s}) for s in sizes[1:]]
    return sets[:3] if quick else sets


def check(name, model, form, quick, folder):
    torch.manual_seed(0)
    module = model.build().eval()
    torch.manual_seed(1)
    sets = size_sets(model, form, quick)
    example = model.inputs(**sets[0])
    path = folder / f"{name}.{'pt' if form in ('script', 'trace') else 'pt2'}"
    with torch.no_grad():
        oracle = save(model, module, example, form, path)
    double = copy.deepcopy(module).double()
    failures, so = [], None
    for i, sizes in enumerate(sets):
        args = model.inputs(**sizes)
        case = harness.write_case(folder / f"case{i}", args)
        if so is None:
            so = harness.compile(path, folder / f"{name}.so", case)
        with torch.no_grad():
            try:
                expected = oracle(*args)
            except Exception:
                expected = None
            reference = double(*(harness.to_double(a) for a in args)) if expected is not None else None
        try:
            got, _ = harness.run(so, case, folder / f"out{i}")
            difference = "PyTorch raises, the library does not" if expected is None else harness.compare(got, expected, reference)
        except harness.ProgramError as e:
            difference = None if expected is None else f"raised {e}"
        except harness.ToolError as e:
            difference = str(e)
        if difference:
            failures.append(f"{sizes}: {difference}")
    return len(sets), failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--match", default="")
    parser.add_argument("--quick", action="store_true", help="three sizes of each model only")
    options = parser.parse_args()
    passed = failed = 0
    for name, model in MODELS.items():
        for form in model.forms:
            if not re.search(options.match, f"{name}.{form}"):
                continue
            start = time.time()
            with tempfile.TemporaryDirectory() as folder:
                try:
                    count, failures = check(name, model, form, options.quick, Path(folder))
                except (harness.ToolError, harness.ProgramError) as e:
                    count, failures = 1, [str(e)]
            failed += len(failures)
            passed += count - len(failures)
            print(f"{'FAIL' if failures else 'ok  '} {name}.{form}: {count} sizes, {time.time() - start:.1f} s", flush=True)
            for f in failures:
                print("     " + f)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
