# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a module's script is made of: containers of modules, sharing, ignored and unused functions, constants, tracing, freezing."""
from collections import OrderedDict
from typing import Dict, Final, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.utils.parametrize as parametrize
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


def freeze(m):
    return torch.jit.freeze(torch.jit.script(m))


def traced(*args):
    return lambda m: torch.jit.trace(m, args)


class Inner(nn.Module):
    def __init__(self, k: int = 2):
        super().__init__()
        self.lin = nn.Linear(3, 3)
        self.k = k

    def forward(self, x: Tensor):
        return self.lin(x) * self.k

    @torch.jit.export
    def twice(self, x: Tensor) -> Tensor:
        return x * 2


@program((X,), make=freeze)
class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()
        self.bn = nn.BatchNorm1d(3)
        self.flag = True

    def forward(self, x: Tensor):
        if self.flag:
            return self.bn(self.inner(x))
        return x


@program((X,), make=freeze)
class FrozenConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 2)
        self.bn = nn.BatchNorm2d(2)

    def forward(self, x: Tensor):
        return F.relu(self.bn(self.conv(x[None, None])))


@program((X,), make=lambda m: torch.jit.freeze(torch.jit.script(m), preserved_attrs=["count"]))
class FrozenState(nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.w = nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor):
        self.count += 1
        return x + self.w + self.count


@program((X,), make=traced(X))
class Traced(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Inner()
        self.b = nn.Sequential(nn.ReLU(), nn.Linear(3, 1))

    def forward(self, x):
        return self.b(self.a(x)), x + 1


@program((X,), make=traced(X))
class TracedTuple(nn.Module):
    def forward(self, x):
        return (x, (x + 1, [x * 2, x - 1]))


@program((X, torch.ones(3)), make=traced(X, torch.ones(3)))
class TracedTwo(nn.Module):
    def __init__(self):
        super().__init__()
        self.s = torch.jit.script(Branching())

    def forward(self, x, y):
        return self.s(x) + y


class Branching(nn.Module):
    def forward(self, x: Tensor):
        if x.sum() > 3:
            return x * 2
        else:
            return x - 1


@program((X,), (-X,))
class ScriptCallsTraced(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = torch.jit.trace(nn.Linear(3, 3), X)
        self.f = torch.jit.trace(lambda x, y: x * y + y, (X, X))

    def forward(self, x: Tensor):
        if x.mean() > 0:
            x = self.f(x, x)
        return self.t(x)


@program((X,), make=lambda m: torch.jit.optimize_for_inference(torch.jit.script(m)))
class Optimized(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.d = nn.Dropout(0.1)

    def forward(self, x: Tensor):
        return self.d(F.relu(self.a(x)))


@program((X,))
class ConstantKinds(nn.Module):
    n: Final[int] = 3
    f: Final[float] = 0.5
    s: Final[str] = "abc"
    b: Final[bool] = True
    l: Final[List[int]]
    t: Final[Tuple[int, str]]
    o: Final[Optional[int]] = None

    def __init__(self):
        super().__init__()
        self.l = [1, 2, 3]
        self.t = (4, "t")

    def forward(self, x: Tensor):
        k = self.n + self.l[1] + self.t[0]
        if self.b and self.o is None:
            x = x * self.f
        return x * k, self.s + self.t[1]


@program((X,))
class OldConstants(nn.Module):
    __constants__ = ["sizes", "k", "nothing"]

    def __init__(self):
        super().__init__()
        self.sizes = (1, 2, 3)
        self.k = 2
        self.nothing = None

    def forward(self, x: Tensor):
        for s in self.sizes:
            x = x + s
        if self.nothing is None:
            x = x * self.k
        return x


@program((X,))
class IgnoredFunctions(nn.Module):
    def __init__(self):
        super().__init__()
        self.training_only = True

    @torch.jit.unused
    def slow(self, x: Tensor) -> Tensor:
        import sys
        return x + len(sys.path)

    @torch.jit.ignore(drop=True)
    def dropped(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor):
        if torch.jit.is_scripting():
            return x + 1
        return self.slow(x)


@program((X, True), (X, False))
class UnusedCalled(nn.Module):
    @torch.jit.unused
    def never(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor, b: bool):
        if b:
            return self.never(x)
        return x * 2


@program((X,))
class LoopsOverModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3) for _ in range(3)])
        self.acts = nn.ModuleDict(OrderedDict([("relu", nn.ReLU()), ("tanh", nn.Tanh())]))
        self.seq = nn.Sequential(nn.Linear(3, 3), nn.Sigmoid())

    def forward(self, x: Tensor):
        names: List[str] = []
        for i, layer in enumerate(self.layers):
            x = layer(x) + i
        for k, m in self.acts.items():
            x = m(x)
            names.append(k)
        for k in self.acts.keys():
            names.append(k + "!")
        for a, b in zip(self.layers, self.acts.values()):
            x = b(a(x))
        for layer in self.seq:
            x = layer(x)
        return x, names, len(self.layers), len(self.acts), len(self.seq), "relu" in self.acts


