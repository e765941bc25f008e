# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Raising: kinds of exceptions, where they are raised, what has happened before, texts."""
import math
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((1,), (-1,), (0,))
def by_sign(n: int):
    if n < 0:
        raise ValueError("negative: " + str(n))
    elif n == 0:
        raise RuntimeError(f"zero {n}")
    return n


@program(("a",), ("b",), ("c",))
def by_name(s: str) -> int:
    if s == "a":
        raise KeyError(s)
    if s == "b":
        raise NotImplementedError("not " + s)
    return 1


@program((X,), (X[0],))
def by_rank(x: Tensor):
    if x.dim() != 2:
        raise ValueError("expected 2 dimensions, got {}".format(x.dim()))
    return x.sum(1)


@program((X, 3), (X, 4))
def by_shape(x: Tensor, n: int):
    assert x.size(1) == n, f"size {x.size(1)} and not {n}"
    return x * n


@program(([1, 2],), ([],))
def assert_truth(xs: List[int]):
    assert len(xs) > 0, "empty"
    assert xs[0] == 1
    return xs[-1]


@program((1,), (2,))
def assert_formatted(n: int):
    assert n != 2, "n is %d of %s" % (n, "two")
    return n


class Failure(Exception):
    pass


class Detailed(ValueError):
    def __init__(self, text: str):
        super().__init__(text)


@program((True,), (False,))
def own_exception(b: bool):
    if b:
        raise Failure("own")
    return 1


@program((True,), (False,))
def own_detailed(b: bool):
    if b:
        raise Detailed("in detail")
    return 1


@program((5,), (0,))
def in_nested_call(n: int):
    return checked(n) + 1


def checked(n: int) -> int:
    if n == 0:
        raise IndexError("no zero")
    return 10 // n


@program(([3, 1, 0, 2],), ([1, 2],))
def in_loop(xs: List[int]):
    out: List[int] = []
    for x in xs:
        if x == 0:
            raise RuntimeError("zero at " + str(len(out)))
        out.append(6 // x)
    return out


@program((3,), (30,))
def in_while(n: int):
    i = 0
    while True:
        i += 1
        if i == n:
            break
        if i > 20:
            raise RuntimeError("too long")
    return i


@program((X, True), (X, False))
def after_write(x: Tensor, b: bool):
    x.add_(1)
    if b:
        raise RuntimeError("after a write")
    return x


@program((2,), (0,))
def after_print(n: int):
    print("before", n)
    if n == 0:
        raise ValueError()
    print("after")
    return n


@program((None,), (3,))
def optional_assert(n: Optional[int]):
    assert n is not None
    return n + 1


@program((None,), (3,))
def optional_raise(n: Optional[int]) -> int:
    if n is None:
        raise TypeError("None is no number")
    return n * 2


@program((1,))
def always(n: int) -> int:
    raise RuntimeError("always")


@program((1,), (-1,))
def every_way(n: int) -> int:
    if n > 0:
        raise ValueError("positive")
    else:
        raise KeyError("other")


@program((1, 2), (1, 0))
def division(a: int, b: int):
    return a // b, a % b


@program((1.0, 2.0), (1.0, 0.0))
def float_division(a: float, b: float):
    return a / b


@program(([1, 2, 3], 2), ([1, 2, 3], 3), ([1, 2, 3], -4))
def list_index(xs: List[int], i: int):
    return xs[i]


@program(({"a": 1}, "a"), ({"a": 1}, "b"))
def dict_key(d: Dict[str, int], k: str):
    return d[k]


@program((X, 1), (X, 2))
def tensor_index(x: Tensor, i: int):
    return x[i]


@program((X, X), (X, X[:, :2]))
def broadcast(x: Tensor, y: Tensor):
    return x + y


@program((X, X.t()), (X, X))
def product(x: Tensor, y: Tensor):
    return x @ y


@program((X, 6), (X, 4))
def viewed(x: Tensor, n: int):
    return x.view(n)


@program((X, X), (X, X[:1]))
def concatenated(x: Tensor, y: Tensor):
    return torch.cat([x, y], 1)


@program((X,), (X[0, 0],))
def bool_of_tensor(x: Tensor):
    if x:
        return 1
    return 2


@program(("12",), ("x1",), ("",), (" 7 ",))
def text_to_int(s: str):
    return int(s)


@program(("1.5",), ("x",), ("inf",))
def text_to_float(s: str):
    return float(s)


class Machine(nn.Module):
    def __init__(self):
        super().__init__()
        self.state = "idle"
        self.register_buffer("seen", torch.zeros(1))

    def step(self, name: str):
        if name == self.state:
            raise RuntimeError("already " + name)
        self.state = name
        self.seen += 1


@program((["run", "idle"],), (["run", "run"],))
class Machines(nn.Module):
    def __init__(self):
        super().__init__()
        self.machine = Machine()

    def forward(self, names: List[str]):
        for n in names:
            self.machine.step(n)
        return self.machine.state, self.machine.seen


@program((1,), (4,))
def conditional_message(n: int):
    if n > 2:
        msg = "big"
        if n > 3:
            msg = msg + " and bigger"
        raise ValueError(msg)
    return n


@program((X,), (-X,))
def on_tensor_value(x: Tensor):
    if torch.any(x < 0):
        raise ValueError(f"{int((x < 0).sum())} values below zero")
    return x.sqrt()


@program((X, 1.5), (X, float("nan")))
def on_nan(x: Tensor, f: float):
    if math.isnan(f):
        raise ArithmeticError("nan")
    return x * f


@program((3,), (0,))
def recursion_error(n: int):
    return down(n)


def down(n: int) -> int:
    if n == 0:
        raise StopIteration("at the end")
    return up(n - 1)


def up(n: int) -> int:
    return n + 1
