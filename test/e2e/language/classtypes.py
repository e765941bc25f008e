# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Classes: operators, class attributes, static methods, containers of objects, with blocks, recursion."""
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@torch.jit.script
class Vec:
    def __init__(self, x: float, y: float):
        self.x = x
        self.y = y

    def __add__(self, o: "Vec") -> "Vec":
        return Vec(self.x + o.x, self.y + o.y)

    def __sub__(self, o: "Vec") -> "Vec":
        return Vec(self.x - o.x, self.y - o.y)

    def __mul__(self, k: float) -> "Vec":
        return Vec(self.x * k, self.y * k)

    def __neg__(self) -> "Vec":
        return Vec(-self.x, -self.y)

    def __eq__(self, o: "Vec") -> bool:
        return self.x == o.x and self.y == o.y

    def __lt__(self, o: "Vec") -> bool:
        return self.x < o.x

    def __len__(self) -> int:
        return 2

    def __getitem__(self, i: int) -> float:
        return self.x if i == 0 else self.y

    def __setitem__(self, i: int, v: float):
        if i == 0:
            self.x = v
        else:
            self.y = v

    def __contains__(self, v: float) -> bool:
        return v == self.x or v == self.y

    def __bool__(self) -> bool:
        return self.x != 0.0

    def __call__(self, k: float) -> float:
        return self.x * k + self.y

    def __str__(self) -> str:
        return f"({self.x}, {self.y})"

    def __float__(self) -> float:
        return self.x

    def __int__(self) -> int:
        return int(self.y)

    def __hash__(self) -> int:
        return 5

    def norm(self) -> float:
        return (self.x ** 2 + self.y ** 2) ** 0.5


@program((1.0, 2.0))
def arithmetic(a: float, b: float):
    u = Vec(a, b)
    v = (u + u - Vec(0.5, 0.5)) * 2.0
    w = -v
    return v.x, v.y, w.x, w.y, v.norm()


@program((1.0, 2.0), (0.0, 0.0))
def comparisons(a: float, b: float):
    u = Vec(a, b)
    v = Vec(b, a)
    return u == v, u == u, u != v if False else True, u < v, len(u), u[0], u[1], a in u, 9.0 in u


@program((1.0, 2.0), (0.0, 2.0))
def conversions(a: float, b: float):
    u = Vec(a, b)
    u[1] = 7.5
    return bool(u), u(2.0), str(u), float(u), int(u), 1 if u else 0


@program(([3.0, 1.0, 2.0],))
def sorted_objects(x: List[float]):
    vs = [Vec(v, v + 1) for v in x]
    vs.sort()
    ws = sorted(vs)
    vs.sort(reverse=True)
    return [v.x for v in vs], [w.y for w in ws]


@torch.jit.script
class Stack:
    def __init__(self):
        self.items: List[int] = []

    def push(self, v: int) -> "Stack":
        self.items.append(v)
        return self

    def pop(self) -> int:
        return self.items.pop()

    def __len__(self) -> int:
        return len(self.items)


@program((3,), (0,))
def stack(n: int):
    s = Stack()
    for i in range(n):
        s.push(i * i)
    t = s.push(100).push(200)
    a = t.pop()
    return a, len(s), s.items


@program(())
def stack_underflow():
    return Stack().pop()


@torch.jit.script
class Node:
    def __init__(self, value: int):
        self.value = value
        self.children: List[int] = []
        self.label = torch.jit.annotate(Optional[str], None)

    def add(self, c: int):
        self.children.append(c)


@program((3,), (1,))
def nodes(n: int):
    nodes: List[Node] = []
    for i in range(n):
        node = Node(i)
        for j in range(i):
            node.add(j)
        if i == 1:
            node.label = "one"
        nodes.append(node)
    return [len(k.children) for k in nodes], sum([k.value for k in nodes]), nodes[0].label is None


@program((2,))
def dict_of_objects(n: int):
    d: Dict[str, Node] = {}
    d["a"] = Node(n)
    d["b"] = Node(n + 1)
    d["a"].add(5)
    d["a"].value += 10
    return d["a"].value, d["b"].value, d["a"].children, len(d), "a" in d


@program((True,), (False,))
def object_from_branch(b: bool):
    n = Node(1) if b else Node(2)
    n.value *= 3
    return n.value


@program((None,), (3,))
def optional_object(n: Optional[int]):
    x: Optional[Node] = None
    if n is not None:
        x = Node(n)
    if x is not None:
        return x.value
    return -1


@program((2,))
def returned_object(n: int):
    node = make(n)
    change(node)
    return node.value, node.label


def make(n: int) -> Node:
    return Node(n * 2)


def change(n: Node):
    n.value += 1
    n.label = "changed"


@torch.jit.script
class Ticker:
    def __init__(self, start: int = 0, step: int = 1):
        self.n = start
        self.step = step

    def next(self, times: int = 1) -> int:
        for _ in range(times):
            self.n += self.step
        return self.n

    @staticmethod
    def double(k: int) -> int:
        return k * 2

    @property
    def half(self) -> int:
        return self.n // 2

    @half.setter
    def half(self, v: int):
        self.n = v * 2


@program((3,))
def defaults(n: int):
    a = Ticker()
    b = Ticker(10)
    c = Ticker(step=5)
    d = Ticker(step=2, start=1)
    return a.next(), b.next(times=n), c.next(n), d.next()


