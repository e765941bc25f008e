# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Python's built-in functions, on values of every kind."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
V = torch.tensor([3, 1, 2])


@program((3,), (0,), (-2,))
def ranges(n: int):
    return [i for i in range(n)], [i for i in range(1, n)], [i for i in range(10, n, -3)]


@program((2, 11, 3), (11, 2, -3), (0, 0, 1), (5, 1, 1))
def range_given(a: int, b: int, c: int):
    out: List[int] = []
    for i in range(a, b, c):
        out.append(i)
    return out


@program((0,))
def range_step_zero(n: int):
    s = 0
    for i in range(0, 5, n):
        s += i
    return s


@program(("abc",))
def enumerate_string(s: str):
    out: List[str] = []
    for i, c in enumerate(s):
        out.append(c + str(i))
    return out


@program((V,))
def enumerate_tensor(x: Tensor):
    s = 0
    for i, v in enumerate(x):
        s += i * int(v)
    return s


@program(({"a": 1, "b": 2},))
def enumerate_dict(d: Dict[str, int]):
    out: List[str] = []
    for i, k in enumerate(d):
        out.append(k + str(i + d[k]))
    return out


@program(({"a": 1, "b": 2}, [5, 6, 7]))
def zip_dict(d: Dict[str, int], x: List[int]):
    s = 0
    for (k, v), w in zip(d.items(), x):
        s += v * w + len(k)
    return s


@program((3, ["a", "b", "c", "d"]))
def zip_range(n: int, x: List[str]):
    return [str(i) + s for i, s in zip(range(n), x)]


@program((V, [10, 20, 30]))
def zip_tensor(x: Tensor, y: List[int]):
    out = torch.zeros([], dtype=torch.int64)
    for a, b in zip(x, y):
        out = out + a * b
    return out


@program(([1.0, 2.5], [1, 2]))
def sum_of(x: List[float], y: List[int]):
    return sum(x), sum(y), sum([v * 2 for v in y]), sum([1, 2, 3])


@program((5, -3))
def minmax_scalars(a: int, b: int):
    return min(a, b), max(a, b), min(a, b, 0), max(a, b, 100), min([a, b]), max([a, b])


@program((2.5, -3.5))
def minmax_floats(a: float, b: float):
    return min(a, b), max(a, b), min([a, b, 0.0]), max([a, b, 0.0]), min(a, 1), max(b, 1)


@program((torch.tensor(2.5), torch.tensor(-3.5)))
def minmax_tensors(a: Tensor, b: Tensor):
    return min(a, b), max(a, b)


@program(([], ),)
def min_of_empty(x: List[int]):
    return min(x)


@program(([True, False], [False]), ([], [True]))
def minmax_bools(x: List[bool], y: List[bool]):
    return any(x), all(x), any(y), all(y)


@program((torch.tensor([True, False]),))
def any_of_tensor(x: Tensor):
    return any(x), all(x)


@program((-5, -2.5, -1 - 2j, torch.tensor([-1.0, 2.0])))
def absolutes(i: int, f: float, c: complex, x: Tensor):
    return abs(i), abs(f), abs(c), abs(x), abs(-3), abs(-1.5)


@program((7, 3, 7.5, -2.0))
def divmod_all(a: int, b: int, c: float, d: float):
    return divmod(a, b), divmod(-a, b), divmod(c, d), divmod(a, d), divmod(c, b)


@program((5, 0))
def divmod_zero(a: int, b: int):
    return divmod(a, b)


@program((5.0, 0.0))
def float_division_zero(a: float, b: float):
    return a / b


@program((5.0, 0.0))
def float_modulo_zero(a: float, b: float):
    return a % b


@program((2.5, 7), (-0.5, -3), (1.4999, 0))
def round_all(f: float, i: int):
    return round(f), round(i), round(-f)


@program((65,), (8364,), (97,))
def characters(i: int):
    return chr(i) if i < 128 else "", hex(i), oct(i), bin(i), hex(-i), oct(-i), bin(-i)


@program(("a",), ("Z",), ("0",))
def ord_of(s: str):
    return ord(s), chr(ord(s) + 1)


@program((5, 2.5, True, "12"))
def conversions(i: int, f: float, b: bool, s: str):
    return int(f), int(b), int(s), float(i), float(b), float(s), bool(i), bool(f), str(i), str(f), str(b), complex(i, f)


@program((torch.tensor(3), torch.tensor(2.7), torch.tensor(True)))
def tensor_conversions(i: Tensor, f: Tensor, b: Tensor):
    return int(i), int(f), int(b), float(i), float(f), float(b), bool(i), bool(f), bool(b), complex(f)


@program((torch.tensor([3]), torch.tensor([[2.5]])))
def one_element(i: Tensor, f: Tensor):
    return int(i), float(f), bool(i), i.item(), f.item()


@program((torch.tensor([1, 2]),))
def int_of_many(x: Tensor):
    return int(x)


@program((torch.zeros(0),))
def float_of_none(x: Tensor):
    return float(x)


@program(("1e3",), ("abc",), (" 5 ",))
def float_of_text(s: str):
    return float(s)


