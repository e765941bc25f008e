# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that mix the language's features, 3 of 6."""
import math
from collections import OrderedDict, namedtuple
from enum import Enum, IntEnum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


class Sub(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.w = nn.Parameter(torch.full((3,), float(n)))
        self.n = n

    def forward(self, x: Tensor, flip: bool = False) -> Tensor:
        if flip:
            x = -x
        return x * self.w + self.n

    @torch.jit.export
    def info(self) -> Dict[str, int]:
        return {"n": self.n}


@program((X,))
class SharedTypes(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Sub(1)
        self.b = Sub(2)
        self.c = self.a

    def forward(self, x: Tensor):
        return self.a(x), self.b(x, flip=True), self.c(x, True), self.a.info(), self.b.w.sum()


@program((X,), method="other")
class OtherMethods(nn.Module):
    def __init__(self):
        super().__init__()
        self.s = Sub(2)

    def forward(self, x: Tensor):
        return x

    @torch.jit.export
    def other(self, x: Tensor, k: int = 2):
        return self.s(x) * k


def swap_inputs(self, inp: Tuple[Tensor, int]) -> Tuple[Tensor, int]:
    return (inp[0] + inp[1], inp[1] * 2)


def keep_output(self, inp: Tuple[Tensor, int], out: Tuple[Tensor, int]):
    return (out[0] * 3, out[1] + inp[1])


class TwoArgs(nn.Module):
    def forward(self, x: Tensor, k: int) -> Tuple[Tensor, int]:
        return x + 1, k


@program((X, 2), (X, 0))
class HooksTuple(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = TwoArgs()
        self.m.register_forward_pre_hook(swap_inputs)
        self.m.register_forward_hook(keep_output)

    def forward(self, x: Tensor, k: int):
        return self.m(x, k)


def hook_state(self, inp: Tuple[Tensor], out: Tensor):
    self.calls = self.calls + 1
    return out + self.calls


class Counting(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        return x * 2


@program((X,))
class HookChangesState(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = Counting()
        self.m.register_forward_hook(hook_state)

    def forward(self, x: Tensor):
        a = self.m(x)
        b = self.m(a)
        return b, self.m.calls


def hook_str(self, inp: Tuple[List[str]]) -> Tuple[List[str]]:
    inp[0].append("pre")
    return (inp[0],)


class Joiner(nn.Module):
    def forward(self, l: List[str]) -> str:
        return "-".join(l)


@program((["a"],), ([],))
class HookList(nn.Module):
    def __init__(self):
        super().__init__()
        self.j = Joiner()
        self.j.register_forward_pre_hook(hook_str)

    def forward(self, l: List[str]):
        return self.j(l), l


@torch.jit.interface
class TwoWays:
    def one(self, x: Tensor) -> Tensor:
        pass

    def two(self, x: Tensor, n: int) -> Tensor:
        pass


@torch.jit.script
class ImplA:
    def __init__(self):
        self.k = 2

    def one(self, x: Tensor) -> Tensor:
        return x + self.k

    def two(self, x: Tensor, n: int) -> Tensor:
        return x * n


@torch.jit.script
class ImplB:
    def __init__(self, s: int):
        self.s = s

    def one(self, x: Tensor) -> Tensor:
        return x - self.s

    def two(self, x: Tensor, n: int) -> Tensor:
        return self.one(x) * n


@torch.jit.script
def use_ways(w: TwoWays, x: Tensor) -> Tensor:
    return w.two(w.one(x), 3)


@program((X, True), (X, False))
def class_interfaces(x: Tensor, p: bool):
    a = use_ways(ImplA(), x)
    b = use_ways(ImplB(4), x)
    ws = torch.jit.annotate(List[TwoWays], [ImplA(), ImplB(2)])
    for w in ws:
        x = w.one(x)
    return a, b, x


@program((X, 1), (X, 0), refused="calls method 'two' of a value")
def interface_chosen(x: Tensor, i: int):
    ws = torch.jit.annotate(List[TwoWays], [ImplA(), ImplB(2)])
    return ws[i].two(x, 2)


class Level(Enum):
    LOW = 0.5
    HIGH = 1.5


@program((X,))
class EnumAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.level = Level.HIGH
        self.levels: List[Level] = [Level.LOW, Level.HIGH]

    def forward(self, x: Tensor):
        if self.level == Level.HIGH:
            x = x * self.level.value
        return x, self.level, self.level.name


@program((0,), (5,))
def enum_results(n: int) -> Level:
    if n > 3:
        return Level.HIGH
    return Level.LOW


@program(([Level.LOW, Level.HIGH, Level.LOW],))
def enum_lists(l: List[Level]):
    c = 0
    s = 0.0
    for x in l:
        if x == Level.LOW:
            c += 1
        s += x.value
    return c, s, l[1].name


@program((X, None), (X, X + 1), (X, [X, X]))
def union_tensor_list(x: Tensor, o: Union[None, Tensor, List[Tensor]]):
    if o is None:
        return x
    elif isinstance(o, Tensor):
        return x + o
    else:
        s = x
        for t in o:
            s = s + t
        return s


@program((1,), ("a",))
def union_return(v: Union[int, str]) -> Union[int, str, List[int]]:
    if isinstance(v, str):
        return [len(v)]
    if v > 3:
        return "big"
    return v + 1


@program(({"a": 1, "b": "x"},))
def union_values(d: Dict[str, Union[int, str]]):
    n = 0
    s = ""
    for k, v in d.items():
        if isinstance(v, int):
            n += v
        else:
            s += k
    d["c"] = 5
    return n, s, d


@program(([1, "a", 2],))
def union_list(l: List[Union[int, str]]):
    r: List[str] = []
    for v in l:
        if isinstance(v, str):
            r.append(v + "!")
        else:
            r.append(str(v + 1))
    return r


class Box:
    def __init__(self, v: Optional[int]):
        self.v = v
        self.next: Optional["Box"] = None


@torch.jit.script
class Node:
    def __init__(self, v: int, t: Tensor):
        self.v = v
        self.t = t
        self.tags: Dict[str, List[int]] = {}

    def tag(self, k: str, n: int):
        if k not in self.tags:
            self.tags[k] = torch.jit.annotate(List[int], [])
        self.tags[k].append(n)


@program((X, 4), (X, 0))
def object_lists(x: Tensor, n: int):
    nodes: List[Node] = []
    for i in range(n):
        node = Node(i, x * i)
        node.tag("a", i)
        node.tag("a", i * 2)
        nodes.append(node)
    s = torch.zeros(2, 3)
    for m in nodes:
        s += m.t
        m.v += 10
    return s, [m.v for m in nodes], [m.tags["a"][1] for m in nodes]


@program((X, 2))
def object_dicts(x: Tensor, n: int):
    d: Dict[int, Node] = {}
    for i in range(n):
        d[i] = Node(i, x)
    d[0].v = 7
    d[1].t = x + 1
    return d[0].v + d[1].v, d[1].t, len(d)


@program((X, 1), (X, -1))
def optional_object(x: Tensor, n: int):
    node: Optional[Node] = None
    if n > 0:
        node = Node(n, x)
    if node is not None:
        node.v += 1
        return node.v, node.t
    return 0, x - 1


@torch.jit.script
class Swapper:
    def __init__(self, a: int, b: int):
        self.a = a
        self.b = b

    def swap(self):
        self.a, self.b = self.b, self.a
        return self

    def __getitem__(self, k: str) -> int:
        if k == "a":
            return self.a
        return self.b

    def __setitem__(self, k: str, v: int):
        if k == "a":
            self.a = v
        else:
            self.b = v

    def __iadd__(self, n: int) -> "Swapper":
        self.a += n
        return self

    def __hash__(self) -> int:
        return self.a


@program((1, 2))
def magic_methods(a: int, b: int):
    s = Swapper(a, b).swap()
    s["a"] = s["b"] + 10
    s["b"] = s["b"] + 1
    s += 5
    return s.a, s.b, s["a"]


@program((X, 3))
def recursion_free_calls(x: Tensor, n: int):
    def_val = helper_chain(x, n)
    return def_val, helper_opt(None), helper_opt(n)


def helper_chain(x: Tensor, n: int) -> Tensor:
    if n > 2:
        return helper_end(x) * n
    return helper_end(x)


def helper_end(x: Tensor, bias: Optional[Tensor] = None) -> Tensor:
    if bias is not None:
        return x + bias
    return x - 1


def helper_opt(n: Optional[int] = 4) -> int:
    if n is None:
        n = 3
    return n


@program((X,), (X + 3,))
def lambda_free_min_max(x: Tensor):
    a = min(x.size(0), x.size(1))
    b = max(1.5, float(x.sum()))
    return a, b, min(1, 2.5) if False else 1, max([3, 1]), min((2, 1)) if False else 0, x.max().item()


@program((2, 3), (3, 2))
def number_types(a: int, b: int):
    return a / b, a * 1.0, float(a) // b, int(a / b), bool(a - b), a + True, -a % b, a == 2.0, a > 2.5, 1e3 * a


@program((2.0, 3.0), (-8.0, 1 / 3), (0.0, -1.0))
def float_pow(a: float, b: float):
    return math.exp(a), math.sin(b), math.atan2(a, b), math.hypot(a, b) if False else 0, math.fabs(a), math.fmod(a, b), math.degrees(a), math.erf(a), math.gamma(abs(a) + 1), math.tanh(b)


@program((10,), (0,), (-4,))
def math_ints(n: int):
    return math.gcd(n, 6), math.factorial(abs(n)), math.sqrt(abs(n)), math.log(abs(n) + 1), math.log1p(n + 5), math.floor(n / 3), math.ldexp(1.5, 2)


@program((-4,),)
def math_domain(n: int):
    return math.sqrt(n), math.log(n)


@program((X,))
def tensor_number_mix(x: Tensor):
    return 1 - x, 2 / (x + 1), 2 ** x, x // 2, x % 2, 7 // (x + 1), x ** 2, -x, abs(-x), x @ x.t(), (x > 1) & (x > 2), ~(x > 2), x >= 2, 3 > x


@program((X,))
def inplace_ops(x: Tensor):
    y = x.clone()
    y += 1
    y *= 2
    y -= x
    y /= 3
    z = y
    y **= 2
    i = torch.tensor([1, 2, 3])
    i <<= 1
    i |= 1
    return y, z, i


@program((X,))
def views_written(x: Tensor):
    a = x.clone()
    b = a.view(3, 2)
    c = a[0]
    c.fill_(9)
    b[2, 1] = -1
    d = a.t()
    d.add_(1)
    return a, b, c, d


@program((X, torch.tensor([0, 1])))
def index_kinds(x: Tensor, i: Tensor):
    y = x.clone()
    y[i, i] = 7.0
    y[i] += 1
    y[:, i] *= 2
    z = x.index_select(1, i)
    y.index_put_((i, i + 1), torch.tensor(3.0), accumulate=True)
    return y, z, x[:, [2, 0]], x[i[0]], x[1, i], x[x.sum(1) > 3], torch.where(x > 2)[0], x.masked_fill(x > 4, 0.0)


@program((X,))
def tensor_iter(x: Tensor):
    s = 0
    rows = [r.sum() for r in x]
    for i, row in enumerate(x):
        s += i
        for v in row:
            s += int(v)
    a, b = x.unbind(0)
    return rows, s, a, b, len(x)


@program((X,))
def unpacking(x: Tensor):
    a, (b, c), *d = 1, (2, 3), 4, 5
    h, w = x.shape
    v, i = x.max(1)
    m = torch.max(x, dim=0)
    return a, b, c, h, w, v, i, m.values, m.indices


@program((3,))
def comprehension_kinds(n: int):
    a = [i * j for i, j in zip([1, 2], [3, 4])]
    b = [str(i) for i in range(n)]
    c = [x for x in "abc"]
    d = [(i, s) for i, s in enumerate(["x", "y"])]
    e = [[j for j in range(i)] for i in range(n)]
    f = {s: i for i, s in enumerate(["p", "q"])}
    return a, b, c, d, e, f


@program(([5, 3],), ([],))
def list_methods(l: List[int]):
    l.append(5)
    n = l.count(5)
    i = l.index(5)
    l.remove(5)
    l += [7, 8]
    m = l + [1]
    m[0] = 100
    del m[0]
    k = m * 2
    return n, i, l, m, k, 7 in l, l == [3, 7, 8], l != m


@program(([1, 2, 3],))
def list_errors(l: List[int]):
    l.remove(9)
    return l


@program(([],),)
def pop_empty(l: List[int]):
    return l.pop()


@program((X,))
def shape_compare(x: Tensor):
    return x.shape == [2, 3], x.size() == x.shape, x.shape[0] * x.shape[-1], list(x.shape), x.shape[1:], len(x.shape), tuple(x.shape) if False else 0, torch.zeros(x.shape), x.new_ones(x.size()[:1])


@program((X, True), (X, False))
def bool_flow(x: Tensor, p: bool):
    q = p and x.size(0) == 2
    r = p or bool(x.sum() > 100)
    s = not p
    t = p & q, p | r, p ^ s
    return q, r, s, t, int(p), p + 1, float(p), p == 1


@program((X,))
class NonTensorState(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = {"a": [1, 2]}
        self.o = torch.jit.Attribute(None, Optional[int])
        self.t = (X, 1)

    def forward(self, x: Tensor):
        self.d["b"] = [3]
        o = self.o
        if o is None:
            self.o = 4
        self.d["a"].append(9)
        return self.d, self.o, self.t[0] + x


@program((X,))
class ContainersOfTensors(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = [X, X + 1]
        self.d = {"k": X * 2}

    def forward(self, x: Tensor):
        for t in self.l:
            x = x + t
        for k, v in self.d.items():
            x = x * v
        return x, len(self.l)


@program((X,))
class IgnoredAttr(nn.Module):
    __jit_unused_properties__ = ["hidden"]
    __constants__ = ["k", "flag"]

    def __init__(self):
        super().__init__()
        self.k = 5
        self.flag = False

    @property
    def hidden(self):
        return print

    def forward(self, x: Tensor):
        if self.flag:
            return x.nothing()
        return x * self.k


@program((X,))
class CallsItself(nn.Module):
    def __init__(self):
        super().__init__()
        self.seq = nn.Sequential(OrderedDict([("first", nn.Linear(3, 3)), ("act", nn.ReLU())]))
        self.ml = nn.ModuleList([nn.ModuleList([nn.Linear(3, 3) for _ in range(2)]) for _ in range(2)])
        self.md = nn.ModuleDict({"x": nn.ModuleList([nn.Tanh()])})

    def forward(self, x: Tensor):
        x = self.seq.first(x)
        for row in self.ml:
            for m in row:
                x = m(x)
        for m in self.md["x"]:
            x = m(x)
        return x, self.ml[0][1](x), len(self.seq)


@program((X, "b"), (X, "a"))
class DictByName(nn.Module):
    def __init__(self):
        super().__init__()
        self.md = nn.ModuleDict({"a": nn.Tanh(), "b": nn.ReLU()})

    def forward(self, x: Tensor, k: str):
        for n, m in self.md.items():
            if n == k:
                x = m(x)
        return x


@program((X,))
def checkpointless_no_grad(x: Tensor):
    with torch.no_grad():
        x = x + 1
        with torch.autograd.profiler.record_function("r"):
            x = x * 2
    return x


@torch.no_grad()
def decorated(x: Tensor) -> Tensor:
    return x + 1


@program((X, 2), (X, 0))
def while_tensor_cond(x: Tensor, n: int):
    i = torch.zeros((), dtype=torch.long)
    while i < n:
        x = x + i
        i += 1
    return x, i
