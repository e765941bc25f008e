# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""requires_grad and what follows from it, generators of the program's own, and which member of a Union a container is."""
from typing import Dict, List, Optional, Tuple, Union

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((3, True), (5, False))
def generator_seeded(n: int, again: bool):
    g = torch.Generator()
    g.manual_seed(2024)
    a = torch.rand([n, 2], generator=g)
    if again:
        g.manual_seed(n)
    return a, torch.randn([n], generator=g), torch.randint(7, [n], generator=g), torch.randint(2, 9, [2], generator=g)


@program((3,), (40,))
def generator_in_loop(n: int):
    g = torch.Generator(device="cpu")
    g.manual_seed(n)
    out = torch.zeros(2)
    for i in range(n):
        out = out + torch.rand([2], generator=g)
    return out, g.initial_seed(), torch.randperm(n, generator=g)


@program((X,))
def generator_in_place(x: Tensor):
    g = torch.Generator()
    g.manual_seed(3)
    return x.clone().normal_(1.0, 2.0, generator=g), x.clone().uniform_(0.0, 1.0, generator=g), torch.bernoulli(x / 6, generator=g), torch.multinomial(x + 1, 2, generator=g)


@program((X.clone().requires_grad_(),), (X.clone(),))
def needs_grad(x: Tensor):
    y = x * 2
    with torch.no_grad():
        z = x * 3
    return (x.requires_grad, y.requires_grad, z.requires_grad, x.detach().requires_grad, x.is_leaf, y.is_leaf, (x > 1).requires_grad,
            torch.zeros_like(x).requires_grad, torch.cat([x, z]).requires_grad, y[0].requires_grad, x.argmax().requires_grad)


@program((X.clone().requires_grad_(), 1), (X.clone(), 3))
def grad_through_branches(x: Tensor, n: int):
    y = torch.zeros(2, 3)
    for i in range(n):
        if i == 1:
            y = y + x
    z = torch.ones(2, 3)
    z += x
    return z.requires_grad, x + 1 if x.requires_grad else x - 1


@program((X.clone(),))
def sets_needs_grad(x: Tensor):
    y = x.clone()
    y.requires_grad_(True)
    z = y * 2
    w = z.detach()
    a = y.requires_grad, y.is_leaf
    y.requires_grad_(False)
    return a, z.requires_grad, z.is_leaf, w.requires_grad, y.requires_grad, z.sum()


@program((X.long(),))
def ints_need_no_grad(x: Tensor):
    return (x + 1).requires_grad_()


@program((X.clone().requires_grad_(),), (X.clone(),))
def leaf_written(x: Tensor):
    x.add_(1)
    return x


@program((X.clone().requires_grad_(),))
def leaf_written_without_grad(x: Tensor):
    with torch.no_grad():
        x.add_(1)
    return x


@program(([1, 2],), (["a"],), ({"a": 1},), ((1, "b"),))
def union_containers(v: Union[List[int], List[str], Dict[str, int], Tuple[int, str]]):
    if torch.jit.isinstance(v, List[int]):
        return sum(v)
    if torch.jit.isinstance(v, List[str]):
        return len(v[0])
    if torch.jit.isinstance(v, Dict[str, int]):
        return v["a"] + 100
    if torch.jit.isinstance(v, Tuple[int, str]):
        return v[0] + 300
    return -1


@program((None,), ([1.5],), ([X, None],))
def optional_union_of_lists(v: Optional[Union[List[float], List[Optional[Tensor]]]]):
    if v is None:
        return 0
    return 1 if torch.jit.isinstance(v, List[float]) else 2
