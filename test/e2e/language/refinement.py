# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Optional, Union and Any: refinement, assignment, containers, isinstance with tuples of types."""
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


class Pair(NamedTuple):
    a: int
    b: Optional[int]


@program((1,), ("a",), ([1, 2],))
def three_ways(x: Union[int, str, List[int]]):
    if isinstance(x, int):
        return x
    elif isinstance(x, str):
        return len(x)
    else:
        return sum(x)


@program((1,), (2.5,), ("a",))
def tuple_of_types(x: Union[int, float, str]):
    if isinstance(x, (int, float)):
        return "number"
    return x


@program((1,), ("a",))
def refined_by_assert(x: Union[int, str]):
    assert isinstance(x, int)
    return x + 1


@program((1,), ("a",))
def reassigned(x: Union[int, str]):
    if isinstance(x, int):
        x = str(x)
    return x


@program((True,), (False,))
def union_result(b: bool) -> Union[int, str]:
    if b:
        return 1
    return "one"


@program((True,), (False,))
def union_variable(b: bool):
    x: Union[int, List[int]] = 1
    if b:
        x = [1, 2]
    if isinstance(x, int):
        return x
    return len(x)


@program(([1, "a", 2],))
def list_of_union(x: List[Union[int, str]]):
    s = ""
    for v in x:
        if isinstance(v, str):
            s += v
        else:
            s += str(v + 1)
    return s


@program(({"a": 1, "b": "x"},))
def dict_of_union(d: Dict[str, Union[int, str]]):
    n = 0
    for k, v in d.items():
        if isinstance(v, int):
            n += v
        else:
            n += len(v) * 10
    return n


@program((1,), (None,), ("q",))
def optional_union(x: Optional[Union[int, str]]):
    if x is None:
        return "none"
    elif isinstance(x, int):
        return "int"
    return x


@program(((1, "a"),), (3,))
def union_of_tuple(x: Union[Tuple[int, str], int]):
    if isinstance(x, int):
        return x
    a, b = x
    return a + len(b)


@program((X,), (2.0,))
def tensor_or_float(x: Union[Tensor, float]):
    if isinstance(x, Tensor):
        return x * 2
    else:
        return torch.full((2,), x)


@program((1,), ("a",))
def passed_to_function(x: Union[int, str]):
    return taker(x)


def taker(x: Union[int, str, float]) -> int:
    if isinstance(x, str):
        return len(x)
    elif isinstance(x, int):
        return x
    return 0


@program((1,))
def given_int_as_union(x: int):
    return taker(x), taker("abc"), taker(1.5)


@program((None,), (2,))
def early_return(x: Optional[int]):
    if x is None:
        return -1
    y = x + 1
    return y


@program((None,), (2,))
def raised_if_none(x: Optional[int]):
    if x is None:
        raise ValueError("x must be given")
    return x + 1


@program((None, 3), (2, None), (None, None), (1, 1))
def two_optionals(a: Optional[int], b: Optional[int]):
    if a is None and b is None:
        return 0
    if a is not None and b is None:
        return a
    if a is None:
        return b if b is not None else -1
    return a * 10


@program((None,), (2,))
def negated(x: Optional[int]):
    if not (x is None):
        return x + 1
    return 0


@program((None,), (2,))
def boolean_operators(x: Optional[int]):
    a = x is not None and x > 1
    b = x is None or x > 5
    return a, b


@program((None,), (2,))
def in_ternary(x: Optional[int]):
    y = 10 if x is None else x * 2
    return y


@program((Pair(1, None),), (Pair(1, 2),))
def attribute_of_tuple(p: Pair):
    b = p.b
    if b is not None:
        return p.a + b
    return p.a


@program(([1, None, 3],))
def from_list(x: List[Optional[int]]):
    out: List[int] = []
    for v in x:
        if v is not None:
            out.append(v)
    return out


@program(({"a": None, "b": 3},))
def from_dict(d: Dict[str, Optional[int]]):
    v = d["b"]
    if v is None:
        v = 0
    w = d["a"]
    return v + (w if w is not None else 100)


@program(({"a": 1}, "a"), ({"a": 1}, "b"))
def dict_get(d: Dict[str, int], k: str):
    v = d.get(k)
    if v is None:
        return -1
    return v


@program((3,), (0,))
def built_in_loop(n: int):
    last: Optional[int] = None
    for i in range(n):
        if last is None:
            last = i
        else:
            last = last + i
    return last


