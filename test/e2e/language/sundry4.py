# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that mix the language's features, 4 of 6."""
import math
from collections import OrderedDict
from enum import Enum
from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
I = torch.tensor(5)


@program((torch.tensor(10),), (torch.tensor(0),))
def fibonacci(n: Tensor) -> Tensor:
    a = torch.ones([], dtype=torch.long)
    b = torch.ones([], dtype=torch.long)
    i = 0
    while i < int(n):
        a, b = b, a + b
        i += 1
    return a


@program((torch.tensor(3), torch.tensor(4)), (torch.tensor(7), torch.tensor(4)))
def if_tensor_assign(a: Tensor, b: Tensor):
    if bool(a < b):
        c = a + b
        d = 1
    elif bool(a == b):
        c = a
        d = 2
    else:
        c = a - b
        d = 3
    return c, d


@program((torch.tensor(5), torch.tensor(2)),)
def tensors_to_scalars(a: Tensor, b: Tensor):
    return int(a) // int(b), float(a) / float(b), bool(a > b), int(a) % int(b), a.item(), complex(a), int(a.float())


@program((3,), (0,))
def loop_carried(n: int):
    a = 1
    b = 2.0
    s = "s"
    l = [0]
    for i in range(n):
        a, b = a + i, b * 2
        s = s + str(i)
        l = l + [a]
    return a, b, s, l


@program((10, 2), (2, 10))
def range_steps(a: int, b: int):
    return [i for i in range(a, b, -3)], [i for i in range(b)], [i for i in range(-a, b, 5)], sum([i for i in range(0, a, b)])


@program((1, 0),)
def range_zero_step(a: int, s: int):
    t = 0
    for i in range(0, a, s):
        t += i
    return t


@program((X,), (torch.zeros(0, 3),))
def empty_reductions(x: Tensor):
    return x.sum(), x.numel() == 0, x.size(0), x.mean(0).isnan().any(), x.shape[0] > 0


@program((X,))
def number_results(x: Tensor):
    return x.sum().item(), x[0, 0].item(), int(x[1, 1]), x.size(), x.numel(), x.dim(), float(x.max()), x.tolist() if False else 1


@program((X, X + 1))
def chained_comparison(a: Tensor, b: Tensor):
    return bool((a < b).all()) and not bool(torch.equal(a, b)), torch.allclose(a, b), a is b, a is a, a is not b, torch.equal(a, a)


@program((2.5, 2), (-2.5, -3))
def mixed_compare(f: float, i: int):
    return f > i, f == i, f + i, f * i, f / i, f // i, f % i, i ** f if i > 0 else 0.0, f ** i, min(f, 1.0), max(i, 3), i < f <= 10


@program((X,))
def constants_of_all(x: Tensor):
    return math.pi, math.e, math.inf, -math.inf, math.tau if False else 0.0, float("inf"), 1e-8, 0x10, 1_000, 1j, True, None, "s", (), [1], {"a": 1}


@program((4,))
def tensors_of_numbers(n: int):
    return torch.tensor([1, 2, n]), torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor(n), torch.tensor(2.5), torch.tensor(True), torch.tensor([1, 2], dtype=torch.float64), torch.tensor([True, False]), torch.as_tensor([1, n]), torch.tensor([[n]]), torch.arange(n), torch.arange(0, 1, 0.25), torch.linspace(0, 1, n), torch.eye(n), torch.full((2,), n), torch.zeros([n, 2], dtype=torch.int32), torch.empty(0), torch.scalar_tensor(n)


@program((X, 2, 3), (X, 3, 2), (X, 6, 1))
def views_by_args(x: Tensor, a: int, b: int):
    return x.view(a, b), x.reshape([b, a]), x.view(-1), x.view(a, -1), x.flatten(), x.unsqueeze(0).squeeze(), x.expand(2, 2, 3), x.repeat(a, 1), x.t().contiguous().view(a, b)


@program((X, 0), (X, 1))
def select_dim(x: Tensor, d: int):
    return torch.narrow(x, d, 0, 1), x.index_select(d, torch.tensor([1, 0])), torch.stack([x, x], d), torch.unbind(x, d)[1], x.movedim(0, d), x.transpose(0, d), torch.gather(x, d, torch.zeros(2, 3, dtype=torch.long)), x.argsort(d), x.topk(1, d)[0], x.std(d), x.logsumexp(d), x.size(d)


