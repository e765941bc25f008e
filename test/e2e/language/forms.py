# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Overloads, generators, refinement by conditions, packed sequences, classes with operators, enums as state, nested forks."""
import math
from collections import OrderedDict
from enum import Enum
from typing import Any, Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((2,), (7,))
def global_constants(n: int):
    return math.pi * n, math.e, math.inf > n


@torch.jit._overload  # noqa: F811
def overloaded(x: int) -> int: ...  # noqa: F811, E704


@torch.jit._overload  # noqa: F811
def overloaded(x: str) -> str: ...  # noqa: F811, E704


def overloaded(x):  # noqa: F811
    if isinstance(x, int):
        return x + 1
    return x + "!"


@program((2, "a"))
def overloads(n: int, s: str):
    return overloaded(n), overloaded(s)


@program((X,))
class OverloadedMethods(nn.Module):
    @torch.jit._overload_method  # noqa: F811
    def get(self, x: int) -> int: ...  # noqa: F811, E704

    @torch.jit._overload_method  # noqa: F811
    def get(self, x: Tensor) -> Tensor: ...  # noqa: F811, E704

    def get(self, x):  # noqa: F811
        return x + 1

    def forward(self, x: Tensor):
        return self.get(x), self.get(3)


@program((X,))
def shapes(x: Tensor):
    return x.size()[1:], list(x.size()), x.shape[:-1], torch.zeros(x.shape), x.view(x.shape[:1] + [-1]), x.new_zeros(x.size()), x.view(x.shape[0] * x.shape[1]), x.reshape(x.size()[::-1]), len(x.shape), x.shape[-1]


@program(([1, 5, 3],), ([],))
def generators(xs: List[int]):
    return any(x > 2 for x in xs), all(x > 0 for x in xs), sum([x * 2 for x in xs]), [x for x in [y + 1 for y in xs]]


@program(("a", 1, 2.5, True))
def formats(s: str, i: int, f: float, b: bool):
    return "{0} {1} {0}".format(s, i), "%s %d %f" % (s, i, f), "%x %5d|%-5d|%05d" % (i, i, i, i), "%.2f %e %g" % (f, f, f), "{:>5}".format(s) if False else "", f"{s + str(i)} {f * 2} {not b}", "%%" + "%s" % s, "{{}} {}".format(i)


@program((X, None), (X, X))
def boolean_refinement(x: Tensor, y: Optional[Tensor]):
    if y is not None and y.size(0) == 2:
        x = x + y
    if y is None or y.size(0) == 2:
        x = x * 2
    z = y if y is not None else x
    w = x if y is None else y + 1
    return x, z, w


@program((None, 3), (2, None), (1, 1))
def both_optional(a: Optional[int], b: Optional[int]):
    if a is not None and b is not None:
        return a + b
    if a is not None:
        return a
    if b is not None:
        return b
    return 0


@program(([None, 1, 2],))
def optional_elements(xs: List[Optional[int]]):
    total = 0
    for x in xs:
        if x is not None:
            total += x
    return total, len(xs)


@program((X, torch.tensor([2, 1])))
def packed(x: Tensor, lengths: Tensor):
    p = pack_padded_sequence(x, lengths, batch_first=True)
    y, n = pad_packed_sequence(p, batch_first=True)
    return p.data, p.batch_sizes, y, n


@program((X.unsqueeze(-1), torch.tensor([3, 2])))
class PackedLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(1, 2, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor):
        p = pack_padded_sequence(x, lengths, batch_first=True)
        out, (h, c) = self.rnn(p)
        y, n = pad_packed_sequence(out, batch_first=True)
        return y, n, h, c


@torch.jit.script
class Registry:
    def __init__(self, names: List[str]):
        self.names = names
        self.index: Dict[str, int] = {}
        for i, n in enumerate(names):
            self.index[n] = i
        self.hits = 0

    def __contains__(self, n: str) -> bool:
        return n in self.index

    def __getitem__(self, n: str) -> int:
        self.hits += 1
        return self.index[n]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def first(self) -> str:
        return self.names[0]

    @staticmethod
    def empty() -> int:
        return 0


@program((["a", "b", "a"],))
def registry(names: List[str]):
    r = Registry(names)
    return len(r), "a" in r, "z" in r, r["b"], r["a"], r.hits, r.first, Registry.empty()


@program((["a"],))
def registry_missing(names: List[str]):
    r = Registry(names)
    return r["zz"]


