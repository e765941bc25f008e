# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attributes and objects that change in branches and loops, errors by path, with blocks, calls and recursion."""
from typing import Any, Dict, List, Optional, Tuple

import torch
import torch.nn as nn

torch.manual_seed(3)
X = torch.randn(4, 3)
Y = torch.randn(4, 3)
V = torch.tensor([3.0, -1.0, 2.0, 5.0, -4.0])


@torch.jit.script
class Account:
    def __init__(self, name: str, balance: int):
        self.name = name
        self.balance = balance
        self.log: List[int] = []

    def add(self, n: int):
        self.balance += n
        self.log.append(n)
        return self.balance

    def is_rich(self) -> bool:
        return self.balance > 100


@torch.jit.script
class Running:
    def __init__(self, x: torch.Tensor):
        self.total = torch.zeros_like(x)
        self.last = torch.jit.annotate(Optional[torch.Tensor], None)
        self.n = 0

    def see(self, x: torch.Tensor):
        self.total = self.total + x
        self.last = x
        self.n += 1

    def mean(self):
        if self.n == 0:
            return self.total
        return self.total / self.n


@torch.jit.script
class Guard:
    def __init__(self, log: List[str], name: str):
        self.log = log
        self.name = name

    def __enter__(self):
        self.log.append("enter " + self.name)

    def __exit__(self, type: Any, value: Any, tb: Any):
        self.log.append("exit " + self.name)