@program((X,))
def kwargs_forms(x: Tensor):
    return torch.sum(input=x, dim=[0]), x.sum(dim=0, keepdim=True), torch.add(x, x, alpha=2), torch.clamp(x, min=1.0), torch.clamp(x, max=2), x.clamp(1, 4), torch.softmax(x, dim=-1), torch.std(x, dim=1, unbiased=False), torch.addmm(x[:, :2], x, x.t(), beta=0.5, alpha=2.0), torch.arange(start=1, end=5, step=2), torch.zeros(size=[2]), F.softmax(input=x, dim=0, dtype=torch.float64)


@program(([1.0, 2.0], 2), ([], 0))
def list_tensors(l: List[float], n: int):
    return torch.tensor(l), torch.tensor(l).sum(), torch.tensor([n] * 3), len(l) == n


@program(("key: value; other: thing",), ("",))
def parse_text(s: str):
    d: Dict[str, str] = {}
    for part in s.split(";"):
        kv = part.split(":")
        if len(kv) == 2:
            d[kv[0].strip()] = kv[1].strip()
    return d, len(s)


@program(("abcabc", "c", 2), ("", "x", 0))
def find_ranges(s: str, t: str, n: int):
    return s.find(t, n), s.rfind(t, 0, n), s.count(t), s.replace(t, "XX"), s.startswith(t, n), s.endswith(t), s.find(t), t in s, s.split("b", 1), s.rsplit("b", 1)


@program(("x=%d y=%s", 3),)
def percent_formats(f: str, n: int):
    return f % (n, "s"), "%d%%" % n, "%s" % [1, 2], "%r" % "a" if False else "", "%c" % 65 if False else "", "%i" % n, "%x" % n


@program((3, 2.0, "s", [1], None, True))
def fstring_kinds(i: int, f: float, s: str, l: List[int], o: Optional[int], b: bool):
    return f"{i}{f}{s}{l}{o}{b}", f"{i + 1} {len(s)} {l[0]}", f"{'x'}", f"{(1, 2)}", f"{{}}"


@program((X,))
def format_tensor(x: Tensor):
    return "{}".format(x.size(0)), "{} {}".format(x.shape, x.dtype), str(x.dim())


@program((2, 3))
def error_in_helper(a: int, b: int):
    return checked(a, b)


def checked(a: int, b: int) -> int:
    if a < b:
        raise IndexError("a {} is less than b {}".format(a, b))
    return a


@program((X, X.t()))
def shape_mismatch(a: Tensor, b: Tensor):
    return a + b


@program((X,))
def raise_plain(x: Tensor):
    if x.size(0) > 1:
        raise NotImplementedError
    return x


@program((X, None))
def assert_not_none(x: Tensor, o: Optional[Tensor]):
    assert o is not None
    return x + o


@program((None,), (3,))
def unwrap_required(o: Optional[int]):
    return torch.jit._unwrap_optional(o) + 1


@program(([1, 2],), ([1],))
def unpack_list(l: List[int]):
    a, b = l
    return a + b


@program((X,))
class Stateful(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.zeros(3))
        self.register_buffer("steps", torch.tensor(0))
        self.momentum = 0.5

    def forward(self, x: Tensor):
        self.total = self.total * self.momentum + x.sum(0)
        self.steps += 1
        if int(self.steps) > 3:
            self.total.zero_()
        return self.total, self.steps, self.training


@program((X,), make=lambda m: torch.jit.script(m.train()))
class TrainingMode(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm1d(3)

    def forward(self, x: Tensor):
        y = self.bn(x)
        if self.training:
            return y * 2
        return y


@program((X,))
class TrainFlagSub(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.Dropout(0.5)
        self.s = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.1), nn.Softmax(-1))

    def forward(self, x: Tensor):
        return self.s(self.d(x)), self.d.training, self.d.p


class Gate(nn.Module):
    def __init__(self, on: bool):
        super().__init__()
        self.on = on
        if on:
            self.l = nn.Linear(3, 3)
        else:
            self.l = None

    def forward(self, x: Tensor) -> Tensor:
        if self.l is not None:
            return self.l(x)
        return x


