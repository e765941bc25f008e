# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""None, Optional, Union, Any, isinstance."""
from typing import Any, Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((X, None), (X, X + 1))
def tensor(x: Tensor, y: Optional[Tensor]):
    if y is None:
        return x
    return x + y


@program((X, None), (X, X + 1))
def tensor_not(x: Tensor, y: Optional[Tensor]):
    z = x
    if y is not None:
        z = z * y
    return z


@program((None,), (3,))
def refined_by_assert(n: Optional[int]):
    assert n is not None
    return n + 1


@program((None,), (3,))
def default_value(n: Optional[int]):
    if n is None:
        n = 7
    return n * 2


@program((None, None), (1, None), (1, 2))
def both(a: Optional[int], b: Optional[int]):
    if a is not None and b is not None:
        return a + b
    return -1


@program((None, 2), (1, None), (1, 2))
def either(a: Optional[int], b: Optional[int]):
    if a is None or b is None:
        return -1
    return a + b


@program((None,), (1.5,))
def ternary(x: Optional[float]):
    return x if x is not None else 0.0


@program((None,), ([1, 2],))
def of_list(x: Optional[List[int]]):
    if x is None:
        return 0
    x.append(1)
    return len(x)


@program((None,), ({"a": 1},))
def of_dict(x: Optional[Dict[str, int]]):
    if x is not None:
        return x["a"]
    return -1


@program((True,), (False,))
def returned(b: bool) -> Optional[int]:
    if b:
        return 3
    return None


@program((3,), (0,))
def from_function(n: int):
    x = half(n)
    if x is not None:
        return x + 0.5
    return -1.0


def half(n: int) -> Optional[float]:
    if n == 0:
        return None
    return n / 2


@program(())
def always_none():
    x: Optional[int] = None
    return x, x is None


@program(())
def annotate_none():
    x = torch.jit.annotate(Optional[Tensor], None)
    y = torch.jit.annotate(Optional[int], 5)
    return x is None, y


@program((None,), (2,))
def unwrapped(n: Optional[int]):
    return torch.jit._unwrap_optional(n) + 1


@program((None,), (X,))
def passed_on(x: Optional[Tensor]):
    return inner(x)


def inner(x: Optional[Tensor] = None):
    if x is None:
        return torch.zeros(1)
    return x * 2


@program((X,))
def default_arguments(x: Tensor):
    return inner(), inner(x), with_default(x), with_default(x, 3)


def with_default(x: Tensor, n: int = 2, scale: Optional[float] = None):
    if scale is not None:
        x = x * scale
    return x * n


@program((None,), ((1, X),))
def of_tuple(x: Optional[Tuple[int, Tensor]]):
    if x is None:
        return X_ZERO()
    return x[1] * x[0]


def X_ZERO():
    return torch.zeros(2, 3)


@program(([None, 1, 2],))
def list_of_optional(x: List[Optional[int]]):
    s = 0
    for v in x:
        if v is None:
            s -= 1
        else:
            s += v
    return s


@program((1,), ("a",))
def union_argument(x: Union[int, str]):
    if isinstance(x, int):
        return x + 1
    else:
        return len(x)


@program((1,), (2.5,), ("abc",))
def union_three(x: Union[int, float, str]):
    if isinstance(x, int):
        return "int"
    elif isinstance(x, float):
        return "float"
    else:
        return x


@program((1,), (None,), ("s",))
def union_none(x: Union[int, str, None]):
    if x is None:
        return "none"
    if isinstance(x, int):
        return str(x)
    return x


@program((True,), (False,))
def union_made(b: bool):
    x: Union[int, str] = 1
    if b:
        x = "a"
    if isinstance(x, str):
        return x
    return "number"


@program((X,), ([1, 2],))
def union_tensor_list(x: Union[Tensor, List[int]]):
    if isinstance(x, Tensor):
        return x.sum()
    return torch.tensor(x)


@program(([1, 2],), ({"a": 1},))
def union_containers(x: Union[List[int], Dict[str, int]]):
    if isinstance(x, list):
        return len(x)
    return x["a"]


@program(([1, "a"],))
def list_of_union(x: List[Union[int, str]]):
    n = 0
    for v in x:
        if isinstance(v, int):
            n += v
        else:
            n += 100
    return n


@program((1,), ("a",), (1.5,), ([1],), (X,))
def any_argument(x: Any):
    if isinstance(x, int):
        return "int"
    elif isinstance(x, str):
        return "str"
    elif isinstance(x, float):
        return "float"
    elif isinstance(x, Tensor):
        return "tensor"
    return "other"


@program((1, 2.0, "x", [1], (1, 2), True))
def isinstance_static(a: int, b: float, c: str, d: List[int], e: Tuple[int, int], f: bool):
    return isinstance(a, int), isinstance(b, int), isinstance(c, str), isinstance(d, list), isinstance(d, List[int]), isinstance(e, tuple), \
        isinstance(a, (int, float)), isinstance(b, (int, str)), isinstance(f, bool), isinstance(f, int)


@program((X,))
def isinstance_tensor(x: Tensor):
    return isinstance(x, torch.Tensor), isinstance(x, (torch.Tensor, int)), isinstance(3, torch.Tensor)


@program((None,), (1,))
def isinstance_optional(x: Optional[int]):
    if isinstance(x, int):
        return x + 1
    return 0


@program((3,))
def any_result(n: int) -> Any:
    return n


@program((True,), (False,))
def any_from_branch(b: bool) -> Any:
    if b:
        return 1
    return "x"


@program((1, "a"))
def any_list(n: int, s: str):
    x: List[Any] = [n, s, 1.5]
    return x, len(x)


@program((1,), (None,))
def elif_chain(x: Optional[int]):
    if x is None:
        y = "none"
    elif x > 0:
        y = "positive"
    else:
        y = "negative"
    return y


@program((None,), (5,))
def loop_until(x: Optional[int]):
    n = 0
    while x is not None and n < 3:
        n += 1
    return n


@program((None,), ("x",))
def printed(x: Optional[str]):
    print(x)
    return f"{x}"


@program((1, 2), (None, 2))
def optional_arithmetic(x: Optional[int], d: int):
    y = d if x is None else x
    return y * 10


@program(())
def none_result():
    return None


@program((X,))
def no_return(x: Tensor):
    x.add_(1)


@program(([X, X], None), ([X], [X + 1]))
def optional_list_of_tensors(a: List[Tensor], b: Optional[List[Tensor]]):
    if b is not None:
        return torch.cat(b)
    return torch.cat(a)


@program((1.5,), (2,))
def number_union(x: Union[int, float]):
    if isinstance(x, float):
        return x * 2
    return float(x)


@program((X, 2), (X, X))
def union_tensor_int(x: Tensor, y: Union[Tensor, int]):
    if isinstance(y, int):
        return x + y
    return x - y


@program((None,), (X,))
def nested_refinement(x: Optional[Tensor]):
    if x is not None:
        if x.sum() > 3:
            return x + 1
        return x
    return X_ZERO()
