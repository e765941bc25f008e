# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Classes."""
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@torch.jit.script
class Counter:
    def __init__(self, start: int):
        self.n = start

    def add(self, k: int):
        self.n += k
        return self.n


@torch.jit.script
class Vector:
    def __init__(self, x: float, y: float):
        self.x = x
        self.y = y

    def __add__(self, other: "Vector"):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other: "Vector"):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, k: float):
        return Vector(self.x * k, self.y * k)

    def __eq__(self, other: "Vector") -> bool:
        return self.x == other.x and self.y == other.y

    def __ne__(self, other: "Vector") -> bool:
        return self.x != other.x or self.y != other.y

    def __lt__(self, other: "Vector") -> bool:
        return self.x < other.x

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __len__(self) -> int:
        return 2

    def __getitem__(self, i: int) -> float:
        return self.x if i == 0 else self.y

    def __setitem__(self, i: int, v: float) -> None:
        if i == 0:
            self.x = v
        else:
            self.y = v

    def __contains__(self, v: float) -> bool:
        return self.x == v or self.y == v

    def __bool__(self) -> bool:
        return self.x != 0.0

    def __call__(self, k: float) -> float:
        return self.x * k + self.y

    def __str__(self) -> str:
        return "v"


@torch.jit.script
class Holder:
    def __init__(self, x: Tensor):
        self.x = x
        self.items: List[int] = []
        self.names: Dict[str, int] = {}
        self.maybe = torch.jit.annotate(Optional[int], None)

    def push(self, n: int):
        self.items.append(n)
        self.names["k" + str(n)] = n
        return self

    def scaled(self, k: float) -> Tensor:
        return self.x * k


@torch.jit.script
class Context:
    def __init__(self, log: List[str]):
        self.log = log

    def __enter__(self):
        self.log.append("enter")
        return 1

    def __exit__(self, type: Any, value: Any, tb: Any):
        self.log.append("exit")


@torch.jit.script
class Static:
    def __init__(self):
        self.k = 2

    @staticmethod
    def double(n: int) -> int:
        return n * 2

    @property
    def twice(self) -> int:
        return self.k * 2

    @property
    def value(self) -> int:
        return self.k

    @value.setter
    def value(self, v: int):
        self.k = v


@torch.jit.script
class Outer:
    def __init__(self, c: Counter):
        self.c = c

    def bump(self):
        self.c.add(10)
        return self.c


@torch.jit.script
@dataclass
class Item:
    name: str
    count: int = 1
    price: float = 2.0

    def total(self) -> float:
        return self.count * self.price


@torch.jit.script
@dataclass(order=True)
class Version:
    major: int
    minor: int


@torch.jit.interface
class Shape:
    def area(self, k: float) -> float:
        pass


@torch.jit.script
class Square:
    def __init__(self, s: float):
        self.s = s

    def area(self, k: float) -> float:
        return self.s * self.s * k


@torch.jit.script
class Circle:
    def __init__(self, r: float):
        self.r = r

    def area(self, k: float) -> float:
        return self.r * 3.0 * k


@program((3,), (-1,))
def counter(n: int):
    c = Counter(n)
    c.add(2)
    d = c
    d.add(5)
    return c.n, d.add(1), c.n


@program((1.0, 2.0))
def operators(x: float, y: float):
    a = Vector(x, y)
    b = Vector(3.0, 4.0)
    c = a + b - a * 2.0
    return c.x, c.y, a == b, a != b, a < b, (-a).x, len(a), a[0], a[1], 3.0 in b, a(2.0)


@program((5.0,))
def set_item(v: float):
    a = Vector(1.0, 2.0)
    a[0] = v
    a[1] = a[0] + v
    return a.x, a.y


@program((1.0,), (0.0,))
def truth(x: float):
    a = Vector(x, 1.0)
    if a:
        return 1
    return 0


@program(())
def text():
    a = Vector(1.0, 1.0)
    return str(a)


@program((X, 2))
def holder(x: Tensor, n: int):
    h = Holder(x)
    h.push(n).push(n + 1)
    h.x = h.x + 1
    h.maybe = n
    return h.items, h.names, h.scaled(2.0), h.maybe


@program((1,))
def with_block(n: int):
    log: List[str] = []
    with Context(log) as k:
        log.append("body" + str(k + n))
    with Context(log):
        with Context(log):
            log.append("inner")
    return log


@program((3,))
def static_and_property(n: int):
    s = Static()
    a = s.twice
    s.value = n
    return Static.double(n), a, s.value, s.twice


@program((3,))
def nested(n: int):
    c = Counter(n)
    o = Outer(c)
    o.bump()
    c.add(1)
    o.c.n += 100
    return o.c.n, c.n


