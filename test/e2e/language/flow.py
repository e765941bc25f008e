# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops, branches, early returns, functions that call themselves; small algorithms over lists and dicts."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((0,), (1,), (5,))
def while_break(n: int):
    i = 0
    while True:
        if i >= n:
            break
        i += 2
    return i


@program((10,), (0,))
def for_continue(n: int):
    s = 0
    for i in range(n):
        if i % 2 == 0:
            continue
        if i > 7:
            break
        s += i
    return s


@program((3,), (0,))
def nested_breaks(n: int):
    out: List[int] = []
    for i in range(n):
        for j in range(n):
            if j == i:
                break
            if j == 1:
                continue
            out.append(i * 10 + j)
        else_ = 0
        while else_ < 5:
            else_ += 3
            if else_ > i:
                break
        out.append(else_)
    return out


@program(([1, 2, 3], 2), ([1, 3], 2), ([], 1))
def return_in_loop(x: List[int], v: int):
    for i, w in enumerate(x):
        if w == v:
            return i
    return -1


@program((3, 2), (1, 5), (0, 0))
def many_returns(a: int, b: int):
    if a > b:
        if a > 2:
            return "big"
        return "bigger"
    elif a == b:
        return "same"
    while a < b:
        a += 1
        if a == 3:
            return "three"
    return "end"


@program((5,), (1,))
def returns_tuple_early(n: int) -> Tuple[int, str]:
    if n > 3:
        return n, "x"
    for i in range(n):
        if i == 0:
            return i, "first"
    return -1, "none"


@program((10,), (1,), (0,))
def fibonacci(n: int) -> int:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


@program((48, 18), (17, 5))
def gcd(a: int, b: int):
    while b != 0:
        a, b = b, a % b
    return a


@program((27,), (1,))
def collatz(n: int):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@program((30,), (2,))
def primes(n: int):
    out: List[int] = []
    for i in range(2, n):
        ok = True
        for p in out:
            if p * p > i:
                break
            if i % p == 0:
                ok = False
                break
        if ok:
            out.append(i)
    return out


@program(([5, 2, 9, 1],), ([],), ([1],))
def bubble_sort(x: List[int]):
    n = len(x)
    for i in range(n):
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]
    return x


@program(([1, 3, 5, 7], 5), ([1, 3, 5, 7], 4), ([], 1))
def binary_search(x: List[int], v: int):
    lo, hi = 0, len(x)
    while lo < hi:
        mid = (lo + hi) // 2
        if x[mid] == v:
            return mid
        elif x[mid] < v:
            lo = mid + 1
        else:
            hi = mid
    return -1


@program(([[1, 2], [3, 4]], [[5, 6], [7, 8]]))
def matrix_product(a: List[List[int]], b: List[List[int]]):
    out: List[List[int]] = []
    for i in range(len(a)):
        row: List[int] = []
        for j in range(len(b[0])):
            s = 0
            for k in range(len(b)):
                s += a[i][k] * b[k][j]
            row.append(s)
        out.append(row)
    return out


@program((["a", "b", "a", "c", "a"],), ([],))
def histogram(x: List[str]):
    d: Dict[str, int] = {}
    for s in x:
        if s not in d:
            d[s] = 0
        d[s] += 1
    best = ""
    n = 0
    for k, v in d.items():
        if v > n:
            best, n = k, v
    return d, best, n


@program((["ab", "cd", "ax"],))
def grouped(x: List[str]):
    d: Dict[str, List[str]] = {}
    for s in x:
        k = s[0]
        if k in d:
            d[k].append(s)
        else:
            d[k] = [s]
    return d


@program(({0: [1, 2], 1: [2], 2: [0]}, 0))
def graph_search(g: Dict[int, List[int]], start: int):
    seen: List[int] = []
    todo = [start]
    while len(todo) > 0:
        n = todo.pop()
        if n in seen:
            continue
        seen.append(n)
        for m in g[n]:
            todo.append(m)
    return seen


@program((5, 3), (4, 4))
def memo(n: int, k: int):
    table: Dict[int, int] = {0: 1, 1: 1}
    for i in range(2, n + 1):
        table[i] = table[i - 1] + table[i - 2] * k
    return table[n], table


@program(([3, 0, 2],))
def counting(x: List[int]):
    out = [0] * 4
    for v in x:
        out[v] += 1
    while out[-1] == 0:
        out.pop()
    return out


@program((X,), (-X,))
def tensor_branches(x: Tensor):
    if x.sum() > 10:
        y = x * 2
        z = 1
    elif x.sum() < 0:
        y = x - 1
        z = 2
    else:
        y = x
        z = 3
    return y, z


@program((X, 3), (X, 0))
def tensor_loop(x: Tensor, n: int):
    y = x
    ys: List[Tensor] = []
    for i in range(n):
        y = y * 0.5 + i
        if y.mean() > 1.2:
            ys.append(y)
    return y, ys


