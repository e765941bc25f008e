# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules in modules: lists, dicts and sequences of modules and parameters, their slices, loops and methods."""
from collections import OrderedDict
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


class Scale(nn.Module):
    def __init__(self, k: float, name: str = ""):
        super().__init__()
        self.k = nn.Parameter(torch.tensor(k))
        self.name = name
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return x * self.k

    @torch.jit.export
    def described(self, suffix: str = "?") -> str:
        return self.name + suffix

    @torch.jit.export
    def both(self, x: Tensor, y: Optional[Tensor] = None, bias: float = 0.5) -> Tensor:
        if y is None:
            return x * self.k + bias
        return x * self.k + y + bias


@program((X,))
class SlicedList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Scale(float(i + 1)) for i in range(5)])

    def forward(self, x: Tensor):
        for i, m in enumerate(self.layers):
            if i > 1:
                x = m(x)
        return x, len(self.layers[1:4]), self.layers[-1](x)


@program((X,))
class SlicedSequential(nn.Module):
    def __init__(self):
        super().__init__()
        self.seq = nn.Sequential(Scale(2.0), nn.ReLU(), Scale(3.0), nn.Tanh())

    def forward(self, x: Tensor):
        return x, self.seq[2](x), self.seq[-1](x), len(self.seq)


@program((X,))
class NamedSequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.seq = nn.Sequential(OrderedDict([("a", Scale(2.0)), ("act", nn.ReLU()), ("b", Scale(-1.0))]))

    def forward(self, x: Tensor):
        return self.seq(x), self.seq.a(x), self.seq.b(self.seq.act(x))


@program((X,))
class ListOfLists(nn.Module):
    def __init__(self):
        super().__init__()
        self.grid = nn.ModuleList([nn.ModuleList([Scale(float(i + j + 1)) for j in range(2)]) for i in range(3)])

    def forward(self, x: Tensor):
        for i, row in enumerate(self.grid):
            for j, m in enumerate(row):
                x = m(x) + i * j
        return x, self.grid[1][0](x), len(self.grid[0])


@program((X,))
class DictOfLists(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleDict({"first": nn.ModuleList([Scale(2.0), Scale(3.0)]), "second": nn.ModuleList([Scale(0.5)])})

    def forward(self, x: Tensor):
        count = 0
        for name, block in self.blocks.items():
            for m in block:
                x = m(x)
                count += len(name)
        return x, count


@program((X,))
class EnumeratedFrom(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Scale(2.0, "a"), Scale(3.0, "b")])
        self.others = nn.ModuleList([nn.ReLU(), nn.Sigmoid()])

    def forward(self, x: Tensor):
        names: List[str] = []
        for i, (a, b) in enumerate(zip(self.layers, self.others), 1):
            x = b(a(x)) * i
            names.append(a.name + str(i))
        for i, m in enumerate(self.layers, start=5):
            x = m(x) + i
        return x, names


@program((X,))
class ZippedWithValues(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Scale(2.0), Scale(3.0), Scale(4.0)])

    def forward(self, x: Tensor):
        ks = [1, 2, 3]
        for i, m in enumerate(self.layers):
            x = m(x) + ks[i]
        for k, m in zip((0.5, 1.5, 2.5), self.layers):
            x = m(x) * k
        return x


@program((X,))
class DictMembership(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = nn.ModuleDict({"relu": nn.ReLU(), "scale": Scale(2.0)})

    def forward(self, x: Tensor):
        if "relu" in self.m:
            x = self.m["relu"](x)
        if "other" not in self.m:
            x = self.m["scale"](x)
        return x, len(self.m)


@program((X,))
class ModuleMethods(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Scale(2.0, "a"), Scale(3.0, "b")])

    def forward(self, x: Tensor):
        names = [m.described() for m in self.layers]
        more = [m.described(suffix="!") for m in self.layers]
        y = self.layers[0].both(x)
        z = self.layers[1].both(x, y, bias=2.0)
        return names, more, y, z, self.layers[0].both(x, bias=1.0), self.layers[0].calls


@program((X,))
class ParameterLists(nn.Module):
    def __init__(self):
        super().__init__()
        self.ps = nn.ParameterList([nn.Parameter(torch.full((3,), float(i))) for i in range(3)])

    def forward(self, x: Tensor):
        for i, p in enumerate(self.ps):
            x = x + p * i
        return x, x.size(0)


@program((X,))
class ParameterDictionaries(nn.Module):
    def __init__(self):
        super().__init__()
        self.ps = nn.ParameterDict({"a": nn.Parameter(torch.ones(3)), "b": nn.Parameter(torch.full((3,), 2.0))})

    def forward(self, x: Tensor):
        return x * self.ps["a"] + self.ps["b"]


