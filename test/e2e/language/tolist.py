# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors to Python's values: tolist, item, conversions, truth."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
I = torch.arange(6).reshape(2, 3)
V = torch.tensor([3, 1, 2])


@program((V,), (torch.zeros(0, dtype=torch.int64),))
def ints(x: Tensor):
    l: List[int] = x.tolist()
    return l, len(l)


@program((torch.tensor([0.5, 1.5]),))
def floats(x: Tensor):
    l: List[float] = x.tolist()
    return l, sum(l)


@program((torch.tensor([0.1, 1.5], dtype=torch.float64),))
def doubles(x: Tensor):
    l: List[float] = x.tolist()
    return l


@program((torch.tensor([True, False]),))
def bools(x: Tensor):
    l: List[bool] = x.tolist()
    return l


@program((torch.tensor([1 + 2j, 3j]),))
def complexes(x: Tensor):
    l: List[complex] = x.tolist()
    return l


@program((I,), (torch.zeros(2, 0, dtype=torch.int64),))
def nested(x: Tensor):
    l: List[List[int]] = x.tolist()
    return l


@program((torch.arange(24.0).reshape(2, 3, 4),))
def three_deep(x: Tensor):
    l: List[List[List[float]]] = x.tolist()
    return l, l[1][0][2]


@program((torch.tensor(5),))
def int_scalar(x: Tensor):
    n: int = x.tolist()
    return n + 1


@program((torch.tensor(2.5),))
def float_scalar(x: Tensor):
    n: float = x.tolist()
    return n * 2


@program((torch.tensor(True),))
def bool_scalar(x: Tensor):
    n: bool = x.tolist()
    return not n


@program((X,))
def annotated(x: Tensor):
    return torch.jit.annotate(List[List[float]], x.tolist())


@program((X,))
def of_transposed(x: Tensor):
    l: List[List[float]] = x.t().tolist()
    return l


@program((V,))
def wrong_dims(x: Tensor):
    l: List[List[int]] = x.tolist()
    return l


@program((V,))
def wrong_type(x: Tensor):
    l: List[float] = x.tolist()
    return l


@program((V,))
def used_in_loop(x: Tensor):
    l: List[int] = x.tolist()
    d: Dict[int, int] = {}
    for i, v in enumerate(l):
        d[v] = i
    return d


@program((torch.tensor([2, 3]),))
def as_sizes(x: Tensor):
    l: List[int] = x.tolist()
    return torch.zeros(l), torch.ones(l[0], l[1])


@program((torch.tensor([1, 2], dtype=torch.int32),))
def int32(x: Tensor):
    l: List[int] = x.tolist()
    return l


@program((torch.tensor([3.0, 1.0, 2.0]),))
def sorted_list(x: Tensor):
    l: List[float] = x.tolist()
    l.sort()
    return l, sorted(l, reverse=True) if False else l[::-1]


@program((V,))
def round_trip(x: Tensor):
    l: List[int] = (x * 2).tolist()
    l.append(9)
    return torch.tensor(l)


@program((torch.tensor([1, 2]),))
def truth_of_many(x: Tensor):
    if x:
        return 1
    return 0


@program((torch.zeros(0),))
def truth_of_none(x: Tensor):
    if x:
        return 1
    return 0


@program((torch.tensor(0.0),), (torch.tensor(0.5),))
def truth_of_one(x: Tensor):
    if x:
        return "true"
    return "false"


@program((torch.tensor([0]),), (torch.tensor([2]),))
def truth_operators(x: Tensor):
    return not x, bool(x) and True, (x > 1) or False


@program((torch.tensor(3),), (torch.tensor(-1),))
def while_tensor(x: Tensor):
    n = 0
    while x > 0:
        x = x - 1
        n += 1
    return n, x


@program((torch.tensor(3),))
def range_of_tensor(x: Tensor):
    s = 0
    for i in range(int(x)):
        s += i
    return s


@program((V, torch.tensor(1)))
def index_by_item(x: Tensor, i: Tensor):
    l = [10, 20, 30]
    return l[int(i)], x[i], x[int(i)]


