# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that mix the language's features, 5 of 6."""
import math
from collections import OrderedDict, namedtuple
from enum import Enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((X,), (torch.tensor([1, 2]),), (torch.tensor(2.5),))
def print_tensors(x: Tensor):
    print(x)
    print("x:", x, [x], {"k": x})
    return x.dtype


@program((X,))
class ScriptMethods(torch.jit.ScriptModule):
    __constants__ = ["n"]

    def __init__(self):
        super().__init__()
        self.n = 4
        self.w = nn.Parameter(torch.ones(3))
        self.sub = nn.Linear(3, 2)

    @torch.jit.script_method
    def helper(self, x):
        return x * self.w + self.n

    @torch.jit.script_method
    def forward(self, x):
        return self.sub(self.helper(x))


CU = torch.jit.CompilationUnit("""
def f(x, n: int):
    y = x
    for i in range(n):
        y = y + i
    return y
""")


@program((X, 3), make=lambda f: CU.f)
def from_text(x, n):
    return x


@program((X, 2))
def type_comment(x, n):
    # type: (Tensor, int) -> Tuple[Tensor, List[int]]
    l = torch.jit.annotate(List[int], [])
    for i in range(n):
        l.append(i)
    return x + n, l


@program(({1.5: "a", 2.0: "b"}, 2.0))
def float_keys(d: Dict[float, str], k: float):
    d[3.0] = "c"
    return d[k], 1.5 in d, list(d.keys()), d


@program((True,), (False,))
def bool_keys(b: bool):
    d = {True: 1, False: 0}
    return d[b], d[not b]


@program(([1, "a", 2.5, None, [1]],))
def list_of_any(l: List[Any]):
    n = 0
    for x in l:
        if isinstance(x, int):
            n += x
        elif isinstance(x, str):
            n += 10
        elif x is None:
            n += 100
    return n, len(l)


@program(([X],), ([1, 2],), ({"a": X},))
def jit_isinstance(v: Any):
    if torch.jit.isinstance(v, List[Tensor]):
        return v[0].sum()
    elif torch.jit.isinstance(v, List[int]):
        return torch.tensor(v[0])
    elif torch.jit.isinstance(v, Dict[str, Tensor]):
        return v["a"]
    return torch.zeros(1)


class Ctx:
    def __init__(self, name: str, log: List[str]):
        self.name = name
        self.log = log

    def __enter__(self) -> str:
        self.log.append("in " + self.name)
        return self.name

    def __exit__(self, a: Any, b: Any, c: Any) -> None:
        self.log.append("out " + self.name)


@program((X,))
def two_contexts(x: Tensor):
    log: List[str] = []
    with Ctx("a", log) as a, Ctx("b", log) as b:
        log.append(a + b)
    c = Ctx("c", log)
    with c:
        with c:
            x = x + 1
    return x, log


@program((3,), (0,))
def context_return(n: int):
    log: List[str] = []
    with Ctx("a", log):
        for i in range(n):
            if i == 1:
                break
        if n > 2:
            log.append("big")
    return log


@program((0,), (1,), (2,))
def exception_types(n: int):
    if n == 0:
        raise Exception("plain")
    elif n == 1:
        raise RuntimeError("run %d" % n)
    raise KeyError("key")


class MyError(ValueError):
    pass


@program((5,))
def custom_exception(n: int):
    if n > 3:
        raise MyError("mine " + str(n))
    return n


