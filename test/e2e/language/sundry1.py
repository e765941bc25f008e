# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that mix the language's features, 1 of 6."""
import cmath
import math
from collections import namedtuple
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Callable, Dict, Final, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((X,), (X[:0],))
def size_of_each(x: Tensor) -> List[int]:
    out: List[int] = []
    for row in x:
        out.append(row.size(0))
        out.append(row.numel())
    return out


@program(([3, 1, 2],), ([],))
def sort_reverse_in_place(l: List[int]):
    a = l.copy()
    a.sort(reverse=True)
    b = sorted(l)
    l.reverse()
    return a, b, l


@program((["b", "a", "C"],))
def sorted_strings(l: List[str]):
    return sorted(l), l


@program(("a,b,,c", ","), ("abc", ""))
def split_parts(s: str, sep: str):
    return s.split(sep)


@program(("  x y  z ",))
def string_methods(s: str):
    return s.strip(), s.lstrip(), s.rstrip(), s.upper(), s.title(), s.split(), s.replace(" ", "-", 2), s.partition("y"), s.rpartition(" "), s.center(14, "*"), s.ljust(12, "."), s.rjust(12, "."), s.zfill(12), s.swapcase(), s.capitalize()


@program(("Hello World",))
def string_tests(s: str):
    return s.isalpha(), s.isdigit(), s.islower(), s.isupper(), s.isspace(), s.istitle(), s.isalnum(), s.isprintable(), s.isnumeric(), s.isdecimal(), s.startswith("He"), s.endswith("ld"), s.find("o"), s.rfind("o"), s.index("o"), s.rindex("o"), s.count("l")


@program((7, 2), (-7, 2), (7, -2), (5, 0))
def int_division(a: int, b: int):
    return a // b, a % b, divmod(a, b)


@program((7.5, 2.0), (-7.5, 2.0), (7.5, 0.0))
def float_division(a: float, b: float):
    return a // b, a % b, divmod(a, b)


@program((2, 3), (2, -1), (0, 0), (-2, 3))
def pow_ints(a: int, b: int):
    return a ** b, pow(a, b), math.pow(a, b)


@program((2.5,), (-2.5,), (3.5,), (0.49999,))
def rounding(x: float):
    return round(x), math.floor(x), math.ceil(x), int(x), abs(x), math.copysign(1.0, x), math.modf(x), math.frexp(x)


class Color(Enum):
    RED = 1
    GREEN = 2


@program((Color.RED,), (Color.GREEN,))
def enum_dict_lookup(c: Color):
    d = {Color.RED.name: "r", Color.GREEN.name: "g"}
    return d[c.name], c.name, c.value, c == Color.RED


@program(())
def enum_listing():
    out: List[Tuple[str, int]] = []
    for c in Color:
        out.append((c.name, c.value))
    return out, len(Color) if False else 2


class Point(NamedTuple):
    x: float
    y: Tensor
    label: str = "p"


@program((X, 1.0))
def namedtuple_default(x: Tensor, v: float):
    p = Point(v, x)
    q = Point(x=2.0, y=x + 1, label="q")
    a, b, c = q
    return p, q.x + p.x, a, b, c, p[2], len(p)


@program((X, 1), (X, "s"), (X, 2.5))
def union_three(x: Tensor, v: Union[int, str, float]) -> str:
    if isinstance(v, int):
        return "int" + str(v + 1)
    elif isinstance(v, str):
        return "str" + v
    else:
        return "float" + str(v * 2)


@program((None,), (X,))
def optional_tensor_or(x: Optional[Tensor]):
    if x is None:
        x = torch.zeros(2)
    return x + 1


@program((X, None, 3), (X, 2, None), (X, None, None))
def optional_pair(x: Tensor, a: Optional[int], b: Optional[int]):
    if a is not None and b is None:
        return x * a
    if b is not None:
        return x + b
    return x


@program(({"a": 1, "b": 2},))
def dict_walk(d: Dict[str, int]):
    keys: List[str] = []
    total = 0
    for k, v in d.items():
        keys.append(k)
        total += v
    for k in d:
        total += len(k)
    for v in d.values():
        total += v
    return keys, total, list(d.keys()), list(d.values()), list(d.items()), "a" in d, len(d)