@program((torch.tensor(2.7), torch.tensor(3)))
def item_arithmetic(f: Tensor, i: Tensor):
    return int(f) + int(i), float(i) * 2, f.item() + 1.0, i.item() * 2


@program((torch.tensor(7, dtype=torch.int32), torch.tensor(2.5, dtype=torch.float64), torch.tensor(1.5, dtype=torch.float16)))
def item_dtypes(a: Tensor, b: Tensor, c: Tensor):
    return a.item(), b.item(), c.item(), int(a), float(c)


@program((X,))
def elements_loop(x: Tensor):
    s = 0.0
    for i in range(x.size(0)):
        for j in range(x.size(1)):
            s += float(x[i, j]) * (i + 1)
    return s


@program((X,))
def rows_to_dict(x: Tensor):
    d: Dict[int, Tensor] = {}
    for i in range(x.size(0)):
        d[i] = x[i]
    return d


@program((torch.tensor([5, 3]),))
def max_item(x: Tensor):
    return x.max().item(), int(x.argmax()), x.sum().item() / 2, bool((x > 4).any())


@program(([torch.tensor(1), torch.tensor(2)],))
def items_of_list(x: List[Tensor]):
    return [int(t) for t in x], [t.item() for t in x][0]


@program((torch.tensor(1 + 2j),))
def complex_item(x: Tensor):
    return x.item(), complex(x)


@program((torch.tensor(1.5),), (torch.tensor(-1.5),))
def item_branch(x: Tensor):
    v = float(x)
    if v > 0:
        return [v]
    return [v, -v]


@program((torch.tensor([[1, 2], [3, 4]]),))
def list_from_rows(x: Tensor):
    out: List[List[int]] = []
    for row in x:
        r: List[int] = row.tolist()
        out.append(r)
    return out


@program((X, 2))
def tensor_of_numbers(x: Tensor, n: int):
    return torch.tensor([n, n + 1]), torch.tensor([[n, 1], [2, 3]]), torch.tensor(n), torch.tensor([float(n)]), torch.tensor([n > 1, False]), \
        torch.as_tensor([n, 3]), torch.tensor([[1.5], [2.5]], dtype=torch.float64)


@program(([[1, 2], [3, 4]],), ([[5]],))
def tensor_of_nested(x: List[List[int]]):
    return torch.tensor(x), torch.tensor(x, dtype=torch.float32)


@program(([[1, 2], [3]],))
def tensor_of_ragged(x: List[List[int]]):
    return torch.tensor(x)


@program((torch.float64,), (torch.int32,), (torch.bool,))
def made_of_dtype(d: torch.dtype):
    return torch.zeros(2, dtype=d), torch.ones([2], dtype=d), torch.tensor([1, 0], dtype=d)


@program((X, torch.float64), (X, torch.int32), (X, torch.float32))
def to_dtype(x: Tensor, d: torch.dtype):
    return x.to(d), x.to(dtype=d)


@program((X, X.double()), (X, I), (X, X))
def to_like(x: Tensor, y: Tensor):
    return x.to(y), x.to(y.dtype), x.type_as(y)


@program((X, True), (X, False))
def dtype_chosen(x: Tensor, b: bool):
    d = torch.float64 if b else torch.int64
    return x.to(d) + 1


@program((X, [3, 2]), (X, [1, 6]))
def view_by_list(x: Tensor, s: List[int]):
    return x.view(s), x.reshape(s) + 1


@program((X, [2, 2, 3]), (X, [4, 2, 3]))
def expand_by_list(x: Tensor, s: List[int]):
    return x.expand(s) * 2


@program((X, [1, 0]))
def permute_by_list(x: Tensor, s: List[int]):
    return x.permute(s)


@program(([2, 3],), ([0, 4],))
def made_by_list(s: List[int]):
    return torch.zeros(s), torch.full(s, 2.0), torch.empty(s).shape


@program((X, [0]), (X, [1]), (X, [-1]))
def reduced_by_list(x: Tensor, d: List[int]):
    return x.sum(d), x.mean(d, keepdim=True)


@program((X, [1, 1]), (X, [2, 0]))
def padded_by_list(x: Tensor, p: List[int]):
    return torch.nn.functional.pad(x, p)


@program((X, [1, 2]))
def repeated_by_list(x: Tensor, p: List[int]):
    return x.repeat(p)