class Objects(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def counter_loop(self, n: int):
        a = Account("a", 0)
        for i in range(n):
            a.add(i)
        return a.balance, a.log, a.is_rich()

    @torch.jit.export
    def counter_if(self, n: int):
        a = Account("a", 10)
        if n > 0:
            a.add(n)
        else:
            a.balance = -1
        return a.balance, len(a.log)

    @torch.jit.export
    def chosen(self, n: int):
        a = Account("a", 1)
        b = Account("b", 2)
        c = a if n > 0 else b
        c.add(100)
        return a.balance, b.balance, c.name

    @torch.jit.export
    def made_by_path(self, n: int):
        if n > 0:
            a = Account("yes", n)
        else:
            a = Account("no", -n)
        a.add(1)
        return a.name, a.balance

    @torch.jit.export
    def in_list(self, n: int):
        accounts: List[Account] = []
        for i in range(n):
            accounts.append(Account(str(i), i * 10))
        for a in accounts:
            if a.balance >= 10:
                a.add(5)
        return [a.balance for a in accounts], [a.name for a in accounts]

    @torch.jit.export
    def in_dict(self, names: List[str]):
        d: Dict[str, Account] = {}
        for s in names:
            if s not in d:
                d[s] = Account(s, 0)
            d[s].add(1)
        out: List[Tuple[str, int]] = []
        for k, a in d.items():
            out.append((k, a.balance))
        return out

    @torch.jit.export
    def running(self, x, n: int):
        r = Running(x[0])
        for i in range(n):
            r.see(x[i])
        return r.mean(), r.n

    @torch.jit.export
    def running_last(self, x, n: int):
        r = Running(x[0])
        for i in range(n):
            if i % 2 == 0:
                r.see(x[i])
        last = r.last
        if last is None:
            return r.total
        return last

    @torch.jit.export
    def best(self, n: int):
        best: Optional[Account] = None
        for i in range(n):
            a = Account("k" + str(i), (i * 7) % 5)
            if best is None or a.balance > best.balance:
                best = a
        if best is None:
            return "none", -1
        return best.name, best.balance


class Errors(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def formatted(self, n: int):
        if n > 3:
            raise ValueError("n is {}, at most 3".format(n))
        return n

    @torch.jit.export
    def fstring(self, n: int, s: str):
        for i in range(n):
            if i == 2:
                raise RuntimeError(f"item {i} of {s}")
        return n

    @torch.jit.export
    def by_path(self, n: int):
        if n == 0:
            raise ValueError("zero")
        elif n == 1:
            raise KeyError("one")
        elif n == 2:
            raise NotImplementedError("two")
        return n

    def checked(self, n: int) -> int:
        if n < 0:
            raise ValueError("negative")
        return n * 2

    @torch.jit.export
    def called(self, xs: List[int]):
        t = 0
        for v in xs:
            t += self.checked(v)
        return t

    @torch.jit.export
    def asserted(self, x, n: int):
        assert n > 0, f"n must be positive, not {n}"
        assert x.size(0) == 4
        return x * n

    @torch.jit.export
    def list_index(self, xs: List[int], i: int):
        return xs[i]

    @torch.jit.export
    def dict_key(self, d: Dict[str, int], k: str):
        return d[k]

    @torch.jit.export
    def string_index(self, s: str, i: int):
        return s[i]

    @torch.jit.export
    def pop_empty(self, xs: List[int]):
        return xs.pop()

    @torch.jit.export
    def division(self, n: int, m: int):
        return n // m, n % m

    @torch.jit.export
    def tensor_index(self, x, i: int):
        return x[i]

    @torch.jit.export
    def unpack(self, xs: List[int]):
        a, b = xs
        return a + b

    @torch.jit.export
    def after_print(self, n: int):
        for i in range(5):
            print("at", i)
            if i == n:
                raise RuntimeError("stop")
        print("end")
        return n

    @torch.jit.export
    def all_raise(self, n: int) -> int:
        if n > 0:
            raise ValueError("positive")
        elif n < 0:
            raise ValueError("negative")
        else:
            raise RuntimeError("zero")

    @torch.jit.export
    def raise_in_comprehension(self, xs: List[int]):
        return [self.checked(v) for v in xs]

    @torch.jit.export
    def shape_error(self, x, n: int):
        y = torch.ones(n, 3)
        if n != 2:
            x = x + y
        return x


class WithBlocks(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def no_grad(self, x, n: int):
        with torch.no_grad():
            y = x * 2
            if n > 0:
                y = y + n
        return y

    @torch.jit.export
    def guard(self, n: int):
        log: List[str] = []
        with Guard(log, "a"):
            log.append("inside")
        return log

    @torch.jit.export
    def guard_if(self, n: int):
        log: List[str] = []
        if n > 0:
            with Guard(log, "a"):
                log.append("inside")
        else:
            log.append("none")
        return log

    @torch.jit.export
    def guard_loop(self, n: int):
        log: List[str] = []
        for i in range(n):
            with Guard(log, str(i)):
                if i == 1:
                    log.append("one")
        return log

    @torch.jit.export
    def nested(self, n: int):
        log: List[str] = []
        with Guard(log, "a"):
            with Guard(log, "b"):
                log.append("inside")
                for i in range(n):
                    log.append(str(i))
        return log

    @torch.jit.export
    def return_inside(self, n: int):
        log: List[str] = []
        with Guard(log, "a"):
            if n > 0:
                return log
            log.append("late")
        log.append("end")
        return log


class Sub(nn.Module):
    def __init__(self, k: float):
        super().__init__()
        self.k = k
        self.weight = nn.Parameter(torch.full((3,), k))

    def forward(self, x, n: int):
        for i in range(n):
            x = x * self.weight
            if bool(x.sum() > 100):
                return x + self.k
        return x


class Calls(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Sub(0.5), Sub(2.0)])
        self.named = nn.ModuleDict({"a": Sub(1.5), "b": Sub(-1.0)})

    def forward(self, x):
        return x

    @torch.jit.export
    def layer_loop(self, x, n: int):
        for i, layer in enumerate(self.layers):
            if i < n:
                x = layer(x, n)
        return x

    @torch.jit.export
    def skip(self, x, p: bool):
        for k, layer in self.named.items():
            if p or k == "a":
                x = layer(x, 2)
        return x

    def helper(self, xs: List[int], k: int) -> List[int]:
        out: List[int] = []
        for v in xs:
            if v > k:
                out.append(v)
        return out

    @torch.jit.export
    def helper_twice(self, xs: List[int]):
        a = self.helper(xs, 1)
        b = self.helper(a, 2)
        return a, b

    def fill(self, out: List[int], n: int):
        for i in range(n):
            out.append(i)

    @torch.jit.export
    def helper_mutates(self, n: int):
        out = [7]
        self.fill(out, n)
        self.fill(out, 2)
        return out

    def deep1(self, n: int) -> int:
        if n > 5:
            return n - 1
        return n + 1

    def deep2(self, n: int) -> int:
        t = 0
        for i in range(n):
            t += self.deep1(i)
        return t

    def deep3(self, n: int) -> int:
        if n % 2 == 0:
            return self.deep2(n)
        return self.deep2(n + 1) * 2

    @torch.jit.export
    def deep(self, n: int):
        return [self.deep3(i) for i in range(n)]


def groups():
    yield "objects", Objects(), {
        "counter_loop": [(5,), (0,)],
        "counter_if": [(5,), (0,)],
        "chosen": [(1,), (0,)],
        "made_by_path": [(1,), (-3,)],
        "in_list": [(3,), (0,)],
        "in_dict": [(["a", "b", "a"],), ([],)],
        "running": [(X, 3), (X, 0)],
        "running_last": [(X, 3), (X, 0)],
        "best": [(5,), (0,)],
    }
    yield "errors", Errors(), {
        "formatted": [(4,), (3,)],
        "fstring": [(4, "q"), (2, "q")],
        "by_path": [(0,), (1,), (2,), (3,)],
        "called": [([1, 2],), ([1, -2],)],
        "asserted": [(X, 1), (X, -1)],
        "list_index": [([1, 2], 1), ([1, 2], 2), ([1], -2)],
        "dict_key": [({"a": 1}, "a"), ({"a": 1}, "b")],
        "string_index": [("abc", 1), ("abc", 5)],
        "pop_empty": [([1],), ([],)],
        "division": [(7, 2), (-7, 2)],
        "tensor_index": [(X, 1), (X, 9)],
        "unpack": [([1, 2],), ([1],)],
        "after_print": [(2,), (9,)],
        "all_raise": [(1,), (-1,), (0,)],
        "raise_in_comprehension": [([1, 2],), ([-1],)],
        "shape_error": [(X, 4), (X, 2), (X, 3), (X, 1)],
    }
    yield "with_blocks", WithBlocks(), {
        "no_grad": [(X, 1), (X, 0)],
        "guard": [(1,)],
        "guard_if": [(1,), (0,)],
        "guard_loop": [(3,), (0,)],
        "nested": [(2,), (0,)],
        "return_inside": [(1,), (0,)],
    }
    yield "calls", Calls(), {
        "layer_loop": [(X, 2), (X, 0)],
        "skip": [(X, True), (X, False)],
        "helper_twice": [([1, 2, 3],), ([],)],
        "helper_mutates": [(3,), (0,)],
        "deep": [(9,), (0,)],
    }
