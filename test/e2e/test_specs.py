# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`--input` types of exported programs: paths into containers, sizes that are fixed or related, and what a library then
takes; and what a recorded call decides.

  test_specs.py [--match RE]
"""
import sys
from functools import partial

import torch
from torch import nn

import harness

N = torch.export.Dim("n", min=0, max=64)
M = torch.export.Dim("m", min=0, max=64)


class Containers(nn.Module):
    def forward(self, d, pair):
        return d["a"] * 2 + d["b"].sum(), pair[1] + pair[0].shape[0]


class Doubled(nn.Module):
    def forward(self, x, y):
        return torch.cat([x, x]) + y


def f(*shape):
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape)


CONTAINERS = (Containers(), ({"a": f(2, 3), "b": f(5, 3)}, (f(2, 3), f(4))),
              {"d": {"a": {0: N}, "b": {0: M}}, "pair": ({0: N}, None)})
DOUBLED = (Doubled(), (f(2), f(4)), {"x": {0: N}, "y": {0: 2 * N}})

# Name; program; types; arguments that are taken; arguments that are refused with a text.
SPECS = [
    ("nothing is said", CONTAINERS, [],
     [({"a": f(n, 3), "b": f(m, 3)}, (f(n, 3), f(4))) for n, m in ((0, 1), (1, 0), (7, 64))],
     [(({"a": f(65, 3), "b": f(5, 3)}, (f(65, 3), f(4))), "65")]),
    ("a size is fixed", CONTAINERS, ["d['a']=f32[3,3]"],
     [({"a": f(3, 3), "b": f(m, 3)}, (f(3, 3), f(4))) for m in (0, 9)],
     [(({"a": f(4, 3), "b": f(5, 3)}, (f(4, 3), f(4))), r"expected 3"),
      (({"a": f(3, 3), "b": f(5, 3)}, (f(4, 3), f(4))), r"input 'pair\[0\]'.*expected 3")]),
    ("a whole container", CONTAINERS, ["d={'a': f32[?,3], 'b': f32[2,3]}", 'pair=(f32[?,3], f32[4])'],
     [({"a": f(n, 3), "b": f(2, 3)}, (f(n, 3), f(4))) for n in (1, 6)],
     [(({"a": f(3, 3), "b": f(5, 3)}, (f(3, 3), f(4))), "expected 2")]),
    ("two sizes are one", CONTAINERS, ["d['a']=f32[K,3]", 'd["b"]=f32[K,3]'],
     [({"a": f(n, 3), "b": f(n, 3)}, (f(n, 3), f(4))) for n in (0, 1, 6)],
     [(({"a": f(3, 3), "b": f(5, 3)}, (f(3, 3), f(4))), "must have size 3")]),
    ("a multiple is fixed", DOUBLED, ["y=f32[6]"], [(f(3), f(6))], [((f(2), f(4)), "expected 3")]),
]

# Name; program; type; text of the refusal.
REFUSED = [
    ("no such element", CONTAINERS, "pair[2]=f32[4]", r"method 'forward' has no input 'pair\[2\]'; it has 'd\['a'\]', 'd\['b'\]', 'pair\[0\]', 'pair\[1\]'"),
    ("a tensor for a container", CONTAINERS, "d=f32[4]", "has no input 'd' of type a Tensor"),
    ("a container for a tensor", DOUBLED, "x=(f32[4], f32[4])", "input 'x' is a Tensor in the exported program, but its type was given as a tuple"),
    ("a size that no multiple gives", DOUBLED, "y=f32[5]", r"input 'y' has a size of 2 \* n \+ 0 in dimension 0 in the exported program, but its type was given with size 5"),
]



class Squeezed(nn.Module):
    def forward(self, x, y):
        return x.squeeze() + 1, (x * y).squeeze(1), x.squeeze((0, 1))


class Solved(nn.Module):
    def forward(self, x, y):
        return torch.linalg.solve(4 * torch.eye(3) + x / (1 + x * x), y)


# Forms that depend on sizes are as in the recorded call. Name; scripted program; the recorded arguments; arguments that
# are taken too; arguments that are refused with a text.
RECORDED = [
    ("squeezed", Squeezed(), (f(3, 1, 4), f(3, 1, 1)), [(f(2, 1, 5), f(2, 1, 5)), (f(0, 1, 4), f(1, 1, 4))],
     [((f(3, 2, 4), f(3, 2, 4)), "squeeze: .* whether the size 2 of dimension 1 is 1, and .* where it is so"),
      ((f(1, 1, 4), f(1, 1, 4)), "squeeze: .* whether the size 1 of dimension 0 is 1, and .* where it is not so")]),
    ("a batch of vectors", Solved(), (f(2, 3, 3), f(2, 3)), [(f(5, 3, 3), f(5, 3))],
     [((f(2, 3, 3), f(3, 2)), "linalg_solve: .* B is a batch of vectors")]),
    ("a matrix for all", Solved(), (f(2, 3, 3), f(3, 4)), [(f(5, 3, 3), f(3, 2))],
     [((f(2, 3, 3), f(2, 3)), "linalg_solve: .* B is a batch of vectors")]),
]


def export(program, folder):
    module, args, shapes = program
    exported = torch.export.export(module, args, dynamic_shapes=shapes)
    torch.export.save(exported, str(folder / "m.pt2"))
    return exported.module()


def taken(program, types, good, bad, folder):
    module = export(program, folder)
    so = harness.compile(folder / "m.pt2", folder / "m.so", None, *(o for t in types for o in ("--input", t)))
    return calls(so, module, good, bad, folder)


def calls(so, module, good, bad, folder):
    for i, args in enumerate(good):
        case = harness.write_case(folder / f"good{i}", args)
        got, _ = harness.run(so, case, folder / f"good{i}" / "out")
        expected = module(*args)
        if problem := harness.compare(got, expected, harness.to_double(expected)):
            return f"arguments {i}: {problem}"
    for i, (args, text) in enumerate(bad):
        case = harness.write_case(folder / f"bad{i}", args)
        try:
            harness.run(so, case, folder / f"bad{i}" / "out")
            return f"refused arguments {i} are taken"
        except harness.ProgramError as e:
            if problem := harness.lacks(text, e.message):
                return problem
    return None


def recorded(module, example, good, bad, folder):
    torch.jit.script(module).save(str(folder / "m.pt"))
    so = harness.compile(folder / "m.pt", folder / "m.so", harness.write_case(folder / "example", example))
    return calls(so, module, [example, *good], bad, folder)


def refused(program, type, text, folder):
    export(program, folder)
    try:
        harness.compile(folder / "m.pt2", folder / "m.so", None, "--input", type)
        return "compiled"
    except harness.ToolError as e:
        return f"exit code {e.code}" if e.code != 1 else harness.lacks(text, e.text)


if __name__ == "__main__":
    sys.exit(harness.main([(name, partial(taken, *rest)) for name, *rest in SPECS] +
                          [(name, partial(recorded, *rest)) for name, *rest in RECORDED] +
                          [(name, partial(refused, *rest)) for name, *rest in REFUSED]))