@program(({"a": 1, "b": 2}, "a"), ({"a": 1, "b": 2}, "z"))
def dict_methods(d: Dict[str, int], k: str):
    a = d.get(k)
    b = d.get(k, 7)
    c = d.setdefault(k, 9)
    e = d.pop(k)
    f = d.popitem()
    d.update({"n": 5})
    g = d.copy()
    d.clear()
    return a, b, c, e, f, g, d


@program((3,), (0,))
def dict_comprehension_range(n: int):
    d = {i: str(i * i) for i in range(n)}
    return d, [v for v in d.values()]


@program(([1, 2, 3, 4, 5],))
def slices_of_lists(l: List[int]):
    return l[1:3], l[::-1], l[::2], l[-2:], l[:-1], l[10:], l[3:1], l[-1:0:-2]


@program(("abcdef",))
def slices_of_strings(s: str):
    return s[1:3], s[::-1], s[::2], s[-2:], s[-1], s[10:]


@program((X,))
def slices_of_tensors(x: Tensor):
    return x[1:], x[:, ::2], x[..., 0], x[None], x[:, None, 1:], x[-1], x[[0, 1], [1, 2]], x[x > 2], x[torch.tensor([1, 0])]


@program((X,))
def setting_parts(x: Tensor):
    y = x.clone()
    y[0] = 5.0
    y[:, 1] += 2
    y[y > 6] = -1.0
    y[1, 2] = y[0, 0]
    y[..., -1] *= 2
    return y


class CM:
    def __init__(self, log: List[int]):
        self.log = log

    def __enter__(self):
        self.log.append(1)
        return 5

    def __exit__(self, t: Any, v: Any, tb: Any) -> None:
        self.log.append(2)


@program((X,))
def with_block(x: Tensor):
    log: List[int] = []
    with CM(log) as k:
        x = x + k
        log.append(3)
    return x, log


@program((X,), (-X - 1,))
def with_block_raising(x: Tensor):
    log: List[int] = []
    with CM(log) as k:
        if bool(x.sum() < 0):
            raise ValueError("negative " + str(k))
        x = x * 2
    return x, log


@torch.jit.script
@dataclass
class Settings:
    n: int
    s: float = 1.5
    name: str = "c"


@program((2,))
def dataclass_use(n: int):
    c = Settings(n)
    d = Settings(n, 2.0, "d")
    return c.n + d.n, c.s, d.s, c.name + d.name, c == d, c == Settings(n)


class Custom(RuntimeError):
    def __init__(self, msg: str):
        super().__init__(msg)


@program((1,), (-1,), (0,))
def raises_kinds(n: int):
    if n < 0:
        raise ValueError(f"negative {n}")
    assert n != 0, "zero"
    return n


@program((1.5, "a", 3))
def format_mix(f: float, s: str, i: int):
    return "{} {} {}".format(f, s, i), f"{s}:{i}", "%s-%d-%f" % (s, i, f), "%5d|%-5d|%05d" % (i, i, i), "%.3f %e %g" % (f, f, f), "{0}{1}{0}".format(s, i), "%x %o %X" % (255, 8, 255), "{{}} {}".format(i)


@program((3, 5))
def bit_ops(a: int, b: int):
    return a & b, a | b, a ^ b, a << b, b >> 1, -a >> 1


@program((9223372036854775807,), (-9223372036854775807,))
def int_overflow(a: int):
    return a + 1, a * 2, a - 2, -a, abs(a)


@program(("12",), ("-7",), ("x",))
def int_of_str(s: str):
    return int(s), float(s)


@program(("inf",), ("nan",), ("-1e300",), ("1_0",))
def float_of_str(s: str):
    x = float(s)
    return x, math.isnan(x), math.isinf(x), math.isfinite(x), str(x)


@program((65,))
def chars(n: int):
    return chr(n), ord("z"), hex(n), bin(n), oct(n), str(n), bool(n), float(n)


@program((2 + 1j,))
def cmath_functions(c: complex):
    return cmath.exp(c), cmath.sqrt(c), cmath.phase(c), cmath.log(c)


