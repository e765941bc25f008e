# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that mix the language's features, 2 of 6."""
import math
import warnings
from enum import Enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.utils.parametrize as parametrize
from torch import Tensor
from torch._awaits import _Await as Await

from . import program

X = torch.arange(6.0).reshape(2, 3)


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


@program((Mode.FAST, Mode.SLOW), (Mode.SLOW, Mode.SLOW))
def enum_is(a: Mode, b: Mode):
    return a is b, a is not b, a == b, a != b, a is Mode.FAST


@program(([1, 2, 3, 4],), ([5],), ([],))
def list_lengths(l: List[int]):
    out: List[int] = []
    while len(l) > 0:
        out.append(l.pop())
    return out, l


@program(([X, X + 1, X + 2],))
def tensors_popped(l: List[Tensor]):
    a = l.pop()
    b = l.pop(0)
    l.insert(0, a)
    l.extend([b, b])
    return a + b, l, len(l)


@program(([2, 3],), ([6],), ([3, 1, 2],))
def view_any(l: List[int]):
    return torch.arange(6).view(l)


@program((X, [0, 1]), (X, [1]), (X, [0]))
def sum_dims(x: Tensor, dims: List[int]):
    return x.sum(dims), x.mean(dims, keepdim=True), x.amax(dims)


@program((X, [1, 0]))
def permute_list(x: Tensor, p: List[int]):
    return x.permute(p), x.flip(p), torch.roll(x, p, p)


@program((torch.arange(24.0).reshape(2, 3, 4), 3), (torch.arange(24.0).reshape(2, 3, 4), 2))
def many_sizes(x: Tensor, n: int):
    sizes = [1] * n
    return x.new_zeros(sizes), torch.ones(sizes).sum(), torch.full(sizes, 7.0)


def later(x: Tensor) -> Tensor:
    return x * 2


@program((X, 3), (X, 0), refused="of a type that has no form at run time yet")
def awaits_in_loop(x: Tensor, n: int):
    l: List[Await[Tensor]] = []
    for i in range(n):
        l.append(torch.jit._awaitable(later, x + i))
    s = torch.zeros(2, 3)
    for a in l:
        s = s + torch.jit._awaitable_wait(a)
    return s


@program((X, True), (X, False))
def await_in_branch(x: Tensor, p: bool):
    a = torch.jit._awaitable(later, x)
    y = x
    if p:
        y = torch.jit._awaitable_wait(a)
    return y + torch.jit._awaitable_wait(a)


@program((X, 3), (X, 0))
def forks_in_loop(x: Tensor, n: int):
    l: List[torch.jit.Future[Tensor]] = []
    for i in range(n):
        l.append(torch.jit.fork(later, x + i))
    out: List[Tensor] = []
    for f in l:
        out.append(torch.jit.wait(f))
    return out


@torch.jit.script
class Stack:
    def __init__(self):
        self.items: List[int] = []

    def push(self, x: int) -> "Stack":
        self.items.append(x)
        return self

    def pop(self) -> int:
        return self.items.pop()

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, x: int) -> bool:
        return x in self.items


@program((4,), (0,))
def stack_class(n: int):
    s = Stack()
    for i in range(n):
        s.push(i).push(i * 10)
    a = -1
    if len(s) > 2:
        a = s.pop()
    return a, len(s), 3 in s, s.items


@torch.jit.script
class Version:
    def __init__(self, a: int, b: int):
        self.a = a
        self.b = b

    def __lt__(self, o: "Version") -> bool:
        return self.a < o.a or (self.a == o.a and self.b < o.b)


@program(([3, 1, 2, 1],), ([],))
def sort_objects(l: List[int]):
    v = [Version(i, j) for j, i in enumerate(l)]
    v.sort(reverse=True)
    r = [x.a for x in v]
    w = sorted([Version(i, 0) for i in l])
    return r, [x.a for x in w]


@torch.jit.script
class Static:
    def __init__(self, x: Tensor):
        self.x = x

    @staticmethod
    def make(n: int) -> "Static":
        return Static(torch.ones(n))

    def double(self) -> None:
        self.x *= 2

    @property
    def total(self) -> Tensor:
        return self.x.sum()


@program((3,))
def static_methods(n: int):
    s = Static.make(n)
    s.double()
    t = s.total
    s.x = s.x + 1
    return t, s.total, s


class Pair(NamedTuple):
    a: int
    b: Optional[str]


class Nest(NamedTuple):
    p: Pair
    l: List[Pair]
    t: Tuple[int, Tensor]


@program((X, 1), (X, 2))
def nested_named(x: Tensor, n: int):
    p = Pair(n, None)
    q = Nest(p, [p, Pair(2, "z")], (n, x))
    r = q.l[1].b
    assert r is not None
    return q, r, q.p.a, q.t[1] + 1, q.p == Pair(1, None) if False else True


