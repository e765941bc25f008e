# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Module attributes that change, and programs that mix containers, optionals, errors and tensors."""
from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn

torch.manual_seed(5)
X = torch.randn(4, 3)
V = torch.tensor([3.0, -1.0, 2.0, 5.0, -4.0])


class Inner(nn.Module):
    calls: int

    def __init__(self):
        super().__init__()
        self.calls = 0
        self.scale = 1.0
        self.on = False

    def forward(self, x):
        self.calls += 1
        if self.calls > 2:
            self.scale = self.scale * 0.5
            self.on = True
        return x * self.scale


class Stateful(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 0
        self.inner = Inner()
        self.register_buffer("total", torch.zeros(3))
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    def forward(self, x):
        return x

    @torch.jit.export
    def count(self, k: int):
        for i in range(k):
            self.n += i
        return self.n

    @torch.jit.export
    def count_if(self, k: int):
        if k > 0:
            self.n = k
        return self.n + 1

    @torch.jit.export
    def inner_calls(self, x, k: int):
        for i in range(k):
            x = self.inner(x)
        return x, self.inner.calls, self.inner.scale, self.inner.on

    @torch.jit.export
    def replace_buffer(self, x):
        self.total = self.total + x.sum(0)
        return self.total * 2

    @torch.jit.export
    def replace_loop(self, x, k: int):
        for i in range(k):
            self.total = self.total * 0.5 + x[i]
        return self.total.sum()

    @torch.jit.export
    def buffer_in_place(self, x, k: int):
        if k > 0:
            self.total += x[0]
            self.seen += 1
        return self.total + self.seen

    @torch.jit.export
    def unchanged(self, k: int):
        old = self.n
        self.n = k
        r = self.n * 2
        self.n = old
        return r


class Token(NamedTuple):
    kind: str
    value: int


class Mixed(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def tokenize(self, s: str):
        out: List[Tuple[str, int]] = []
        i = 0
        while i < len(s):
            c = s[i]
            if c.isdigit():
                n = 0
                while i < len(s) and s[i].isdigit():
                    n = n * 10 + int(s[i])
                    i += 1
                out.append(("num", n))
            elif c == " ":
                i += 1
            else:
                out.append((c, 0))
                i += 1
        return out

    @torch.jit.export
    def evaluate(self, xs: List[Tuple[str, int]]):
        total = 0
        sign = 1
        for kind, value in xs:
            if kind == "num":
                total += sign * value
            elif kind == "-":
                sign = -1
            elif kind == "+":
                sign = 1
            else:
                raise ValueError("unknown token " + kind)
        return total

    @torch.jit.export
    def topological(self, edges: List[Tuple[int, int]], n: int):
        degree = [0 for _ in range(n)]
        for a, b in edges:
            degree[b] += 1
        queue: List[int] = []
        for i in range(n):
            if degree[i] == 0:
                queue.append(i)
        order: List[int] = []
        while len(queue) > 0:
            k = queue.pop(0)
            order.append(k)
            for a, b in edges:
                if a == k:
                    degree[b] -= 1
                    if degree[b] == 0:
                        queue.append(b)
        return order

    @torch.jit.export
    def batches(self, x, k: int):
        out: List[torch.Tensor] = []
        i = 0
        while i < x.size(0):
            out.append(x[i:i + k].sum(0))
            i += k
        return torch.stack(out), len(out)

    @torch.jit.export
    def pad(self, xs: List[torch.Tensor]):
        longest = 0
        for v in xs:
            longest = max(longest, v.size(0))
        out = torch.zeros(len(xs), longest)
        for i, v in enumerate(xs):
            out[i, :v.size(0)] = v
        return out

    @torch.jit.export
    def running_max(self, v):
        out: List[float] = []
        for i in range(v.size(0)):
            f = float(v[i])
            if len(out) == 0 or f > out[-1]:
                out.append(f)
            else:
                out.append(out[-1])
        return torch.tensor(out)

    @torch.jit.export
    def to_tensor(self, n: int):
        return torch.tensor([i * i for i in range(n)])

    @torch.jit.export
    def ragged(self, n: int):
        rows: List[List[int]] = []
        for i in range(n):
            rows.append([j for j in range(i)])
        return rows, sum([len(r) for r in rows])

    @torch.jit.export
    def histogram(self, xs: List[int], n: int):
        h = torch.zeros(n, dtype=torch.int64)
        for v in xs:
            if 0 <= v < n:
                h[v] += 1
        return h

    @torch.jit.export
    def zip_lists(self, a: List[int], b: List[str]):
        d: Dict[str, int] = {}
        for i, (x, y) in enumerate(zip(a, b)):
            d[y + str(i)] = x
        return d

    @torch.jit.export
    def min_max(self, xs: List[int]):
        lo: Optional[int] = None
        hi: Optional[int] = None
        for v in xs:
            lo = v if lo is None else min(lo, v)
            hi = v if hi is None else max(hi, v)
        return lo, hi

    @torch.jit.export
    def named_list(self, n: int):
        out: List[Token] = []
        for i in range(n):
            out.append(Token("k" + str(i), i))
        t = 0
        for k in out:
            t += k.value
        return out, t

    @torch.jit.export
    def dict_of_lists(self, n: int):
        even: List[int] = []
        odd: List[int] = []
        d = {"even": even, "odd": odd}
        for i in range(n):
            d["even" if i % 2 == 0 else "odd"].append(i)
        return d

    @torch.jit.export
    def list_of_dicts(self, n: int):
        out: List[Dict[str, int]] = []
        for i in range(n):
            out.append({"i": i, "sq": i * i})
        return out, [d["sq"] for d in out]

    @torch.jit.export
    def optional_in_dict(self, n: int):
        d: Dict[str, Optional[int]] = {}
        for i in range(n):
            d[str(i)] = i if i > 1 else None
        return d

    @torch.jit.export
    def words(self, s: str):
        d: Dict[str, int] = {}
        for w in s.split():
            w = w.strip(".,").lower()
            if len(w) == 0:
                continue
            d[w] = d.get(w, 0) + 1
        best = ""
        for k in d:
            if best == "" or d[k] > d[best]:
                best = k
        return d, best

    @torch.jit.export
    def caesar(self, s: str, k: int):
        out = ""
        for c in s:
            if c.isupper():
                out += chr((ord(c) - ord("A") + k) % 26 + ord("A"))
            else:
                out += c
        return out

    @torch.jit.export
    def tensor_cond_chain(self, x):
        if x.sum() > 100:
            return "huge"
        elif x.sum() > 0 and x.min() < 0:
            return "mixed"
        elif x.mean() == 0:
            return "zero"
        return "small"

    @torch.jit.export
    def while_tensor(self, x, limit: float):
        steps: List[float] = []
        while x.norm() < limit:
            x = x * 2
            steps.append(float(x.norm()))
        return x, steps

    @torch.jit.export
    def conditional_layers(self, x, flags: List[bool]):
        for f in flags:
            if f:
                x = torch.relu(x)
            else:
                x = x - 1
        return x

    @torch.jit.export
    def matrix_power(self, n: int):
        m = torch.tensor([[1.0, 1.0], [1.0, 0.0]])
        r = torch.eye(2)
        while n > 0:
            if n % 2 == 1:
                r = r @ m
            m = m @ m
            n = n // 2
        return r

    @torch.jit.export
    def swap_lists(self, a: List[int], b: List[int], n: int):
        for i in range(n):
            a, b = b, a
            a.append(i)
        return a, b

    @torch.jit.export
    def slices(self, xs: List[int], n: int):
        out: List[int] = []
        for i in range(n):
            out += xs[i:-1]
            out += xs[::2]
        return out, xs[n:], xs[:n]

    @torch.jit.export
    def bfs_grid(self, walls: List[int], n: int):
        distance = [-1] * n
        queue = [0]
        distance[0] = 0
        while len(queue) > 0:
            k = queue[0]
            queue = queue[1:]
            for step in [1, -1, 3, -3]:
                j = k + step
                if j >= 0 and j < n and j not in walls and distance[j] < 0:
                    distance[j] = distance[k] + 1
                    queue.append(j)
        return distance

    @torch.jit.export
    def any_all(self, xs: List[int]):
        flags = [v > 2 for v in xs]
        return any(flags), all(flags), sum(xs), max(xs)

    @torch.jit.export
    def sort_key(self, xs: List[float]):
        ys = sorted(xs)
        xs.sort(reverse=True)
        return xs, ys

    @torch.jit.export
    def insertion_sort(self, xs: List[int]):
        out: List[int] = []
        for v in xs:
            i = 0
            while i < len(out) and out[i] < v:
                i += 1
            out.insert(i, v)
        return out

    @torch.jit.export
    def tuple_swap(self, n: int):
        a, b = 1, 2.5
        c = (a, b)
        if n > 0:
            c = (n, b * n)
        d, e = c
        return e, d

    @torch.jit.export
    def none_list(self, x, n: int):
        state: List[Optional[torch.Tensor]] = [None, None]
        for i in range(n):
            old = state[i % 2]
            if old is None:
                state[i % 2] = x
            else:
                state[i % 2] = old + x
        return state

    @torch.jit.export
    def chunk_sum(self, x, n: int):
        total = torch.zeros(3)
        for c in torch.split(x, 2):
            total = total + c.sum(0) * n
        return total

    @torch.jit.export
    def unbind_list(self, x):
        rows = x.unbind(0)
        out = [r * i for i, r in enumerate(rows)]
        return torch.stack(out).sum()


def groups():
    yield "stateful", Stateful(), {
        "count": [(4,), (0,)],
        "count_if": [(4,), (0,)],
        "inner_calls": [(X, 4), (X, 1)],
        "replace_buffer": [(X,)],
        "replace_loop": [(X, 3), (X, 0)],
        "buffer_in_place": [(X, 3), (X, 0)],
        "unchanged": [(3,)],
    }
    yield "mixed", Mixed(), {
        "tokenize": [("12 + 3-4",), ("",)],
        "evaluate": [([("num", 12), ("-", 0), ("num", 3)],), ([("x", 0)],)],
        "topological": [([(0, 1), (1, 2), (0, 2)], 4)],
        "batches": [(X, 2), (X, 3)],
        "pad": [([V, V[:2]],)],
        "running_max": [(V,)],
        "to_tensor": [(4,), (1,), (0,)],
        "ragged": [(4,), (0,)],
        "histogram": [([1, 2, 1, 9], 4)],
        "zip_lists": [([1, 2], ["a", "b"])],
        "min_max": [([3, 1, 2],), ([],)],
        "named_list": [(3,), (0,)],
        "dict_of_lists": [(4,), (0,)],
        "list_of_dicts": [(3,), (0,)],
        "optional_in_dict": [(3,), (0,)],
        "words": [("The cat, the dog. A cat.",), ("",)],
        "caesar": [("HAL 9000", 1)],
        "tensor_cond_chain": [(X,), (X.abs() * 100,), (X * 0,), (-X.abs(),)],
        "while_tensor": [(X, 100.0), (X, 0.0)],
        "conditional_layers": [(X, [True, False, True]), (X, [])],
        "matrix_power": [(10,), (0,)],
        "swap_lists": [([1], [2], 3), ([1], [2], 0)],
        "slices": [([1, 2, 3, 4], 2), ([1, 2, 3, 4], 0)],
        "bfs_grid": [([1, 4], 9)],
        "any_all": [([1, 3],), ([3],)],
        "sort_key": [([2.0, 1.0, 3.0],)],
        "insertion_sort": [([3, 1, 2],), ([],)],
        "tuple_swap": [(3,), (0,)],
        "none_list": [(X, 3), (X, 1)],
        "chunk_sum": [(X, 3)],
        "unbind_list": [(X,)],
    }
