# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How new tensors lie in memory: strides, is_contiguous() and what views of them share, as PyTorch has them, of fixed
and of dynamic sizes; and which arguments must be row-major for it.

  test_layout.py [--match RE]
"""
import sys
import tempfile
from functools import partial
from pathlib import Path

import torch

import harness

SIZES = (2, 3, 4)

# What the operators get: tensors of `x` (f32[2, 3, 4]).
LAYOUTS = {
    "rows": "x",
    "reversed": "x.permute(2, 1, 0)",
    "swapped": "x.transpose(1, 2)",
    "rotated": "x.permute(1, 2, 0)",
    "sliced": "x[:, ::2].transpose(0, 2)",
    "repeated": "x.transpose(0, 1)[:, :1].expand(-1, 5, -1)",
    "one": "x[:, :1].permute(2, 1, 0)",
    "matrix": "x[0].t()",
    "line": "x[0, :, 1]",
}

# Results that lie as `t` does, or as several operands make them lie.
OPERATORS = {
    "add": "t + 1",
    "same": "t * t",
    "with_rows": "t + x.reshape(-1)[:1]",
    "with_last": "t + t.contiguous()[..., :1]",
    "rows_first": "t.contiguous() + t",
    "rows_last": "t + t.contiguous()",
    "outer": "t.unsqueeze(1) + t.flip(0).unsqueeze(0)",
    "rsub": "torch.rsub(t, t.contiguous())",
    "relu": "torch.relu(t)",
    "gelu": "torch.nn.functional.gelu(t)",
    "compare": "t > 1",
    "where": "torch.where(t > 1, t, -t)",
    "cast": "t.to(torch.float64)",
    "int": "t.int()",
    "clone": "t.clone()",
    "rows_clone": "t.clone(memory_format=torch.contiguous_format)",
    "zeros_like": "torch.zeros_like(t)",
    "clamp": "t.clamp(0, 2)",
    "pow": "t ** 2",
    "erf": "torch.erf(t)",
    "expit": "torch.special.expit(t)",
    "mse": "torch.nn.functional.mse_loss(t, t + 1, reduction='none')",
    "dropout": "torch.nn.functional.dropout(t, 0.5, True) * 0",
    "masked_fill": "t.masked_fill(t > 0, 3.0)",
    "flip": "t.flip(0)",
    "roll": "t.roll(1, 0)",
    "sort": "t.sort(-1)[0]",
    "cumsum": "t.cumsum(0)",
    "softmax": "t.softmax(-1)",
    "sum": "t.sum(0, keepdim=True)",
    "cat": "torch.cat([t, t])",
    "stack": "torch.stack([t, t])",
    "index_select": "t.index_select(0, torch.tensor([0, 0]))",
    "index_fill": "t.index_fill(0, torch.tensor([0]), 1.0)",
    "index_put": "t.index_put([torch.tensor([0])], t[0])",
    "chain": "(t + 1).relu().neg().to(torch.float64)",
    "in_branch": "t * 2 if n > 1 else t + 1",
    "lerp": "torch.lerp(t, t.contiguous(), 0.5)",
    "addcmul": "torch.addcmul(t, t, t)",
    "nan_to_num": "t.nan_to_num()",
    "logical": "torch.logical_not(t)",
    "tril": "t.tril() if t.dim() > 1 else t * 1",
    "out_row": "(t + 1)[0]",
}

# Name, body of `(x: float[2, 3, 4], n: int)`: writes that a reshape sees only where it is a view.
PROGRAMS = [
    ("reshape_of_sum", "t = x.permute(2, 1, 0) + 1\n    v = t.reshape(-1)\n    v.zero_()\n    return t, v"),
    ("flatten_of_rows", "t = x + 1\n    v = t.flatten()\n    v.zero_()\n    return t, v"),
    ("contiguous_of_sum", "t = x.transpose(0, 1) * 2\n    v = t.contiguous()\n    v.zero_()\n    return t, v"),
    ("transposed_back", "t = (x.permute(2, 1, 0) * 2).permute(2, 1, 0)\n    v = t.reshape(-1)\n    v.zero_()\n    return t, v"),
    ("strided_of_sum", "t = x.permute(2, 1, 0) * 2\n    v = t.as_strided([4], [1])\n    v.zero_()\n    return t, v"),
    ("loop", "t = x.permute(2, 1, 0) * 2\n    for i in range(n):\n        t = t + 1\n    return t.permute(2, 1, 0).view(-1), t"),
    ("loop_rows", "t = x\n    for i in range(n):\n        t = t + 1\n    v = t.view(-1)\n    v.add_(1)\n    return v, t"),
    ("random_like", "torch.manual_seed(3)\n    return torch.rand_like(x.permute(2, 1, 0) + 1), x"),
]

# Name, body of `(x: float[?, ?], n: int)`: what must be row-major.
NEEDS_ROWS = [
    ("stride", "return x + (x * 2).stride(0), x"),
    ("is_contiguous", "return (x + 1 if torch.relu(x).is_contiguous() else x), x"),
    ("as_strided", "return (x + 1).as_strided([2], [1]), x"),
    ("written_reshape", "t = x + 1\n    t.reshape(-1).add_(1)\n    return t, x"),
    ("clone", "t = x.clone()\n    t.flatten().add_(1)\n    return t, x"),
    ("drawn", "torch.manual_seed(3)\n    return torch.rand_like(x), x"),
    ("chosen", "t = x + 1\n    if n > 1:\n        t = x * 2\n    t.flatten().add_(1)\n    return t, x"),
]
# What need not be.
ANY_LAYOUT = [
    ("reshape", "return (x + 1).reshape(-1), x"),
    ("written_first", "t = x + 1\n    t.add_(1)\n    return t.reshape(-1), x"),
    ("line", "return torch.rand_like(x[0]) * 0, (x[0] + 1).contiguous()"),
    ("rows_made", "t = x.clone(memory_format=torch.contiguous_format)\n    t.flatten().add_(1)\n    return t, x"),
]


def module(functions):
    scripted = torch.jit.script(type("Layout", (torch.nn.Module,), {})())
    for name, result, body in functions:
        scripted.define(f"def {name}(self, x: Tensor, n: int) -> {result}:\n    {body}\n")
    return scripted


def observed(layout, operator):
    return (f"{operator}_of_{layout}", "Tuple[List[int], bool, Tensor]",
            f"t = {LAYOUTS[layout]}\n    r = {OPERATORS[operator]}\n    return r.stride(), r.is_contiguous(), r")


def pairs(programs):
    return [(name, "Tuple[Tensor, Tensor]", body) for name, body in programs]


def build(functions, sizes, folder):
    """One library of all: a method each."""
    folder.mkdir(exist_ok=True)
    scripted = module(functions)
    scripted.save(str(folder / "layout.pt"))
    options = [o for name, *_ in functions for o in ("--method", name, "--input", f"{name}:x=f32[{sizes}]", "--input", f"{name}:n=int")]
    return scripted, harness.compile(folder / "layout.pt", folder / "layout.so", None, *options)


def argument(sizes=SIZES):
    return torch.arange(1.0, 1.0 + torch.Size(sizes).numel()).reshape(sizes)


def check(scripted, so, name, x, n, folder):
    case = harness.write_case(folder, (x.clone(memory_format=torch.preserve_format), n), method=name)
    got, _ = harness.run(so, case, folder / "out")
    expected = getattr(scripted, name)(x, n)
    if isinstance(got[0], list):  # strides of dimensions of one element are any
        strides = [[s for s, n in zip(r[0], r[2].shape, strict=True) if n != 1] for r in (got, expected)]
        got, expected = [strides[0], *got[1:]], [strides[1], *expected[1:]]
    for i, (a, b) in enumerate(zip(got, expected, strict=True)):
        same = torch.allclose(a, b) and a.dtype == b.dtype if isinstance(b, torch.Tensor) else a == b
        if not same:
            return f"n={n}: result {i} is {a}, expected {b}: {got} for {expected}"
    return None


def tests(folder):
    libraries = {}

    def library(functions, sizes, name):
        if name not in libraries:
            libraries[name] = None
            libraries[name] = build(functions, sizes, folder / name)
        assert libraries[name], "the library was not built"
        return libraries[name]

    def test(functions, sizes, group, name, inner):
        scripted, so = library(functions, sizes, group)
        for n in (0, 2):
            if problem := check(scripted, so, name, argument(), n, inner / str(n)):
                return problem
        return None

    def argument_layout(name, needs, inner):
        scripted, so = library(pairs(NEEDS_ROWS + ANY_LAYOUT), "?,?", "arguments")
        if problem := check(scripted, so, name, argument((3, 4)), 2, inner / "rows"):
            return problem
        try:
            problem = check(scripted, so, name, argument((3, 4)).t().contiguous().t(), 2, inner / "columns")
        except (harness.ToolError, harness.ProgramError) as e:
            return harness.lacks("'x'.*must be row-major", str(e)) if needs else str(e)
        return "a tensor that is not row-major is taken" if needs else problem

    results = [observed(layout, operator) for operator in OPERATORS for layout in LAYOUTS]
    out = []
    for group, sizes in (("fixed", "2,3,4"), ("dynamic", "?,?,?")):
        functions = results + pairs(PROGRAMS)
        out += [(f"{group}_{name}", partial(test, functions, sizes, group, name)) for name, *_ in functions]
    out += [(f"needs_rows_{name}", partial(argument_layout, name, True)) for name, _ in NEEDS_ROWS]
    return out + [(f"any_layout_{name}", partial(argument_layout, name, False)) for name, _ in ANY_LAYOUT]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(harness.main(tests(Path(folder))))