@program((X, True), (X, False))
class PreservedFreeze(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 2.0
        self.l = nn.Linear(3, 3)

    def forward(self, x: Tensor, double: bool):
        if double:
            return self.l(x) * self.scale
        return self.l(x)


@program((X,), make=lambda m: torch.jit.freeze(torch.jit.script(m.eval()), preserved_attrs=["k", "other"]), method="other")
class FreezeKeeps(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 3
        self.s = nn.Sequential(nn.Linear(3, 3), nn.Dropout())

    def forward(self, x: Tensor):
        return self.s(x) + self.k

    @torch.jit.export
    def other(self, x: Tensor):
        return self.s(x) * self.k


@program((X,))
class GetattrDefault(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = 5

    def forward(self, x: Tensor):
        if hasattr(self, "b"):
            return x * self.b
        return x + getattr(self, "a") + getattr(self, "zzz", 4)


Pt = namedtuple("Pt", ["x", "y"])


@program((Pt(X, X + 1),))
def collections_namedtuple(p: Pt):
    return Pt(p.y, p.x), p.x + p[1], p


class Opt(NamedTuple):
    a: Tensor
    b: Optional[Tensor] = None
    n: int = 3


@program((Opt(X),), (Opt(X, X + 1, 5),))
def optional_fields(o: Opt):
    b = o.b
    if b is not None:
        return o.a + b, o.n
    return o.a, o.n


@program((X, 1, 3), (X, 0, 10), (X, -1, 2))
def slice_variables(x: Tensor, i: int, j: int):
    return x[:, i:j], x[i:], x[:j], x[..., i:j], x[:, :, None], x[None, i], x[..., None, :], x[i, ..., 0]


@program((torch.arange(10), 1, 8, 3), (torch.arange(10), 0, 10, 2))
def slice_steps(x: Tensor, i: int, j: int, k: int):
    return x[i:j:k], x[::k], x[i::k], x.tolist() if False else 0, [1, 2, 3, 4, 5][i:j:k], "abcdefghij"[i:j:k]


@program((X, torch.tensor(1), torch.tensor([True, False, True])))
def tensor_subscripts(x: Tensor, i: Tensor, m: Tensor):
    y = x.clone()
    y[:, m] = 0.0
    y[i] = y[i] * 2
    y[i, 0] = 100
    y[0, m] = torch.tensor([7.0, 8.0])
    return y, x[:, m], x[i], x[[True, False]], x[[1]], x[i:], x[:, i]


@program((X,))
def assign_forms(x: Tensor):
    y = torch.zeros(3, 4)
    y[0] = 1
    y[1, :] = torch.arange(4.0)
    y[:, -1] = torch.tensor(9.0)
    y[1:, 1:3] = x[:, :2]
    y[::2, 0] += 5
    y[torch.tensor([0, 2]), torch.tensor([1, 2])] = -3.0
    y[y < 0] -= 1
    return y


@program((5.0, 3.0), (-5.0, 3.0), (5.0, float("inf")), (float("nan"), 1.0), (0.0, -0.0))
def float_edges(a: float, b: float):
    return a % b, a < b, a == b, a != b, min(a, b), max(a, b), a * b, a - b, str(a), int(a) if not math.isnan(a) else 0, math.copysign(a, b), abs(b)


@program((7, 0), (-7, 0))
def zero_division(a: int, b: int):
    return a // b


@program((7.0, 0.0))
def float_zero_division(a: float, b: float):
    return a / b


@program((7, 0))
def int_true_division(a: int, b: int):
    return a / b


@program((3, -1), (1, 70))
def shifts(a: int, b: int):
    return a << b if b >= 0 else 0, a >> 1, (-a) >> 2, a << 2, 1 << 40


@program((6, 4))
def math_more(a: int, b: int):
    return math.remainder(float(a), float(b)) if False else 0.0, math.asin(0.5), math.acosh(1.5), math.lgamma(3.5), math.expm1(0.1), math.erfc(0.3), math.radians(180.0), math.log10(100.0), math.log(8.0, 2.0), math.isqrt(17) if False else 0, math.perm(5, 2) if False else 0, math.pow(2.0, 0.5)


@program((X,))
def random_generators(x: Tensor):
    g = torch.Generator(device="cpu")
    g.manual_seed(7)
    a = torch.rand([2], generator=g)
    b = torch.randn([3], generator=g)
    return a, b


@program((X,))
def ops_namespace(x: Tensor):
    return torch.ops.aten.add(x, 1), torch.ops.aten.relu(x - 2), torch.ops.aten.sum(x, [0])


@program((X,))
def record_fn(x: Tensor):
    with torch.autograd.profiler.record_function("block"):
        y = x * 2
    return y


@program((X, 1.0), (X, 0.0))
def unused_raise(x: Tensor, v: float):
    if v > 0.5:
        return x + v
    return x - missing_fn(x)


@torch.jit.unused
def missing_fn(x: Tensor) -> Tensor:
    return x.some_python_thing()


@program((X,), (-X,))
def early_exit_loops(x: Tensor):
    s = 0.0
    for i in range(x.size(0)):
        for j in range(x.size(1)):
            v = float(x[i, j])
            if v < 0:
                return s
            if v == 2.0:
                continue
            if v > 4.0:
                break
            s += v
    return s


@program((X, X + 1, X * 2))
def zip_three(a: Tensor, b: Tensor, c: Tensor):
    out = []
    for x, y, z in zip(a, b, c):
        out.append(x + y * z)
    for i, (x, y) in enumerate(zip(a, b)):
        out.append(x * i - y)
    for i, x in enumerate(a, 5):
        out.append(x + i)
    return out


@program(({"a": 1, "b": 2},))
def dict_comps(d: Dict[str, int]):
    e = {v: k for k, v in d.items()}
    f = [k + str(v) for k, v in d.items()]
    g = {k: v * 2 for k, v in d.items()}
    return e, f, g, sorted(d.keys()), max(d.values()) if False else 0, dict(d), len(e)


@program(())
def constructors():
    a = list([1, 2])
    b = dict([("a", 1), ("b", 2)])
    c = dict(x=1, y=2)
    d = list("abc")
    e = list(range(3))
    f = list((1, 2)) if False else [0]
    g = torch.jit.annotate(Dict[str, int], {})
    return a, b, c, d, e, f, g


@program(([[1, 2], [3, 4]], 3))
def nested_list_tensor(l: List[List[int]], n: int):
    return torch.tensor(l), torch.tensor([[n, 1], [2, 3]]), torch.tensor(l).sum(0)


@program(([X, X + 1, X * 2],))
def tensor_list_ops(l: List[Tensor]):
    s = torch.stack(l)
    b = torch.broadcast_tensors(l)
    c = torch.cat([x[None] for x in l])
    v = torch.vstack(l)
    h = torch.hstack(l)
    d = torch.block_diag(l)
    return s, b[0], c, v, h, d, torch.dstack(l), torch.chain_matmul([l[0], l[1].t()]) if False else 0


@program((X, X))
def tensor_multi_outputs(a: Tensor, b: Tensor):
    u, s, v = torch.svd(a)
    q, r = torch.linalg.qr(a)
    values, idx = torch.topk(a, 2)
    m, mi = a.median(1)
    un, inv, cnt = torch.unique(torch.tensor([3, 1, 3]), return_inverse=True, return_counts=True) if False else (a, b, a)
    mn, mx = torch.aminmax(a)
    return s, q.shape, r.shape, values, idx, m, mi, mn, mx


@program((torch.tensor([3, 1, 3, 2]),))
def uniques(x: Tensor):
    a = torch.unique(x)
    b, c = torch.unique(x, return_inverse=True)
    d, e, f = torch.unique(x, sorted=True, return_inverse=True, return_counts=True)
    return a, b, c, d, e, f, torch.bincount(x), x.nonzero()


@program((X,))
class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Module()
        self.a.b = nn.Module()
        self.a.b.w = nn.Parameter(torch.ones(3))
        self.a.b.register_buffer("c", torch.zeros(3))

    def forward(self, x: Tensor):
        self.a.b.c += x[0]
        self.a.b.c[0] = 50
        return x + self.a.b.w + self.a.b.c


@program((X,))
class ClassAttribute(nn.Module):
    factor: int = 3
    name: str = "cls"
    maybe: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.maybe = None

    def forward(self, x: Tensor):
        m = self.maybe
        if m is None:
            m = torch.ones(3)
            self.maybe = m
        return x * m, self.maybe is None


@program((X,))
class TupleAttrs(nn.Module):
    def __init__(self):
        super().__init__()
        self.shape = (2, 3)
        self.pairs = [("a", 1), ("b", 2)]
        self.nested = {"k": [(1, 2.0)]}

    def forward(self, x: Tensor):
        s = 0
        for k, v in self.pairs:
            s += v
        a, b = self.shape
        return x.view(b, a), s, self.nested["k"][0][1]


class Leafy(nn.Module):
    def forward(self, x: Tensor) -> Tuple[Tensor, Dict[str, Tensor]]:
        return x + 1, {"aux": x * 2}


@program((X,))
class DictReturn(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = Leafy()

    def forward(self, x: Tensor):
        y, d = self.l(x)
        d["more"] = y
        out = OrderedDict([("z", y)]) if False else {"z": y}
        out.update(d)
        return out


def trace_me(x, y):
    a = x[:, 1:] + y.size(0)
    b = torch.zeros(x.shape[0], 2, dtype=x.dtype)
    a += b
    return a, x.view(-1, x.size(0)), y.to(torch.int64)


program((X, X + 1), make=lambda f: torch.jit.trace(f, (X, X)))(trace_me)


class TracedModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 2, 2)
        self.l = nn.Linear(4, 3)
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        y = F.relu(self.c(x))
        y = y.flatten(1)
        return self.drop(self.l(y[:, :4]))


program((torch.arange(18.0).reshape(2, 1, 3, 3),), make=lambda m: torch.jit.trace(m.eval(), (torch.ones(2, 1, 3, 3),)))(TracedModel)


@torch.jit.script_if_tracing
def maybe_flip(x: Tensor) -> Tensor:
    if x.sum() > 0:
        return x
    return -x


@program((X,), (-X,), make=lambda f: torch.jit.trace(f, (X,)))
def traced_script_if(x):
    return maybe_flip(x * 2) + 1


@program((3, [1, 2, 3]), (5, [1]))
def membership(n: int, l: List[int]):
    return n in l, n not in l, n in [1, 5], str(n) in ["3"], n in (3, 4) if False else True, n in {3: 1}, "a" in "abc", 1.5 in [1.5]
