# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules: attributes, containers, hooks, properties, interfaces, constants."""
import warnings
from collections import OrderedDict
from typing import Dict, Final, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((X,))
class IntAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 0

    def forward(self, x: Tensor):
        self.n += 1
        return x + self.n, self.n


@program((2,))
class ManyAttributes(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 1
        self.f = 0.5
        self.b = True
        self.s = "text"
        self.l = [1, 2]
        self.d = {"a": 1}
        self.t = (1, "x")
        self.c = 1 + 2j

    def forward(self, k: int):
        return self.n + k, self.f, self.b, self.s, self.l, self.d, self.t, self.c


@program((2,))
class ChangedAttributes(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 1
        self.f = 0.5
        self.b = True
        self.s = "text"

    def forward(self, k: int):
        self.n = self.n * k + 1
        self.f *= 2.0
        self.b = not self.b
        self.s += "!" + str(k)
        return self.n, self.f, self.b, self.s


@program((2,))
class ChangedList(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = [1, 2]

    def forward(self, k: int):
        self.items.append(k)
        self.items[0] = 7
        return self.items, len(self.items)


@program((2,))
class ChangedDict(nn.Module):
    def __init__(self):
        super().__init__()
        self.d: Dict[str, int] = {"a": 1}

    def forward(self, k: int):
        self.d["b"] = k
        self.d["a"] += 1
        return self.d


@program((X,))
class TensorList(nn.Module):
    items: List[Tensor]

    def __init__(self):
        super().__init__()
        self.items = []

    def forward(self, x: Tensor):
        self.items.append(x)
        return len(self.items), self.items[0] * 2


@program((X,))
class ReassignedList(nn.Module):
    items: List[int]

    def __init__(self):
        super().__init__()
        self.items = []

    def forward(self, x: Tensor):
        self.items = [1, 2, 3]
        return self.items[1] + x


@program((X,))
class OptionalAttribute(nn.Module):
    cache: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.cache = None

    def forward(self, x: Tensor):
        c = self.cache
        if c is None:
            self.cache = x
            return x
        return x + c


@program((X,))
class ReplacedBuffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("b", torch.ones(3))

    def forward(self, x: Tensor):
        self.b = self.b + 1
        return x * self.b


@program((X,))
class ChangedBuffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("b", torch.ones(3))

    def forward(self, x: Tensor):
        self.b.add_(1)
        return x * self.b


@program((X,))
class TensorAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = torch.full((3,), 2.0)

    def forward(self, x: Tensor):
        self.t = self.t * x[0]
        return self.t


@program((X,))
class Lists(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2)])

    def forward(self, x: Tensor):
        for layer in self.layers:
            x = layer(x)
        return x, len(self.layers)


@program((X,))
class ListIndexed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 2)])

    def forward(self, x: Tensor):
        y = self.layers[0](x)
        for i, layer in enumerate(self.layers):
            if i > 0:
                y = layer(y)
        for layer in self.layers[:1]:
            y = y + layer(x).sum()
        return y, self.layers[-1](x)