@program((X,))
def annotated(x: Tensor):
    a = torch.jit.annotate(List[Tensor], [])
    b = torch.jit.annotate(Optional[int], None)
    c = torch.jit.annotate(Dict[str, Tuple[int, float]], {})
    for i in range(3):
        a.append(x[:, i])
    if b is None:
        b = 4
    c["k"] = (b, 1.5)
    return torch.stack(a), b, c


@program((3,), (0,))
def loops_else(n: int):
    found = -1
    for i in range(10):
        if i * i > n:
            found = i
            break
    for i in range(5, -1, -2):
        found += i
    for i in range(n):
        for j in range(i):
            if j > 1:
                break
            if i == 2:
                continue
            found += j + i
    return found


@program(({"b": 2, "a": 1},))
def dict_constructors(d: Dict[str, int]):
    e = dict([("x", 1), ("y", 2)])
    f = dict(d)
    f["z"] = 3
    g = OrderedDict([("p", 1.5)])
    h: Dict[int, List[str]] = {}
    h[1] = ["one"]
    h[1].append("uno")
    for i, (k, v) in enumerate(d.items()):
        e[k] = v * i
    return e, f, d, g, h, list(zip(d.keys(), [7, 8])), d.pop("a"), d.setdefault("q", 9), "b" in d


@program((1, 2, 3), (0, 0, 0))
def chained_conditions(a: int, b: int, c: int):
    return a < b < c, a <= b == c, (a if a else b) if c else 5, a and b, a or b, not a or (b and c), 0 < a + b < 10


@program((2.5, 3), (-2.5, 2))
def numbers(f: float, n: int):
    return f // n, f % n, f ** n, n ** f if f > 0 else 0.0, n ** -1, -7 // n, -7 % n, int(f), round(f), math.floor(f), f * n - n / 2, n == 3.0, f < n, float(n) == n, abs(f - n), min(f, 2.0), max(n, 1)


@program((X,))
def tensors_from_data(x: Tensor):
    return torch.tensor([[1, 2], [3, 4]]), torch.tensor([1.0, 2.0], dtype=torch.float64), torch.tensor([True, False]), torch.tensor(3), torch.as_tensor(x), torch.as_tensor([1, 2]), torch.tensor([int(x[0, 2]), 4]), torch.tensor([[1.5]], requires_grad=True).sum()


class Shade(Enum):
    DARK = 1
    LIGHT = 2


class Wrapper(nn.Module):
    def __init__(self, s: Shade):
        super().__init__()
        self.s = s
        self.table = {"dark": Shade.DARK}
        self.list = [Shade.DARK, Shade.LIGHT]

    def forward(self, x: Shade):
        return x == self.s, self.s.name, self.list[0].value, self.s, [x, self.s], self.table["dark"] == x


@program((Shade.DARK,), (Shade.LIGHT,))
class EnumState(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = Wrapper(Shade.DARK)

    def forward(self, x: Shade):
        return self.w(x)


@program((1,), ([1],), ((1, "a"),), ({"a": [1]},))
def any_argument(x: Any):
    if torch.jit.isinstance(x, List[int]):
        return "list"
    elif torch.jit.isinstance(x, Tuple[int, str]):
        return "tuple"
    elif torch.jit.isinstance(x, Dict[str, List[int]]):
        return "dict"
    elif isinstance(x, int):
        return "int"
    return "other"


@program((X,))
def nested_forks(x: Tensor):
    def_f = torch.jit.fork(outer_fork, x)
    return torch.jit.wait(def_f)


def outer_fork(x: Tensor) -> Tensor:
    f = torch.jit.fork(inner_fork, x, 1)
    g = torch.jit.fork(inner_fork, x, 2)
    return torch.jit.wait(f) * torch.jit.wait(g)


def inner_fork(x: Tensor, k: int) -> Tensor:
    return x + k


@program((X,))
class ForkMethods(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(3, 3)

    def part(self, x: Tensor, k: int) -> Tuple[Tensor, int]:
        return self.lin(x) * k, k

    def forward(self, x: Tensor):
        f = torch.jit.fork(self.part, x, 2)
        g = torch.jit.fork(self.lin, x)
        futures = [torch.jit.fork(self.part, x, i) for i in range(3)]
        out = torch.jit.wait(f)
        total = torch.jit.wait(g)
        for h in futures:
            y, k = torch.jit.wait(h)
            total = total + y * k
        return out, total