@program((2, 3.0))
def data_class(n: int, p: float):
    i = Item("a", n, p)
    j = Item("b")
    k = Item(name="c", price=p)
    j.count += 4
    return i.total(), j.total(), k.count, i.name, i == Item("a", n, p), i == j


@program((2,))
def data_class_order(n: int):
    a = Version(1, n)
    b = Version(1, 3)
    return a < b, a <= b, a > b, a >= b, a == b


@program((1,))
def in_list(n: int):
    l = [Counter(1), Counter(2)]
    l[0].add(n)
    l.append(Counter(7))
    s = 0
    for c in l:
        s += c.n
    return s, len(l)


@program((1.0, 0.5))
def sorted_objects(a: float, b: float):
    l = [Vector(3.0, a), Vector(1.0, b), Vector(2.0, 0.0)]
    m = sorted(l)
    l.sort(reverse=True)
    return m[0].x, m[1].y, l[0].x, l[2].y


@program(())
def sorted_objects_known():
    l = [Vector(3.0, 1.0), Vector(1.0, 2.0), Vector(2.0, 0.0)]
    l.sort()
    return [v.x for v in l]


@program((1,))
def in_dict(n: int):
    d = {"a": Counter(n), "b": Counter(5)}
    d["a"].add(3)
    d["c"] = d["b"]
    d["c"].add(1)
    return d["a"].n, d["b"].n


@program((True,), (False,))
def optional_object(b: bool):
    c: Optional[Counter] = None
    if b:
        c = Counter(3)
    if c is not None:
        return c.n
    return 0


@program((3,))
def passed(n: int):
    c = Counter(n)
    use(c)
    return c.n, use(c)


def use(c: Counter):
    return c.add(100)


@program((3,))
def returned(n: int):
    return make(n)


def make(n: int) -> Counter:
    return Counter(n)


@program((X,))
def returned_holder(x: Tensor):
    return Holder(x).push(3)


@program((2.0,))
def interface(k: float):
    return total(Square(2.0), k) + total(Circle(1.0), k)


def total(s: Shape, k: float) -> float:
    return s.area(k)


@program((2.0,))
def interface_list(k: float):
    shapes: List[Shape] = [Square(1.0), Circle(2.0), Square(3.0)]
    s = 0.0
    for p in shapes:
        s += p.area(k)
    return s


@program((3,), (1,))
def mutated_in_branch(n: int):
    c = Counter(0)
    if n > 2:
        c.add(n)
    else:
        c.n = -1
    return c.n


@program((5,))
def mutated_in_loop(n: int):
    c = Counter(0)
    for i in range(n):
        c.add(i)
    return c.n


@program((True,), (False,))
def chosen_object(b: bool):
    if b:
        c = Counter(1)
    else:
        c = Counter(2)
    return c.n


@program((X,))
def tensor_attribute(x: Tensor):
    h = Holder(x.clone())
    h.x.add_(1)
    h.x[0] = 5
    return h.x, h.scaled(0.5)


@program((2,))
def identity(n: int):
    a = Counter(n)
    b = a
    c = Counter(n)
    return a is b, a is c, a is not c


@program((3,))
def is_instance(n: int):
    a = Counter(n)
    b: Any = a
    if isinstance(b, Counter):
        return b.n
    return 0


@program((1, "a"))
def attributes_of_all_kinds(n: int, s: str):
    b = Bag(n, s)
    b.t = (n + 1, s + "!")
    b.l.append(1.5)
    b.d[s] = n
    b.flag = not b.flag
    return b.t, b.l, b.d, b.flag, b.text(), b.c


@torch.jit.script
class Bag:
    def __init__(self, n: int, s: str):
        self.t = (n, s)
        self.l = [0.5]
        self.d = {"x": 1}
        self.flag = True
        self.c = 1 + 2j
        self.name = s

    def text(self) -> str:
        return f"{self.name}:{self.t[0]}"


@program((X,))
class UsesClass(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 3

    def forward(self, x: Tensor):
        c = Counter(self.k)
        c.add(x.size(0))
        return x * c.n


@program((3,))
def recursion(n: int):
    return fact(5), fib(10)


def fact(n: int) -> int:
    if n <= 1:
        return 1
    return n * fact2(n - 1)


def fact2(n: int) -> int:
    return n


def fib(n: int) -> int:
    a, b = 0, 1
    for i in range(n):
        a, b = b, a + b
    return a


@program(())
def class_default_arguments():
    a = Defaults()
    b = Defaults(5)
    c = Defaults(b="z")
    return a.a, a.b, b.a, c.b, c.get(), c.get(3)


@torch.jit.script
class Defaults:
    def __init__(self, a: int = 1, b: str = "q"):
        self.a = a
        self.b = b

    def get(self, k: int = 2) -> int:
        return self.a * k
