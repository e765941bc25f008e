# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lists."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program(([3, 1, 2],), ([],), ([5],))
def sort_returns_none(x: List[int]):
    x.sort()
    y = x.copy()
    y.sort(reverse=True)
    return x, y


@program(([3.5, 1.0, 2.0], True), ([2.0, 1.0], False))
def sort_with_flag(x: List[float], r: bool):
    x.sort(reverse=r)
    return x


@program((["b", "a", "C"],))
def sort_strings(x: List[str]):
    y = sorted(x)
    x.sort(reverse=True)
    return x, y


@program(([True, False, True],))
def sort_bools(x: List[bool]):
    x.sort()
    return x


@program(([(2, "a"), (1, "b"), (1, "a")],))
def sort_tuples(x: List[Tuple[int, str]]):
    x.sort()
    return x, sorted(x)


@program(())
def slice_steps():
    x = [0, 1, 2, 3, 4, 5, 6, 7]
    return x[::2], x[1::3], x[::-1], x[5:1:-2], x[-3:], x[:-3], x[10:], x[-100:3], x[3:3]


@program(([0, 1, 2, 3, 4, 5],), ([],), ([9],))
def slice_steps_given(x: List[int]):
    return x[::2], x[1::3], x[::-1], x[5:1:-2], x[-3:], x[:-3], x[10:], x[-100:3], x[3:3]


@program(([1, 2, 3, 4],))
def comprehension(x: List[int]):
    return [i * 2 for i in x]


@program(())
def comprehension_known():
    return [i * i for i in range(5)], [str(i) for i in range(3)], [float(i) for i in [1, 2]]


@program((3,), (0,))
def comprehension_range(n: int):
    return [i + 1 for i in range(n)]


@program((["a", "bc"],))
def comprehension_strings(x: List[str]):
    return [s.upper() + "!" for s in x], [len(s) for s in x]


@program(([X, X + 1],))
def comprehension_tensors(x: List[Tensor]):
    return [t * 2 for t in x]


@program((3,))
def nested_comprehension(n: int):
    return [[j for j in range(2)] for i in range(n)]


@program((3,))
def list_times(n: int):
    x = [0] * 3
    y = [1, 2] * n
    z = 2 * [5]
    x[1] = n
    return x, y, z


@program(([1, 2], [1, 2]), ([1], [2]), ([], []))
def equality(x: List[int], y: List[int]):
    return x == y, x != y


@program(([1.5], ["a", "b"], [True]))
def equality_kinds(x: List[float], y: List[str], z: List[bool]):
    return x == [1.5], y == ["a", "b"], z == [False], y != ["a"]


@program(([X, X],), ([X, X + 1],))
def equality_tensors(x: List[Tensor]):
    y = [torch.ones(2, 3)]
    return y == [torch.ones(2, 3)], len(x)


@program(([1, 2, 3], 2), ([], 1))
def contains(x: List[int], v: int):
    return v in x, v not in x


@program((["a"], "a"), (["b"], "a"))
def contains_string(x: List[str], v: str):
    return v in x, v not in x


@program(([1.0, 2.0], 2.0))
def contains_float(x: List[float], v: float):
    return v in x


@program(())
def contains_known():
    return 3 in [1, 2, 3], "a" in ["b"], 1.5 not in [1.5]


@program(([1, 2], ["a", "b"]), ([3, 4], ["x", "y"]))
def zipped(x: List[int], y: List[str]):
    out: List[str] = []
    for a, b in zip(x, y):
        out.append(b + str(a))
    return out


@program((["a", "b"],), ([],))
def enumerated(x: List[str]):
    out: List[str] = []
    for i, s in enumerate(x):
        out.append(f"{i}:{s}")
    return out


@program(([4, 5],))
def enumerated_from(x: List[int]):
    n = 0
    for i, v in enumerate(x, 3):
        n += i * v
    return n