@program((X,), (X * 100,))
def until_small(x: Tensor):
    n = 0
    while bool(x.max() > 1) and n < 50:
        x = x / 2
        n += 1
    return x, n


@program((X,))
def conditional_in_loop_with_list(x: Tensor):
    parts = [x, x + 1, x + 2]
    out = torch.zeros_like(x)
    for i, p in enumerate(parts):
        if i % 2 == 0:
            out += p
        else:
            out -= p
    return out


@program((X, 2), (X, 0), refused="an argument whose structure is known at run time only")
def rank_grows(x: Tensor, n: int):
    for i in range(n):
        x = torch.stack([x, x])
    return x


@program((3,), (4,))
def mutual_state(n: int):
    x: List[int] = []
    d: Dict[str, int] = {"n": n}
    step(x, d)
    step(x, d)
    return x, d


def step(x: List[int], d: Dict[str, int]):
    x.append(d["n"])
    d["n"] += len(x)


@program((5,), (0,))
def default_and_keyword(n: int):
    return keyed(n), keyed(n, b=5), keyed(n, 1, c="q"), keyed(c="z", a=n)


def keyed(a: int, b: int = 2, c: str = "c") -> Tuple[int, str]:
    return a * b, c + c


@program((6,), (0,))
def nested_functions(n: int):
    return f1(n) + f2(n)


def f1(n: int) -> int:
    if n > 3:
        return f2(n - 1)
    return n


def f2(n: int) -> int:
    s = 0
    for i in range(n):
        s += f3(i)
    return s


def f3(n: int) -> int:
    return n * n if n % 2 == 0 else -n


@program((3, 5), (5, 3))
def assigned_in_branches(a: int, b: int):
    if a < b:
        lo = a
        hi = b
    else:
        lo = b
        hi = a
    return lo, hi


@program((True, 1), (False, 1))
def variable_from_one_branch(b: bool, n: int):
    if b:
        y = n * 2
    else:
        raise ValueError("no")
    return y


@program((3,), (-3,))
def nested_ternaries(n: int):
    return 1 if n > 0 else (-1 if n < 0 else 0), "a" if n > 0 and n < 5 else "b"


@program((4,), (7,))
def list_of_lists_grown(n: int):
    rows: List[List[int]] = [[1]]
    for i in range(1, n):
        last = rows[-1]
        row = [1]
        for j in range(len(last) - 1):
            row.append(last[j] + last[j + 1])
        row.append(1)
        rows.append(row)
    return rows


@program((3,))
def loop_variable_after(n: int):
    i = -1
    for i in range(n):
        pass
    return i


@program((3, 4))
def shadowed(n: int, m: int):
    for n in range(m):
        m2 = n * 2
        if m2 > 3:
            n = 100
    return n


@program((2.0,), (9.0,))
def newton(x: float):
    g = x
    for _ in range(20):
        g = (g + x / g) / 2
        if abs(g * g - x) < 1e-9:
            break
    return g


@program((["push 1", "push 2", "add", "push 4", "mul"],), (["push 1", "pop"],), (["bad"],))
def interpreter(code: List[str]):
    stack: List[int] = []
    for line in code:
        words = line.split(" ")
        if words[0] == "push":
            stack.append(int(words[1]))
        elif words[0] == "add":
            stack.append(stack.pop() + stack.pop())
        elif words[0] == "mul":
            stack.append(stack.pop() * stack.pop())
        elif words[0] == "pop":
            stack.pop()
        else:
            raise RuntimeError(f"unknown word {words[0]}")
    return stack


@program((100,))
def long_loop(n: int):
    x: List[int] = []
    d: Dict[int, int] = {}
    for i in range(n):
        x.append(i * 7 % 13)
        d[x[i]] = i
    s = 0
    for k, v in d.items():
        s += k * v
    return s, len(d)


@program(([1, 2, 3, 4],))
def running(x: List[int]):
    out: List[float] = []
    s = 0.0
    for i, v in enumerate(x):
        s += v
        out.append(s / (i + 1))
    return out


@program((X, [0, 1, 2]), (X, []))
def loop_over_indices(x: Tensor, idx: List[int]):
    out: List[Tensor] = []
    for i in idx:
        out.append(x[:, i])
    if len(out) == 0:
        return x
    return torch.stack(out)


@program((4,))
def tuple_in_loop(n: int):
    t = (0, 1)
    for i in range(n):
        a, b = t
        t = (b, a + b)
    return t


@program((3,))
def strings_in_loop(n: int):
    names: List[str] = []
    for i in range(n):
        name = f"layer{i}"
        if i == 1:
            name += ".weight"
        names.append(name)
    return names, ",".join(names)


@program(([1, 2],), ([],))
def optional_from_loop(x: List[int]):
    best: Optional[int] = None
    for v in x:
        if best is None or v > best:
            best = v
    return best
