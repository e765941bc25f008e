# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small algorithms: lists, dicts, texts, objects and tensors that grow in loops, state that is carried, early returns."""
import math
from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program(([X.clone(), X + 1], 1), ([X.clone(), X + 1], 0), refused="a tensor that a list or dict of run-time length holds")
def write_element(xs: List[Tensor], i: int):
    xs[i].add_(10)
    xs[i][0, 0] = -1
    return xs[0], xs[1]


@program((X, 3), (X, 0), refused="a tensor that a list or dict of run-time length holds")
def write_made_element(x: Tensor, n: int):
    xs: List[Tensor] = []
    for i in range(n):
        xs.append(x * i)
    for i in range(n):
        xs[i].mul_(2)
    total = torch.zeros(2, 3)
    for y in xs:
        total += y
    return total, len(xs)


@program(({"a": X.clone(), "b": X + 1}, "a"), refused="a tensor that a list or dict of run-time length holds")
def write_dict_element(d: Dict[str, Tensor], k: str):
    d[k].zero_()
    return d["a"], d["b"]


@program((X, 4), (X, 1))
def cat_grown(x: Tensor, n: int):
    parts: List[Tensor] = [x]
    for i in range(n):
        parts.append(parts[-1] + parts[0])
        if i % 2 == 1:
            parts.pop(0)
    return torch.cat(parts), torch.stack(parts).sum(0), len(parts)


@program((5,), (0,))
def text_built(n: int):
    s = ""
    parts: List[str] = []
    for i in range(n):
        s += str(i) + ("," if i < n - 1 else "")
        parts.append("p{}".format(i))
        if i % 2:
            s = s.upper()
    return s, "-".join(parts), len(s)


@program(([3, 1, 2, 3],))
def counted_lists(xs: List[int]):
    places: Dict[int, List[int]] = {}
    for i, x in enumerate(xs):
        if x not in places:
            places[x] = torch.jit.annotate(List[int], [])
        places[x].append(i)
    best = -1
    for k, v in places.items():
        if len(v) > 1:
            best = k
    return places, best


@torch.jit.script
class Account:
    def __init__(self, name: str):
        self.name = name
        self.balance = 0
        self.history: List[int] = []

    def add(self, n: int) -> int:
        if self.balance + n < 0:
            raise ValueError(self.name + " cannot pay " + str(-n))
        self.balance += n
        self.history.append(n)
        return self.balance


@program((["a", "b"], [5, 3, -2]), (["a"], [1, -2]))
def accounts(names: List[str], amounts: List[int]):
    accounts: List[Account] = []
    for n in names:
        accounts.append(Account(n))
    for x in amounts:
        for a in accounts:
            a.add(x)
    return [a.balance for a in accounts], accounts[0].history


@program(([1, 2, 3, 4],))
def objects_in_dict(xs: List[int]):
    d: Dict[str, Account] = {}
    for x in xs:
        k = "even" if x % 2 == 0 else "odd"
        if k not in d:
            d[k] = Account(k)
        d[k].add(x)
    return d["even"].balance, d["odd"].history, sorted(d.keys())


class Item(NamedTuple):
    name: str
    value: Tensor
    rank: int = 0


@program((X, 3))
def tuples_in_list(x: Tensor, n: int):
    items: List[Item] = []
    for i in range(n):
        items.append(Item("i" + str(i), x + i, i))
    best = items[0]
    for it in items:
        if bool(it.value.sum() > best.value.sum()):
            best = it
    return best.name, best.value, best.rank, [it.rank for it in items]


@program((X,), (-X,))
def tensor_while(x: Tensor):
    n = 0
    while bool(x.sum() < 100) and n < 10:
        x = x * 2 + 1
        n += 1
    return x, n


@program((X, 2), (X, 7))
def nested_dynamic(x: Tensor, n: int):
    out = torch.zeros(0)
    for i in range(n):
        row = x[i % 2]
        for j in range(i):
            if j == 3:
                break
            row = row * 0.5
        if i == 4:
            continue
        out = torch.cat([out, row])
    return out


@program((X, 3))
def early_return_in_loops(x: Tensor, n: int):
    for i in range(n):
        for j in range(n):
            if i * j > 1:
                return x * i, "inner"
        if i > 5:
            return x, "outer"
    return -x, "end"


@program((X,), (X[:, :2],))
def shapes_in_control(x: Tensor):
    if x.size(1) == 3:
        y = x.view(-1)
    else:
        y = x.sum(0)
    return y, y.dim(), [s * 2 for s in x.shape]


@program((X, "sum"), (X, "mean"), (X, "bad"))
def dispatch(x: Tensor, op: str):
    if op == "sum":
        return x.sum()
    elif op == "mean":
        return x.mean()
    else:
        raise ValueError("unknown op " + op)