@program(([1, 2], [3.0, 4.0], ["a", "b"]))
def zip_three(x: List[int], y: List[float], z: List[str]):
    out: List[Tuple[int, float, str]] = []
    for a, b, c in zip(x, y, z):
        out.append((a, b, c))
    return out


@program(([1, 2, 3],))
def enumerate_zip(x: List[int]):
    n = 0
    for i, (a, b) in enumerate(zip(x, [10, 20])):
        n += i * a * b
    return n


@program(([3, 1, 2], [0.5, -1.5]), ([7], [1.0]))
def extremes(x: List[int], y: List[float]):
    return min(x), max(x), min(y), max(y)


@program(([],))
def extreme_of_empty(x: List[int]):
    return max(x)


@program(([1, 2], [1, 3]))
def extreme_lists(x: List[int], y: List[int]):
    return max(x, y), min(x, y)


@program(([True, False], [1, 1], [0.0]), ([], [], []))
def any_all(x: List[bool], y: List[int], z: List[float]):
    return any(x), all(x), any(y), all(y), any(z), all(z)


@program(([1, 2, 3], [0.5, 0.25], [True, True]))
def sums(x: List[int], y: List[float], z: List[bool]):
    return sum(x), sum(y), sum(z)


@program(([X, X * 2],))
def tensor_list(x: List[Tensor]):
    x.append(x[0] + 1)
    x.insert(0, torch.zeros(1))
    y = x.pop()
    x.reverse()
    return x, y, len(x)


@program(([torch.tensor(1), torch.tensor(2), torch.tensor(1)],))
def tensor_list_search(x: List[Tensor]):
    return x.index(torch.tensor(2)), x.count(torch.tensor(1))


@program(([torch.tensor(3), torch.tensor(2), torch.tensor(1)],))
def tensor_list_sort(x: List[Tensor]):
    x.sort()
    return x


@program(([torch.tensor(3), torch.tensor(2), torch.tensor(1)],))
def tensor_list_remove(x: List[Tensor]):
    x.remove(torch.tensor(2))
    return x


@program((1,), (5,), (-1,))
def known_index(i: int):
    x = [10, 20, 30]
    y = ["a", "b", "c"]
    return x[i], y[i]


@program(([1, 2, 3], 1), ([1, 2, 3], 5))
def known_value(x: List[int], i: int):
    del x[i]
    x.insert(0, i)
    x.insert(-1, 7)
    x.insert(100, 8)
    return x


@program(())
def methods_known():
    x = [1, 2, 3]
    x.append(4)
    x.extend([5, 6])
    x.insert(2, 9)
    a = x.pop()
    b = x.pop(0)
    x.remove(9)
    x.reverse()
    c = x.index(3)
    d = x.count(4)
    y = x.copy()
    x.clear()
    return x, y, a, b, c, d


@program(())
def remove_missing():
    x = [1, 2]
    x.remove(5)
    return x


@program(())
def index_missing():
    x = [1, 2]
    return x.index(7)


@program(())
def pop_empty():
    x: List[int] = []
    return x.pop()


@program(([],))
def pop_empty_given(x: List[int]):
    return x.pop()


@program(())
def out_of_range():
    x = [1, 2]
    return x[4]


@program(([1, 2, 3],))
def set_items(x: List[int]):
    x[0] += 10
    x[-1] *= 5
    x[1] = x[0] - x[2]
    return x


@program(([1, 2],))
def augmented(x: List[int]):
    y = x
    x += [3]
    x *= 2
    return x, y, x is y


@program(([[1], [2]],))
def nested_alias(x: List[List[int]]):
    y = x[0]
    y.append(5)
    x[1] = y
    x[1].append(6)
    return x


@program(())
def nested_known():
    x = [[1, 2], [3]]
    x[0][1] = 9
    x[1].append(4)
    y = [x[0], x[0]]
    y[0][0] = 100
    return x, y


@program(([[[1]], [[2], [3]]],))
def three_deep(x: List[List[List[int]]]):
    return x[1][0][0], len(x[1]), x[0]