@program((X, 2), (X, 1.5), (X, "k"), (X, [1, 2]), (X, None), (X, X))
def any_dispatch(x: Tensor, v: Any) -> str:
    if isinstance(v, Tensor):
        return "tensor"
    if isinstance(v, (int, float)):
        return "number"
    if isinstance(v, list):
        return "list"
    if v is None:
        return "none"
    if isinstance(v, str):
        return v
    return "?"


@program(([1, 2],), ((1, 2),), ({"a": 1},))
def any_containers(v: Any):
    return isinstance(v, list), isinstance(v, tuple), isinstance(v, List[int]), isinstance(v, Dict[str, int]), isinstance(v, Tuple[int, int])


@program(([1, None, 3],), ([],))
def list_of_optionals(l: List[Optional[int]]):
    s = 0
    for x in l:
        if x is not None:
            s += x
    l.append(None)
    return s, l, l[-1] is None


@program(({"a": [1, 2], "b": []},))
def dict_of_lists(d: Dict[str, List[int]]):
    d["a"].append(3)
    d["c"] = [9]
    for k in d.keys():
        d[k].insert(0, 0)
    return d, sum(d["a"])


@program(({1: X, 2: X + 1},))
def dict_of_tensors(d: Dict[int, Tensor]):
    s = torch.zeros(2, 3)
    for k, v in d.items():
        s = s + k * v
    d[3] = s
    del d[1]
    return s, d, len(d), 1 in d


@program((3,), (1,))
def early_returns(n: int):
    for i in range(10):
        if i == n:
            return "found" + str(i)
        if i > 5:
            break
        if i % 2 == 0:
            continue
    return "end"


@program((10,), (0,))
def nested_loops(n: int):
    r: List[Tuple[int, int]] = []
    i = 0
    while i < n:
        j = 0
        while True:
            j += 1
            if j * i > 6 or j > 3:
                break
            r.append((i, j))
        i += 3
    return r


@program((5, 2), (-5, 2), (5, -2))
def ternary_chain(a: int, b: int):
    return (a if a > b else b), (0 if a < 0 else 1 if b < 0 else 2), a < b < 10, not a > b, a and b if False else 1


@program(("abc", 3), ("", 0))
def str_arith(s: str, n: int):
    t = s + "-" + s + str(n)
    out = ""
    for c in t:
        if c in "ab":
            out = c + out
    return t, out, len(t), s == "abc", s < "b", s >= "", "bc" in s, ",".join(list(s))


@program((["x", "yy"],))
def str_join(l: List[str]):
    return "".join(l), ", ".join([a + "!" for a in l]), "\n".join(l).splitlines(), "a\tb".expandtabs(4)


@program((1.0,), (0.1,), (1e20,), (1e-7,), (float("inf"),), (-0.0,), (123456789.123,))
def str_of_float(x: float):
    return str(x), f"{x}", "{:.2f}".format(x) if False else "", "%s" % x, "%.4f" % x, "%g" % x


@program((True, None), (False, None))
def str_of_things(b: bool, n: Optional[int]):
    return str(b), f"{b} {n}", str([1, 2]), str((1, "a")), str({"a": 1.5}), str(["x"])


@program((X,))
def prints(x: Tensor):
    print("a", 1, 2.5, True, None)
    print([1, 2], (1, 2), {"k": "v"})
    print(x.shape, x.size(0))
    return x


@program((X,))
def warns(x: Tensor):
    warnings.warn("careful")
    return x + 1


@program((X, 4), (X, 2))
def bad_index(x: Tensor, i: int):
    l = [1, 2, 3]
    return l[i], x[0, i]


@program(({"a": 1}, "a"), ({"a": 1}, "b"))
def bad_key(d: Dict[str, int], k: str):
    return d[k]


@program(((1, 2.0, "x"),))
def tuple_ops(t: Tuple[int, float, str]):
    a, b, c = t
    u = t[1:] + (a,)
    return u, len(t), t[0] == 1, t[-1], 1 in (1, 2), (a, a) == (1, 1)


@program((X,))
class WeightNormed(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))

    def forward(self, x: Tensor):
        return x


class Sym(nn.Module):
    def forward(self, w):
        return w + w.t()


def parametrized():
    m = nn.Linear(3, 3)
    parametrize.register_parametrization(m, "weight", Sym())
    return m