@program((X,))
class ModuleComprehension(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 2)])

    def forward(self, x: Tensor):
        ys = [layer(x) for layer in self.layers]
        return ys, [y.size(1) for y in ys]


@program((X,))
class TypeSharing(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Inner(2)
        self.b = Inner(3)
        self.c = Inner(4)
        self.c.lin = self.a.lin

    def forward(self, x: Tensor):
        return self.a(x) + self.b(x) + self.c(x), self.a.k + self.b.k + self.c.k, self.a.twice(x)


@program((X,))
class FunctionAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = F.relu
        self.fn = helper

    def forward(self, x: Tensor):
        return self.fn(self.act(x - 2), 3)


def helper(x: Tensor, k: int = 2) -> Tensor:
    return x * k


@program((X,))
class Parametrized(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(3, 3)
        parametrize.register_parametrization(self.lin, "weight", Symmetric())

    def forward(self, x: Tensor):
        return self.lin(x)


class Symmetric(nn.Module):
    def forward(self, w: Tensor) -> Tensor:
        return w.triu() + w.triu(1).transpose(-1, -2)


@program((X,))
class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("a", torch.ones(3))
        self.register_buffer("b", torch.zeros(3), persistent=False)
        self.register_buffer("none", None)
        self.register_parameter("p", None)

    def forward(self, x: Tensor):
        self.a += 1
        self.b[0] = 5
        n = self.none
        if n is not None:
            x = x + n
        return x * self.a + self.b, self.p is None


@program((X,))
class HooksEverywhere(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Tracked()
        self.inner.register_forward_pre_hook(first)
        self.inner.register_forward_pre_hook(second)
        self.inner.register_forward_hook(after)

    def forward(self, x: Tensor):
        return self.inner(x, "n"), self.inner.calls


class Tracked(nn.Module):
    calls: List[str]

    def __init__(self):
        super().__init__()
        self.calls = []

    def forward(self, x: Tensor, name: str):
        self.calls.append(name)
        return x + 1


def first(self, input: Tuple[Tensor, str]) -> Tuple[Tensor, str]:
    self.calls.append("first")
    return input[0] * 2, input[1] + "!"


def second(self, input: Tuple[Tensor, str]) -> None:
    self.calls.append("second")


def after(self, input: Tuple[Tensor, str], output: Tensor) -> Tensor:
    self.calls.append("after " + input[1])
    return output - 1


@program((X,), method="other")
class ExportedMethod(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 4

    def forward(self, x: Tensor):
        return x

    @torch.jit.export
    def other(self, x: Tensor) -> Tuple[Tensor, int]:
        return self.helper(x) + 1, self.k

    def helper(self, x: Tensor) -> Tensor:
        return x * self.k


@program((X,))
class Properties(nn.Module):
    __jit_unused_properties__ = ["not_compiled"]

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.full((3,), 2.0))
        self.n = 1

    @property
    def size(self) -> int:
        return self.w.size(0)

    @property
    def counter(self) -> int:
        return self.n

    @counter.setter
    def counter(self, v: int):
        self.n = v

    @property
    def not_compiled(self):
        return object()

    def forward(self, x: Tensor):
        self.counter = self.counter + 5
        return x * self.size + self.n


@torch.jit.interface
class Op(nn.Module):
    def one(self, x: Tensor, y: Tensor) -> Tensor:
        pass

    def forward(self, x: Tensor) -> Tensor:
        pass


class Adds(nn.Module):
    @torch.jit.export
    def one(self, x: Tensor, y: Tensor) -> Tensor:
        return x + y

    def forward(self, x: Tensor) -> Tensor:
        return x + 1


class Multiplies(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = nn.Parameter(torch.full((3,), 3.0))
        self.calls = 0

    @torch.jit.export
    def one(self, x: Tensor, y: Tensor) -> Tensor:
        self.calls += 1
        return x * y * self.calls

    def forward(self, x: Tensor) -> Tensor:
        return x * self.k


@program((X,))
class InterfaceAttributes(nn.Module):
    a: Op
    b: Op

    def __init__(self):
        super().__init__()
        self.a = Adds()
        self.b = Multiplies()

    def forward(self, x: Tensor):
        y = self.a.one(x, x)
        y = self.b.one(y, x)
        y = self.b.one(y, x)
        return self.b.forward(self.a.forward(y))


@program((X, 0), (X, 1), (X, 2))
class InterfaceIndex(nn.Module):
    def __init__(self):
        super().__init__()
        self.ops = nn.ModuleList([Adds(), Multiplies(), Adds()])

    def forward(self, x: Tensor, i: int):
        op: Op = self.ops[i]
        return op.forward(x)


@program((X, "add"), (X, "mul"))
class InterfaceKey(nn.Module):
    def __init__(self):
        super().__init__()
        self.ops = nn.ModuleDict({"add": Adds(), "mul": Multiplies()})

    def forward(self, x: Tensor, k: str):
        op: Op = self.ops[k]
        return op.forward(x)


@program((X,))
class InheritedModule(Inner):
    def __init__(self):
        super().__init__(5)
        self.extra = 1

    def forward(self, x: Tensor):
        return self.twice(self.lin(x)) + self.extra


@program((X,), (X, X + 1), (X, X + 1, 3))
class DefaultArguments(nn.Module):
    def forward(self, x: Tensor, y: Optional[Tensor] = None, k: int = 2, name: str = "n", scale: float = 0.5, flags: Tuple[int, int] = (1, 2)):
        if y is not None:
            x = x + y
        return x * k * scale + flags[1], name


@program(({"a": X, "b": X + 1},))
class DictInOut(nn.Module):
    def forward(self, d: Dict[str, Tensor]) -> Dict[str, Tensor]:
        out: Dict[str, Tensor] = {}
        for k, v in d.items():
            out[k + "_out"] = v * 2
        return out


@program(([X, X + 1],))
class ListInOut(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(3, 2)

    def forward(self, x: List[Tensor]) -> List[Tensor]:
        return [self.lin(t) for t in x]


@program(({"a": [X, X]}, [{"b": X}]))
class NestedInOut(nn.Module):
    def forward(self, d: Dict[str, List[Tensor]], l: List[Dict[str, Tensor]]) -> Tuple[Dict[str, Tensor], List[Tensor]]:
        out: Dict[str, Tensor] = {}
        for k, v in d.items():
            out[k] = torch.stack(v)
        return out, [x["b"] for x in l]


class Output(NamedTuple):
    logits: Tensor
    hidden: List[Tensor]
    loss: Optional[Tensor] = None


@program((X,), (-X,))
class NamedOutput(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(3, 3)

    def forward(self, x: Tensor):
        y = self.lin(x)
        loss: Optional[Tensor] = None
        if x.sum() > 0:
            loss = y.mean()
        return Output(y, [x, y], loss)


@program((X,))
class CallsStatic(nn.Module):
    @staticmethod
    def scale(x: Tensor, k: int) -> Tensor:
        return x * k

    @classmethod
    def name(cls):
        return "n"

    def forward(self, x: Tensor):
        return self.scale(x, 3) + CallsStatic.scale(x, 2)


@program((X,))
class CallsFunctions(nn.Module):
    def forward(self, x: Tensor):
        return outer(x) + 1


def outer(x: Tensor) -> Tensor:
    return innermost(x) * 2


def innermost(x: Tensor) -> Tensor:
    if x.sum() > 3:
        return x
    return x + 1


@program((X,))
class AttributeTypes(nn.Module):
    table: Dict[str, List[int]]
    pairs: List[Tuple[int, str]]
    maybe: Optional[Dict[str, Tensor]]

    def __init__(self):
        super().__init__()
        self.table = {}
        self.pairs = []
        self.maybe = None
        self.empty = torch.jit.Attribute([], List[float])

    def forward(self, x: Tensor):
        self.table["a"] = [1, 2]
        self.table["a"].append(3)
        self.pairs.append((1, "x"))
        self.maybe = {"x": x}
        self.empty.append(0.5)
        m = self.maybe
        n = 0
        if m is not None:
            n = len(m)
        return self.table, self.pairs, self.empty, n


@program((X,))
class StateAcross(nn.Module):
    last: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3))
        self.n = 0
        self.last = None

    def step(self, x: Tensor):
        self.total = self.total + x.sum(0)
        self.n += 1

    def forward(self, x: Tensor):
        for i in range(3):
            self.step(x * i)
            self.last = x
        l = self.last
        if l is not None:
            return self.total / self.n + l.mean()
        return self.total


@program((X,))
class RnnCell(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(3, 4)
        self.rnn = nn.GRU(3, 4, batch_first=True)

    def forward(self, x: Tensor, state: Optional[Tuple[Tensor, Tensor]] = None):
        h = state
        outs: List[Tensor] = []
        for i in range(2):
            h = self.cell(x, h)
            outs.append(h[0])
        y, z = self.rnn(x.unsqueeze(0))
        return torch.stack(outs), h, y, z


@program((X,))
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.att = nn.MultiheadAttention(4, 2)
        self.p = nn.Linear(3, 4)

    def forward(self, x: Tensor):
        y = self.p(x).unsqueeze(1)
        out, w = self.att(y, y, y)
        return out, w


@program((X,))
class DropConnect(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(10, 3)
        self.drop = nn.Dropout(0.5)
        self.norm = nn.LayerNorm(3)

    def forward(self, x: Tensor):
        return self.norm(self.drop(self.emb(x.long())))
