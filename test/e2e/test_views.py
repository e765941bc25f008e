# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Results that are views of inputs: values, strides, offsets and shared storages as PyTorch gives them.

  test_views.py [--match RE]
"""
import json
import sys
from functools import partial
from pathlib import Path

import torch

import harness

X = torch.arange(24.0).reshape(2, 3, 4)
C = torch.complex(torch.arange(6.0), -torch.arange(6.0)).reshape(2, 3)

# Name, source of the method's body, arguments. All methods are one scripted module.
VIEWS = [
    ("flatten", "x.flatten()", (X,)),
    ("view", "x.view(x.size(0) * x.size(1), -1)", (X,)),
    ("view_split", "x.view(2, 3, 2, -1)", (X,)),
    ("reshape_as", "x.reshape(x.size(2), x.size(1), x.size(0))", (X,)),
    ("expand", "x.unsqueeze(0).expand(5, -1, -1, -1)", (X,)),
    ("expand_one", "x.expand(2, 3, 4)", (torch.ones(2, 1, 4),)),
    ("expand_same", "x.expand(2, 3, 4)", (X,)),
    ("diagonal", "x.diagonal(1, 1, 2)", (X,)),
    ("unfold", "x.unfold(2, 2, 1)", (X,)),
    ("as_strided", "x.as_strided([2, 2], [1, 5], 3)", (X,)),
    ("transposed", "x.transpose(0, 2)", (X,)),
    ("square", "x.t()", (torch.arange(9.0).reshape(3, 3),)),
    ("strided_input", "x[:, 1].t()", (X.permute(2, 0, 1),)),
    ("slices", "x[1:, ::2, -1]", (X,)),
    ("as_real", "torch.view_as_real(x)", (C,)),
    ("as_complex", "torch.view_as_complex(x)", (torch.arange(12.0).reshape(2, 3, 2),)),
    ("real", "torch.real(x)", (C,)),
    ("imag", "torch.imag(x)[1]", (C,)),
    ("real_of_result", "torch.view_as_real(x * 2)[1:]", (C,)),
    ("empty", "x.view(-1, 3)", (torch.empty(0, 3),)),
    ("written", "x.mul_(2).view(-1)", (X,)),
    ("written_through", "x.view(-1)[2:5].zero_()", (X,)),
    ("written_slice", "x[1:].mul_(2)", (X,)),
    ("written_detached", "x.detach().add_(1)", (X,)),
    ("returned_after_write", "y = x.transpose(0, 1)\n    x[:, 0] = 5\n    return y", (X,)),
    ("view_after_write", "x.mul_(2)\n    return x[1:]", (X,)),
    ("old_contents", "y = x.clone()\n    x.zero_()\n    return y[1:]", (X,)),
    ("old_contents_whole", "y = x * 1\n    x.zero_()\n    return y", (X,)),
]


# Results that are one of several tensors: name, source of `(x, y, n)`.
CHOSEN = [
    ("branch", "if n > 1:\n        z = x\n    else:\n        z = y\n    return z, z"),
    ("early", "if n > 1:\n        return x.view_as(x), y\n    return y, y[0]"),
    ("view_of_it", "if n > 1:\n        z = x\n    else:\n        z = y\n    return z.view(-1), z[0]"),
    ("or_fresh", "if n > 1:\n        z = x\n    else:\n        z = y + 1\n    return z, z.view(-1)"),
    ("nested", "z = y\n    if n > 0:\n        if n % 2 == 0:\n            z = x\n    return z, y"),
    ("written", "if n > 1:\n        z = x\n    else:\n        z = y\n    z.add_(1)\n    return z[1:], x"),
    ("one_fresh", "f = x * 2\n    if n > 1:\n        return y, x\n    return f, f"),
    ("fresh_result", "f = x * 2\n    z = f\n    if n > 1:\n        z = y\n    return z, f"),
    ("unrolled", "z = x\n    for i in range(3):\n        if n > i:\n            z = y\n    return z, x"),
]


def module():
    m = torch.nn.Module()
    scripted = torch.jit.script(m)
    for name, body in CHOSEN:
        scripted.define(f"def chosen_{name}(self, x: Tensor, y: Tensor, n: int) -> Tuple[Tensor, Tensor]:\n    {body}\n")
    for name, source, _ in VIEWS:
        body = source if "return" in source else f"return {source}"
        scripted.define(f"def {name}(self, x: Tensor) -> Tensor:\n    {body}\n")
    return scripted


def facts(tensor, base):
    return list(tensor.shape), tensor.stride(), tensor.storage_offset(), tensor.untyped_storage().data_ptr() == base


def check(model, folder, name, args):
    scripted = torch.jit.load(str(model))
    argument = args[0].clone(memory_format=torch.preserve_format)
    expected = getattr(scripted, name)(argument)
    case = harness.write_case(folder / name, args, method=name)
    so = harness.compile(model, folder / f"{name}.so", case, "--method", name)
    got, tree = harness.run(so, case, folder / name / "out")
    node = tree["outputs"]
    if got.shape != expected.shape or not torch.equal(got, expected):
        return f"values differ: {expected.flatten()[:8]} expected, got {got.flatten()[:8]}"
    shape, strides, offset, shared = facts(expected, argument.untyped_storage().data_ptr())
    if shared and expected.numel() and node.get("shares") is None:
        return "the storage is not shared with the input"
    stepping = [d for d, s in enumerate(shape) if s > 1]
    if [node["strides"][d] for d in stepping] != [strides[d] for d in stepping] or (expected.numel() and node["storage_offset"] != offset):
        return f"strides {strides} and offset {offset} expected, got {node['strides']} and {node['storage_offset']}"
    return None


def check_chosen(model, folder, name):
    """Which of the arguments and results share storage, on each path."""
    scripted = torch.jit.load(str(model))
    so = None
    for n in range(4):
        args = (X[0].clone(), X[1].clone(), n)
        case = harness.write_case(folder / f"{name}{n}", args, method=name)
        so = so or harness.compile(model, folder / f"{name}.so", case, "--method", name)
        got, tree = harness.run(so, case, folder / f"{name}{n}" / "out")
        expected = getattr(scripted, name)(*args)
        if problem := harness.compare(got, expected, harness.to_double(expected)):
            return f"n={n}: {problem}"
        keys = [t.untyped_storage().data_ptr() for t in (*args[:2], *expected)]
        nodes = json.loads(case.read_text())["args"][:2] + tree["outputs"]["v"]
        roots = {}
        for node in nodes:
            roots[node["n"]] = roots.get(node.get("shares", node.get("same", node["n"])), node["n"])
        mine = [roots[node["n"]] for node in nodes]
        if [keys.index(k) for k in keys] != [mine.index(k) for k in mine]:
            return f"n={n}: sharing {[keys.index(k) for k in keys]} expected, got {[mine.index(k) for k in mine]}"
    return None


def tests():
    """One model for all of them: a method each."""
    scripted = module()

    def test(name, args, folder):
        model = folder / "views.pt"
        scripted.save(str(model))
        return check(model, folder, name, args)

    def test_chosen(name, folder):
        model = folder / "views.pt"
        scripted.save(str(model))
        return check_chosen(model, folder, name)

    chosen = [(f"chosen_{name}", partial(test_chosen, f"chosen_{name}")) for name, _ in CHOSEN]
    return [(name, partial(test, name, args)) for name, _, args in VIEWS] + chosen


if __name__ == "__main__":
    sys.exit(harness.main(tests()))