class ScaleList(nn.Module):
    def __init__(self, k: int):
        super().__init__()
        self.k = k

    def forward(self, x: Tensor) -> Tensor:
        return x * self.k


@program((X,))
class ModuleListLoops(nn.Module):
    def __init__(self):
        super().__init__()
        self.mods = nn.ModuleList([ScaleList(2), ScaleList(3), ScaleList(4)])

    def forward(self, x: Tensor):
        out = []
        for i, m in enumerate(self.mods):
            out.append(m(x) + i)
        for m in self.mods[1:]:
            x = m(x)
        for m, k in zip(self.mods, (1, 2, 3)):
            x = m(x) + k
        return x, out, len(self.mods), self.mods[-1](x)


@program((X,))
class ModuleDictItems(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = nn.ModuleDict({"a": ScaleList(2), "b": nn.ReLU()})

    def forward(self, x: Tensor):
        names: List[str] = []
        for k, m in self.d.items():
            x = m(x)
            names.append(k)
        for k in self.d.keys():
            names.append(k)
        for m in self.d.values():
            x = m(x)
        return self.d["a"](x), names, "a" in self.d, len(self.d)


@program((X,))
class SequentialNested(nn.Module):
    def __init__(self):
        super().__init__()
        self.s = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.ReLU(), nn.Linear(4, 2)), nn.Tanh())

    def forward(self, x: Tensor):
        y = x
        for m in self.s:
            y = m(y)
        return y, self.s(x), self.s[1](self.s[0](x))


@program((X,))
class ParameterLists(nn.Module):
    def __init__(self):
        super().__init__()
        self.ps = nn.ParameterList([nn.Parameter(torch.ones(3) * i) for i in range(3)])
        self.pd = nn.ParameterDict({"w": nn.Parameter(torch.ones(3) * 5)})

    def forward(self, x: Tensor):
        for p in self.ps:
            x = x + p
        return x + self.ps[1], x * self.pd["w"]


def pre_hook(self, inp: Tuple[Tensor]) -> Tuple[Tensor]:
    return (inp[0] + 10,)


def post_hook(self, inp: Tuple[Tensor], out: Tensor) -> Tensor:
    return out * inp[0]


@program((X,), method="__call__")
class HooksBoth(nn.Module):
    def __init__(self):
        super().__init__()
        self.sub = ScaleList(2)
        self.sub.register_forward_pre_hook(pre_hook)
        self.sub.register_forward_hook(post_hook)
        self.register_forward_hook(post_hook)

    def forward(self, x: Tensor) -> Tensor:
        return self.sub(x) - 1


@program((X,))
class PropertyModule(nn.Module):
    def __init__(self):
        super().__init__()
        self._k = 3

    @property
    def k(self) -> int:
        return self._k + 1

    @k.setter
    def k(self, v: int) -> None:
        self._k = v * 2

    def forward(self, x: Tensor):
        a = self.k
        self.k = 5
        return x * a, self.k