@program((X, [1, 2]))
def split_by_list(x: Tensor, p: List[int]):
    a = x.split(p, 1)
    return a[0], a[1], len(a)


@program((X, 2), (X, 1), (X, 0), refused="an argument whose structure is known at run time only")
def unsqueezed(x: Tensor, n: int):
    for i in range(n):
        x = x.unsqueeze(0)
    return x, x.dim()


@program((X, True), (X, False))
def rank_by_flag(x: Tensor, b: bool):
    y = x.sum() if b else x.sum(0)
    return y * 2, y.dim()


@program((X, True), (X, False))
def dtype_by_flag(x: Tensor, b: bool):
    y = x.long() if b else x
    return y + 1, y.dtype == torch.int64


@program(([X, X + 1],))
def written_in_list(x: List[Tensor]):
    for t in x:
        t.add_(1)
    return x


@program(([X, X + 1],))
def element_written(x: List[Tensor]):
    x[0].mul_(2)
    x[1][0, 0] = -1
    return x[0] + x[1]


@program(({"a": X},))
def written_in_dict(d: Dict[str, Tensor]):
    d["a"].add_(5)
    return d["a"] * 2


@program((X, 3), refused="it writes a tensor that a list or dict of run-time length holds")
def made_list_written(x: Tensor, n: int):
    out: List[Tensor] = []
    for i in range(n):
        out.append(x + i)
    for t in out:
        t += 1
    return torch.stack(out)


@program((X, 3))
def hundred_rows(x: Tensor, n: int):
    out: List[Tensor] = []
    for i in range(n):
        out.append(x[i % 2])
    return torch.stack(out), torch.cat(out)


@program((-I,))
def built_in_operators(x: Tensor):
    return abs(x), -x, ~x, x // 2, x % 3, x ** 2, x << 1, x & 3, x | 8, x ^ 1, 2 // (x - 1), 5 - x, 2 ** abs(x), round(x.float()) if False else x


@program((X, X + 1))
def in_place_operators(x: Tensor, y: Tensor):
    x += y
    x -= 1
    x *= 2
    x /= 4
    z = x.clone()
    z **= 2
    return x, z


@program((X,), (X - 10,))
def compared(x: Tensor):
    return bool((x < 3).all()), (x >= 2).sum().item(), x.sum() > 3


@program((X, X), (X, X + 1))
def tensor_in_list(x: Tensor, y: Tensor):
    return x is y, x is x


@program((torch.tensor([2, 1]), torch.tensor([5])))
def concatenated_sizes(x: Tensor, y: Tensor):
    return x.shape + y.shape, list(x.shape) + [3], x.size() == y.size(), x.shape[0] == 2


@program((X,))
def sizes_as_tuple(x: Tensor):
    a, b = x.size()
    s = x.shape
    return a * b, s[-1], s[0:1], s == [2, 3], torch.zeros(s), torch.zeros(s[0], s[1]), x.new_zeros(s)


@program((X,))
def ellipses(x: Tensor):
    return x[..., 0], x[0, ...], x[..., None], x[None], x[:, None, :], x[-1], x[:, -1], x[1:, ::2]


@program((X, torch.tensor([1, 0]), torch.tensor([True, False])))
def advanced_indexing(x: Tensor, i: Tensor, m: Tensor):
    return x[i], x[:, i], x[i, i], x[m], x[[0, 1]], x[x > 2]


@program((X, torch.tensor([1, 0])))
def advanced_assignment(x: Tensor, i: Tensor):
    y = x.clone()
    y[i] = 0.5
    y[0, 1] = 7
    y[:, 2] = y[:, 0]
    y[y > 3] = -1.0
    y[..., 0] += 2
    return y


@program((X,))
def methods(x: Tensor):
    return x.add(1).mul(2).sub(x).div(2).pow(2).sqrt().neg().abs().clamp(0, 3).t().contiguous().view(-1).sum()


@program((X,))
def attributes(x: Tensor):
    return x.shape, x.ndim, x.dtype, x.device, x.is_cuda, x.layout == torch.strided, x.itemsize, x.nbytes, x.requires_grad, x.is_leaf, x.grad is None
