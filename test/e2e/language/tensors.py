# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors as Python values: sizes, items, lists from and to tensors, annotations."""
from typing import Any, Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
V = torch.tensor([3, 1, 2])


@program((X,))
def sizes(x: Tensor):
    return x.size(), x.shape, x.size(0), x.size(-1), x.dim(), x.numel(), len(x), x.ndim, x.shape[1]


@program((X,))
def size_list(x: Tensor):
    s = x.size()
    s.append(7)
    return s, x.size(), len(s), list(x.shape), sum(x.shape)


@program((X,))
def size_arithmetic(x: Tensor):
    a, b = x.shape
    return x.view(b, a), x.view(-1), torch.zeros(a * b, a + b), x.reshape(a * b // 2, -1), a // b, a % b


@program((V,))
def to_list(x: Tensor):
    l: List[int] = x.tolist()
    return l, len(l)


@program((X,))
def to_nested_list(x: Tensor):
    l: List[List[float]] = x.tolist()
    return l


@program((torch.tensor(2.5),))
def to_number(x: Tensor):
    f: float = x.tolist()
    return f


@program((V,))
def item_of_index(x: Tensor):
    return x[0].item(), int(x[1]), float(x[2]), bool(x[0] > 2)


@program((X, 1), (X, -1))
def index_given(x: Tensor, i: int):
    return x[i], x[:, i], x[0, i], x[..., i], x[None, i]


@program((X, 1, 3), (X, 0, 2))
def slice_given(x: Tensor, a: int, b: int):
    return x[:, a:b], x[a:], x[:, ::2]


@program((X,))
def comparisons(x: Tensor):
    return x > 2, x == 3, (x > 1) & (x < 4), ~(x > 2), x != 0, bool((x >= 0).all()), bool(x.any())


@program((X,))
def annotations(x: Tensor):
    a = torch.jit.annotate(List[Tensor], [])
    a.append(x)
    b: Dict[str, Tensor] = {}
    b["x"] = x
    c: Optional[Tensor] = x
    d = torch.jit.annotate(Optional[int], None)
    e: Tuple[int, float] = (1, 2.0)
    return a, b, c, d, e


@program((3,), (0,))
def loop_over_rows(n: int):
    x = torch.arange(6.0).reshape(3, 2)
    s = torch.zeros(2)
    for row in x:
        s = s * 2 + row
    return s


@program((X,))
def unbound(x: Tensor):
    a, b = x.unbind(0)
    c, d = torch.split(x, 1)
    e, f, g = torch.chunk(x, 3, dim=1)
    return a - b, c + d, e, f, g


@program((X,))
def list_of_rows(x: Tensor):
    rows = [r for r in x]
    return len(rows), rows[1]


@program((X,))
def several_results(x: Tensor):
    values, indices = x.max(dim=1)
    m = x.max()
    s, i = torch.sort(x, descending=True)
    t = torch.topk(x, 2)
    return values, indices, m, s, i, t.values, t[1]


@program((X, 2.0), (X, 0.5))
def scalar_arguments(x: Tensor, k: float):
    return x * k, k - x, torch.full((2,), k), x.clamp(min=k), torch.add(x, x, alpha=k), x ** k


@program((X,))
def in_place(x: Tensor):
    y = x.clone()
    y += 1
    y[0] = 5
    y[1, 1:] *= 2
    y.mul_(2).sub_(1)
    return y


@program((X,))
def mutates_argument(x: Tensor):
    x.add_(1)
    x[0, 0] = -1
    return x.sum()


@program((X,))
def types(x: Tensor):
    return x.to(torch.int64), x.double(), x.int(), x.type_as(torch.zeros(1, dtype=torch.float64)), x.float().dtype == torch.float, x.long()


@program((X, torch.tensor([True, False])))
def masks(x: Tensor, m: Tensor):
    return x[m], torch.where(x > 2, x, torch.zeros_like(x)), x.masked_fill(x > 2, 0.0)


@program((X,))
def if_on_size(x: Tensor):
    if x.size(0) > 1 and x.size(1) == 3:
        return x.t()
    return x


@program((X,), (torch.ones(3),))
def if_on_rank(x: Tensor):
    if x.dim() == 2:
        return x.sum(1)
    elif x.dim() == 1:
        return x + 1
    else:
        return x


@program((X,))
def made(x: Tensor):
    return torch.tensor([1, 2]), torch.tensor([[1.5], [2.5]]), torch.tensor(3.0), torch.tensor([True]), torch.zeros(2, 3).to(x), \
        torch.arange(3), torch.arange(0, 6, 2), torch.ones_like(x), x.new_zeros(2), torch.eye(2), torch.linspace(0, 1, 3)


@program((X, [0, 1]))
def dims_given(x: Tensor, d: List[int]):
    return x.sum(d), x.mean(dim=[0]), x.sum(dim=(0, 1), keepdim=True)


@program((X,))
def keyword_arguments(x: Tensor):
    return torch.sum(x, dim=0, keepdim=True), torch.softmax(x, dim=-1), x.mean(dim=1), torch.cat([x, x], dim=1), x.permute(1, 0), x.transpose(0, 1)


@program((X, None), (X, torch.ones(3)))
def optional_tensor(x: Tensor, b: Optional[Tensor]):
    return torch.nn.functional.linear(x, torch.ones(3, 3), b)


@program((torch.tensor(2),), (torch.tensor(7),))
def if_on_item(x: Tensor):
    if x.item() > 5:
        return x * 10
    n = int(x)
    if n == 2:
        return x + 100
    return x


@program((torch.tensor([1.0, float("nan")]),))
def nan_tests(x: Tensor):
    return torch.isnan(x), x.isnan().any(), torch.isfinite(x)


@program((X, X + 1))
def tensor_identity(x: Tensor, y: Tensor):
    z = x
    return x is z, x is y, x is not y


@program((X, "sum"), (X, "mean"), (X, "none"))
def reduce_by_name(x: Tensor, how: str):
    if how == "sum":
        return x.sum()
    elif how == "mean":
        return x.mean()
    return x


@program((X,))
def lists_from_sizes(x: Tensor):
    return [x.size(i) for i in range(x.dim())], [1] * x.dim(), list(range(x.dim()))


@program((X, 3))
def nested_calls(x: Tensor, n: int):
    return apply_twice(apply_twice(x, n), n)


def apply_twice(x: Tensor, n: int) -> Tensor:
    return add_one(add_one(x)) * n


def add_one(x):
    return x + 1


@program((X, 1.0), (X, 2.0))
def complex_condition(x: Tensor, k: float):
    if (k > 1.5 and x.sum() > 3) or k == 1.0:
        return x * k
    return x


@program((V,))
def integer_tensor(x: Tensor):
    return x // 2, x % 2, x / 2, x ** 2, -x, x & 1, x | 4, x << 1, abs(-x)


@program((X,))
def device_and_grad(x: Tensor):
    with torch.no_grad():
        y = x * 2
    return y.requires_grad, y.device == x.device, x.detach() + 1, y.is_contiguous(), x.stride()