@program(([1, 2, 3],), ([1, 2],))
def unpacking(x: List[int]):
    a, b, c = x
    return c, b, a


@program(([(1, 2.0), (3, 4.0)],))
def list_of_tuples(x: List[Tuple[int, float]]):
    s = 0.0
    for a, b in x:
        s += a * b
    return s, x[0][1], x[-1]


@program(([1, None, 3],), ([None, None, None],))
def list_of_optionals(x: List[Optional[int]]):
    n = 0
    for v in x:
        if v is not None:
            n += v
    return n, x[1] is None


@program(([{"a": 1}, {"b": 2}],))
def list_of_dicts(x: List[Dict[str, int]]):
    x[0]["c"] = 3
    x.append({"z": 0})
    return x, len(x[0])


@program((2,))
def list_constructor(n: int):
    x = list(range(n))
    y = list("abc")
    z = list([1, 2])
    w = list((1, 2, 3))
    return x, y, z, w


@program(([1.0, 2.0],))
def append_in_loop(x: List[float]):
    out: List[float] = []
    for v in x:
        if v > 1.5:
            out.append(v)
    return out


@program((4,))
def grow_while(n: int):
    x = [1]
    while len(x) < n:
        x.append(x[-1] * 2)
    return x


@program(([1, 2, 3],))
def truth(x: List[int]):
    if len(x):
        return 1
    return 0


@program(())
def printed():
    x = [1, 2]
    y = ["a", "b"]
    z = [[1.5], [2.0]]
    print(x, y, z, [True], [None])
    return 0


@program(([1, 2], ["a"], [0.5], [True]))
def printed_given(x: List[int], y: List[str], z: List[float], w: List[bool]):
    print(x, y, z, w)
    return 0


@program(([1, 2, 3],))
def to_tensor(x: List[int]):
    return torch.tensor(x), torch.tensor(x, dtype=torch.float64)


@program(([[1.0, 2.0], [3.0, 4.0]],))
def nested_to_tensor(x: List[List[float]]):
    return torch.tensor(x)


@program(([2, 3],))
def sizes_from_list(x: List[int]):
    return torch.zeros(x), torch.ones(x[0], x[1])


@program((X, [3, 2]))
def view_by_list(x: Tensor, s: List[int]):
    return x.view(s), x.reshape(s)


@program(([X, X],))
def cat_list(x: List[Tensor]):
    return torch.cat(x), torch.stack(x), torch.cat(x, 1)


@program(([X, X, X],))
def loop_tensors(x: List[Tensor]):
    s = torch.zeros(2, 3)
    for t in x:
        s = s + t
    return s


@program(([1, 2, 3], 2))
def pass_to_function(x: List[int], k: int):
    def_ = helper(x, k)
    return def_, x


def helper(x: List[int], k: int):
    x.append(k)
    return x[k] + len(x)


@program(([1j, 2 + 1j],))
def complex_list(x: List[complex]):
    x.append(3j)
    return x, x[0], len(x)


@program(([torch.device("cpu")],))
def device_list(x: List[torch.device]):
    x.append(torch.device("cpu"))
    return x


@program(([1, 2, 3, 4],))
def is_and_copy(x: List[int]):
    y = x
    z = x[:]
    z.append(1)
    return x is y, x is z, len(x), len(z)


@program((["b", "a"],))
def sorted_copy(x: List[str]):
    y = sorted(x)
    return x, y


@program(([1, 2], 3))
def list_add(x: List[int], n: int):
    return x + [n], [n] + x, x + x


@program(([X],))
def list_of_list_of_tensors(x: List[Tensor]):
    y = [x, [X_CONST()]]
    y[0].append(torch.ones(1))
    return y


def X_CONST():
    return torch.full((2,), 7.0)


@program(([3, 1, 2],))
def any_of_comparison(x: List[int]):
    return any([v > 2 for v in x]), all([v > 0 for v in x])