@program((3,), (0,))
def tensor_built_in_loop(n: int):
    acc: Optional[Tensor] = None
    for i in range(n):
        t = torch.ones(2) * i
        if acc is None:
            acc = t
        else:
            acc = acc + t
    return acc


@program((X, None), (X, X))
def optional_tensor_result(x: Tensor, y: Optional[Tensor]) -> Optional[Tensor]:
    if y is None:
        return None
    return x + y


@program((X,), (None,))
def optional_tensor_with_default(x: Optional[Tensor] = None):
    y = torch.zeros(2, 3) if x is None else x
    return y + 1


@program((1,), ("a",), (None,), (2.5,), ([1],), ({"a": 1},), ((1, 2),), (True,))
def any_kinds(x: Any):
    if x is None:
        return "none"
    if isinstance(x, bool):
        return "bool"
    if isinstance(x, int):
        return "int"
    if isinstance(x, float):
        return "float"
    if isinstance(x, str):
        return "str"
    if isinstance(x, List[int]):
        return "list"
    if isinstance(x, Dict[str, int]):
        return "dict"
    if isinstance(x, Tuple[int, int]):
        return "tuple"
    return "?"


@program((1,), ("a",))
def any_refined(x: Any):
    if isinstance(x, int):
        return x + 1
    elif isinstance(x, str):
        return len(x)
    return 0


@program(([1, 2],), (X,))
def jit_isinstance(x: Any):
    if torch.jit.isinstance(x, List[int]):
        return x[0]
    elif torch.jit.isinstance(x, Tensor):
        return 7
    return 0


@program(({"a": [1.0]},), ({"a": ["x"]},), ([1],))
def jit_isinstance_nested(x: Any):
    if torch.jit.isinstance(x, Dict[str, List[float]]):
        return 1
    if torch.jit.isinstance(x, Dict[str, List[str]]):
        return 2
    return 3


@program(([1, 2], ["a"], X, {"a": 1}, (1, "x"), None))
def static_isinstance(a: List[int], b: List[str], c: Tensor, d: Dict[str, int], e: Tuple[int, str], f: Optional[int]):
    return [isinstance(a, List[int]), isinstance(a, List[str]), isinstance(b, list), isinstance(c, Tensor), isinstance(d, Dict[str, int]), isinstance(e, tuple), isinstance(e, Tuple[int, str]), isinstance(f, int), isinstance(a, (list, tuple))]


@program((1,), (True,))
def union_of_int_bool(x: Union[int, bool]):
    if isinstance(x, bool):
        return "bool"
    return "int"


@program((True,), (False,))
def optional_list_branch(b: bool):
    x: Optional[List[int]] = None
    if b:
        x = [1]
    if x is not None:
        x.append(5)
    return x


@program((True,), (False,))
def optional_string_branch(b: bool):
    s: Optional[str] = None
    if b:
        s = "text"
    return s is None, s


@program((3,), (1,))
def optional_from_call(n: int):
    f = finder([1, 2, 3], n)
    g = finder([5], n)
    if f is not None and g is None:
        return f
    return -1


def finder(x: List[int], v: int) -> Optional[int]:
    for i, w in enumerate(x):
        if w == v:
            return i
    return None


@program((None,), (4,))
def passed_through_assert_in_function(x: Optional[int]):
    return need(x) * 2


def need(x: Optional[int]) -> int:
    assert x is not None, "a number is needed"
    return x


@program((1, None), (1, "s"))
def optional_of_second(a: int, s: Optional[str]):
    if s is None:
        s = "default"
    return s + str(a)


@program((None,), ([None, 1],))
def optional_of_optional_list(x: Optional[List[Optional[int]]]):
    if x is None:
        return 0
    n = 0
    for v in x:
        n += 1 if v is None else v
    return n


@program((True, X), (False, X))
def none_or_tensor_in_list(b: bool, x: Tensor):
    l: List[Optional[Tensor]] = [None, x]
    if b:
        l[0] = x + 1
    y = l[0]
    if y is None:
        return x
    return y * 2


@program((1,), ("s",))
def union_in_tuple(x: Union[int, str]):
    t = (x, 1)
    y = t[0]
    if isinstance(y, int):
        return y + t[1]
    return t[1]


@program((2,), (None,))
def not_none_after_loop(x: Optional[int]):
    if x is None:
        x = 1
    for i in range(3):
        x += i
    return x
