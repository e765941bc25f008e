# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a program writes, and who sees it: containers in containers, arguments, attributes, tensors behind several names."""
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program(([1, 2], 3), ([], 0))
def shared_lists(x: List[int], n: int):
    a = [x, x]
    b = {"k": x, "q": [n]}
    a[0].append(n)
    b["k"].append(n + 1)
    b["q"] = a[1]
    b["q"].append(7)
    return a, b, x


@program(([[1], [2], [3]], 1), ([[1]], 0))
def rows_written(x: List[List[int]], i: int):
    r = x[i]
    for k in range(3):
        r.append(k)
    x[0] = r
    x[0][0] = -1
    return x, r


@program((3,), (1,))
def rows_made(n: int):
    rows: List[List[int]] = []
    for i in range(n):
        row: List[int] = []
        rows.append(row)
        row.append(i)
        if i > 0:
            rows[i - 1].append(i * 10)
    return rows


@program((4,), (0,))
def tables_made(n: int):
    tables: List[Dict[str, int]] = []
    for i in range(n):
        t = {"i": i}
        tables.append(t)
        t["twice"] = i * 2
        tables[0]["last"] = i
    return tables


@program(({"a": {"b": [1]}}, "a"))
def deep_write(d: Dict[str, Dict[str, List[int]]], k: str):
    inner = d[k]["b"]
    inner.append(2)
    d[k]["c"] = inner
    d["z"] = d[k]
    d["z"]["c"].append(3)
    return d, inner


@program(([1, 2, 3],), ([5],))
def swap_in_place(x: List[int]):
    i, j = 0, len(x) - 1
    while i < j:
        x[i], x[j] = x[j], x[i]
        i += 1
        j -= 1
    return x


@program((2, True), (2, False))
def one_of_two_lists(n: int, b: bool):
    x = [1]
    y = [2]
    z = x if b else y
    z.append(n)
    x.append(9)
    return x, y, z


@program((2, True), (2, False))
def one_of_two_dicts(n: int, b: bool):
    x = {"a": 1}
    y = {"b": 2}
    z = x
    if b:
        z = y
    z["n"] = n
    return x, y, z, len(z)


@program(([3, 1, 2],))
def sorted_under_another_name(x: List[int]):
    y = x
    y.sort()
    z = sorted(y)
    z.append(0)
    x.reverse()
    return x, y, z


def appends(x: List[int], n: int) -> List[int]:
    x.append(n)
    return x


@program(([1],))
def through_calls(x: List[int]):
    y = appends(appends(x, 2), 3)
    y.append(4)
    return x, y, x is y


@program((X,))
def tensor_behind_names(x: Tensor):
    y = x.clone()
    z = y
    w = y[0]
    z += 1
    w.mul_(2)
    y[1, 1] = 100
    return x, y, z, w


@program((X,))
def tensor_in_tuple_written(x: Tensor):
    y = x.clone()
    t = (y, [y], {"k": y})
    y.add_(1)
    t[0][0] = 5
    t[2]["k"].mul_(2)
    return t[0], t[1][0], t[2]["k"]


@program((X, 3))
def written_in_loop(x: Tensor, n: int):
    y = x.clone()
    for i in range(n):
        y[:, i % 3] += i
        y.mul_(1.5)
    return y


@program((X, True), (X, False))
def written_in_branch(x: Tensor, b: bool):
    y = x.clone()
    v = y.view(-1)
    if b:
        v[0] = 10
        y += 1
    else:
        y[1] = 0
    return y, v


@program((X,))
def argument_written(x: Tensor):
    x[0, 0] = 7
    x.mul_(2)
    return x.sum()


@program(([X.clone(), X + 1],))
def list_elements_replaced(x: List[Tensor]):
    x[0] = x[1] * 2
    x.append(x[0] + x[1])
    y = x[2]
    x[1] = y
    return x, y


@program(({"a": X, "b": X + 1},))
def dict_entries_replaced(d: Dict[str, Tensor]):
    for k in list(d.keys()):
        d[k] = d[k] * 2
    d["s"] = d["a"] + d["b"]
    return d


@program((X, 2), (X, 0))
class Accumulates(nn.Module):
    rows: List[List[int]]
    seen: Dict[str, List[Tensor]]

    def __init__(self):
        super().__init__()
        self.rows = [[0]]
        self.seen = {}
        self.register_buffer("total", torch.zeros(3))

    def forward(self, x: Tensor, n: int):
        for i in range(n):
            self.rows[0].append(i)
            self.rows.append([i])
            self.total += x[i]
        self.seen["x"] = [x]
        self.seen["x"].append(self.total * 2)
        return self.rows, self.seen, self.total


@torch.jit.script
class Tree:
    def __init__(self, value: int):
        self.value = value
        self.names: List[str] = []
        self.counts: Dict[str, int] = {}

    def note(self, name: str):
        self.names.append(name)
        if name in self.counts:
            self.counts[name] += 1
        else:
            self.counts[name] = 1


@program((["a", "b", "a"],), ([],))
def object_fields(x: List[str]):
    t = Tree(1)
    u = t
    for s in x:
        t.note(s)
        u.value += 1
    return t.names, u.counts, t.value


@program((3, 1), (2, 0))
def objects_in_list(n: int, k: int):
    ts: List[Tree] = []
    for i in range(n):
        ts.append(Tree(i))
    ts[k].note("k")
    first = ts[0]
    first.value = 50
    for t in ts:
        t.value += 1
    return [t.value for t in ts], [len(t.names) for t in ts]


@program((True,), (False,))
def object_chosen(b: bool):
    x = Tree(1)
    y = Tree(2)
    z = x if b else y
    z.value = 10
    z.note("z")
    return x.value, y.value, x.names, y.names


@program((None,), ([1, 2],))
def optional_written(x: Optional[List[int]]):
    y = x
    if y is None:
        y = [0]
    y.append(5)
    return y, x is None


@program(((1, [2]), 3))
def list_in_tuple_written(t: Tuple[int, List[int]], n: int):
    t[1].append(n)
    u = (t[1], t)
    u[0].append(n + 1)
    return t, u


@program(([1, 2, 3, 4],))
def removed_while_walking(x: List[int]):
    i = 0
    while i < len(x):
        if x[i] % 2 == 0:
            del x[i]
        else:
            i += 1
    return x


@program(([1, 2],))
def grown_while_walking(x: List[int]):
    n = 0
    for v in x:
        n += v
        if len(x) < 5:
            x.append(v * 10)
    return x, n


@program(({"a": 1, "b": 2}, "a"), ({"a": 1}, "z"))
def update_and_delete(d: Dict[str, int], k: str):
    e = d.copy()
    if k in d:
        del d[k]
    e.update({k: 100, "new": 5})
    d.update(e)
    f = d
    f["f"] = len(f)
    return d, e


@program((5,))
def slices_are_copies(n: int):
    x = [i for i in range(n)]
    y = x[:]
    z = x[1:3]
    y[0] = 100
    z.append(7)
    x.extend(z)
    return x, y, z


@program((3,))
def swapped_lists(n: int):
    a = [1]
    b = [2]
    for i in range(n):
        a, b = b, a
        a.append(i)
    return a, b


@program((4,), (1,))
def list_rebound_in_loop(n: int):
    x = [0]
    kept = [x]
    for i in range(n):
        x = x + [i]
        kept.append(x)
        if i == 2:
            x.append(100)
    return x, kept
