# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Asserts and raised exceptions."""
from typing import Dict, List, Optional

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


class OwnError(Exception):
    pass


class MessageError(ValueError):
    def __init__(self, message):
        super().__init__(message)


@program((3,), (-1,))
def value_error(n: int):
    if n < 0:
        raise ValueError("negative")
    return n


@program((3,), (-1,))
def formatted(n: int):
    if n < 0:
        raise RuntimeError(f"bad value {n}")
    return n


@program((3,), (-1,))
def several(n: int):
    if n < 0:
        raise ValueError("negative: {}".format(n))
    elif n == 3:
        raise TypeError("three")
    return n


@program((1,))
def always(n: int):
    raise NotImplementedError("not yet")
    return n


@program((1,), (5,))
def asserted(n: int):
    assert n > 3
    return n


@program((1,), (5,))
def asserted_text(n: int):
    assert n > 3, "too small"
    return n


@program((1, "x"),)
def asserted_formatted(n: int, s: str):
    assert n > 3, f"{s} is {n}"
    return n


@program((X,), (X - 100,))
def on_tensor(x: Tensor):
    if x.sum() < 0:
        raise ValueError("negative sum")
    return x * 2


@program((X,))
def assert_tensor(x: Tensor):
    assert x.dim() == 3, "three dimensions"
    return x


@program((-1,), (1,))
def no_message(n: int):
    if n < 0:
        raise ValueError
    return n


@program((-1,), (1,))
def empty_message(n: int):
    if n < 0:
        raise ValueError()
    return n


@program((-1,), (1,))
def own_error(n: int):
    if n < 0:
        raise OwnError("own")
    return n


@program((0,), (1,))
def in_function(n: int):
    return checked(n) + 1


def checked(n: int):
    if n == 0:
        raise ValueError("zero")
    return n


@program((0,), (7,))
def in_loop(n: int):
    for i in range(5):
        if i == n:
            raise ValueError("found")
    return n


@program(([1, 2, 3], 5), ([1, 2, 3], 1))
def index(x: List[int], i: int):
    return x[i]


@program(({"a": 1}, "b"),)
def key(d: Dict[str, int], k: str):
    return d[k]


@program((X, 5), (X, 1))
def tensor_index(x: Tensor, i: int):
    return x[i]


@program((X, torch.ones(4)),)
def broadcast(x: Tensor, y: Tensor):
    return x + y


@program((X, torch.ones(4, 2)),)
def product(x: Tensor, y: Tensor):
    return x @ y


@program((1, 0))
def division(a: int, b: int):
    return a // b


@program((1,))
def print_before(n: int):
    print("before")
    if n == 1:
        raise ValueError("stop")
    print("after")
    return n


@program((None,), (1,))
def unwrap(n: Optional[int]):
    assert n is not None, "n must be there"
    return n


@program(("x",),)
def message_given(s: str):
    raise ValueError(s)


@program((X,))
def item_of_many(x: Tensor):
    return x.item()


@program((X,))
def bool_of_many(x: Tensor):
    if x:
        return 1
    return 0


@program((2,), (1,))
def nested_function_raise(n: int):
    try_value = inner(n)
    return try_value


def inner(n: int) -> int:
    if n == 1:
        return 10
    else:
        raise RuntimeError("inner")
