# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Futures as values: in lists and dicts of run-time length, from branches and loops, as results."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


def step(x: int) -> int:
    return x * 3 + 1


def scaled(x: Tensor, k: int) -> Tensor:
    return torch.relu(x * k) + 1


def with_count(x: Tensor, k: int) -> Tuple[Tensor, int]:
    return x * k, k


def pair(i: int) -> List[int]:
    return [i, i + 1]


def several(n: int) -> List[torch.jit.Future[int]]:
    return [torch.jit.fork(step, i) for i in range(n)]


@program((5,), (0,), (1,))
def fanned_out(n: int):
    futures: List[torch.jit.Future[int]] = []
    for i in range(n):
        futures.append(torch.jit.fork(step, i))
    total = 0
    for future in futures:
        total += torch.jit.wait(future)
    return total, len(futures)


@program((X, 3), (X, 0))
def comprehension(x: Tensor, n: int):
    futures = [torch.jit.fork(scaled, x, i) for i in range(n)]
    return [torch.jit.wait(f) for f in futures]


@program((X, 2), (X, 0))
def returned_list(x: Tensor, n: int):
    futures: List[torch.jit.Future[Tensor]] = []
    for i in range(n):
        futures.append(torch.jit.fork(scaled, x, i))
    return futures


@program((X, 1), (X, 5))
def from_a_branch(x: Tensor, n: int):
    if n > 2:
        future = torch.jit.fork(scaled, x, n)
    else:
        future = torch.jit.fork(scaled, x + 1, 3)
    return torch.jit.wait(future), future


@program((3,), (0,))
def in_a_dict(n: int):
    table: Dict[str, torch.jit.Future[int]] = {}
    for i in range(n):
        table["k" + str(i)] = torch.jit.fork(step, i)
    return {k: torch.jit.wait(f) for k, f in table.items()}


@program((X, 3), (X, 0))
def of_tuples(x: Tensor, n: int):
    futures = [torch.jit.fork(with_count, x, i) for i in range(n)]
    out: List[Tensor] = []
    total = 0
    for f in futures:
        a, k = torch.jit.wait(f)
        out.append(a)
        total += k
    return out, total


@program((X,), (X[:1],))
def one_a_row(x: Tensor):
    futures: List[torch.jit.Future[Tensor]] = []
    for row in torch.unbind(x):
        futures.append(torch.jit.fork(scaled, row, 2))
    return torch.stack([torch.jit.wait(f) for f in futures])


@program((0,), (4,))
def optional_in_a_loop(n: int):
    future: Optional[torch.jit.Future[int]] = None
    for i in range(n):
        future = torch.jit.fork(step, i)
    if future is not None:
        return torch.jit.wait(future)
    return -1


@program((3,))
def value_is_one_object(n: int):
    futures: List[torch.jit.Future[List[int]]] = []
    for i in range(n):
        futures.append(torch.jit.fork(pair, i))
    a = torch.jit.wait(futures[0])
    a.append(100)
    return torch.jit.wait(futures[0]), torch.jit.wait(futures[-1])


@program((4,), (0,))
def futures_of_a_future(n: int):
    inner = torch.jit.wait(torch.jit.fork(several, n))
    total = 0
    for f in inner:
        total += torch.jit.wait(f)
    return total


@program((4,))
def last_in_a_loop(n: int):
    future = torch.jit.fork(step, 0)
    for i in range(n):
        future = torch.jit.fork(step, torch.jit.wait(future))
    return torch.jit.wait(future)


@program((X, 3), (X, 0))
def popped(x: Tensor, n: int):
    futures = [torch.jit.fork(scaled, x, i) for i in range(n)]
    total = x
    while len(futures) > 0:
        total = total + torch.jit.wait(futures.pop())
    return total


@program((X, 4))
def in_tuples(x: Tensor, n: int):
    work: List[Tuple[str, torch.jit.Future[Tensor]]] = []
    for i in range(n):
        work.append(("w" + str(i), torch.jit.fork(scaled, x, i)))
    names: List[str] = []
    total = torch.zeros_like(x)
    for name, future in work:
        names.append(name)
        total += torch.jit.wait(future)
    return names, total


@program((3,))
def chosen_in_a_list(n: int):
    futures = [torch.jit.fork(step, 1), torch.jit.fork(step, 2), torch.jit.fork(step, 3)]
    return torch.jit.wait(futures[n % 3]) + torch.jit.wait(futures[(n + 1) % 3])


@program((0,), (1,), (4,))
def optional_future_returned(n: int):
    future: Optional[torch.jit.Future[int]] = None
    futures: List[Optional[torch.jit.Future[int]]] = []
    for i in range(n):
        if i % 2 == 1:
            future = torch.jit.fork(step, i)
        futures.append(future)
    return future, futures


def odd(x: int) -> Optional[int]:
    return x if x % 2 == 1 else None


@program((1,), (4,))
def none_of_a_future(n: int):
    table: Dict[int, torch.jit.Future[Optional[int]]] = {}
    for i in range(n):
        table[i] = torch.jit.fork(odd, i)
    return table.get(0) is None


@program((5,), (0,))
def optional_future_of_none(n: int):
    future: Optional[torch.jit.Future[Optional[int]]] = None
    for i in range(n):
        future = torch.jit.fork(odd, i)
    if future is None:
        return -1
    return 0
