# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The ways types are written: comments, built-in generics, annotations of locals, aliases, defaults."""
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
Pairs = List[Tuple[int, str]]


@program((1, 2.0))
def type_comment(a, b):
    # type: (int, float) -> float
    return a * b


@program((1, [2.0], {"a": 1}))
def type_comments_each(a,  # type: int
                       b,  # type: List[float]
                       c,  # type: Dict[str, int]
                       ):
    # type: (...) -> Tuple[int, float]
    return a + c["a"], b[0]


@program(([1, 2], {"a": 1.5}, (1, "x")))
def builtin_generics(a: list[int], b: dict[str, float], c: tuple[int, str]):
    x: list[str] = []
    x.append(c[1])
    y: dict[int, list[int]] = {1: a}
    return x, y, b


@program((None,), (3,))
def bar_optional(x: int | None):
    if x is None:
        return 0
    return x + 1


@program((1,), ("a",), (2.5,))
def bar_union(x: int | str | float):
    if isinstance(x, int):
        return "int"
    elif isinstance(x, str):
        return "str"
    return "float"


@program(([(1, "a"), (2, "b")],))
def alias(x: Pairs):
    y: Pairs = []
    for a, b in x:
        y.append((a + 1, b + "!"))
    return y


@program((X,))
def local_annotations(x: Tensor):
    a: int = 5
    b: float = 2.5
    c: List[Tensor] = [x]
    d: Dict[str, List[Tensor]] = {"k": [x, x]}
    e: Tuple[int, Optional[str]] = (1, None)
    f: Optional[List[int]] = None
    return a, b, c, len(d["k"]), e, f


@program((X,))
def untyped_is_tensor(x):
    return x + 1


@program((X, 3.0))
def scalars_default(x, k: float = 2.0):
    return x * k


@program(())
def annotate_all():
    a = torch.jit.annotate(List[int], [])
    b = torch.jit.annotate(Dict[str, Tensor], {})
    c = torch.jit.annotate(Optional[int], None)
    d = torch.jit.annotate(Tuple[int, float], (1, 2.0))
    e = torch.jit.annotate(float, 1.0)
    a.append(1)
    b["x"] = torch.ones(1)
    return a, b, c, d, e


@program((1, 2.5, True, "s", 1 + 1j))
def identity(i: int, f: float, b: bool, s: str, c: complex):
    return i, f, b, s, c


@program(([1], [0.5], [True], ["s"], [1j], [X]))
def identity_lists(i: List[int], f: List[float], b: List[bool], s: List[str], c: List[complex], t: List[Tensor]):
    return i, f, b, s, c, t


@program(({1: 1}, {0.5: "a"}, {True: [1]}, {"s": X}, {1j: 2}))
def identity_dicts(i: Dict[int, int], f: Dict[float, str], b: Dict[bool, List[int]], s: Dict[str, Tensor], c: Dict[complex, int]):
    return i, f, b, s, c


@program(((1, (2.5, [True]), {"a": ("b", X)}),))
def identity_nested(t: Tuple[int, Tuple[float, List[bool]], Dict[str, Tuple[str, Tensor]]]):
    return t


@program((None, [None, 1], {"a": None}, (None, 1)))
def identity_optionals(a: Optional[int], b: List[Optional[int]], c: Dict[str, Optional[int]], d: Tuple[Optional[int], int]):
    return a, b, c, d


@program(((),), )
def empty_tuple(t: Tuple[()]):
    return t, len(t)


@program(([], {}, [[]]))
def empty_containers(a: List[int], b: Dict[str, float], c: List[List[str]]):
    return a, b, c, len(a) + len(b) + len(c)


@program((torch.device("cpu"), torch.float32, 3))
def identity_kinds(d: torch.device, t: torch.dtype, n: int):
    return d, t, n


@program((X, (X, X)), )
def nested_return(x: Tensor, t: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tuple[Tensor, List[Tensor]]]:
    return x, (t[0], [t[1], x])


class Config(NamedTuple):
    sizes: List[int]
    names: Dict[str, int]
    inner: Tuple[int, float]
    flag: bool = True


@program((Config([1, 2], {"a": 1}, (1, 2.0)),), (Config([], {}, (0, 0.5), False),))
def config(c: Config):
    n = sum(c.sizes) + c.inner[0]
    if c.flag:
        n += len(c.names)
    return n, c


@program((Config([1], {"a": 1}, (1, 2.0)),))
def config_returned(c: Config) -> Config:
    return Config(c.sizes + [5], {"b": 2}, (c.inner[0], 0.25), not c.flag)


@program(([Config([1], {"a": 1}, (1, 2.0))], {"k": Config([2], {}, (3, 4.0))}))
def configs(l: List[Config], d: Dict[str, Config]):
    return l[0].sizes, d["k"].inner, [c.flag for c in l]


@program((3,))
def none_return(n: int) -> None:
    print(n)


@program((3,))
def implicit_none(n: int):
    x = [n]
    x.append(1)


@program((1, 2))
def discarded(a: int, b: int):
    _ = a + b
    _, c = a, b
    return c


@program((X, 2, 3))
def keyword_only(x: Tensor, a: int, b: int):
    return outer(x, a=a, b=b), outer(x, b=a)


def outer(x: Tensor, a: int = 1, b: int = 2) -> Tensor:
    return x * a + b


@program((X,))
class Annotated(nn.Module):
    a: int
    b: List[float]
    c: Dict[str, Tensor]
    d: Optional[Tuple[int, str]]
    e: Union[int, str]

    def __init__(self):
        super().__init__()
        self.a = 1
        self.b = []
        self.c = {}
        self.d = None
        self.e = "text"

    def forward(self, x: Tensor):
        self.b.append(0.5)
        self.c["x"] = x
        d = self.d
        if d is None:
            self.d = (2, "d")
        e = self.e
        n = 0
        if isinstance(e, str):
            n = len(e)
        return self.a + n, self.b, self.c


@program((3, "a"))
def any_in_containers(n: int, s: str):
    x: List[Any] = [n, s, [n], (n, s), None]
    y: Dict[str, Any] = {"a": n, "b": s}
    return x, y


@program(([1, "a", 2.5, None],))
def list_of_any(x: List[Any]):
    out: List[str] = []
    for v in x:
        if isinstance(v, int):
            out.append("int")
        elif isinstance(v, str):
            out.append("str:" + v)
        elif v is None:
            out.append("none")
        else:
            out.append("other")
    return out


@program(({"a": 1, "b": "x"},))
def dict_of_any(d: Dict[str, Any]):
    a = d["a"]
    assert isinstance(a, int)
    b = d["b"]
    assert isinstance(b, str)
    return a + len(b)


@program((X, 1), (X, 2))
def number_argument(x: Tensor, k: Union[int, float]):
    if isinstance(k, float):
        return x * k
    else:
        return x + k


@program((1,), (2.5,), (True,))
def scalar_any(x: Any):
    if isinstance(x, bool):
        return 0
    if isinstance(x, (int, float)):
        return 1
    return 2
