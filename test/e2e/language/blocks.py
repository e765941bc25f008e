# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""With blocks, autocast, devices, warnings, generators, awaits and futures in scripts."""
import warnings
from enum import Enum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@torch.jit.script
class Log:
    def __init__(self):
        self.lines: List[str] = []

    def add(self, s: str):
        self.lines.append(s)


@torch.jit.script
class Section:
    def __init__(self, log: Log, name: str):
        self.log = log
        self.name = name
        self.depth = 0

    def __enter__(self) -> int:
        self.depth += 1
        self.log.add("enter " + self.name)
        return self.depth

    def __exit__(self, type: Any, value: Any, tb: Any):
        self.depth -= 1
        self.log.add("exit " + self.name)


@program((2,), (0,))
def with_sections(n: int):
    log = Log()
    s = Section(log, "s")
    with s as depth:
        log.add(str(depth))
        for i in range(n):
            with s as d:
                log.add(f"in {d}")
            with Section(log, "t" + str(i)), s as e:
                log.add(str(e))
    return log.lines, s.depth


@program((1,), (5,))
def with_returns(n: int):
    log = Log()
    r = inside(log, n)
    return r, log.lines


def inside(log: Log, n: int) -> int:
    with Section(log, "f"):
        if n > 3:
            n = n * 2
        n += 1
    return n


@program((3,))
def with_breaks(n: int):
    log = Log()
    for i in range(n):
        with Section(log, str(i)):
            if i == 1:
                continue
            if i == 2:
                break
            log.add("body")
    return log.lines


@program((X,))
def with_no_grad(x: Tensor):
    with torch.no_grad():
        y = x + 1
        with torch.no_grad():
            z = y * 2
    with torch.inference_mode() if False else torch.no_grad():
        w = z - 1
    return y, z, w


@program((X,))
def with_profiler(x: Tensor):
    with torch.autograd.profiler.record_function("part") as r:
        y = x * 2
    with torch.profiler.record_function("other"):
        y = y + 1
    return y


@program((X,))
def with_autocast(x: Tensor):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = x @ x.t()
        with torch.autocast("cpu", enabled=False):
            z = x @ x.t()
        w = y + 1
    return y, z, w, y.dtype


@program((X,))
def with_autocast_f(x: Tensor):
    with torch.cpu.amp.autocast():
        y = torch.mm(x, x.t())
        s = y.float().softmax(1)
    return y, s


@program((X, True), (X, False))
def with_autocast_flag(x: Tensor, on: bool):
    if on:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return torch.mm(x, x.t()).float()
    return torch.mm(x, x.t())


@program((X, "cpu"))
def devices(x: Tensor, name: str):
    d = torch.device(name)
    y = torch.zeros(2, device=d)
    return y, d, d.type, d == x.device, str(d), torch.device("cpu") != d, x.to(d), torch.ones(2, device=x.device, dtype=x.dtype)


@program((X,))
def cuda_facts(x: Tensor):
    if x.is_cuda:
        return x.cuda() * 2
    return x.cpu()


@program((X,))
def dtypes(x: Tensor):
    t = torch.int32
    if x.dtype == torch.float32:
        t = torch.float64
    return x.to(t), t, torch.zeros(2, dtype=t), x.dtype == t


@program((1,), (11,))
def warned(n: int):
    if n > 10:
        warnings.warn("n is big")
        warnings.warn("n is " + str(n))
    return n


@program((3,))
def warned_in_loop(n: int):
    for i in range(n):
        warnings.warn(f"step {i}", stacklevel=2)
    return n


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


class Level(Enum):
    LOW = 1
    HIGH = 2


@program((Mode.FAST,), (Mode.SLOW,))
def enum_branches(m: Mode):
    if m == Mode.FAST:
        return m.value, m.name, 1
    elif m == Mode.SLOW:
        return "s" + m.value, m.name, 2
    return "", "", 3


@program((2,), (1,))
def enum_containers(n: int):
    ls = [l for l in Level]
    out: List[str] = []
    for l in Level:
        if l.value >= n:
            out.append(l.name)
    return ls, out, ls[0] == Level.LOW, [l.name for l in ls]


class EnumModule(nn.Module):
    def __init__(self, m: Mode):
        super().__init__()
        self.m = m

    def forward(self, x: Tensor):
        if self.m == Mode.FAST:
            return x
        return x * 2