@program(("inf",), ("-inf",), ("nan",))
def float_of_names(s: str):
    return float(s)


@program((1, 2.5, "a", True))
def hash_all(i: int, f: float, s: str, b: bool):
    return hash(i) == hash(i), hash(f) == hash(f), hash(s) == hash(s), hash(s) == hash(s + "x"), hash(b) == hash(b)


@program((1, 2))
def hash_of_containers(i: int, j: int):
    return hash((i, j)) == hash((i, j)), hash((i, j)) == hash((j, i))


@program(([3, 1, 2], ["b", "a"], [2.5, 0.5]))
def sorted_all(x: List[int], y: List[str], z: List[float]):
    return sorted(x), sorted(y), sorted(z), x, y, z


@program(([True, False], [(2, "a"), (1, "b")]))
def sorted_kinds(x: List[bool], y: List[Tuple[int, str]]):
    return sorted(x), sorted(y)


@program(({"b": 1, "a": 2},))
def sorted_keys(d: Dict[str, int]):
    return sorted(d.keys()), sorted(d.values())


@program((X, [1, 2], (1, 2, 3), "abcd", {"a": 1}))
def lengths(x: Tensor, l: List[int], t: Tuple[int, int, int], s: str, d: Dict[str, int]):
    return len(x), len(l), len(t), len(s), len(d)


@program((torch.tensor(1),))
def length_of_scalar(x: Tensor):
    return len(x)


@program(([1, 2, 3], "abc", {"a": 1}))
def lists_from(x: List[int], s: str, d: Dict[str, int]):
    y = list(x)
    y.append(4)
    return y, x, list(s), list(d), list(d.items()), list(range(3)), list(enumerate(x)), list(zip(x, y))


@program(([1, 2, 3],))
def tuple_from_list(x: List[int]):
    a, b, c = x
    return (a, b, c)


@program((X,))
def slices_objects(x: Tensor):
    return x[slice(0, 1)], x[:, slice(None, 2)], x[slice(None, None, 2)]


@program(([0, 1, 2, 3, 4, 5], 1, 4))
def slice_object_list(x: List[int], a: int, b: int):
    return x[slice(a, b)], x[slice(b)], x[slice(a, None, 2)]


@program((3, 4.5))
def printing(i: int, f: float):
    print(i, f)
    print("a", i, "b")
    print()
    print([i, i], (i, f), {i: f})
    print(f"{i}", str(f), True, None)
    return i


@program((3,))
def is_operators(n: int):
    x = [n]
    y = x
    return x is y, x is not y, n is None, None is None


@program((3, 5))
def boolean_values(a: int, b: int):
    return a and b, a or b, not a, not (a > b), (a > 1) and (b > 1), (a > 9) or (b > 1)


@program(([1], []), ([], [2]))
def truthiness(x: List[int], y: List[int]):
    return bool(len(x)), not len(y), 1 if len(x) > 0 else 2


@program((3, 4, 5))
def chained_comparison(a: int, b: int, c: int):
    return a < b < c, a < b > c, a == a <= b, not a < b


@program((10, 3))
def operators(a: int, b: int):
    return a // b, a % b, a ** b, a / b, a & b, a | b, a ^ b, a << b, a >> b, -a


@program((2, 0.5), (-2, 3.0))
def power_kinds(a: int, f: float):
    return a ** 2, float(a) ** 2, f ** 2, f ** f, pow(f, 2.0), a ** 3, pow(a, 2)


@program((1, 1.0))
def mixed_equality(i: int, f: float):
    return i == f, i != f, i < f, f >= i, i == True, f == 1  # noqa: E712


@program(("5", "x"))
def type_of_result(a: str, b: str):
    return b + a, a < b, a == b, a in b, max(a, b) if False else a


@program((X,))
def getattr_known(x: Tensor):
    return x.shape[0], x.dtype == torch.float32, x.requires_grad, x.is_sparse, x.T, x.mT


@program((5,))
def unused_locals(n: int):
    a = [n]
    b = {"x": a}
    c = (a, b)
    del a
    return n, len(c)


@program((3,))
def pass_and_ellipsis(n: int):
    for _ in range(n):
        pass
    if n > 1:
        pass
    else:
        n = 0
    return n


@program((X,))
def multi_assign(x: Tensor):
    a = b = x + 1
    c, d = e = (1, 2)
    a += 1
    return a, b, c, d, e


@program((1,))
def swap_many(n: int):
    a, b, c = n, n + 1, n + 2
    a, b, c = c, a, b
    (a, b), c = (b, a), c
    return a, b, c


@program(([1, 2, 3, 4],))
def starred(x: List[int]):
    a, *b = (1, 2, 3)
    return a, b, x


@program(({"a": [1, 2]}, [[1], [2]]))
def augmented_subscripts(d: Dict[str, List[int]], x: List[List[int]]):
    d["a"][0] += 5
    x[1][0] *= 3
    x[0] += [7]
    return d, x


@program((3,), (None,))
def conditional_expression_optional(n: Optional[int]):
    return (n if n is not None else -1) + 1
