# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes through views, and tensors that branches and loops choose: results, arguments after the call, what shares
storage and what raises, as PyTorch has them.

  test_mutation.py [--match RE]
"""
import json
import sys
import tempfile
import warnings
from functools import partial
from pathlib import Path

import torch

import harness

# Name, body of `(x: float[?, ?], y: float[?, ?], n: int)`, which gives two tensors. Called with n from 0 to 3.
PROGRAMS = [
    # What shows an element twice.
    ("expand_fill", "x[0].expand(3, x.size(1)).fill_(5)\n    return x, y"),
    ("expand_zero", "v = x[:1].expand(3, x.size(1))\n    v.zero_()\n    return x, v"),
    ("expand_one", "x[0].expand(1, x.size(1)).add_(1)\n    return x, y"),
    ("expand_unknown", "v = x[:n].expand(2, x.size(1))\n    v.add_(1)\n    return v, x"),
    ("expand_same", "v = x.expand(y.size(0), y.size(1))\n    v.mul_(2)\n    return v, x"),
    ("expand_part", "v = x[0].expand(3, x.size(1))\n    v[1].add_(2)\n    return x, v"),
    ("expand_of_part", "v = x[0].expand(3, x.size(1))\n    v[1:2].t().add_(2)\n    return x, v"),
    ("expand_nothing", "v = x[0].expand(n, x.size(1))\n    v[:0].add_(2)\n    return x, v"),
    ("expand_copy_itself", "v = x[0].expand(3, x.size(1))\n    v.copy_(v)\n    v.copy_(x[0].expand(3, x.size(1)))\n    return x, v"),
    ("expand_masked_fill", "v = x[0].expand(3, x.size(1))\n    v.masked_fill_(torch.eye(3, x.size(1)) > 0, -0.0)\n    return 1 / x, v"),
    ("expand_masked_nan", "v = x[0].expand(3, x.size(1))\n    v.masked_fill_(torch.eye(3, x.size(1)) > 0, y[0, 0].log() * 0)\n    x[0] = x[0].isnan().to(x.dtype)\n    return x, y"),
    ("expand_mask", "v = x[:, :1].expand(x.size(0), 3)\n    v[v > 2] = -1.0\n    return x, v"),
    ("expand_index_fill", "v = x[0].expand(3, x.size(1))\n    v.index_fill_(0, torch.tensor([1]), 4.0)\n    v.index_fill_(1, torch.tensor([0]), 6.0)\n    return x, v"),
    ("expand_index_put", "v = x[0].expand(3, x.size(1))\n    v[torch.tensor([0, 2])] = 9.0\n    return x, v"),
    ("expand_threshold", "v = x[0].expand(3, x.size(1))\n    torch.threshold_(v, 1.0, 8.0)\n    return x, v"),
    ("expand_of_complex", "c = torch.complex(x[0], y[0])\n    v = c.expand(2, x.size(1))\n    v.masked_fill_(torch.eye(2, x.size(1)) > 0, 2)\n    return torch.view_as_real(c), x"),
    ("expand_of_ints", "c = x[0].to(torch.int64)\n    v = c.expand(2, x.size(1))\n    v.masked_fill_(torch.eye(2, x.size(1)) > 0, 7)\n    return c, v"),
    ("windows_fill", "v = x.unfold(1, 2, 1)\n    v[:, :1].fill_(3)\n    return x, v"),
    ("windows_mask", "v = x.unfold(1, 2, 1)\n    v[v > 2] = 0.5\n    return x, v"),
    ("windows_part", "v = x.unfold(1, 2, 1)\n    v[:, :, 0].mul_(3)\n    return x, v"),
    ("windows_apart", "v = x.unfold(1, 2, 2)\n    v.mul_(3)\n    return x, v"),
    ("strided_one", "v = y.as_strided([1, 2], [1, 0])\n    v[:, ::2] += 1\n    return v, y"),
    ("strided_crossing", "v = y.as_strided([2, 2], [1, 1])\n    v[0].add_(3)\n    v[1].mul_(2)\n    return v, y"),
    ("strided_unknown", "v = y.as_strided([2, 2], [n, 1])\n    if n > 1:\n        v.add_(1)\n    return v, y"),
    # Strides of diagonals and windows of what is not row-major.
    ("diagonal_of_part", "v = x[:, 1:].diagonal()\n    v.add_(1)\n    return v, x"),
    ("diagonal_transposed", "v = x.t().diagonal(1)\n    x.mul_(2)\n    return v.unsqueeze(0), x.t()"),
    ("windows_transposed", "v = x.t().unfold(0, 2, 1)\n    return v, v[0]"),
    # Copies that are views where the sizes of the call make them so.
    ("reshape_rows", "v = x.t()[:, :n].reshape(-1)\n    v.add_(1)\n    return x, v"),
    ("reshape_columns", "v = x[:, :n].reshape(-1)\n    v.mul_(2)\n    x.add_(1)\n    return x, v"),
    ("flatten_columns", "v = x.unsqueeze(-1)[:, :n].flatten(0, 1)\n    x.add_(1)\n    return v, x"),
    ("contiguous_columns", "v = x[:, :n].contiguous()\n    v.add_(1)\n    x.mul_(2)\n    return x, v"),
    ("contiguous_of_own", "t = x * 1\n    v = t[:, :n].contiguous()\n    v.add_(1)\n    return t, v"),
    ("contiguous_joined", "v = x[:, :n].contiguous()\n    if n > 1:\n        v = v + 1\n    v.add_(1)\n    return x, v"),
    ("contiguous_then_loop", "v = x[:, :n].contiguous()\n    for i in range(n):\n        v.add_(1)\n    return v, x"),
    # Masks without dimensions.
    ("mask_0d", "v = x[0]\n    v[y.sum() > 4] = 7.0\n    return x, v"),
    ("mask_0d_whole", "x[y.sum() > 4] = 7.0\n    return x, y"),
    # What a loop carries.
    ("loop_alias", "for i in range(n):\n        x = x.detach()\n    x.add_(1)\n    return x, y"),
    ("loop_fresh", "for i in range(n):\n        x = x * 2\n    x.add_(1)\n    return x, y"),
    ("loop_fresh_always", "for i in range(3 + n):\n        x = x * 2\n        x.add_(1)\n    return x, y"),
    ("loop_swap", "for i in range(n):\n        t = x\n        x = y\n        y = t\n    x.add_(5)\n    return x, y"),
    ("loop_write", "z = x\n    for i in range(n):\n        z.add_(1)\n        z = y\n        z.mul_(2)\n    return z, x"),
    ("loop_view", "z = x.t()\n    for i in range(n):\n        z = y.t()\n        z.add_(1)\n    z.mul_(3)\n    return z, x"),
    ("loop_branch", "for i in range(n):\n        if i % 2 == 0:\n            x = y\n        else:\n            x = x + 1\n        x.add_(1)\n    return x, y"),
    ("loop_while", "i = 0\n    while i < n:\n        i += 1\n        x = x.view_as(x)\n        x.add_(1)\n    return x, y"),
    ("loop_nested", "for i in range(n):\n        for j in range(i):\n            x = y * 1\n            y.add_(1)\n        x.add_(1)\n    return x, y"),
    ("loop_own", "h = torch.zeros_like(x)\n    for i in range(n):\n        h = h + x\n        h[0] = 1\n    h.add_(1)\n    return h, x"),
    ("loop_both", "a = x\n    b = x\n    for i in range(n):\n        a = y\n        if i > 0:\n            b = y\n        b.add_(1)\n        a.mul_(2)\n    return a, b"),
    ("loop_of_chosen", "v = x[0]\n    if y.numel() > n + 4:\n        v = x[0].narrow(-1, 0, 1)\n    for i in range(n):\n        for j in range(n):\n            v[0] = 1\n    return x, v"),
    ("chosen_of_other_size", "v = x[0].split(1, 0)[-1]\n    if n > 1:\n        v = x[0]\n    if v.numel() == x.size(1):\n        v.copy_(y[0])\n    return x, v * 1"),
    ("reshape_of_slice", "v = x.unsqueeze(1)[:, :, 1:].reshape(2, -1)\n    v.add_(1)\n    return x, v"),
    ("reshape_of_groups", "v = x.t()[:, :n].reshape(3, -1)\n    v.add_(1)\n    return x, v"),
    # What holds an argument's contents does not see the argument's writes.
    ("contents_of_argument", "v = x * 0\n    w = v.view(-1)\n    v.copy_(y)\n    y.add_(7)\n    return w, x"),
    ("contents_of_view", "v = x * 0\n    w = v.view(-1)\n    v.copy_(y.flip(0).flip(0).relu() if n > 5 else y)\n    y.add_(7)\n    return w, x"),
    # A copy is one to the caller, too.
    ("clone_of_argument", "return x.clone(), y"),
    ("clone_of_columns", "return x.t().clone(), y + 0"),
    ("viewed_columns", "v = x[:, :n].view(-1)\n    v.mul_(2)\n    return x, v"),
    # What is one of several.
    ("joined_twice", "z = x\n    if n > 1:\n        z = y\n    w = z.view_as(z)\n    w.add_(1)\n    return w, z"),
]

# Name, body, what ingotc says of it where both tensors are float[2, 3].
REFUSED = [
    ("mask_0d_of_0d", "v = x[0, 0]\n    v[v > 0] = 7.0\n    return x, v", r"IndexError: too many indices for tensor of dimension 0 \(got 1\)"),
    ("expand_fill_tensor", "x[0].expand(3, x.size(1)).fill_(y[0, 0])\n    return x, y", "always raises RuntimeError: unsupported operation: more than one element of the written-to tensor"),
    ("expand_add", "x[0].expand(3, x.size(1)).add_(1)\n    return x, y", "always raises RuntimeError: unsupported operation: more than one element of the written-to tensor"),
    ("strided_refused", "v = y.as_strided([1, 2], [1, 0])\n    v += 1\n    return v, y", "always raises RuntimeError: unsupported operation: more than one element of the written-to tensor"),
    ("windows_order", "v = x.unfold(1, 2, 1)\n    v.mul_(3)\n    return x, v", "it writes a tensor that shows elements twice"),
    ("expand_index_put_order", "v = x[0].expand(3, x.size(1))\n    v[torch.tensor([0, 1])] = y[:2]\n    return x, v", "it writes a tensor that shows elements twice"),
]


def module(programs):
    m = torch.nn.Module()
    scripted = torch.jit.script(m)
    for name, body, *_ in programs:
        scripted.define(f"def {name}(self, x: Tensor, y: Tensor, n: int) -> Tuple[Tensor, Tensor]:\n    {body}\n")
    return scripted


def types(name, sizes="?,?"):
    return [o for t in (f"x=f32[{sizes}]", f"y=f32[{sizes}]", "n=int") for o in ("--input", f"{name}:{t}")]


def arguments(n):
    x = torch.tensor([[1.0, -2, 3], [4, 0, -5]]) + n
    return x, torch.arange(6.0).reshape(2, 3) - n, n


def groups(keys):
    return [keys.index(k) for k in keys]


def check(scripted, so, name, n, folder):
    args, given = arguments(n), arguments(n)
    try:
        expected = getattr(scripted, name)(*args)
    except Exception as e:
        expected = str(e).strip().splitlines()[-1].removeprefix("RuntimeError: ")
    case = harness.write_case(folder, given, method=name)
    try:
        got, tree = harness.run(so, case, folder / "out")
    except harness.ProgramError as e:
        return None if isinstance(expected, str) and expected in e.message else f"raises {e.message!r}, expected {expected!r}"
    if isinstance(expected, str):
        return f"does not raise {expected!r}"
    for i, (a, b) in enumerate(zip(got, expected)):
        if a.dtype != b.dtype or a.shape != b.shape or not torch.equal(a, b):
            return f"result {i} is {a.tolist()}, expected {b.tolist()}"
    after = tree.get("args_after")
    after = [harness.read_value(v, (folder / "out" / "out.bin").read_bytes()) for v in after["args"]] if after else given
    for i in range(2):
        if not torch.equal(after[i], args[i]):
            return f"argument {i} is {after[i].tolist()}, expected {args[i].tolist()}"
    tensors = [*args[:2], *expected]
    nodes = json.loads(case.read_text())["args"][:2] + tree["outputs"]["v"]
    roots = {}
    for node in nodes:
        roots[node["n"]] = roots.get(node.get("shares", node.get("same", node["n"])), node["n"])
    want = groups([t.untyped_storage().data_ptr() if t.numel() else object() for t in tensors])
    have = groups([roots[node["n"]] if t.numel() else object() for node, t in zip(nodes, tensors)])
    if want != have:
        return f"sharing {want} expected, got {have}"
    # That results are one object is told where the program says so, not where data does.
    if expected[0] is not expected[1] and (nodes[2]["n"] == nodes[3]["n"] or nodes[3].get("same") == nodes[2]["n"]):
        return "the results are one object"
    return None


def needs_row_major(folder):
    """Whether flatten copies depends on the strides of the tensor that data chooses."""
    body = "z = x\n    if n > 1:\n        z = y\n    z.flatten().add_(1)\n    return x, y"
    module([("rows", body)]).save(str(folder / "rows.pt"))
    so = harness.compile(folder / "rows.pt", folder / "rows.so", None, "--method", "rows", *types("rows"))
    x, y, n = arguments(2)
    case = harness.write_case(folder, (x.t().contiguous().t(), y, n), method="rows")
    try:
        harness.run(so, case, folder / "out")
    except (harness.ToolError, harness.ProgramError) as e:
        return harness.lacks("'x'.*must be row-major", str(e))
    return "a tensor that is not row-major is taken"


def tests(folder):
    """One library of all programs: a method each."""
    scripted = module(PROGRAMS)
    model, so = folder / "mutation.pt", folder / "mutation.so"
    scripted.save(str(model))
    built = []

    def test(name, inner):
        if not built:
            options = [o for n, _ in PROGRAMS for o in ("--method", n, *types(n))]
            built.append(harness.compile(model, so, None, *options))
        for n in range(4):
            if problem := check(scripted, so, name, n, inner / str(n)):
                return f"n={n}: {problem}"
        return None

    def refused(name, body, text, inner):
        module([(name, body)]).save(str(inner / "refused.pt"))
        try:
            harness.compile(inner / "refused.pt", inner / "refused.so", None, "--method", name, *types(name, "2,3"))
        except harness.ToolError as e:
            return harness.lacks(text, e.text)
        return "it is compiled"

    out = [(name, partial(test, name)) for name, _ in PROGRAMS]
    return out + [(f"refused_{row[0]}", partial(refused, *row)) for row in REFUSED] + [("row_major", needs_row_major)]


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # PyTorch's, of writes to expanded tensors
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(harness.main(tests(Path(folder))))