@program((X,))
class OptionalSubmodule(nn.Module):
    def __init__(self):
        super().__init__()
        self.gates = nn.ModuleList([Gate(True), Gate(False)])

    def forward(self, x: Tensor):
        for g in self.gates:
            x = g(x)
        return x


@program((X,))
class SetSubmoduleState(nn.Module):
    def __init__(self):
        super().__init__()
        self.sub = Stateful()

    def forward(self, x: Tensor):
        self.sub.momentum = 0.25
        self.sub.total += 1
        y = self.sub(x)
        return y, self.sub.momentum


@program((X,))
class FinalConstants(nn.Module):
    sizes: Final[List[int]]
    pair: Final[Tuple[int, float]]

    def __init__(self):
        super().__init__()
        self.sizes = [2, 3]
        self.pair = (1, 0.5)

    def forward(self, x: Tensor):
        for s in self.sizes:
            x = x + s
        return x.view(self.sizes), self.pair[1]


@program((X,))
class ForwardKwargs(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.Linear(3, 3)

    def inner(self, x: Tensor, *, k: int, name: str) -> Tuple[Tensor, str]:
        return self.t(x) * k, name

    def forward(self, x: Tensor, flag: bool = True, opt: Optional[Tensor] = None):
        if flag:
            return self.inner(x, k=2, name="n")
        return self.inner(x, k=3, name="m")


@program((torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)),))
class SmallResnet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 4, 3, padding=1)
        self.b1 = nn.BatchNorm2d(4)
        self.down = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))
        self.fc = nn.Linear(4, 2)

    def block(self, x: Tensor) -> Tensor:
        y = F.relu(self.b1(self.c1(x)), inplace=True)
        y += self.down(x)
        return y

    def forward(self, x: Tensor) -> Tensor:
        y = self.block(x)
        y = F.max_pool2d(y, 2)
        y = F.adaptive_avg_pool2d(y, (1, 1)).flatten(1)
        return F.log_softmax(self.fc(y), dim=1)


@program((torch.tensor([[1, 2, 0], [3, 0, 0]]),))
class TextModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(5, 4, padding_idx=0)
        self.bag = nn.EmbeddingBag(5, 4, mode="sum")
        self.gru = nn.GRU(4, 3, batch_first=True)

    def forward(self, ids: Tensor):
        mask = ids != 0
        y, h = self.gru(self.e(ids))
        y = y.masked_fill(~mask.unsqueeze(-1), 0.0)
        return y.sum(1) / mask.sum(1, keepdim=True), self.bag(ids), h


@program((X,))
class RnnLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 4)

    def forward(self, x: Tensor, h: Optional[Tensor] = None):
        if h is None:
            h = torch.zeros(1, 4)
        outs: List[Tensor] = []
        for t in range(x.size(0)):
            h = self.cell(x[t].unsqueeze(0), h)
            outs.append(h)
        return torch.stack(outs), h


