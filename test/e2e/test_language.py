# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The language's values in scripted programs: language/*.py against TorchScript.

  test_language.py [--match RE] [--keep FOLDER] [--jobs N]

A program is saved, compiled for the types of a call, and every call with these types is compared: values and their kinds,
arguments after the call, what is printed, the type and text of an error, and the module's tensors. A program that is not
compiled yet is named as such, with a part of its refusal; one that starts to be compiled fails until the name is taken away.
"""
import argparse
import concurrent.futures
import copy
import enum
import importlib
import inspect
import json
import re
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch

import harness
import language

warnings.filterwarnings("ignore")
FOLDER = Path(__file__).parent / "language"


#===-----------------------------------------------------------------------===#
# Values as trees
#===-----------------------------------------------------------------------===#

def kinds(v):
    """What may differ between calls of one compiled method is left out."""
    t = v["t"]
    if t == "tensor":
        return f"{v['dtype']}[{len(v['shape'])}]{v['requires_grad']}"
    if t == "list":
        return f"list({','.join(sorted({kinds(x) for x in v['v']}))})"
    if t in ("tuple", "namedtuple"):
        return f"{t}({','.join(kinds(x) for x in v['v'])})"
    if t == "dict":
        return f"dict({','.join(sorted({kinds(k) + ':' + kinds(x) for k, x in v['v']}))})"
    if t == "object":
        return f"{v['class']}({','.join(kinds(x) for x in v['attrs'].values())})"
    return t


def tensors(tree):
    """All tensors of a tree, in order; not those of lists and dicts, which change places."""
    if isinstance(tree, dict) and tree.get("t") in ("list", "dict"):
        return []
    if isinstance(tree, list):
        return [t for x in tree for t in tensors(x)]
    if not isinstance(tree, dict):
        return []
    return [tree] if tree.get("t") == "tensor" else [t for x in tree.values() for t in tensors(x)]


def last_line(error):
    """The text of an error without Python's class."""
    text = error.strip().split("\n")[-1].split(": ", 1)[-1].strip()
    return "" if text.endswith("Error:") else text


def number(v):
    return float(np.frombuffer(bytes.fromhex(v["bits"]), ">f8")[0]) if "bits" in v else float(v["v"])


def difference(want, got, want_data, got_data, where="result"):
    """The first difference of two trees, or None."""
    t = want["t"]
    if not isinstance(got, dict) or "t" not in got:
        return f"{where}: no value"
    if t != got["t"]:
        return f"{where}: a {t} expected, got a {got['t']}: {str(got)[:200]}"
    inner = lambda a, b, p: difference(a, b, want_data, got_data, where + p)  # noqa: E731
    if t == "tensor":
        a, b = harness.read_value(want, want_data), harness.read_value(got, got_data)
        if problem := harness.compare([b], [a], [harness.to_double(a)]):
            return f"{where}: {problem}: {b} instead of {a}"
        return None
    if t == "float":
        x, y = number(want), number(got)
        same = x == y or (x != x and y != y) or abs(x - y) <= 1e-12 * abs(x)
        return None if same else f"{where}: {x!r} expected, got {y!r}"
    if t == "complex":
        return inner(want["re"], got["re"], ".real") or inner(want["im"], got["im"], ".imag")
    if t == "enum":
        return None if want["name"] == got["name"] and want["class"] == got["class"].rsplit(".", 1)[-1] else f"{where}: {want} expected, got {got}"
    if t in ("list", "tuple", "namedtuple"):
        if len(want["v"]) != len(got["v"]):
            return f"{where}: {len(want['v'])} elements expected, got {len(got['v'])}"
        return next(filter(None, (inner(x, y, f"[{i}]") for i, (x, y) in enumerate(zip(want["v"], got["v"])))), None)
    if t == "dict":
        if len(want["v"]) != len(got["v"]):
            return f"{where}: {len(want['v'])} entries expected, got {len(got['v'])}"
        return next(filter(None, (inner(k, m, ".key") or inner(x, y, f"[{k.get('v')}]")
                                  for (k, x), (m, y) in zip(want["v"], got["v"]))), None)
    if "raises" in want or "raises" in got:
        raised = got.get("raises", {})
        same = "raises" in want and raised and want["raises"] in f"{raised['type']}: {raised['message']}" and raised["where"]
        return None if same else f"{where}: {want} expected, got {got}"
    if t in ("future", "await"):
        return inner(want["v"], got["v"], ".value")
    if t == "object":
        return next(filter(None, (inner(x, got["attrs"].get(n), "." + n) for n, x in want["attrs"].items())), None)
    return None if want.get("v") == got.get("v") else f"{where}: {want.get('v')!r} expected, got {got.get('v')!r}"


