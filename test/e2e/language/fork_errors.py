# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Errors of forked bodies that data decides: kept by the future, raised by each wait, lost where nobody waits."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from . import program

X = torch.arange(6.0).reshape(2, 3)


def positive(x: int) -> int:
    if x < 0:
        raise ValueError("it is negative")
    return x * 2


def asserted(x: Tensor) -> Tensor:
    assert bool(x.sum() > 0), "the sum is not positive"
    return x * 2


def item(xs: List[int], i: int) -> int:
    return xs[i]


def looked_up(table: Dict[str, int], key: str) -> int:
    return table[key]


def row(x: Tensor, index: Tensor) -> Tensor:
    return torch.index_select(x, 0, index)


def one_of_two(x: int) -> int:
    if x > 0:
        raise ValueError("it is positive")
    else:
        raise RuntimeError("it is not positive")
    return x


def text(x: int) -> int:
    if x > 2:
        raise ValueError("it is " + str(x))
    return x


@program((3,), (-3,))
def printed_before_the_wait(x: int):
    f = torch.jit.fork(positive, x)
    print("after the fork")
    y = torch.jit.wait(f)
    print("after the wait")
    return y


@program((3,), (-3,))
def error_of_the_caller_first(x: int):
    f = torch.jit.fork(positive, x)
    if x < 0:
        raise ValueError("the caller's")
    return torch.jit.wait(f)


@program((X, 3), (-X, 3))
def mutated_before_the_wait(x: Tensor, n: int):
    f = torch.jit.fork(asserted, x + 1)
    total = torch.zeros(3)
    for i in range(n):
        total.add_(1)
    print(total.sum().item())
    return torch.jit.wait(f) + total


@program((3, -1), (-1, 3), (-1, -1), (1, 2))
def which_of_two(a: int, b: int):
    f = torch.jit.fork(positive, a)
    g = torch.jit.fork(text, b)
    print("both")
    y = torch.jit.wait(g)
    print("one")
    return torch.jit.wait(f) + y


@program((2, True), (-2, True), (2, False), (-2, False))
def waited_in_a_branch(x: int, waits: bool):
    f = torch.jit.fork(positive, x)
    if waits:
        return torch.jit.wait(f)
    return 7


@program((-1, 0), (-1, 2), (1, 2))
def waited_in_a_loop(x: int, n: int):
    f = torch.jit.fork(positive, x)
    total = 0
    for i in range(n):
        print(i)
        total += torch.jit.wait(f)
    return total


@program(([1, 2, 3], 1), ([1, 2, 3], 5), ([1, 2, 3], -4), ([], 0))
def index_error(xs: List[int], i: int):
    f = torch.jit.fork(item, xs, i)
    print(len(xs))
    return torch.jit.wait(f)


@program(({"a": 1}, "a"), ({"a": 1}, "b"))
def key_error(table: Dict[str, int], key: str):
    f = torch.jit.fork(looked_up, table, key)
    print(len(table))
    return torch.jit.wait(f)


@program((X, torch.tensor([1, 0])), (X, torch.tensor([1, 2])), (X, torch.tensor([-3, 0])))
def kernel_error(x: Tensor, index: Tensor):
    f = torch.jit.fork(row, x, index)
    print("forked")
    return torch.jit.wait(f) + 1


@program((X, 3, 2), (X, 2, 3))
def size_error(x: Tensor, n: int, m: int):
    f = torch.jit.fork(torch.mm, x, torch.ones(n, m))
    print("forked")
    return torch.jit.wait(f)


@program((1,), (-1,))
def always_one_of_two(x: int):
    f = torch.jit.fork(one_of_two, x)
    print("forked")
    return torch.jit.wait(f) + 1


@program(([1, 2, 3],), ([1, -2, 3],), ([],), ([-1],))
def in_a_list(xs: List[int]):
    futures: List[torch.jit.Future[int]] = []
    for x in xs:
        futures.append(torch.jit.fork(positive, x))
    print(len(futures))
    total = 0
    for f in futures:
        total += torch.jit.wait(f)
        print(total)
    return total


@program(([1, 2, 3], 1), ([1, -2, 3], 0), ([1, -2, 3], 1), ([1, -2, 3], 2))
def one_of_a_list(xs: List[int], i: int):
    futures = [torch.jit.fork(positive, x) for x in xs]
    print("forked")
    return torch.jit.wait(futures[i]), len(futures)


@program(({"a": 1, "b": -1}, "a"), ({"a": 1, "b": -1}, "b"))
def in_a_dict(table: Dict[str, int], key: str):
    futures: Dict[str, torch.jit.Future[int]] = {}
    for k, v in table.items():
        futures[k] = torch.jit.fork(positive, v)
    print("forked")
    return torch.jit.wait(futures[key])


@program((X, 2), (X - 4, 2), (X - 8, 2))
def tensors_in_a_list(x: Tensor, n: int):
    futures: List[torch.jit.Future[Tensor]] = []
    for i in range(n):
        futures.append(torch.jit.fork(asserted, x + i))
    print("forked")
    return [torch.jit.wait(f) for f in futures]


