# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Custom operators and script objects in C: exported, scripted and traced programs against PyTorch with the same operators
in Python, errors, libraries that bring their operators.

  test_custom.py [--match RE]
"""
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Optional, Tuple

import torch

import harness

ROOT = Path(__file__).resolve().parents[2]
CC = shutil.which("cc") or shutil.which("clang") or "/usr/lib/llvm-22/bin/clang"
SCHEMAS = ROOT / "test/e2e/operators.txt"
TESTS = []

LIB = torch.library.Library("demo", "DEF")


def operator(schema, meta=None):
    name = schema.split("(")[0]

    def register(function):
        LIB.define(schema)
        LIB.impl(name, function, "CPU")
        if meta:
            LIB.impl(name, meta, "Meta")
        return function
    return register


@operator("scale(Tensor x, float by=2.0) -> Tensor", lambda x, by=2.0: torch.empty_like(x))
def scale(x, by=2.0):
    return x * by


@operator("accumulate(Tensor x, Tensor(a!) total) -> ()", lambda x, total: None)
def accumulate(x, total):
    total += x


@operator("negate_(Tensor(a!) x) -> Tensor(a!)", lambda x: x)
def negate_(x):
    return x.neg_()


@operator("parts(Tensor x) -> Tensor[]", lambda x: [torch.empty_like(x[0]) for _ in range(x.shape[0])])
def parts(x):
    return [row.clone() for row in x]


@operator("total_of(Tensor?[] xs, float[] weights) -> Tensor", lambda xs, weights: xs[0].new_empty(()))
def total_of(xs, weights):
    return sum((x * w).sum() for x, w in zip(xs, weights) if x is not None).clone()


@operator("stats(Tensor x) -> (Tensor squares, int n, float largest, bool positive)")
def stats(x):
    return x * x, x.numel(), x.max().item(), bool(x.max() > 0)


@operator("check_positive(Tensor x) -> ()", lambda x: None)
def check_positive(x):
    if not bool((x > 0).all()):
        raise ValueError("check_positive: an element is not positive")


@operator("wrong_kind(Tensor x) -> Tensor", lambda x: torch.empty_like(x))
def wrong_kind(x):
    return x.clone()


@operator("nothing(Tensor x) -> Tensor", lambda x: torch.empty_like(x))
def nothing(x):
    return x.clone()


LIB.define("label(str text, int[] sizes) -> str")
torch.library.impl("demo::label", "CompositeExplicitAutograd", lambda text, sizes: text + ":" + "x".join(map(str, sizes)))
LIB.define("tick() -> int")
ops = torch.ops.demo


def test(function):
    TESTS.append((function.__name__, function))
    return function


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def library(folder):
    so = folder / "liboperators.so"
    if not so.exists():
        harness.call([CC, "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "runtime/include",
                      ROOT / "test/e2e/operators.c", "-o", so, "-lm"])
    return so


#===--- programs ---------------------------------------------------------------===#

class Functional(torch.nn.Module):
    def forward(self, x):
        return ops.scale(x.relu() + 1, 3.0) - x, ops.scale(x)


class InPlace(torch.nn.Module):
    def forward(self, x):
        total = torch.zeros(3, 4)
        ops.accumulate(x, total)
        first = total.clone()
        ops.accumulate(x * 2, total)
        return first, total


class WritesAnything(torch.nn.Module):
    """Values that code generation keeps as one element repeated, or in other orders."""

    def forward(self, x):
        a = x[0].expand(3, 4).clone()
        ops.accumulate(x, a)
        b = x.new_full((3, 4), 2.0)
        ops.accumulate(x, b)
        c = x.sum() * torch.ones(3, 4)
        ops.accumulate(x, c)
        d = torch.zeros(4, 3).t()
        ops.accumulate(x, d)
        e = x.sum(0, keepdim=True).expand(3, 4) + 0
        ops.accumulate(x, e)
        f = x.t() * 2
        ops.accumulate(x.t(), f)
        return a, b, c, d, e, f


class WritesInput(torch.nn.Module):
    def forward(self, x):
        ops.accumulate(torch.ones(3, 4), x)
        return x * 2


class WritesView(torch.nn.Module):
    def forward(self, x):
        total = torch.zeros(4, 4)
        ops.accumulate(x[1], total[2])
        ops.accumulate(x[:, 0], total[:3].t()[1])
        return total


class WritesBuffer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3, 4))

    def forward(self, x):
        ops.accumulate(x, self.total)
        return self.total + 0


class GivesItsArgument(torch.nn.Module):
    def forward(self, x):
        y = x + 1
        z = ops.negate_(y)
        z.add_(2)
        return y, z


class Lists(torch.nn.Module):
    def forward(self, x):
        rows = ops.parts(x)
        return ops.total_of([rows[0], None, rows[2]], [1.0, 5.0, 2.0]), rows[1] * 2


class Written(torch.nn.Module):
    """What the operator gave is written in place."""

    def forward(self, x):
        y = ops.scale(x, 2.0)
        y.mul_(3)
        y[0] = 0
        return y


class InBranch(torch.nn.Module):
    def forward(self, x):
        total = torch.zeros(3, 4)
        if bool(x.sum() > 0):
            ops.accumulate(x, total)
        else:
            total = ops.scale(x, 5.0)
        return total + 1


class InLoop(torch.nn.Module):
    def forward(self, x, n: int):
        total = torch.zeros(3, 4)
        for i in range(n):
            ops.accumulate(ops.scale(x, 0.5), total)
        return total


class SeveralResults(torch.nn.Module):
    def forward(self, x) -> Tuple[torch.Tensor, int, float, bool]:
        squares, n, largest, positive = ops.stats(x)
        return squares + n, n * 2, largest, positive


class Texts(torch.nn.Module):
    def forward(self, x, name: str) -> Tuple[str, str]:
        return ops.label(name, [x.size(0), 7]), ops.label("fixed", [1])


class Optionals(torch.nn.Module):
    def forward(self, x, y: Optional[torch.Tensor]) -> torch.Tensor:
        parts: List[Optional[torch.Tensor]] = [x, y]
        return ops.total_of(parts, [2.0, 3.0])


def f(*shape):
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape) / 4 - 1


X = f(3, 4)
# Name; module; arguments of several calls; how it is saved.
PROGRAMS = [
    ("functional", Functional(), [(X,), (f(5, 2),)], "scripted traced"),
    ("functional, exported", Functional(), [(X,)], "exported decomposed"),
    ("in place", InPlace(), [(X,), (-X,)], "scripted traced exported decomposed"),
    ("writes what is one element repeated", WritesAnything(), [(X,), (-X,)], "scripted traced exported decomposed"),
    ("writes its input", WritesInput(), [(X,)], "scripted traced exported decomposed"),
    ("writes views", WritesView(), [(X,)], "scripted traced exported"),
    ("writes a buffer", WritesBuffer(), [(X,)], "scripted traced exported decomposed"),
    ("gives its argument", GivesItsArgument(), [(X,)], "scripted traced"),
    ("lists", Lists(), [(X,), (X + 3,)], "scripted exported decomposed"),
    ("its result is written", Written(), [(X,)], "scripted traced exported"),
    ("in a branch", InBranch(), [(X,), (-X - 1,)], "scripted"),
    ("in a loop", InLoop(), [(X, 3), (X, 0), (X, 100)], "scripted"),
    ("several results", SeveralResults(), [(X,), (-X.abs() - 1,)], "scripted"),
    ("texts", Texts(), [(X, "a"), (f(5, 2), "some text")], "scripted"),
    ("optional tensors in a list", Optionals(), [(X, X + 1)], "scripted"),
]


def save(module, args, how, folder):
    path = folder / ("m.pt" if how in ("scripted", "traced") else "m.pt2")
    if how == "scripted":
        saved = torch.jit.script(module.eval())
        saved.save(str(path))
        return path, torch.jit.load(str(path))
    if how == "traced":
        torch.jit.trace(module.eval(), [a.clone() for a in args], check_trace=False).save(str(path))
        return path, torch.jit.load(str(path))
    exported = torch.export.export(module.eval(), tuple(a.clone() if isinstance(a, torch.Tensor) else a for a in args))
    if how == "decomposed":
        exported = exported.run_decompositions()
    torch.export.save(exported, str(path))
    return path, exported.module()


def agrees(module, calls, how, folder):
    path, oracle = save(module, calls[0], how, folder)
    operators = library(folder)
    for i, args in enumerate(calls):
        case = harness.write_case(folder / f"c{i}", args)
        if i == 0:
            so = harness.compile(path, folder / "m.so", case, "--operators", SCHEMAS)
        got, answer = harness.run(so, case, folder / f"c{i}" / "out", "--operators", operators)
        mine = [a.clone() if isinstance(a, torch.Tensor) else a for a in args]
        want = oracle(*mine)
        if problem := harness.compare(got, want, harness.to_double(want)):
            return f"call {i}: {problem}"
        changed = any(isinstance(a, torch.Tensor) and not torch.equal(a, b) for a, b in zip(args, mine))
        if changed:
            after = harness.read_value(answer["args_after"]["args"][0], (folder / f"c{i}" / "out" / "out.bin").read_bytes())
            if not torch.equal(after, mine[0]):
                return f"call {i}: the input is {after} after, expected {mine[0]}"
        elif answer.get("args_after"):
            return f"call {i}: an input was changed"
        if isinstance(module, WritesBuffer):
            break
    return None


for name, module, calls, ways in PROGRAMS:
    for how in ways.split():
        TESTS.append((f"{name}, {how}", lambda folder, m=module, c=calls, h=how: agrees(m, c, h, folder)))


#===--- errors -----------------------------------------------------------------===#

class Raises(torch.nn.Module):
    def forward(self, x):
        y = x + 1
        ops.check_positive(x)
        return y


class Wrong(torch.nn.Module):
    def forward(self, x):
        return ops.wrong_kind(x) + 1


class Nothing(torch.nn.Module):
    def forward(self, x):
        return ops.nothing(x) + 1


def fails(command, text):
    try:
        harness.call(command)
    except harness.ToolError as e:
        expect(e.code == 1, f"exit code {e.code}: {e.text}")
        return harness.lacks(text, e.text)
    return "did not fail"


def compiled(module, folder, how="exported", *options):
    path, _ = save(module, (X.abs() + 1,), how, folder)
    so = folder / "m.so"
    harness.call([harness.INGOTC, path, "-o", so, "--operators", SCHEMAS, *options] +
                 (["--input", "x=f32[?,?]"] if how == "scripted" else []))
    return so


def call_with(so, *options, values="rand:f32[3,4]"):
    return [harness.INGOT_RUN, so, "--input", f"x={values}", *options]


def npy(folder, x):
    import numpy
    numpy.save(folder / "x.npy", x.numpy())
    return str(folder / "x.npy")


@test
def an_error_has_its_type_its_text_and_the_line(folder):
    # TorchScript drops an operator that gives nothing and writes nothing: exported alone.
    so = compiled(Raises(), folder)
    return fails(call_with(so, "--operators", library(folder), values=npy(folder, -X)),
                 r"test_custom\.py:\d+.*ValueError: check_positive: an element is not positive")


@test
def results_are_checked(folder):
    so = compiled(Wrong(), folder)
    if problem := fails(call_with(so, "--operators", library(folder)), r"demo::wrong_kind gave a result 0 .*int 1"):
        return problem
    so = compiled(Nothing(), folder)
    return fails(call_with(so, "--operators", library(folder)), r"demo::nothing gave no result 0")


@test
def what_is_missing_is_listed_when_an_instance_is_created(folder):
    so = compiled(Functional(), folder)
    return fails(call_with(so), r"custom operators that are not registered: demo::scale\(Tensor x, float by=2.0\) -> Tensor")


@test
def another_schema_is_told(folder):
    other = folder / "other.txt"
    other.write_text("demo::scale(Tensor x, float factor=2.0) -> Tensor\n")
    path, _ = save(Functional(), (X,), "scripted", folder)
    harness.call([harness.INGOTC, path, "-o", folder / "m.so", "--operators", other, "--input", "x=f32[?,?]"])
    return fails(call_with(folder / "m.so", "--operators", library(folder)), r"factor=2.0.*registered is demo::scale\(Tensor x, float by")


@test
def an_operator_without_schema_is_refused(folder):
    for how in ("exported", "scripted"):
        path, _ = save(Functional(), (X,), how, folder)
        if problem := fails([harness.INGOTC, path, "-o", folder / "m.so", "--input", "x=f32[3,4]"], r"demo::scale.*--operators FILE"):
            return f"{how}: {problem}"


@test
def schemas_that_are_wrong_are_told_with_their_line(folder):
    path, _ = save(Functional(), (X,), "exported", folder)
    for text, message in [("\nnonsense\n", "line 2: expected"), ("aten::relu(Tensor self) -> Tensor", "is an operator of torch"),
                          ("a::b() -> ()\na::b(int x) -> ()", "line 2: 'a::b' is declared twice"),
                          ("a::b() -> Tensor results=f99[2]", "f99"), ("a::b(Tensor(a) x) -> Tensor(a)", "view of an argument")]:
        (folder / "s.txt").write_text(text)
        if problem := fails([harness.INGOTC, path, "-o", folder / "m.so", "--operators", folder / "s.txt"], message):
            return problem
    return fails([harness.INGOTC, path, "-o", folder / "m.so", "--operators", folder / "none.txt"], "cannot read")


@test
def a_library_may_bring_its_operators(folder):
    object_file = folder / "operators.o"
    harness.call([CC, "-c", "-fPIC", "-O1", "-I", ROOT / "runtime/include", ROOT / "test/e2e/operators.c", "-o", object_file])
    so = compiled(Functional(), folder, "exported", "--link", object_file)
    expect("f32[3,4]" in harness.call(call_with(so)), "no result")


@test
def a_result_of_another_dtype_than_the_program_knows_is_told(folder):
    other = folder / "other.txt"
    other.write_text("demo::scale(Tensor x, float by=2.0) -> Tensor results=f64[?,?]\n")
    path, _ = save(Functional(), (X,), "scripted", folder)
    harness.call([harness.INGOTC, path, "-o", folder / "m.so", "--operators", other, "--input", "x=f32[?,?]"])
    return fails(call_with(folder / "m.so", "--operators", library(folder)), r"dtype float64 and rank 2 here, found float32\[3, 4\]")


@test
def every_phase_resumes(folder):
    dumps = folder / "dumps"
    compiled(Functional(), folder, "exported", f"--dump-phases={dumps}")
    for dump in sorted(dumps.glob("*.mlir")):
        harness.call([harness.INGOTC, dump, "-o", folder / "r.so"])
        expect("f32[3,4]" in harness.call(call_with(folder / "r.so", "--operators", library(folder))), f"{dump.name} does not resume")


#===--- script objects ---------------------------------------------------------===#

def torchbind(folder):
    """The class of torchbind.cpp, in this process."""
    so = folder / "libtorchbind.so"
    root = Path(torch.__file__).parent
    harness.call([shutil.which("g++") or shutil.which("c++"), "-std=c++20", "-shared", "-fPIC", "-I", root / "include", "-I",
                  root / "include/torch/csrc/api/include", ROOT / "test/e2e/torchbind.cpp", "-o", so, "-L", root / "lib", "-ltorch",
                  "-ltorch_cpu", "-lc10"])
    torch.ops.load_library(str(so))

    @torch._library.register_fake_class("demo_objects::Counter")
    class Counter:
        def __init__(self, start, step, name):
            self.start, self.step, self.name = start, step, name

        @classmethod
        def __obj_unflatten__(cls, flat):
            return cls(*(value for _, value in flat))

        def scaled(self, x):
            return x * 1

    torch.library.register_fake("demo_objects::bump")(lambda c, x: torch.empty_like(x))


class Objects(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.counter = torch.classes.demo_objects.Counter(3, 2, "n\u00e9w")

    def forward(self, x):
        y = self.counter.scaled(x)
        z = torch.ops.demo_objects.bump(self.counter, y)
        return self.counter.scaled(z), y, torch.ops.demo_objects.bump(self.counter, x)


@test
def objects_keep_their_state(folder):
    torchbind(folder)
    operators = library(folder)
    for how in ("training", "decomposed"):
        exported = torch.export.export(Objects(), (X,), strict=False)
        if how == "decomposed":
            exported = exported.run_decompositions()
        torch.export.save(exported, str(folder / "m.pt2"))
        case = harness.write_case(folder / how, (X,))
        so = harness.compile(folder / "m.pt2", folder / "m.so", case, "--operators", SCHEMAS)
        got, _ = harness.run(so, case, folder / how / "out", "--operators", operators)
        # Each instance begins with the saved state; further calls of one go on from there.
        harness.call([harness.INGOT_RUN, so, "--case", case, "--repeat", "3", "--operators", operators])
        want = exported.module()(X) if how == "training" else first
        if how == "training":
            first = want
        if problem := harness.compare(got, want, harness.to_double(want)):
            return f"{how}: {problem}"


if __name__ == "__main__":
    sys.exit(harness.main(TESTS))