@program((X,))
class Dicts(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({"a": nn.Linear(3, 3), "b": nn.Sigmoid()})

    def forward(self, x: Tensor):
        names: List[str] = []
        for name, layer in self.layers.items():
            names.append(name)
            x = layer(x)
        for layer in self.layers.values():
            x = layer(x)
        return x, names, len(self.layers), self.layers["a"](x), "a" in self.layers, "z" in self.layers


@program((X,))
class Sequential(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
        self.named = nn.Sequential(OrderedDict([("one", nn.Linear(3, 2)), ("two", nn.Tanh())]))

    def forward(self, x: Tensor):
        y = self.net(x)
        for m in self.named:
            x = m(x)
        return y, x, self.net[0](torch.ones(1, 3))


@program((X,))
class ZippedLists(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ModuleList([nn.Linear(3, 3) for _ in range(2)])
        self.b = nn.ModuleList([nn.ReLU(), nn.Tanh()])

    def forward(self, x: Tensor):
        for f, g in zip(self.a, self.b):
            x = g(f(x))
        return x


@program((X,))
class Parameters(nn.Module):
    def __init__(self):
        super().__init__()
        self.ps = nn.ParameterList([nn.Parameter(torch.ones(3) * i) for i in range(3)])

    def forward(self, x: Tensor):
        for p in self.ps:
            x = x + p
        return x


@program((X,))
class ParameterDicts(nn.Module):
    def __init__(self):
        super().__init__()
        self.ps = nn.ParameterDict({"a": nn.Parameter(torch.ones(3)), "b": nn.Parameter(torch.zeros(3))})

    def forward(self, x: Tensor):
        return x + self.ps["a"] * 2 + self.ps["b"]


@program((X,))
class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.b = nn.Linear(3, 3)
        self.b.weight = self.a.weight

    def forward(self, x: Tensor):
        return self.b(self.a(x))


@program((X,))
class SharedModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.b = self.a

    def forward(self, x: Tensor):
        return self.b(self.a(x))


@program((X,))
class Constants(nn.Module):
    k: Final[int]
    sizes: Final[List[int]]

    __constants__ = ["scale", "name"]

    def __init__(self):
        super().__init__()
        self.k = 3
        self.sizes = [1, 2]
        self.scale = 0.5
        self.name = "c"

    def forward(self, x: Tensor):
        for s in self.sizes:
            x = x + s
        if self.name == "c":
            x = x * self.k
        return x * self.scale


@program((X,))
class Hooks(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Hooked()

    def forward(self, x: Tensor):
        return self.inner(x)


def pre(self, input: Tuple[Tensor]) -> Tuple[Tensor]:
    return (input[0] + 1,)


def post(self, input: Tuple[Tensor], output: Tensor) -> Tensor:
    return output * 2


def Hooked():
    m = Plus()
    m.register_forward_pre_hook(pre)
    m.register_forward_hook(post)
    return m


class Plus(nn.Module):
    def forward(self, x: Tensor):
        return x + 10


@program((X,))
class Methods(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(3))

    def scale(self, x: Tensor, k: int = 2):
        return x * k

    @torch.jit.export
    def other(self, x: Tensor):
        return x - 1

    @torch.jit.ignore
    def ignored(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.unused
    def unused(self, x: Tensor) -> Tensor:
        raise RuntimeError("unused")

    def forward(self, x: Tensor):
        return self.scale(x), self.scale(x, k=3), self.other(x) + self.w


@program((X,))
class Property(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 2

    @property
    def twice(self) -> int:
        return self.k * 2

    def forward(self, x: Tensor):
        return x * self.twice


@program((X,))
class PropertySetter(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 2

    @property
    def twice(self) -> int:
        return self.k * 2

    @twice.setter
    def twice(self, v: int):
        self.k = v // 2

    def forward(self, x: Tensor):
        self.twice = 10
        return x * self.k


@torch.jit.interface
class Layer(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class AddOne(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1


class Twice(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 2


@program((X,))
class Interfaces(nn.Module):
    layer: Layer

    def __init__(self):
        super().__init__()
        self.layer = AddOne()
        self.other = Twice()

    def forward(self, x: Tensor):
        return self.layer.forward(x), self.other(x)


@program((X,))
class InterfaceList(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([AddOne(), Twice()])

    def forward(self, x: Tensor):
        for i in range(2):
            layer: Layer = self.layers[i]
            x = layer.forward(x)
        return x


@program((X,))
class Scripting(nn.Module):
    def forward(self, x: Tensor):
        if torch.jit.is_scripting():
            return x + 1
        return x - 1


@program((X,))
class Warns(nn.Module):
    def forward(self, x: Tensor):
        warnings.warn("careful")
        warnings.warn("once more", stacklevel=2)
        return x


@program((X,))
class Training(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)

    def forward(self, x: Tensor):
        if self.training:
            return x * 0
        return self.drop(x)


@program((X,))
class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(nn.Sequential(nn.Linear(3, 3), nn.ReLU()), nn.ModuleList([nn.Linear(3, 3)])[0])

    def forward(self, x: Tensor):
        return self.a(x), self.a[0][0].weight.size(0)


class Result(NamedTuple):
    loss: Tensor
    parts: Dict[str, Tensor]


@program((X,))
class NamedResult(nn.Module):
    def forward(self, x: Tensor):
        return Result(x.sum(), {"a": x, "b": x + 1})


@program((X, [1, 2], {"a": 1}, "s", (1, 2.0)))
class ManyArguments(nn.Module):
    def forward(self, x: Tensor, l: List[int], d: Dict[str, int], s: str, t: Tuple[int, float], k: int = 3, o: Optional[Tensor] = None):
        if o is not None:
            x = x + o
        return x + l[0], d[s] if s in d else k, t


@program((X,))
class NoneAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = None
        self.register_parameter("w", None)
        self.down: Optional[nn.Module] = None

    def forward(self, x: Tensor):
        if self.bias is not None:
            x = x + self.bias
        if self.down is not None:
            x = self.down(x)
        return x, self.w is None


@program((X,))
class Functional(nn.Module):
    def forward(self, x: Tensor):
        return F.relu(x), F.softmax(x, dim=1), F.dropout(x, 0.5, training=False), F.linear(x, torch.ones(2, 3))


@program((X,))
class CallsOther(nn.Module):
    def __init__(self):
        super().__init__()
        self.child = Child()

    def forward(self, x: Tensor):
        self.child.count += 2
        y = self.child.work(x)
        return y, self.child.count, self.child.lin.weight.sum()


class Child(nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.lin = nn.Linear(3, 3)

    @torch.jit.export
    def work(self, x: Tensor):
        self.count += 1
        return self.lin(x)

    def forward(self, x: Tensor):
        return x


@program((X,))
class StringDictAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = {"a": [1, 2], "b": [3]}
        self.words = ["x", "y"]

    def forward(self, x: Tensor):
        s = 0
        for k in self.table:
            for v in self.table[k]:
                s += v
        return x + s, self.words[1], len(self.words), "a" in self.table


@program((X,))
class Asserts(nn.Module):
    def forward(self, x: Tensor):
        assert x.size(0) == 5, "five rows"
        return x


@program((X,))
class AssertsFormatted(nn.Module):
    def forward(self, x: Tensor):
        assert x.size(0) == 5, f"expected 5 rows, got {x.size(0)}"
        return x


@program((X,))
class BatchNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm1d(3)

    def forward(self, x: Tensor):
        return self.bn(x)


@program((X,))
class HasAttr(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = 1

    def forward(self, x: Tensor):
        if hasattr(self, "a"):
            x = x + 1
        if hasattr(self, "zz"):
            x = x * 100
        return x, getattr(self, "a", 5)


@program((X,))
class IsInstanceModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.ReLU()

    def forward(self, x: Tensor):
        return self.act(x)


@program((X,))
class Traced(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = torch.jit.trace(nn.Linear(3, 3), X)
        self.f = torch.jit.trace(lambda x: x * 2 + 1, X)

    def forward(self, x: Tensor):
        y = self.t(x)
        if y.sum() > 1000:
            y = y + 1
        return self.f(y)


@program((X,))
class SubmoduleState(nn.Module):
    def __init__(self):
        super().__init__()
        self.counter = CounterModule()

    def forward(self, x: Tensor):
        self.counter(x)
        self.counter(x)
        return self.counter.total


class CounterModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(1))

    def forward(self, x: Tensor):
        self.total += x.sum()
        return self.total
