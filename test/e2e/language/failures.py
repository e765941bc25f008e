# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is raised, and with which text: containers, conversions, tensors, own exceptions, asserts."""
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


class ConfigError(Exception):
    def __init__(self, text: str):
        super().__init__(text)


@program(([], 0), ([1], 1), ([1], -2))
def list_index(x: List[int], i: int):
    return x[i]


@program(([1], 3),)
def list_assign(x: List[int], i: int):
    x[i] = 1
    return x


@program(([],),)
def list_pop(x: List[int]):
    return x.pop()


@program(([1], 4),)
def list_pop_at(x: List[int], i: int):
    return x.pop(i)


@program(([1], 4),)
def list_remove(x: List[int], v: int):
    x.remove(v)
    return x


@program(([1], 4),)
def list_find(x: List[int], v: int):
    return x.index(v)


@program(([1], 4),)
def list_delete(x: List[int], i: int):
    del x[i]
    return x


@program(({"a": 1}, "b"),)
def dict_key(d: Dict[str, int], k: str):
    return d[k]


@program(({1: "a"}, 7),)
def dict_int_key(d: Dict[int, str], k: int):
    return d[k]


@program(({1.5: "a"}, 2.5),)
def dict_float_key(d: Dict[float, str], k: float):
    return d[k]


@program(({"a": 1}, "b"),)
def dict_pop(d: Dict[str, int], k: str):
    return d.pop(k)


@program(({"a": 1}, "b"),)
def dict_delete(d: Dict[str, int], k: str):
    del d[k]
    return d


@program(({},),)
def dict_popitem(d: Dict[str, int]):
    return d.popitem()


@program(("abc", 3), ("abc", -4))
def string_index(s: str, i: int):
    return s[i]


@program(("abc", "z"),)
def string_find(s: str, t: str):
    return s.index(t)


@program(("1.5",), ("",), ("x",))
def string_to_int(s: str):
    return int(s)


@program(("x",), ("1,5",))
def string_to_float(s: str):
    return float(s)


@program((1, 0), (0, 0))
def int_division(a: int, b: int):
    return a // b


@program((1, 0),)
def true_division(a: int, b: int):
    return a / b


@program(([1, 2, 3],), ([1],))
def unpacked(x: List[int]):
    a, b = x
    return a + b


@program((None,))
def unwrapped(x: Optional[int]):
    assert x is not None
    return x


@program((None,))
def unwrapped_value(x: Optional[int]):
    return torch.jit._unwrap_optional(x)


@program((0,), (1,), (2,), (3,), (4,))
def kinds(n: int):
    if n == 0:
        raise ValueError("value")
    elif n == 1:
        raise RuntimeError("runtime")
    elif n == 2:
        raise TypeError("type")
    elif n == 3:
        raise IndexError("index")
    return n


@program((0,), (1,), (2,))
def more_kinds(n: int):
    if n == 0:
        raise NotImplementedError("later")
    if n == 1:
        raise KeyError("key")
    if n == 2:
        raise AssertionError("assertion")
    return n


@program((0,), (3,))
def own(n: int):
    if n == 0:
        raise ConfigError("wrong configuration")
    return n


@program((0,), (3,))
def message_of_parts(n: int):
    if n == 0:
        raise ValueError("n is " + str(n) + ", which is {}".format("bad"))
    return n


@program((0,), (3,))
def message_percent(n: int):
    if n == 0:
        raise ValueError("n is %d" % n)
    return n


@program((5,), (50,))
def assert_in_loop(n: int):
    for i in range(n):
        assert i < 10, "i is " + str(i)
    return n


@program((X,), (X - 3,))
def assert_on_tensor(x: Tensor):
    assert bool((x >= 0).all()), f"negative: {x.min().item()}"
    return x


@program((X, 5), (X, -3))
def tensor_row(x: Tensor, i: int):
    return x[i]


@program((X, 2), (X, -3))
def tensor_dim(x: Tensor, d: int):
    return x.sum(d)


@program((X, torch.ones(4)),)
def shapes(x: Tensor, y: Tensor):
    return x + y


@program((X, X),)
def products(x: Tensor, y: Tensor):
    return torch.mm(x, y)


@program((X, [4, 4]),)
def views(x: Tensor, s: List[int]):
    return x.view(s)


@program(([torch.ones(2), torch.ones(3)],),)
def stacks(x: List[Tensor]):
    return torch.stack(x)


@program(([],),)
def cat_of_none(x: List[Tensor]):
    return torch.cat(x)


@program((X,))
def item_of_many(x: Tensor):
    return x.item()


@program((X, torch.tensor([0, 9])),)
def index_out(x: Tensor, i: Tensor):
    return x[i]


@program((3,), (0,))
def raised_in_function(n: int):
    return check(n) + 1


def check(n: int) -> int:
    if n < 1:
        raise ValueError("n must be positive")
    return n


@program((3,), (0,))
def printed_then_raised(n: int):
    print("start", n)
    y = check(n)
    print("end", y)
    return y


@program((X,), (-X,))
class Checks(nn.Module):
    def forward(self, x: Tensor):
        if x.size(0) != 2:
            raise RuntimeError("two rows expected")
        if bool(x.sum() < 0):
            raise RuntimeError(f"sum is {float(x.sum())}")
        return x


@program((1,), (0,))
def else_raises(n: int):
    if n == 1:
        y = "one"
    else:
        raise ValueError("only one")
    return y


@program((2,), (0,))
def all_paths_raise(n: int):
    if n > 1:
        raise ValueError("greater")
    else:
        raise RuntimeError("smaller")


@program((2,), (9,))
def state_before(n: int):
    x: List[int] = []
    for i in range(n):
        x.append(i)
        if len(x) > 5:
            raise RuntimeError("too many: " + str(x))
    return x


@program(((1, 2), 5))
def tuple_index(t: Tuple[int, int], i: int):
    return [t[0], t[1]][i]


@program((100,))
def chr_range(n: int):
    return chr(n), ord("ab") if n > 200 else 0


@program(("ab",))
def ord_of_two(s: str):
    return ord(s)