@program((3,))
def static_and_property(n: int):
    c = Ticker(n)
    c.half = 11
    return Ticker.double(n), c.half, c.n


@program((2,))
def objects_share(n: int):
    c = Ticker(n)
    l = [c, c]
    l[0].next()
    d = {"x": c}
    d["x"].next()
    return c.n, l[1].n, c is l[0], l[0] is l[1]


@torch.jit.script
class Box:
    def __init__(self, t: Tensor):
        self.t = t
        self.history = [t]
        self.names = {"t": 1}
        self.pair = (t, 2)

    def scale(self, k: float):
        self.t = self.t * k
        self.history.append(self.t)
        self.names["scaled"] = len(self.history)


@program((X, 3), (X, 0))
def tensors_inside(x: Tensor, n: int):
    b = Box(x)
    for i in range(n):
        b.scale(0.5)
    return b.t, len(b.history), b.names, b.pair[1]


@program((X,))
def tensor_attribute_written(x: Tensor):
    b = Box(x.clone())
    b.t.add_(1)
    b.t[0, 0] = 10
    return b.t, b.history[0]


@torch.jit.script
class Guard:
    def __init__(self, name: str):
        self.name = name
        self.log: List[str] = []

    def __enter__(self):
        self.log.append("enter " + self.name)
        return self.log

    def __exit__(self, type: Any, value: Any, tb: Any):
        self.log.append("exit " + self.name)


@program((3,))
def with_block(n: int):
    g = Guard("a")
    with g:
        g.log.append("body")
        n += 1
    return g.log, n


@program((3,))
def with_as(n: int):
    g = Guard("b")
    with g as log:
        log.append("inside")
    return log, g.log


@program((3,))
def with_nested(n: int):
    a = Guard("a")
    b = Guard("b")
    with a:
        with b:
            a.log.append("both")
        n *= 2
    return a.log, b.log, n


@program((3,))
def with_two(n: int):
    a = Guard("a")
    b = Guard("b")
    with a, b:
        n += 1
    return a.log, b.log, n


@program((3,))
def with_in_loop(n: int):
    a = Guard("a")
    for i in range(n):
        with a:
            if i == 1:
                continue
            a.log.append(str(i))
    return a.log


@program((-1,))
def with_raise(n: int):
    a = Guard("a")
    with a:
        if n < 0:
            raise ValueError("inside")
    return n


@program((X,))
def with_no_grad(x: Tensor):
    with torch.no_grad():
        y = x * 2
        z = y.requires_grad
    return y, z


@program((X,))
def with_record_function(x: Tensor):
    with torch.autograd.profiler.record_function("name"):
        y = x + 1
    return y


class Named(NamedTuple):
    a: Tensor
    n: int = 3
    s: str = "d"


@program((X,))
def named_defaults(x: Tensor):
    p = Named(x)
    q = Named(x, s="e")
    r = Named(a=x, n=7)
    return p, q, r.n, p.s + q.s, r[1]


@program((Named(X, 1, "z"),))
def named_loop(p: Named):
    a, n, s = p
    return a * n, s, len(p)


@program(([Named(X, 1, "z"), Named(X, 2, "y")],))
def named_list(l: List[Named]):
    s = ""
    n = 0
    for p in l:
        s += p.s
        n += p.n
    return s, n, l[0].a


@program((X,))
def named_in_dict(x: Tensor):
    d = {"p": Named(x), "q": Named(x + 1, 5)}
    return d["p"].n + d["q"].n, d["q"].a


@torch.jit.script
class Base:
    def __init__(self, k: int):
        self.k = k

    def f(self) -> int:
        return self.k + 1


@torch.jit.script
class Keeper:
    def __init__(self, b: Base):
        self.b = b
        self.all = [b]

    def g(self) -> int:
        return self.b.f() + len(self.all)

    def replace(self, k: int):
        self.b = Base(k)
        self.all.append(self.b)


@program((4,), (0,))
def nested_objects(n: int):
    h = Keeper(Base(n))
    a = h.g()
    h.b.k = 100
    b = h.all[0].k
    h.replace(7)
    if n > 2:
        h.replace(8)
    return a, b, h.g(), [x.k for x in h.all]


@torch.jit.interface
class Figure:
    def area(self) -> float:
        pass

    def scale(self, k: float) -> float:
        pass


@torch.jit.script
class Quad:
    def __init__(self, a: float):
        self.a = a

    def area(self) -> float:
        return self.a * self.a

    def scale(self, k: float) -> float:
        self.a *= k
        return self.a


@torch.jit.script
class Disc:
    def __init__(self, r: float):
        self.r = r

    def area(self) -> float:
        return 3.0 * self.r * self.r

    def scale(self, k: float) -> float:
        self.r *= k
        return self.r


@program((2.0,))
def interface_list(x: float):
    shapes: List[Figure] = []
    shapes.append(Quad(x))
    shapes.append(Disc(x))
    t = 0.0
    for s in shapes:
        t += s.area()
    return t


@program((2.0,))
def interface_argument(x: float):
    return area_of(Quad(x)), area_of(Disc(x))


def area_of(s: Figure) -> float:
    return s.area() + s.scale(1.0)


@program((X,))
class ObjectState(nn.Module):
    names: Dict[str, int]

    def __init__(self):
        super().__init__()
        self.c = 0
        self.names = {}

    def forward(self, x: Tensor):
        p = Ticker(self.c)
        self.c = p.next(3)
        self.names["last"] = self.c
        return x + self.c, self.names