@program((X,))
class EnumAttributes(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = EnumModule(Mode.FAST)
        self.b = EnumModule(Mode.SLOW)

    def forward(self, x: Tensor):
        return self.a(x), self.b(x), self.b.m


@program((X,))
def forked(x: Tensor):
    f = torch.jit.fork(slow_sum, x, 2)
    g = torch.jit.fork(slow_sum, x, k=3)
    fs = [torch.jit.fork(slow_sum, x, i) for i in range(3)]
    return torch.jit.wait(f) + torch.jit.wait(g), [torch.jit.wait(h) for h in fs]


def slow_sum(x: Tensor, k: int = 1) -> Tensor:
    for i in range(k):
        x = x + x.sum()
    return x


@program((X, 3), (X, 0))
def forked_raises(x: Tensor, n: int):
    f = torch.jit.fork(may_raise, n)
    y = x * 2
    return y + torch.jit.wait(f)


def may_raise(n: int) -> int:
    if n == 0:
        raise ValueError("zero in a fork")
    return n


@program((X,))
def awaited(x: Tensor):
    a = torch.jit._awaitable(slow_sum, x, 2)
    b = torch.jit._awaitable_nowait(x)
    return torch.jit._awaitable_wait(a) + torch.jit._awaitable_wait(b)


@program((1,), (0,))
def future_types(n: int):
    fs: List[torch.jit.Future[int]] = []
    for i in range(n + 2):
        fs.append(torch.jit.fork(may_raise, i + 1))
    total = 0
    for f in fs:
        total += f.wait()
    return total


@program((1,), ("s",), ([1, 2],))
def unions(x: Union[int, str, List[int]]):
    if isinstance(x, int):
        y: Union[int, str] = x + 1
    elif isinstance(x, str):
        y: Union[int, str] = x + "!"
    else:
        y: Union[int, str] = len(x)
    if isinstance(y, str):
        return "text " + y
    return "number " + str(y)


@program((X,))
def random_seeded(x: Tensor):
    torch.manual_seed(7)
    a = torch.rand(2)
    b = torch.randint(0, 10, [3])
    torch.manual_seed(7)
    return a, b, torch.rand(2) == a


@program((2,), (0,))
def while_forms(n: int):
    i = 0
    out: List[int] = []
    while i < 5:
        i += 1
        if i == n:
            continue
        if i > 3 and n > 0:
            break
        out.append(i)
    j = 0
    while not j > 2:
        j += 1
    while True:
        j -= 1
        if j < -n:
            break
    return out, i, j


@program((X,))
def lambda_free(x: Tensor):
    return x + 1 if x.dim() > 1 else x


@program(([1, 2, 3],))
def for_forms(xs: List[int]):
    total = 0
    for i, x in enumerate(xs):
        for j in range(i, 3):
            if j == 2:
                continue
            total += x * j
    for c in "abc":
        total += ord(c)
    for t in [(1, 2), (3, 4)]:
        total += t[0] * t[1]
    for a, b in [(1, 2), (3, 4)]:
        total -= a * b
    for k in {"x": 1, "y": 2}:
        total += len(k)
    for v in (1, 2, 3):
        total += v
    for y in torch.arange(3):
        total += int(y)
    for i in range(10, 0, -3):
        total += i
    return total


@program((X,), (-X,))
class AutocastNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.b = nn.Linear(4, 2)
        self.norm = nn.LayerNorm(4)

    def forward(self, x: Tensor):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = torch.relu(self.a(x))
            n = self.norm(h)
            y = self.b(n)
            if bool(x.sum() > 0):
                y = y * 2
            p = torch.softmax(y, 1)
            s = h.sum() + h.exp().mean()
        return h.dtype, n.dtype, y.dtype, p.float(), s.dtype, self.b(n.float()).dtype


@program((X, 1), (X, -1), (X, 0))
def autocast_left_by_errors(x: Tensor, n: int):
    if n > 0:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = torch.mm(x, x.t())
            if n > 1:
                raise ValueError("too large")
    elif n < 0:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            raise ValueError("negative")
    else:
        y = x
    return torch.mm(x, x.t()).dtype, y.dtype


@program((X, 3), (X, 0))
def autocast_in_loop(x: Tensor, n: int):
    total = torch.zeros(2, 2)
    for i in range(n):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=True):
            y = torch.mm(x, x.t())
        total = total + y.float()
    return total, torch.mm(x, x.t())


@program((X,))
def gradient_modes(x: Tensor):
    before = torch.is_grad_enabled()
    with torch.no_grad():
        inside = torch.is_grad_enabled()
        if bool(x.sum() > 100):
            raise ValueError("never")
    return before, inside, torch.is_grad_enabled()