@program((X.unsqueeze(1), (torch.zeros(1, 1, 4), torch.ones(1, 1, 4))))
class LstmState(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(3, 4)

    def forward(self, x: Tensor, hc: Tuple[Tensor, Tensor]):
        y, hc = self.l(x, hc)
        return y, hc


@program((X,), (X * 3,))
def script_with_trace_shape(x: Tensor):
    if x.size(0) * x.size(1) == x.numel():
        x = x.view(x.size(1), x.size(0))
    return x


def pair_fn(a: Tensor, b: int = 1) -> Tuple[Tensor, int]:
    return a * b, b


@program((X,))
def tuple_returns(x: Tensor):
    t = pair_fn(x)
    a, b = pair_fn(x, b=3)
    c = pair_fn(x, 2)[0]
    l = [pair_fn(x, i) for i in range(2)]
    return t, a, b, c, l


@program((X,))
def shadowing(x: Tensor):
    y = x
    for i in range(2):
        y = y + i
        i = 10
        y = y * i
    l = [i for i in range(3)]
    return y, l


@program((5, True), (5, False))
def uninitialised_paths(n: int, p: bool):
    if p:
        v = n
    else:
        raise ValueError("no p")
    return v


@program((7,), (2,))
def break_in_while(n: int):
    i = 0
    s = 0
    while True:
        i += 1
        if i % 2 == 0:
            continue
        if i > n:
            break
        s += i
    return s, i


@program((3,), (6,))
def return_in_nested(n: int):
    for i in range(5):
        for j in range(5):
            if i * j == n:
                return i, j
    return -1, -1


@program((X, 2))
def assert_message(x: Tensor, n: int):
    assert x.size(0) == n, f"expected {n}"
    assert x.dim() == 3, "rank is " + str(x.dim())
    return x


@program((X,))
def delete_things(x: Tensor):
    a = [1, 2, 3, 4]
    del a[1]
    del a[-1]
    d = {"x": 1, "y": 2}
    del d["x"]
    y = x
    del y
    return a, d


@program(([[1, 2], [3]],), ([],))
def nested_lists(l: List[List[int]]):
    n = 0
    for a in l:
        for b in a:
            n += b
    l.append([n])
    l[0].append(7)
    return l, [len(a) for a in l], sum([sum(a) for a in l])


@program(([(1, "a"), (2, "b")],))
def list_of_tuples(l: List[Tuple[int, str]]):
    s = ""
    for n, t in l:
        s += t * 1 if False else t + str(n)
    l.append((3, "c"))
    return s, l, {t: n for n, t in l}, [t for _, t in l]


@program(({"a": {"x": 1}, "b": {}},))
def nested_dicts(d: Dict[str, Dict[str, int]]):
    d["a"]["y"] = 2
    d["b"] = {"z": 3}
    n = 0
    for k, v in d.items():
        for kk in v:
            n += v[kk]
    return d, n, "x" in d["a"]


@program(((1, (2, "c")),))
def nested_tuples(t: Tuple[int, Tuple[int, str]]):
    a, (b, c) = t
    return a + b, c, t[1][0], (t, t[1]), len(t[1])


@program((2 + 3j, [1j, 2.0 + 0j]))
def complex_lists(c: complex, l: List[complex]):
    s = 0j
    for x in l:
        s += x * c
    d = {c: 1}
    return s, l[0] == 1j, d, c + 1, c - 2.5, str(c), c != 1j


@program((1 + 2j, torch.tensor([1 + 1j, 2 - 1j])))
def complex_tensors(c: complex, t: Tensor):
    return t * c, t.real, t.imag, t.conj() + 0, t.abs(), t.angle(), torch.view_as_real(t), t.is_complex(), torch.complex(t.real, t.imag), t.sum().item()


@program((X,))
def rnd_shapes(x: Tensor):
    a = torch.rand(2, 3)
    b = torch.randn_like(x)
    c = torch.randint(0, 5, (4,))
    d = torch.randperm(4)
    return a.shape, b.dtype, int(c.max()) < 5, d.sum(), torch.bernoulli(torch.ones(2)), F.dropout(x, 0.0)


@program((X,))
def seeded(x: Tensor):
    torch.manual_seed(3)
    return torch.rand(2), torch.randint(0, 10, (3,)), torch.randperm(5)


@program((5,))
def isinstance_static(n: int):
    x: Optional[int] = n
    return isinstance(n, int), isinstance(n, float), isinstance("s", str), isinstance([n], list), isinstance([n], List[int]), isinstance((n, 1.0), tuple), isinstance(x, int), isinstance(torch.ones(1), torch.Tensor), isinstance(n, (int, str))


@program((2,), (3,))
def recursion_style(n: int):
    return factorial(n), even(n)


def factorial(n: int) -> int:
    r = 1
    for i in range(1, n + 1):
        r *= i
    return r


def even(n: int) -> bool:
    return n % 2 == 0


@program((X,), make=lambda f: torch.jit.trace(f, (X,), strict=False))
def traced_dict(x):
    return {"a": x + 1, "b": x * 2}


@program((X, X), make=lambda f: torch.jit.trace(f, (X, X), strict=False))
def traced_list(x, y):
    return [x + y, x - y], (x,)


@program(({"x": X, "y": X + 1},), make=lambda f: torch.jit.trace(f, ({"x": X, "y": X + 1},)))
def traced_dict_arg(d):
    return d["x"] + d["y"]
