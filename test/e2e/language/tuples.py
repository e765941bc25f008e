# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tuples and namedtuples."""
from collections import namedtuple
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


class Point(NamedTuple):
    x: int
    y: float


class Pair(NamedTuple):
    first: Tensor
    second: Optional[Tensor] = None


class Deep(NamedTuple):
    point: Point
    name: str
    values: List[int]


Old = namedtuple("Old", ["a", "b"])


@program(((1, "a"),))
def unpacked(t: Tuple[int, str]):
    a, b = t
    return b, a, t[0], t[-1], len(t)


@program(())
def sliced():
    t = (1, 2.0, "x", True)
    return t[1:3], t[:2], t[-1], t[:], t[1:], len(t)


@program(((1, 2), (1, 2)), ((1, 2), (2, 1)))
def equal(a: Tuple[int, int], b: Tuple[int, int]):
    return a == b, a != b


@program(((1, (2.0, "x")),))
def nested(t: Tuple[int, Tuple[float, str]]):
    a, (b, c) = t
    return c, b, a, t[1][0]


@program((X, 2))
def swapped(x: Tensor, n: int):
    a, b = x, x + n
    a, b = b, a
    return a, b


@program((Point(1, 2.0),))
def named_argument(p: Point):
    return p.x + 1, p.y * 2, p[0], p


@program((3,))
def named_made(n: int):
    p = Point(n, 1.5)
    q = Point(x=n + 1, y=2.5)
    return p, q, p.x + q.x, p.y


@program((X,))
def named_default(x: Tensor):
    p = Pair(x)
    q = Pair(x, x + 1)
    return p.second is None, q.second is not None, q.first


@program((X,))
def named_optional(x: Tensor):
    p = Pair(x, x * 2)
    s = p.second
    if s is not None:
        return s + p.first
    return x


@program((Deep(Point(1, 2.0), "n", [1, 2]),))
def named_nested(d: Deep):
    d.values.append(d.point.x)
    return d.name, d.values, d.point.y, d


@program((4,))
def named_unpacked(n: int):
    x, y = Point(n, 0.5)
    return x, y


@program((X,))
def old_namedtuple(x: Tensor):
    t = Old(x, x + 1)
    return t.a, t.b, t


@program((Old(X, X + 1),))
def old_namedtuple_argument(t: Old):
    return t.a - t.b


@program(([(1, "a"), (2, "b")],))
def loop(x: List[Tuple[int, str]]):
    n = 0
    s = ""
    for a, b in x:
        n += a
        s += b
    return n, s


@program((1, 2.0))
def for_over_tuple(a: int, b: float):
    s = 0.0
    for v in (1.0, b, 3.0):
        s += v
    return s


@program((X,))
def tuple_of_tensors(x: Tensor):
    t = (x, x + 1, x * 2)
    s = torch.zeros(2, 3)
    for v in t:
        s = s + v
    return s, torch.cat(t), torch.stack((t[0], t[1]))


@program((1,))
def returned_from_function(n: int):
    a, b = make(n)
    c = make(a)
    return a, b, c, c[1]


def make(n: int) -> Tuple[int, str]:
    return n + 1, "v" + str(n)


@program((2,))
def constructor(n: int):
    return (n,), (), (n, n), tuple([1, 2, 3]) if False else (0, 0, 0)


@program(([1, 2],))
def in_containers(x: List[int]):
    d = {"a": (1, x), "b": (2, [5])}
    d["a"][1].append(9)
    return d, d["b"][0]


@program((None,), ((1, 2),))
def optional_tuple(t: Optional[Tuple[int, int]]):
    if t is None:
        return 0
    a, b = t
    return a * b


@program(((1, 2),), ((5, 0),))
def printed(t: Tuple[int, int]):
    print(t, (1,), ("a", 2.5))
    return str(t)


@program(([Point(1, 2.0), Point(3, 4.0)],))
def list_of_named(x: List[Point]):
    s = 0.0
    for p in x:
        s += p.y * p.x
    x.append(Point(0, s))
    return x, x[0].x


@program(({"a": Point(1, 2.0)},))
def dict_of_named(d: Dict[str, Point]):
    d["b"] = Point(5, 6.0)
    return d, d["a"].y


@program((Point(1, 2.0),))
def print_named(p: Point):
    print(p)
    return str(p)


@program((1,), (-1,))
def tuple_from_branch(n: int):
    if n > 0:
        t = (1, "a")
    else:
        t = (2, "b")
    return t


@program(((1, 2, 3),))
def index_by_loop(t: Tuple[int, int, int]):
    s = 0
    for i in range(3):
        s += [t[0], t[1], t[2]][i] * i
    return s


@program((X,))
def enumerate_tuple(x: Tensor):
    out = x
    for i, v in enumerate((x, x + 1)):
        out = out + v * i
    return out


@program((1, 2))
def compared(a: int, b: int):
    return (a, b) == (1, 2), (a, b) != (1, 2)


@program((X.tolist(),))
def star_call(x: List[List[float]]):
    t = (1, 2)
    return add(*t)


def add(a: int, b: int):
    return a + b