@program((X, None, None), (X, X, None), (X, X, 2.0))
def optional_defaults(x: Tensor, y: Optional[Tensor] = None, k: Optional[float] = None):
    scale = 1.0 if k is None else k
    if y is None:
        y = torch.ones_like(x)
    return x * y * scale


@program(([[1, 2], [3]],), ([],))
def nested_lists(xs: List[List[int]]):
    flat: List[int] = []
    for r in xs:
        flat += r
        r.append(0)
    total = 0
    for r in xs:
        for v in r:
            total += v
    return flat, total, xs, [len(r) for r in xs], [sum(r) for r in xs]


@program((3,), (1,))
def matrix_of_numbers(n: int):
    m = [[0 for _ in range(n)] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            m[i][j] = i * n + j
    t = torch.tensor(m)
    return m, t, t.t(), sum([m[i][i] for i in range(n)])


@program(("the cat the dog",))
def words(s: str):
    count: Dict[str, int] = {}
    for w in s.split(" "):
        count[w] = count[w] + 1 if w in count else 1
    longest = ""
    for w in count.keys():
        if len(w) > len(longest) or (len(w) == len(longest) and w < longest):
            longest = w
    return count, longest, [w.capitalize() for w in sorted(count.keys())], " ".join([w[::-1] for w in s.split()])


@program((10,), (1,))
def primes(n: int):
    sieve = [True] * (n + 1)
    out: List[int] = []
    for i in range(2, n + 1):
        if sieve[i]:
            out.append(i)
            for j in range(i * i, n + 1, i):
                sieve[j] = False
    return out


@program((X,))
class Counters(nn.Module):
    counts: Dict[str, int]
    last: List[Tensor]

    def __init__(self):
        super().__init__()
        self.counts = {}
        self.last = []
        self.total = 0.0
        self.register_buffer("running", torch.zeros(3))

    def note(self, k: str):
        self.counts[k] = self.counts.get(k, 0) + 1

    def forward(self, x: Tensor):
        self.note("forward")
        for i in range(x.size(0)):
            self.note("row")
            self.running += x[i]
            self.last.append(x[i])
        self.total += float(x.sum())
        return self.counts, self.running, self.last, self.total


@program((X, torch.tensor([0, 1])), (X, torch.tensor([1])))
def loop_over_indices(x: Tensor, idx: Tensor):
    out = x.clone()
    for i in idx.tolist() if False else [int(v) for v in idx]:
        out[i] *= 2
    for row in x:
        out = out + row
    for i, row in enumerate(x):
        out[i] = row + i
    return out


@program((1.5, 2), (-0.5, 3))
def unions_of_numbers(a: Union[int, float], b: Union[int, float]):
    if isinstance(a, float):
        r = a * 2
    else:
        r = float(a)
    if isinstance(b, int):
        return r + b
    return r - b


@program((X,))
def tuple_state(x: Tensor):
    state = (x, 0, "a")
    for i in range(4):
        t, n, s = state
        if n % 2 == 0:
            state = (t + 1, n + 1, s + "b")
        else:
            state = (t * 2, n + 1, s + "c")
    return state


@program((X, 5), (X, 0))
def optional_carry(x: Tensor, n: int):
    best: Optional[Tensor] = None
    where = -1
    for i in range(n):
        y = (x * (i - 2)).sum()
        if best is None:
            best = y
            where = i
        elif bool(y > best):
            best = y
            where = i
    if best is None:
        return torch.zeros(()), where
    return best, where


@program((X.clone(),))
def alias_in_loop(x: Tensor):
    y = x
    for i in range(3):
        y = y[:, 1:] if i == 0 else y
        y += 1
    return x, y


@program((X.clone(), 2), (X.clone(), 0))
def alias_dynamic(x: Tensor, n: int):
    y = x[0]
    for i in range(n):
        y += i + 1
        x[1] -= y
    return x, y


@program((4,), (0,))
def float_accumulates(n: int):
    s = 0.0
    c = 0
    ok = True
    for i in range(n):
        s += i / 2
        c += i if ok else -i
        ok = not ok
    return s, c, ok, s > c, math.floor(s), round(s)


@program((X, [2, 0]), (X, []))
def indices_given(x: Tensor, idx: List[int]):
    return x[:, idx], x[:, torch.tensor(idx, dtype=torch.long)], [x[0, i] for i in idx], x.index_select(1, torch.tensor(idx, dtype=torch.long))


@program((X, [3, 2]), (X, [6, 1]), (X, [1, 6]))
def sizes_given(x: Tensor, size: List[int]):
    return x.view(size), x.reshape(size[0], -1), torch.zeros(size), x.expand([2] + x.size()).size(), torch.ones(size[::-1]), x.new_full(size, 2.0), torch.rand(size).size()
