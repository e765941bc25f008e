# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Awaits: run by the first wait, once, wherever that is; prints tell when."""
from typing import Optional, Tuple

import torch
from torch import Tensor
from torch._awaits import _Await as Await

from . import program

X = torch.arange(6.0).reshape(2, 3)


def loud(x: Tensor, name: str) -> Tensor:
    print(name)
    return x * 2


def number(n: int) -> int:
    print("number", n)
    return n * 3


def careful(n: int) -> int:
    print("careful")
    if n < 0:
        raise ValueError("it is negative")
    return n + 1


@program((X, True), (X, False))
def first_in_a_branch(x: Tensor, p: bool):
    a = torch.jit._awaitable(loud, x, "runs")
    if p:
        x = torch.jit._awaitable_wait(a) + 1
    print("behind the branch")
    return x + torch.jit._awaitable_wait(a)


@program((1, True), (2, False))
def in_one_branch_only(n: int, p: bool):
    a = torch.jit._awaitable(number, n)
    y = 0
    if p:
        y = torch.jit._awaitable_wait(a)
    print("end")
    return y


@program((1, True, True), (1, True, False), (1, False, True), (1, False, False))
def in_two_branches(n: int, p: bool, q: bool):
    a = torch.jit._awaitable(number, n)
    y = 0
    if p:
        y += torch.jit._awaitable_wait(a)
    print("between")
    if q:
        y += torch.jit._awaitable_wait(a)
    print("end")
    return y


@program((1, True), (1, False))
def in_both_ways(n: int, p: bool):
    a = torch.jit._awaitable(number, n)
    if p:
        print("yes")
        y = torch.jit._awaitable_wait(a)
    else:
        y = torch.jit._awaitable_wait(a)
        print("no")
    return y + torch.jit._awaitable_wait(a)


@program((X, 0), (X, 1), (X, 3))
def first_in_a_loop(x: Tensor, n: int):
    a = torch.jit._awaitable(loud, x, "runs")
    total = torch.zeros_like(x)
    for i in range(n):
        print(i)
        total = total + torch.jit._awaitable_wait(a)
    print("behind the loop")
    return total + torch.jit._awaitable_wait(a)


@program((2, 5), (7, 5))
def found_in_a_while(n: int, at: int):
    a = torch.jit._awaitable(number, n)
    i, y = 0, 0
    while i < n:
        if i == at:
            y = torch.jit._awaitable_wait(a)
        i += 1
    print("end")
    return y + torch.jit._awaitable_wait(a)


@program((1, True), (-1, True), (1, False), (-1, False))
def raises_in_a_branch(n: int, p: bool):
    a = torch.jit._awaitable(careful, n)
    y = 0
    if p:
        y = torch.jit._awaitable_wait(a)
    print("end")
    return y


@program((X, True), (X, False))
def changed_before_it_runs(x: Tensor, p: bool):
    y = x * 1
    a = torch.jit._awaitable(loud, y, "runs")
    if p:
        print(torch.jit._awaitable_wait(a).sum().item())
    y.add_(100)
    return torch.jit._awaitable_wait(a)
