# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values of rarer kinds, and of ordinary kinds in rarer places: devices, dtypes, enums and complex numbers in containers and
branches, hashes, identity, numbers that a tensor stands for, traced and scripted mixed."""
from enum import Enum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
V = torch.tensor([3, 1, 2])


class Level(Enum):
    LOW = 1
    HIGH = 2


class Rate(Enum):
    HALF = 0.5
    FULL = 1.5


class Word(Enum):
    YES = "yes"
    NO = "no"


@program((Rate.HALF,), (Rate.FULL,))
def float_member(r: Rate):
    return r.value * 2, r.name, r == Rate.HALF


@program((Word.NO, Level.HIGH))
def two_members(w: Word, l: Level):
    return w.value + l.name, l.value + 1, w == Word.NO, l != Level.LOW


@program((True,), (False,))
def member_from_branch(b: bool):
    l = Level.LOW
    if b:
        l = Level.HIGH
    return l.value, l.name, l == Level.HIGH, l


@program((3,), (0,))
def member_in_loop(n: int):
    l = Level.LOW
    for i in range(n):
        l = Level.HIGH if l == Level.LOW else Level.LOW
    return l


@program(([Level.LOW, Level.HIGH], {"a": Level.HIGH}))
def members_in_containers(x: List[Level], d: Dict[str, Level]):
    x.append(d["a"])
    d["b"] = Level.LOW
    n = 0
    for l in x:
        n += l.value
    return n, x, d, d["b"].name


@program((None,), (Level.HIGH,))
def optional_member(l: Optional[Level]):
    if l is None:
        return "none"
    return l.name


@program(())
def all_members():
    return [l.value for l in Level], [w.name for w in Word], [r.value for r in Rate]


@program((Level.HIGH,))
def member_passed(l: Level):
    return describe(l), describe(Level.LOW)


def describe(l: Level) -> str:
    if l == Level.LOW:
        return "low"
    return l.name.lower() + str(l.value)


@program((True, 1 + 2j), (False, 1 + 2j))
def complex_from_branch(b: bool, c: complex):
    z = c
    if b:
        z = c * 2
    return z, abs(z), z + 1


@program((3,), (0,))
def complex_in_loop(n: int):
    z = complex(1.0, 1.0)
    for i in range(n):
        z = z * z + 1
    return z


@program(([1 + 1j, 2j],))
def complex_list(x: List[complex]):
    x.append(x[0] * x[1])
    return x, len(x), [abs(c) for c in x]


@program(({"a": 1j},))
def complex_values(d: Dict[str, complex]):
    d["b"] = d["a"] + 1
    return d, abs(d["b"])


@program((torch.tensor([1 + 2j, 3j]),))
def complex_tensor(x: Tensor):
    return x.real, x.imag, x.conj() * 1, x.abs(), x.is_complex(), x[0].item(), x.dtype == torch.complex64


@program((1.5, 2.5))
def complex_made(a: float, b: float):
    c = complex(a, b)
    return c, torch.tensor(c), torch.full((2,), c)


@program((X,))
def device_kinds(x: Tensor):
    d = x.device
    l = [d, torch.device("cpu")]
    m = {"d": d}
    return l, m, d == l[1], d.type, str(d), torch.zeros(1, device=m["d"])


@program((True,), (False,))
def device_from_branch(b: bool):
    d = torch.device("cpu")
    if b:
        d = torch.device("cuda:1")
    return d.type, d, d == torch.device("cpu")


@program((X,), (V,))
def dtype_kinds(x: Tensor):
    d = x.dtype
    l = [d, torch.float64]
    return d, l, d == torch.float32, d in l, torch.zeros(2, dtype=d), x.to(l[1])


@program((torch.float32, X), (torch.float64, X), (torch.int64, X))
def dtype_compared(d: torch.dtype, x: Tensor):
    if d == torch.float32:
        return x
    elif d == torch.float64:
        return x.double()
    return x.to(d)


@program((X, True), (X, False))
def dtype_from_branch(x: Tensor, b: bool):
    d = torch.float32
    if b:
        d = torch.float64
    y = torch.ones(2, dtype=d)
    return y.sum(), y.dtype == torch.float64


@program((X, 0), (X, 1), (X, -1))
def dimension_given(x: Tensor, d: int):
    return x.sum(d), x.mean(d, keepdim=True), x.softmax(d), x.size(d), torch.cat([x, x], d), x.argmax(d)


@program((X, 0), (X, 2), (X, -1))
def unsqueezed_at(x: Tensor, d: int):
    return x.unsqueeze(d), torch.stack([x, x], d)


@program((X, 0, 1), (X, 1, 1))
def dimensions_given(x: Tensor, a: int, b: int):
    return x.transpose(a, b), x.select(a, 1), x.narrow(a, 0, 1)


@program((X, True), (X, False))
def flag_given(x: Tensor, b: bool):
    return x.sum(1, keepdim=b), torch.sort(x, 1, b)[0], x.mean(0, b)


@program((X, 5), (X, -3))
def dimension_out_of_range(x: Tensor, d: int):
    return x.sum(d)


@program((1, 1.5, "a", True, None))
def identities(i: int, f: float, s: str, b: bool, n: Optional[int]):
    return i is i, n is None, s == s, b is True if False else b, f is not None


@program((3, 4.5, "k", True))
def hashes(i: int, f: float, s: str, b: bool):
    return hash(i), hash(i) == hash(3), hash(f) == hash(4.5), hash(s) == hash("k"), hash(b) == hash(True), hash((i, s)) == hash((3, "k"))


@program((X, torch.device("cpu")))
def hashes_of_others(x: Tensor, d: torch.device):
    return hash(d) == hash(torch.device("cpu")), hash(x) == hash(x), hash(None) == hash(None)


@program((torch.tensor(2), X))
def tensor_as_number(n: Tensor, x: Tensor):
    s = 0
    for i in range(int(n)):
        s += i
    return s, x[int(n) - 1], torch.zeros(int(n)), [1] * int(n), float(n) / 2


@program((torch.tensor([1.0, 2.0]),))
def tensor_iteration(x: Tensor):
    out: List[float] = []
    for v in x:
        out.append(float(v) + 1)
    return out, x[1]


@program((X, 1), (X, 2.5))
def number_kinds(x: Tensor, k: Union[int, float]):
    if isinstance(k, int):
        y = x + k
    else:
        y = x * k
    return y


@program((True,), (False,))
def union_kept(b: bool) -> List[Union[int, str]]:
    out: List[Union[int, str]] = []
    out.append(1)
    if b:
        out.append("x")
    out.append(2)
    return out


@program((2,), (0,))
def union_in_loop(n: int) -> Union[int, str]:
    x: Union[int, str] = 0
    for i in range(n):
        if isinstance(x, int):
            x = "text"
        else:
            x = len(x)
    return x


@program((True,), (False,))
def union_tensor_branch(b: bool):
    x: Union[Tensor, int] = 3
    if b:
        x = torch.ones(2)
    if isinstance(x, int):
        return torch.zeros(2) + x
    return x * 2


@program((True,), (False,))
def optional_union(b: bool):
    x: Union[int, str, None] = None
    if b:
        x = "s"
    if x is None:
        return "none"
    elif isinstance(x, str):
        return x + "!"
    return "int"


@program((1, "a"), (5, "a"))
def union_in_dict(n: int, s: str):
    d: Dict[str, Union[int, str]] = {"n": n, "s": s}
    if n > 3:
        d["n"] = "big"
    v = d["n"]
    if isinstance(v, int):
        return v
    return -1


@program((True,), (False,))
def any_of_branch(b: bool):
    x: Any = 1
    if b:
        x = "s"
    if isinstance(x, str):
        return len(x)
    if isinstance(x, int):
        return x
    return 0


@program((2, True), (2, False))
def tuple_or_number(n: int, b: bool) -> Union[int, Tuple[int, int]]:
    if b:
        return n, n + 1
    return n


@program((True,), (False,))
def containers_from_branches(b: bool):
    l: List[int] = []
    d: Dict[str, List[int]] = {}
    if b:
        l = [1, 2, 3]
        d["a"] = l
    else:
        d["b"] = [0]
    l.append(9)
    for k in d:
        d[k].append(7)
    return l, d


@program((2, [10, 20, 30]), (0, [5]))
def inner_list_written(i: int, x: List[int]):
    rows = [[1], [2], [3]]
    row = rows[i]
    row.append(x[0])
    rows[i].append(99)
    return rows, row, rows[i] is row


@program((1,), (0,))
def inner_dict_written(i: int):
    rows = [{"a": 1}, {"b": 2}]
    rows[i]["z"] = 5
    d = {"k": rows[i], "q": {"c": 3}}
    d["k"]["y"] = 6
    return rows, d


@program(("k",), ("q",))
def inner_of_dict_written(k: str):
    d = {"k": [1], "q": [2]}
    x = d[k]
    x.append(5)
    y = d.get(k)
    if y is not None:
        y.append(6)
    for v in d.values():
        v.append(0)
    return d, x


@program(([[1], [2, 3]], 1))
def popped_and_kept(x: List[List[int]], i: int):
    y = x.pop(i)
    y.append(4)
    x.append(y)
    z = x.pop(0)
    return x, y, z


@program(({"a": [1], "b": [2]}, "a"))
def popped_from_dict(d: Dict[str, List[int]], k: str):
    x = d.pop(k)
    x.append(3)
    k2, y = d.popitem()
    y.append(4)
    return d, x, y, k2


@program(([X, X + 1], 1), ([X, X + 1], 0))
def tensors_popped(x: List[Tensor], i: int):
    y = x.pop(i)
    return y * 2, x, len(x)


class Carried(NamedTuple):
    n: int
    items: List[int]
    best: Optional[float] = None


@program((4,), (0,))
def tuple_carried(n: int):
    c = Carried(0, [])
    for i in range(n):
        c.items.append(i)
        c = Carried(c.n + i, c.items, i * 0.5)
    return c, c.best is None


@program((X, 3), (X, 0))
def state_of_several(x: Tensor, n: int):
    best: Optional[Tensor] = None
    names: List[str] = []
    table: Dict[int, Tensor] = {}
    for i in range(n):
        y = x * i
        table[i] = y.sum()
        names.append(f"step{i}")
        if best is None or bool(y.sum() > best.sum()):
            best = y
    return best, names, table, len(table)


@torch.jit.script
def scripted(x: Tensor, k: int) -> Tensor:
    if k > 1:
        return x * k
    return x - 1


@program((X,), make=lambda m: torch.jit.trace(m, (X,)))
class TracedCallsScripted(nn.Module):
    def forward(self, x):
        return scripted(x, 3) + scripted(x, 1)


@program((X,), (X[:1],), make=lambda m: torch.jit.trace(m, (X,)))
class TracedShapes(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(3, 4)

    def forward(self, x):
        y = self.lin(x).view(x.size(0), 2, 2)
        return y.transpose(1, 2).reshape(x.shape[0], -1), y.mean(dim=(1, 2)), torch.zeros(x.size(0), 2)


@program(((X, [X, X + 1]),), make=lambda m: torch.jit.trace(m, ((X, [X, X + 1]),)))
class TracedNested(nn.Module):
    def forward(self, t):
        a, (b, c) = t
        return a + b, (c, [a, b])


@program((X,), make=lambda m: torch.jit.trace_module(m, {"forward": X, "other": X}))
class TracedMethods(nn.Module):
    def forward(self, x):
        return x + 1

    def other(self, x):
        return x * 2


@program((X,), (torch.ones(4, 3),), make=lambda m: torch.jit.trace(m, (X,)))
class TracedInPlace(nn.Module):
    def forward(self, x):
        y = x.clone()
        y[0] = 5
        y[:, 1] += 1
        y.mul_(2)
        return y, x


@program((X,))
class ScriptedHoldsTraced(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.jit.trace(nn.Sequential(nn.Linear(3, 3), nn.ReLU()), X)
        self.other = torch.jit.script(nn.Linear(3, 2))

    def forward(self, x: Tensor):
        for i in range(2):
            x = self.inner(x)
        return self.other(x), scripted(x, 2)


@program((X, 2), (X, 0))
class Stateful(nn.Module):
    history: List[int]
    cache: Dict[str, Tensor]

    def __init__(self):
        super().__init__()
        self.history = []
        self.cache = {}
        self.total = 0.0
        self.flag = False

    def forward(self, x: Tensor, n: int):
        for i in range(n):
            self.history.append(i)
            self.total += float(x.sum())
            self.cache[str(i)] = x * i
        self.flag = len(self.history) > 1
        return self.history, self.total, self.flag, self.cache


@program((X,))
class Functionals(nn.Module):
    def forward(self, x: Tensor):
        return F.gelu(x), F.log_softmax(x, dim=-1), F.one_hot(torch.tensor([0, 2]), 3), F.normalize(x, dim=1), F.leaky_relu(x - 2, 0.1), \
            F.mse_loss(x, x + 1), F.cross_entropy(x, torch.tensor([0, 2])), F.layer_norm(x, [3]), F.pad(x, [1, 1])
