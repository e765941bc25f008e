# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Slices and indices of tuples, lists, strings and tensors, with all their bounds."""
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(24.0).reshape(2, 3, 4)
L = [0, 1, 2, 3, 4, 5]


@program(((1, "a", 2.5, True),))
def tuple_slices(t: Tuple[int, str, float, bool]):
    return t[1:], t[:2], t[-2:], t[::2], t[::-1], t[1:3], t[-3:-1], t[5:], t[:]


@program(())
def tuple_slices_known():
    t = (1, 2, 3, 4, 5)
    return t[1:4:2], t[-1:0:-2], t[3], t[-5], t[:-1], len(t[1:])


@program((L,))
def list_slices(x: List[int]):
    return x[1:], x[:2], x[-2:], x[::2], x[::-1], x[4:1:-1], x[10:], x[:-10], x[-100:100], x[:], x[5:2], x[2:2]


@program((L, 1, 4, 2), (L, -4, 6, 1), (L, 5, 0, -2), (L, 0, 100, 3), (L, -100, 2, 1))
def list_slices_given(x: List[int], a: int, b: int, s: int):
    return x[a:b:s], x[a:], x[:b], x[::s], x[a:b]


@program(("abcdef", 1, 4), ("abcdef", -3, 100), ("abcdef", 4, 1), ("", 0, 1))
def string_slices_given(s: str, a: int, b: int):
    return s[a:b], s[a:], s[:b], s[:-1], s[1:][:2], s[::-1]


@program((X,))
def tensor_slices(x: Tensor):
    return x[1:], x[:, 1:], x[..., ::2], x[:, -1], x[:1, :, 1:3], x[0, 1:], x[:, :, -2:], x[5:], x[:, 0:0], x[-1:, ..., 0]


@program((X, 0, 2), (X, 1, 3), (X, -2, 10), (X, 2, 1))
def tensor_slices_given(x: Tensor, a: int, b: int):
    return x[:, a:b], x[:, a:], x[:, :b], x[..., a:b]


@program((X, None, 2), (X, 1, None), (X, None, None))
def optional_bounds(x: Tensor, a: Optional[int], b: Optional[int]):
    return x[:, a:b]


@program((L, None, 2), (L, 1, None), (L, None, None))
def optional_list_bounds(x: List[int], a: Optional[int], b: Optional[int]):
    return x[a:b]


@program((X,))
def slice_in_loop(x: Tensor):
    out: List[Tensor] = []
    for i in range(x.size(1)):
        out.append(x[:, i:i + 1].sum())
    return torch.stack(out)


@program((L,))
def slice_deleted(x: List[int]):
    del x[0]
    del x[-1]
    return x


@program((X,))
def assigned_through_slices(x: Tensor):
    y = x.clone()
    y[:, 0] = 1
    y[:, 1, ::2] *= 2
    z = y[1:]
    z += 100
    y[0][1][2] = -1
    w = y[0, :, 1:3]
    w[1] = 0
    return y


@program((X,))
def none_and_ellipsis(x: Tensor):
    return x[None].size(), x[..., None].size(), x[:, None, 1].size(), x[None, ..., None].size(), x[0, ..., 0].size(), x[..., None, :].size()


@program((X, torch.tensor([1, 0])))
def mixed_indices(x: Tensor, i: Tensor):
    return x[i], x[:, i], x[i, i], x[0, i], x[i, :, i], x[:, i, 1:], x[i, 1], x[[0, 1]], x[:, [0, 2]]


@program((X, torch.tensor([True, False])))
def masks(x: Tensor, m: Tensor):
    return x[m], x[~m], x[m, 0], x[x > 20], x[:, torch.tensor([True, False, True])]


@program(([[1, 2], [3, 4, 5]],))
def nested_slices(x: List[List[int]]):
    y = x[1][1:]
    x[0][0] = 9
    z = x[:1]
    z[0].append(7)
    return x, y, z, x[-1][-1], [r[:1] for r in x]


@program((["ab", "cde"],))
def strings_in_list(x: List[str]):
    return x[0][1], x[1][::-1], x[::-1], x[1][0:2] + x[0][-1], [s[0] for s in x]


@program((X,))
def unpacked_rows(x: Tensor):
    a, b = x.unbind(0)
    c, d, e = a.unbind()
    return a + b, c * d - e


@program((L,))
def unpacked_list(x: List[int]):
    a, b, c = x[:3]
    return a + b * c


@program(((1, (2, 3), "x"),))
def unpacked_nested(t: Tuple[int, Tuple[int, int], str]):
    a, (b, c), d = t
    return a + b + c, d, t[1][0], t[1][::-1]


@program(((1, 2),), ((3, 4),))
def tuple_arithmetic(t: Tuple[int, int]):
    u = t + (5, 6)
    return u, u[2:], (0,) + u[:1], len(u), t == (1, 2), min(t[0], t[1])


class Box(NamedTuple):
    lo: int
    hi: int
    name: str = "box"


@program((1, 5, "box"), (2, 4, "other"))
def named_slices(lo: int, hi: int, name: str):
    b = Box(lo, hi, name)
    return b[0], b[-1], b[1:], b.name[b.lo:b.hi]


@program((3,), (0,))
def range_lists(n: int):
    xs = [i * i for i in range(n)]
    return xs[1:], xs[:-1], list(range(n))[::-1], [x for x in xs[::-1]], list(range(n, 0, -1)), list(range(0, n * 3, 2))


@program(({"a": [1, 2, 3]},))
def dict_slices(d: Dict[str, List[int]]):
    d["b"] = d["a"][1:]
    d["b"].append(0)
    return d


@program((L,))
def moved(x: List[int]):
    y = x[2:] + x[:2]
    y.insert(0, -1)
    y.insert(100, 6)
    y.insert(-1, 7)
    y.reverse()
    y.extend(y[:1])
    return y, y.index(6), y.count(-1), y.pop(), y.pop(0), y.copy(), 3 in y