@program((X,), make=lambda m: torch.jit.trace(m, (X,)))
class TracedParametrized(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = parametrized()

    def forward(self, x):
        return self.l(x)


@torch.jit.script
def scripted_clamp(x: Tensor, n: int) -> Tensor:
    for i in range(n):
        if bool(x.sum() > 10):
            x = x - i
    return x


@program((X,), (X + 5,), make=lambda f: torch.jit.trace(f, (X,)))
def traced_with_script(x):
    return scripted_clamp(x * 2, 3) + 1


class TracedLinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = torch.jit.trace(nn.Linear(3, 2), (X,))

    def forward(self, x: Tensor):
        if bool(x.sum() > 100):
            return self.l(x) + 1
        return self.l(x)


program((X,), (X + 100,))(TracedLinear)


class Base(nn.Module):
    k: Final[int]
    names: Final[List[str]]

    def __init__(self):
        super().__init__()
        self.k = 3
        self.names = ["a", "b"]

    def helper(self, x: Tensor) -> Tensor:
        return x * self.k


@program((X,))
class Derived(Base):
    def helper(self, x: Tensor) -> Tensor:
        return x + self.k

    def forward(self, x: Tensor):
        return self.helper(x), super().helper(x) if False else x, len(self.names)


@program((X,))
class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("n", torch.zeros(1))
        self.register_buffer("none", None)
        self.hist = torch.jit.Attribute([], List[Tensor])

    def forward(self, x: Tensor):
        self.n += x.sum()
        self.hist.append(x[0])
        if self.none is not None:
            return self.none, len(self.hist)
        return self.n * 2, len(self.hist)


@program((X,))
class GetAttrLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1 = nn.Parameter(torch.ones(3))
        self.w2 = nn.Parameter(torch.ones(3) * 2)

    def forward(self, x: Tensor):
        s = x
        for name in ("w1", "w2"):
            s = s + 1
        return s + getattr(self, "w1"), hasattr(self, "w2"), hasattr(self, "w3")


@program((X,))
class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(3, 4, num_layers=2, bidirectional=True)
        self.c = nn.LSTMCell(3, 4)

    def forward(self, x: Tensor):
        y, (h, c) = self.l(x.unsqueeze(1))
        a, b = self.c(x)
        return y, h, c, a, b


@program((X,))
class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MultiheadAttention(4, 2)
        self.l = nn.Linear(3, 4)

    def forward(self, x: Tensor):
        y = self.l(x).unsqueeze(1)
        o, w = self.a(y, y, y)
        o2, w2 = self.a(y, y, y, need_weights=False)
        return o, w, o2, w2 is None


@program((X, torch.float64), (X, torch.int64))
def dtype_args(x: Tensor, d: torch.dtype):
    return x.to(d), x.to(d).dtype == d, torch.zeros(2, dtype=d)


@program((X,))
def devices(x: Tensor):
    d = torch.device("cpu")
    return x.to(d).device == d, d.type, d.index, str(d), torch.zeros(1, device=d), torch.device("cuda:1").index


@program((X,))
def formats(x: Tensor):
    y = x.view(1, 1, 2, 3).to(memory_format=torch.channels_last)
    return y.is_contiguous(memory_format=torch.channels_last), y.contiguous(), x.layout == torch.strided, y.stride()


@program((X, 1), (X, 0))
def dim_arg(x: Tensor, d: int):
    return x.softmax(d), x.cumsum(d), torch.cat([x, x], d), x.max(d), x.argmin(d), x.unbind(d), x.size(d), x.select(d, 0), x.unsqueeze(d), x.sort(d, descending=True)


@program((X,))
def functional_many(x: Tensor):
    return F.gelu(x), F.dropout(x, 0.5, False), F.one_hot(torch.tensor([0, 2]), 3), F.pad(x, [1, 1], value=2.0), F.normalize(x), F.cosine_similarity(x, x + 1), F.interpolate(x.unsqueeze(0), scale_factor=2.0), F.cross_entropy(x, torch.tensor([0, 1])), F.leaky_relu(x - 2, 0.2), F.unfold(x.view(1, 1, 2, 3), [2, 2]), F.embedding(torch.tensor([1, 0]), x)


@program((5,), (0,))
def generators_any(n: int):
    return any(i > 3 for i in range(n)), all(i < 4 for i in range(n)), sum([i for i in range(n)])


@program((12345678901234567,), (-3,))
def hashes(n: int):
    return hash(n), hash("a") == hash("a"), hash(1.5) == hash(1.5)


def outer_fn(x: Tensor, f: int = 3, *, g: int) -> Tensor:
    return x + f + g



@torch.jit._overload
def over(x: int) -> int: ...  # noqa
@torch.jit._overload
def over(x: Tensor) -> Tensor: ...  # noqa
def over(x):  # noqa
    return x + x


@program((X, 3))
def overloads(x: Tensor, n: int):
    return over(x), over(n)