@program((X,))
class SharedInList(nn.Module):
    def __init__(self):
        super().__init__()
        m = Scale(2.0)
        self.layers = nn.ModuleList([m, m, Scale(3.0)])

    def forward(self, x: Tensor):
        for m in self.layers:
            x = m(x)
        return x, self.layers[0].calls, self.layers[1].calls, self.layers[2].calls


class Branches(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> List[Tensor]:
        return [m(x) for m in self.layers]


@program((X,))
class Combined(nn.Module):
    def __init__(self):
        super().__init__()
        self.branches = Branches(Scale(1.0), Scale(2.0), nn.Linear(3, 3))
        self.head = nn.Sequential(nn.Linear(9, 4), nn.ReLU(), nn.Linear(4, 1))

    def forward(self, x: Tensor):
        return self.head(torch.cat(self.branches(x), dim=1))


class Chain(nn.Sequential):
    def forward(self, x: Tensor):
        total = 0
        for m in self:
            x = m(x)
            total += 1
        return x, total


@program((X,))
class DerivedSequential(nn.Module):
    def __init__(self):
        super().__init__()
        self.chain = Chain(Scale(2.0), nn.ReLU(), Scale(0.5))

    def forward(self, x: Tensor):
        return self.chain(x)


class Layers(nn.ModuleList):
    def forward(self, x: Tensor):
        for m in self:
            x = m(x)
        return x


@program((X,))
class DerivedList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = Layers([Scale(2.0), Scale(4.0)])

    def forward(self, x: Tensor):
        return self.layers(x)


class Table(nn.ModuleDict):
    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        out: Dict[str, Tensor] = {}
        for k, m in self.items():
            out[k] = m(x)
        return out


@program((X,))
class DerivedDict(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = Table({"x": Scale(2.0), "y": nn.ReLU()})

    def forward(self, x: Tensor):
        return self.table(x)


class Indexable(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.ModuleList([Scale(2.0), Scale(3.0)])

    @torch.jit.export
    def __len__(self) -> int:
        return len(self.items)

    @torch.jit.export
    def __contains__(self, key: str) -> bool:
        return key == "a"

    def forward(self, x: Tensor):
        return x


@program((X,))
class MagicMethods(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Indexable()

    def forward(self, x: Tensor):
        return len(self.inner), "a" in self.inner, "b" in self.inner, self.inner(x)


@program((X, 2), (X, 5))
class EarlyExit(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Scale(float(i)) for i in range(1, 5)])

    def forward(self, x: Tensor, n: int):
        for i, m in enumerate(self.layers):
            if i >= n:
                return x, i
            x = m(x)
        return x, -1


@program((X,))
class OptionalModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = None
        self.act = nn.ReLU()

    def forward(self, x: Tensor):
        if self.norm is not None:
            x = self.norm(x)
        if self.act is not None:
            x = self.act(x)
        return x


@program((X,))
class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3)) for _ in range(2)])
        self.downsample: Optional[nn.Module] = None

    def forward(self, x: Tensor):
        skips: List[Tensor] = []
        for b in self.blocks:
            skips.append(x)
            x = b(x) + x
        if self.downsample is not None:
            x = x * 2
        for s in skips[::-1]:
            x = torch.cat([x, s], 1)
        return x


@program((X,))
class BufferList(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(3):
            self.register_buffer(f"b{i}", torch.full((3,), float(i)))

    def forward(self, x: Tensor):
        return x + self.b0 + self.b1 * self.b2


@program((X,))
class EmptyContainers(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.ModuleList([])
        self.d = nn.ModuleDict({})
        self.s = nn.Sequential()

    def forward(self, x: Tensor):
        for m in self.l:
            x = m(x)
        for k, m in self.d.items():
            x = m(x)
        return self.s(x), len(self.l) + len(self.d)


@program((X,))
class ListOfTuplesOfModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.pairs = nn.ModuleList([nn.ModuleDict({"a": Scale(1.5), "b": Scale(2.5)}) for _ in range(2)])

    def forward(self, x: Tensor):
        for p in self.pairs:
            x = p["a"](x) + p["b"](x)
        return x


@program((X,))
class KeysAndValues(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.ModuleDict({"one": Scale(1.0, "1"), "two": Scale(2.0, "2")})

    def forward(self, x: Tensor):
        out: Dict[str, Tensor] = {}
        for k, v in zip(self.d.keys(), self.d.values()):
            out[k + v.name] = v(x)
        for i, k in enumerate(self.d):
            out[k] = x + i
        keys = [k for k in self.d.keys()]
        return out, keys


@program((X, "relu"), (X, "tanh"), (X, "none"))
class ChosenByName(nn.Module):
    def __init__(self):
        super().__init__()
        self.acts = nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh()})

    def forward(self, x: Tensor, name: str):
        for k, m in self.acts.items():
            if k == name:
                return m(x - 2)
        return x