class Tree(harness.CaseWriter):
    """Values of the language that the other tests do not have."""

    def value(self, v):
        if isinstance(v, enum.Enum):
            return {"t": "enum", "class": type(v).__name__, "name": v.name, "value": self.value(v.value)}
        if isinstance(v, complex):
            return {"t": "complex", "re": self.value(v.real), "im": self.value(v.imag)}
        if isinstance(v, torch.dtype):
            return {"t": "dtype", "v": str(v)}
        if isinstance(v, torch.device):
            return {"t": "device", "v": str(v)}
        if isinstance(v, torch._C.Future):
            try:
                return {"t": "future", "v": self.value(v.wait())}
            except Exception as e:  # noqa: BLE001: whatever its function raised
                return {"t": "future", "raises": last_line(str(e))}
        if isinstance(v, (torch._C.ScriptObject, torch.jit.RecursiveScriptClass)) or type(v).__name__ in CLASSES:
            name = (v._type() if isinstance(v, torch._C.ScriptObject) else v._c._type()).name() if type(v).__name__ not in CLASSES else type(v).__name__
            return {"t": "object", "class": name, "attrs": {n: self.value(getattr(v, n)) for n in CLASSES[name]}}
        return super().value(v)


# Attributes of the programs' classes: TorchScript does not tell them.
CLASSES = {}


def note_classes(module):
    for name, cls in vars(module).items():
        if inspect.isclass(cls) and cls.__module__ == module.__name__ and not issubclass(cls, (torch.nn.Module, enum.Enum, tuple)):
            fields = getattr(cls, "__dataclass_fields__", None)
            CLASSES[name] = list(fields or dict.fromkeys(re.findall(r"self\.(\w+)(?:: [^=\n]+)? = ", inspect.getsource(cls))))


#===-----------------------------------------------------------------------===#
# Calls
#===-----------------------------------------------------------------------===#

def fresh(v):
    """A copy of an argument: the call may change it."""
    if isinstance(v, (list, tuple)) and not hasattr(v, "_fields"):
        return type(v)(fresh(x) for x in v)
    return copy.deepcopy(v)


