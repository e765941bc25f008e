# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How modules are wired: hooks, interfaces, properties, parametrisation, tracing in scripts and scripts in traces, freezing, loading."""
import io
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.utils.parametrize as parametrize
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


def loaded(m):
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(m), buffer)
    buffer.seek(0)
    return torch.jit.load(buffer)


def traced(*args, **options):
    return lambda m: torch.jit.trace(m, args, **options)


class Double(nn.Module):
    def __init__(self, k: float = 2.0):
        super().__init__()
        self.k = k

    def forward(self, x: Tensor, shift: int = 0) -> Tensor:
        return x * self.k + shift


def pre_one(self, input: Tuple[Tensor]) -> Tuple[Tensor]:
    return (input[0] + 1,)


def pre_plain(self, input: Tuple[Tensor]) -> Tensor:
    return input[0] * 3


def pre_none(self, input: Tuple[Tensor]) -> None:
    assert input[0].numel() > 0, "nothing given"


def post_one(self, input: Tuple[Tensor], output: Tensor) -> Tensor:
    return output + input[0]


def post_none(self, input: Tuple[Tensor], output: Tensor) -> None:
    print("output", output.size(0))


class Single(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 5

    def forward(self, x: Tensor) -> Tensor:
        return x * self.k


def hooked():
    m = Single()
    m.register_forward_pre_hook(pre_one)
    m.register_forward_pre_hook(pre_plain)
    m.register_forward_hook(post_one)
    return m


@program((X,))
class SubmoduleHooks(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = hooked()
        self.seq = nn.Sequential(hooked(), Single())

    def forward(self, x: Tensor):
        return self.inner(x), self.seq(x), self.inner.forward(x)


@program((X,))
class HooksThatReturnNothing(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Single()
        self.inner.register_forward_pre_hook(pre_none)
        self.inner.register_forward_hook(post_none)

    def forward(self, x: Tensor):
        return self.inner(x)


def change_kind(self, input: Tuple[Tensor], output: Tensor) -> str:
    return "sum"


@program((X,))
class HookOfOtherType(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Single()
        self.inner.register_forward_hook(change_kind)

    def forward(self, x: Tensor):
        return self.inner(x)


@torch.jit.interface
class Step(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass

    def cost(self) -> int:
        pass


class Cheap(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1

    @torch.jit.export
    def cost(self) -> int:
        return 1


class Dear(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.full((3,), 2.0))
        self.used = 0

    def forward(self, x: Tensor) -> Tensor:
        self.used += 1
        return x * self.w

    @torch.jit.export
    def cost(self) -> int:
        return 10 + self.used


@program((X,))
class InterfaceAttribute(nn.Module):
    step: Step

    def __init__(self):
        super().__init__()
        self.step = Dear()

    def forward(self, x: Tensor):
        return self.step.forward(x), self.step.cost()


@program((X, 0), (X, 1))
class InterfaceChosen(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleList([Cheap(), Dear()])

    def forward(self, x: Tensor, i: int):
        step: Step = self.steps[i]
        y = step.forward(x)
        return y, step.cost()


@program((X, ["a", "b", "a"]))
class InterfaceInLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleDict({"a": Cheap(), "b": Dear()})

    def forward(self, x: Tensor, names: List[str]):
        total = 0
        for k in names:
            step: Step = self.steps[k]
            x = step.forward(x)
            total += step.cost()
        return x, total


class Temperature(nn.Module):
    def __init__(self):
        super().__init__()
        self.celsius = 20.0

    @property
    def fahrenheit(self) -> float:
        return self.celsius * 1.8 + 32

    @fahrenheit.setter
    def fahrenheit(self, v: float):
        self.celsius = (v - 32) / 1.8

    def forward(self, x: Tensor):
        self.fahrenheit = self.fahrenheit + 18.0
        return x * self.celsius


@program((X,))
class PropertyOfSubmodule(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = Temperature()

    def forward(self, x: Tensor):
        before = self.t.fahrenheit
        y = self.t(x)
        return before, y, self.t.fahrenheit, self.t.celsius


class Positive(nn.Module):
    def forward(self, w: Tensor) -> Tensor:
        return w.abs()


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.s = nn.Parameter(torch.tensor(0.5))

    def forward(self, w: Tensor) -> Tensor:
        return w * self.s


def parametrised():
    lin = nn.Linear(3, 3)
    parametrize.register_parametrization(lin, "weight", Positive())
    parametrize.register_parametrization(lin, "weight", Scaled())
    parametrize.register_parametrization(lin, "bias", Positive())
    return lin


@program((X,))
class ParametrisedTwice(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = parametrised()

    def forward(self, x: Tensor):
        return self.lin(x)


@program((X,), make=traced(X))
class ParametrisedTraced(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = parametrised()

    def forward(self, x):
        return self.lin(x)


@program((X,), make=loaded)
class LoadedAgain(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(3, 2)
        self.names = ["a", "b"]
        self.register_buffer("steps", torch.zeros(1, dtype=torch.int64))

    def forward(self, x: Tensor):
        self.steps += 1
        return self.lin(x), self.names, self.steps


@program((X,), make=lambda m: torch.jit.freeze(torch.jit.script(m)))
class FrozenTree(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.ReLU())
        self.b = nn.ModuleList([Double(2.0), Double(3.0)])
        self.names = {"k": 2}

    def forward(self, x: Tensor):
        x = self.a(x)
        for m in self.b:
            x = m(x, self.names["k"])
        return x


@program((X,), make=lambda m: torch.jit.freeze(torch.jit.script(m), preserved_attrs=["version", "extra"]), method="extra")
class FrozenPreserved(nn.Module):
    def __init__(self):
        super().__init__()
        self.version = 3
        self.w = nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor):
        return x + self.w

    @torch.jit.export
    def extra(self, x: Tensor):
        return x * self.version + self.w


@program((X,), make=traced(X))
class TraceOfDict(nn.Module):
    def forward(self, x):
        return {"sum": x.sum(), "twice": x * 2} if False else (x.sum(), [x * 2, x])


@program((X,), make=traced(X, strict=False))
class TraceOfDictLoose(nn.Module):
    def forward(self, x):
        return {"sum": x.sum(), "twice": x * 2}


class Decides(nn.Module):
    def __init__(self):
        super().__init__()
        self.count = 0

    def forward(self, x: Tensor, names: Optional[List[str]] = None) -> Tuple[Tensor, Tensor]:
        self.count += 1
        if x.sum() > 0:
            return x * 2, x
        return -x, x[0]


@program((X,), (-X,), make=traced(X))
class TraceWithScript(nn.Module):
    def __init__(self):
        super().__init__()
        self.s = torch.jit.script(Decides())

    def forward(self, x):
        y, n = self.s(x)
        return y + n


@torch.jit.script
def clipped(x: Tensor, lo: float, hi: float = 2.0):
    for i in range(x.size(0)):
        if bool(x[i].max() > hi):
            x = x.clamp(lo, hi)
    return x


@program((X, X), (X, -X), make=lambda f: torch.jit.trace(f, (X, X)))
def trace_calls_script(x, y):
    return clipped(x, 0.5) + clipped(y, -1.0, 1.0)


@program((X,))
def script_calls_traced(x: Tensor):
    return traced_function(x, x + 1)[0] + 1


traced_function = torch.jit.trace(lambda a, b: (a * b, a - b), (X, X))


@program((X,))
class AttributeAnnotated(nn.Module):
    names: List[str]
    table: Dict[str, int]
    maybe: Optional[int]
    pair: Tuple[int, float]
    scale: Final[float] = 2.0

    def __init__(self):
        super().__init__()
        self.names = []
        self.table = {}
        self.maybe = None
        self.pair = (1, 2.0)
        self.any_list = torch.jit.Attribute([1, 2], List[int])
        self.none = torch.jit.Attribute(None, Optional[Tensor])

    def forward(self, x: Tensor):
        self.names.append("n")
        self.table["k"] = len(self.names)
        self.maybe = self.pair[0]
        m = self.maybe
        if m is not None:
            x = x + m
        if self.none is None:
            self.none = x
        return x * self.scale, self.names, self.table, self.any_list, self.pair


@program((X,))
class CallsMethods(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = Double()

    @staticmethod
    def twice(x: Tensor) -> Tensor:
        return x * 2

    def helper(self, x: Tensor, *, k: int) -> Tensor:
        return self.d(x, shift=k)

    @torch.jit.ignore
    def python_only(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.unused
    def unused(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor):
        return self.helper(self.twice(x), k=3), self.d(x), self.d(x, 1), self.d.k


@program((X,))
class TrainingFlag(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.bn = nn.BatchNorm1d(3)

    def forward(self, x: Tensor):
        if self.training:
            return self.drop(x), 0
        return self.bn(self.drop(x)), 1


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 1

    def scale(self, x: Tensor) -> Tensor:
        return x * self.k

    def forward(self, x: Tensor):
        return self.scale(x) + 1


class Derived(Base):
    def __init__(self):
        super().__init__()
        self.k = 4

    def scale(self, x: Tensor) -> Tensor:
        return x * self.k * 2


@program((X,))
class Inherited(Derived):
    pass


@program((X,))
class InheritedInside(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Base()
        self.b = Derived()

    def forward(self, x: Tensor):
        return self.a(x), self.b(x), self.b.scale(x)


class Result(NamedTuple):
    logits: Tensor
    hidden: Optional[Tensor] = None
    count: int = 0


@program((X, True), (X, False))
class NamedResult(nn.Module):
    def forward(self, x: Tensor, h: bool):
        if h:
            return Result(x, x + 1, 2)
        return Result(x)


@program((X,))
class CompiledByDecorator(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = decorated

    def forward(self, x: Tensor):
        return self.f(x) + decorated(x, 5)


@torch.jit.script
def decorated(x: Tensor, n: int = 2) -> Tensor:
    return x * n


@program((X,))
class ScriptIfTracing(nn.Module):
    def forward(self, x: Tensor):
        return only_traced(x, 3)


@torch.jit.script_if_tracing
def only_traced(x: Tensor, n: int) -> Tensor:
    for i in range(n):
        x = x + i
    return x


@program((X,))
class IsScripting(nn.Module):
    def forward(self, x: Tensor):
        if not torch.jit.is_scripting():
            return x.numpy()
        if torch.jit.is_tracing():
            return x
        return x * 2


@program(([X, X + 1], {"a": X, "b": -X}, (X, [1, 2])))
class NestedArguments(nn.Module):
    def forward(self, xs: List[Tensor], d: Dict[str, Tensor], t: Tuple[Tensor, List[int]]):
        total = t[0] * t[1][1]
        for x in xs:
            total = total + x
        for k, v in d.items():
            if k == "b":
                total = total - v
        return {"total": total, "first": xs[0]}, [t[0], total]


@program((X, None), (X, [1, 2]))
class OptionalArguments(nn.Module):
    def forward(self, x: Tensor, sizes: Optional[List[int]] = None, mode: str = "add", k: float = 1.5):
        if sizes is not None:
            for s in sizes:
                x = x + s if mode == "add" else x * s
        return x * k


@program((X,))
class WeightNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))

    def forward(self, x: Tensor):
        return self.lin(x)