@torch.jit.interface
class Transformer(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


class PlusOne(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1


@program((X,))
class InterfaceUser(nn.Module):
    t: Transformer

    def __init__(self):
        super().__init__()
        self.t = PlusOne()

    def forward(self, x: Tensor) -> Tensor:
        return self.t.forward(x) * 2


@program((X,), make=lambda m: torch.jit.freeze(torch.jit.script(m.eval())))
class FrozenConvBn(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(3, 3)
        self.bn = nn.BatchNorm1d(3)
        self.flag = True

    def forward(self, x: Tensor):
        y = self.bn(self.l(x))
        if self.flag:
            return y + 1
        return y


@program((X,), make=lambda m: torch.jit.optimize_for_inference(torch.jit.script(m.eval())))
class OptimizedConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv1d(2, 4, 2)
        self.b = nn.BatchNorm1d(4)

    def forward(self, x: Tensor):
        return F.relu(self.b(self.c(x.unsqueeze(0))))


@program((X,))
class UnusedMethod(nn.Module):
    @torch.jit.unused
    def bad(self, x: Tensor) -> Tensor:
        import numpy
        return torch.from_numpy(numpy.array(x))

    @torch.jit.export
    def extra(self, x: Tensor) -> Tensor:
        return x - 1

    def forward(self, x: Tensor) -> Tensor:
        if not torch.jit.is_scripting():
            return self.bad(x)
        return self.extra(x)


def default_kwargs(x: Tensor, scale: float = 2.0, shift: int = 1) -> Tensor:
    return x * scale + shift


@program((X,))
def kwonly_calls(x: Tensor):
    return default_kwargs(x), default_kwargs(x, shift=3), default_kwargs(x, scale=0.5, shift=0)


@program((X, [1, 2]), (X, [2, 1]))
def tolist_sum(x: Tensor, l: List[int]):
    r: List[List[float]] = x.tolist()
    s = 0.0
    for row in r:
        for v in row:
            s += v
    i: int = torch.tensor(5).tolist()
    return r, s, i + l[0]


@program((X,))
def tensor_attributes(x: Tensor):
    return x.dtype, x.device, x.shape, x.layout, x.ndim, x.requires_grad, x.is_cuda, x.is_sparse, x.is_quantized, x.is_leaf, x.names if False else 0, x.itemsize, x.nbytes, x.T, x.mT, x.is_floating_point(), x.is_complex(), x.element_size(), x.dim(), x.is_contiguous(), x.stride(), x.storage_offset()


@program((X,))
def grad_contexts(x: Tensor):
    with torch.no_grad():
        y = x * 2
        a = torch.is_grad_enabled()
    b = torch.is_grad_enabled()
    return y.detach(), a, b, y.requires_grad


@program((X, 2), (X, 3), (X, 5))
def run_time_chunks(x: Tensor, n: int):
    return torch.chunk(x, n, 1), x.split(n, 1), len(torch.chunk(x, n))


@program((X, 1), (X, -1), (X, 0))
def run_time_diagonal(x: Tensor, k: int):
    return torch.cat([torch.diagonal(x, k), x[0]]), torch.triu(x, k), torch.cat([torch.diag(x, k), x[0]])


@program((X, torch.tensor([3, 2])))
class PackedGru(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.GRU(1, 2, batch_first=True)

    def forward(self, x: Tensor, lens: Tensor):
        p = nn.utils.rnn.pack_padded_sequence(x.unsqueeze(-1), lens, batch_first=True)
        o, h = self.g(p)
        y, l = nn.utils.rnn.pad_packed_sequence(o, batch_first=True)
        return y, l, h


@program((X,))
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2, enable_nested_tensor=False)
        self.l = nn.Linear(3, 4)

    def forward(self, x: Tensor):
        return self.t(self.l(x).unsqueeze(0))


@program((X, 1e-5), (X, 0.1))
def norm_eps(x: Tensor, eps: float):
    return F.layer_norm(x, [3], None, None, eps)


@program(([X, X + 1],))
def tensors_in_list(l: List[Tensor]):
    s = torch.stack(l)
    c = torch.cat(l, 1)
    l[0] = l[0] + 1
    l[-1].add_(1)
    return s, c, l, len(l), torch.meshgrid([t[0] for t in l]), torch.einsum("ij,ij->i", [l[0], l[0]])


@program((torch.tensor(3),), (torch.tensor(-1),))
def tensor_if(t: Tensor):
    if t > 0:
        r = "pos"
    else:
        r = "neg"
    while bool(t > 0):
        t = t - 1
    return r, t, int(t), t.item()


@program((X,))
def fork_join(x: Tensor):
    f = torch.jit.fork(default_kwargs, x)
    g = torch.jit.fork(default_kwargs, x, scale=3.0)
    return torch.jit.wait(f) + torch.jit.wait(g)


@program((2,), (5,))
def annotate_list(n: int):
    l = torch.jit.annotate(List[Optional[int]], [])
    for i in range(n):
        l.append(i if i % 2 == 0 else None)
    return l


@program(([1.5, -2.0, 3.0],), ([],))
def reducing(l: List[float]):
    return sum(l), min(l), max(l), any([x > 0 for x in l]), all([x > 0 for x in l]), [i for i in enumerate(l)], list(zip(l, l))