@program((2, 1), (-2, 1), (2, -1), (-2, -1))
def from_a_branch(x: int, y: int):
    if x > 0:
        future = torch.jit.fork(positive, y)
    else:
        future = torch.jit.fork(text, -x + 1)
    print("forked")
    return torch.jit.wait(future)


def started(x: int) -> torch.jit.Future[int]:
    return torch.jit.fork(positive, x)


@program((2,), (-2,))
def from_a_function(x: int):
    f = started(x)
    print("started")
    return torch.jit.wait(f)


def nested(x: int, y: int) -> int:
    f = torch.jit.fork(positive, x)
    if y < 0:
        return 5
    return torch.jit.wait(f) + positive(y - 2)


@program((1, 3), (-1, 3), (-1, -1), (1, 1))
def in_a_fork(x: int, y: int):
    f = torch.jit.fork(nested, x, y)
    print("forked")
    return torch.jit.wait(f)


def made(x: int) -> torch.jit.Future[int]:
    return torch.jit.fork(positive, x)


@program((1,), (-1,))
def future_of_a_future(x: int):
    f = torch.jit.fork(made, x)
    g = torch.jit.wait(f)
    print("the outer one has no error")
    return torch.jit.wait(g)


@program((2,), (-2,))
def optional(x: int):
    future: Optional[torch.jit.Future[int]] = None
    if x != 0:
        future = torch.jit.fork(positive, x)
    print("forked")
    if future is not None:
        return torch.jit.wait(future)
    return 0


@program((2, 3), (-2, 3), (2, -3))
def in_a_tuple(x: int, y: int):
    pair: Tuple[torch.jit.Future[int], torch.jit.Future[int]] = (torch.jit.fork(positive, x), torch.jit.fork(positive, y))
    print("forked")
    f, g = pair
    return torch.jit.wait(g) - torch.jit.wait(f)


def appended(xs: List[int], x: int) -> int:
    xs.append(x)
    if x < 0:
        raise ValueError("it is negative")
    xs.append(-x)
    return len(xs)


@program((2,), (-2,))
def list_changed_by_the_body(x: int):
    xs = [0]
    f = torch.jit.fork(appended, xs, x)
    if x > 0:
        print(torch.jit.wait(f))
        print(xs)
    else:
        print("not waited for")
    return torch.jit.wait(f)


def sized(x: Tensor) -> Tensor:
    n = int(x.sum().item())
    if n < 0:
        raise ValueError("negative sizes")
    return torch.ones(n, 2)


@program((X,), (X - 9,))
def size_of_the_body(x: Tensor):
    f = torch.jit.fork(sized, x)
    print("forked")
    y = torch.jit.wait(f)
    return y, y.size(0)


def parts(x: Tensor, n: int) -> Tuple[List[Tensor], Dict[str, int], str]:
    if n > 5:
        raise ValueError("too many")
    return [x[i % 2] for i in range(n)], {"n": n}, "n" + str(n)


@program((X, 3), (X, 6), (X, 0))
def structured_value(x: Tensor, n: int):
    f = torch.jit.fork(parts, x, n)
    print("forked")
    return torch.jit.wait(f)


def first(x: Tensor, i: int) -> Tensor:
    if i > 1:
        raise ValueError("no such row")
    return x[0]


@program((X, 0), (X, 2))
def view_of_the_argument(x: Tensor, i: int):
    f = torch.jit.fork(first, x, i)
    print("forked")
    torch.jit.wait(f).mul_(10)
    return x


class Counts(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(3))

    def body(self, x: Tensor) -> Tensor:
        if bool(x.sum() < 0):
            raise ValueError("a negative sum")
        self.seen.add_(x.sum(0))
        return x * self.seen

    def forward(self, x: Tensor):
        f = torch.jit.fork(self.body, x)
        y = torch.jit.wait(f)
        return y, self.seen + 0


program((X,), (-X,))(Counts)


def same(x: Tensor, i: int) -> Tensor:
    return x if i < 3 else torch.stack([x, x])[i]


@program((X, 0), (X, 4))
def the_argument_itself(x: Tensor, i: int):
    f = torch.jit.fork(same, x, i)
    print("forked")
    return torch.jit.wait(f) + x


@program((2,), (-2,))
def returned(x: int):
    return torch.jit.fork(positive, x)


@program((X, 1), (-X, 1), (-X, 9))
def returned_with_others(x: Tensor, n: int):
    f = torch.jit.fork(asserted, x)
    g = torch.jit.fork(parts, x, n)
    print("forked")
    return {"f": [f, f]}, (g, n)


@program((2,))
def always_raises_returned(x: int):
    f = torch.jit.fork(one_of_two, 3)
    return f, x


@program(([1, -2, 3],), ([],))
def returned_in_a_list(xs: List[int]):
    futures: List[torch.jit.Future[int]] = []
    for x in xs:
        futures.append(torch.jit.fork(positive, x))
    return futures


@program((True, -1), (True, 1), (False, 1))
def returned_optional(p: bool, x: int):
    future: Optional[torch.jit.Future[int]] = None
    if p:
        future = torch.jit.fork(positive, x)
    return future