class Call:
    """A call and what PyTorch makes of it."""

    def __init__(self, scripted, program, args, folder):
        self.folder, self.problem = folder, None
        args = fresh(args)
        case = harness.write_case(folder / "case", args, method=program.method, writer=Tree())
        self.case = json.loads(case.read_text())
        self.signature = json.dumps([kinds(x) for x in self.case["args"]])
        module = scripted
        before = self.states(module)
        self.result = self.error = None
        with harness.Captured() as out:
            try:
                call = module if program.method == "forward" else getattr(module, program.method)
                self.result = call(*args)
            except Exception as e:  # noqa: BLE001: whatever the program raises
                self.error = str(e)
        self.printed = out.text
        w = Tree()
        if self.error is None:
            self.result = w.value(self.result)
        self.after = [w.value(a) for a in args]
        self.state = {n: w.value(t) for n, t in self.states(module).items() if not torch.equal(before[n], t)}
        self.data = bytes(w.data)

    @staticmethod
    def states(module):
        if not isinstance(module, torch.nn.Module):
            return {}
        return {n: t.detach().clone() for n, t in list(module.named_parameters()) + list(module.named_buffers())}

    def check(self, so):
        """None, or what differs."""
        out = self.folder / "out"
        out.mkdir(parents=True, exist_ok=True)
        harness.call([harness.INGOT_RUN, so, "--case", self.folder / "case" / "case.json", "--out", out])
        got = json.loads((out / "out.json").read_text())
        binary = out / "out.bin"
        data = binary.read_bytes() if binary.exists() else b""
        if got.get("stdout", "") != self.printed:
            return f"prints {got.get('stdout')!r}, expected {self.printed!r}"
        if raised := got.get("raises"):
            if self.error is None:
                return f"raises {raised}, expected {self.result}"
            # Python's type, where the interpreter has only RuntimeError.
            want = last_line(self.error)
            return None if want in f"{raised['type']}: {raised['message']}" else f"raises {raised}, expected {want!r}"
        if self.error is not None:
            return f"does not raise: {self.error[-300:]}"
        if problem := difference(self.result, got["outputs"], self.data, data):
            return problem
        # PyTorch gives a program copies of lists and dicts; only tensors are the caller's own.
        after = (got.get("args_after") or self.case)["args"]
        after_data = data if got.get("args_after") else (self.folder / "case" / "data.bin").read_bytes()
        for i, (old, new) in enumerate(zip(tensors(after), tensors(self.after))):
            if problem := difference(new, old, self.data, after_data, f"tensor {i} of the arguments after the call"):
                return problem
        for name, value in self.state.items():
            if problem := difference(value, (got.get("state_after") or {}).get(name), self.data, data, f"{name} after the call"):
                return problem
        return None


def prepare(program, folder):
    """Scripts and saves a program; its calls, in groups of one type."""
    target = program.target
    groups = {}
    for i, args in enumerate(program.calls):
        # State is as it was saved at each call.
        torch.manual_seed(0)
        scripted = (program.make or torch.jit.script)(target().eval() if isinstance(target, type) else target)
        if not i:
            scripted.save(str(folder / "model.pt"))
        call = Call(scripted, program, args, folder / str(i))
        groups.setdefault(call.signature, []).append(call)
    return list(groups.values())


def check(program, folder, groups):
    """The problems of a program."""
    problems = []
    for g, calls in enumerate(groups):
        so = folder / f"{g}.so"
        try:
            harness.compile(folder / "model.pt", so, calls[0].folder / "case" / "case.json")
        except harness.ToolError as e:
            if program.refused is not None:
                return [] if e.code == 1 and program.refused in e.text else [f"another refusal: {e}"]
            problems.append(("CRASH " if e.code != 1 else "") + str(e)[:700])
            continue
        if program.refused is not None:
            continue
        for call in calls:
            try:
                problem = call.check(so)
            except harness.ToolError as e:
                problem = ("CRASH " if e.code != 1 else "") + str(e)[:700]
            if problem:
                problems.append(f"{program.calls[int(call.folder.name)]!r}: {problem}"[:1200])
    if program.refused is not None:
        problems.append("it is compiled now: take its `refused` away")
    return problems


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--match", default="")
    p.add_argument("--keep")
    p.add_argument("--jobs", type=int, default=2)
    options = p.parse_args()
    folder = Path(options.keep or tempfile.mkdtemp(prefix="ingot-language-"))
    for file in sorted(FOLDER.glob("*.py")):
        if file.stem != "__init__":
            module = importlib.import_module(f"language.{file.stem}")
            note_classes(module)
    programs = [q for q in language.PROGRAMS if re.search(options.match, q.name)]
    passed = failed = refused = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = []
        for q in programs:
            where = folder / q.name
            where.mkdir(parents=True, exist_ok=True)
            try:
                groups = prepare(q, where)
            except Exception as e:  # noqa: BLE001: the program itself is wrong
                failed += 1
                print(f"FAIL {q.name}: PyTorch: {str(e)[:1500]}", flush=True)
                continue
            jobs.append((q, pool.submit(check, q, where, groups)))
        for q, job in jobs:
            problems = job.result()
            for problem in problems:
                print(f"FAIL {q.name} {problem}", flush=True)
            failed += bool(problems)
            refused += not problems and q.refused is not None
            passed += not problems and q.refused is None
    if not options.keep:
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed, {refused} not compiled yet")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
