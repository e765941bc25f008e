# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lists, dicts and strings that grow or change in branches, loops and comprehensions."""
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn

torch.manual_seed(1)
X = torch.randn(4, 3)


class Lists(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def append_range(self, n: int):
        out: List[int] = []
        for i in range(n):
            out.append(i * 2)
        return out

    @torch.jit.export
    def append_if(self, n: int):
        out = [1, 2]
        if n > 2:
            out.append(n)
        return out, len(out)

    @torch.jit.export
    def append_else(self, n: int):
        out = [1.5]
        if n > 2:
            out.append(float(n))
            out.append(2.0)
        else:
            out.pop()
        return out

    @torch.jit.export
    def filter_list(self, xs: List[int]):
        out: List[int] = []
        for v in xs:
            if v % 2 == 0:
                out.append(v)
        return out

    @torch.jit.export
    def comprehension(self, xs: List[int]):
        return [v * v + 1 for v in xs]

    @torch.jit.export
    def comprehension_range(self, n: int):
        return [float(i) / 2 for i in range(n)]

    @torch.jit.export
    def comprehension_str(self, xs: List[str]):
        return [s.upper() + "!" for s in xs]

    @torch.jit.export
    def nested_lists(self, n: int, m: int):
        out: List[List[int]] = []
        for i in range(n):
            row: List[int] = []
            for j in range(m):
                row.append(i * j)
            out.append(row)
        return out

    @torch.jit.export
    def inner_alias(self, n: int):
        row = [0]
        out = [row]
        for i in range(n):
            out.append(row)
            row.append(i)
        return out, row

    @torch.jit.export
    def alias_append(self, n: int):
        a: List[int] = []
        b = a
        for i in range(n):
            if i % 2 == 0:
                a.append(i)
            else:
                b.append(-i)
        return a, b, a is b

    @torch.jit.export
    def concat_loop(self, n: int):
        out = [0]
        for i in range(n):
            out = out + [i, i + 1]
        return out

    @torch.jit.export
    def iadd_loop(self, n: int):
        out = [0]
        other = out
        for i in range(n):
            out += [i]
        return out, other

    @torch.jit.export
    def pop_while(self, xs: List[int]):
        total = 0
        while len(xs) > 0:
            total = total * 3 + xs.pop()
        return total, xs

    @torch.jit.export
    def stack_machine(self, xs: List[int]):
        stack: List[int] = []
        for v in xs:
            if v >= 0:
                stack.append(v)
            elif v == -1:
                stack.append(stack.pop() + stack.pop())
            else:
                a = stack.pop()
                b = stack.pop()
                stack.append(a * b)
        return stack

    @torch.jit.export
    def sort_inside(self, n: int):
        out = [3, 1, 2]
        if n > 1:
            out.append(n)
            out.sort()
        return out

    @torch.jit.export
    def insert_remove(self, xs: List[int], n: int):
        for i in range(n):
            xs.insert(0, i)
            if i == 2:
                xs.remove(0)
        return xs

    @torch.jit.export
    def fresh_lengths(self, n: int):
        if n > 0:
            out = [1, 2, 3]
        else:
            out = [4]
        out.append(n)
        return out

    @torch.jit.export
    def choose(self, n: int):
        a = [1, 2]
        b = [3]
        c = a if n > 0 else b
        c.append(n)
        return a, b, c

    @torch.jit.export
    def fib_list(self, n: int):
        f = [0, 1]
        while len(f) < n:
            f.append(f[-1] + f[-2])
        return f

    @torch.jit.export
    def dedup(self, xs: List[str]):
        out: List[str] = []
        for s in xs:
            if s not in out:
                out.append(s)
        return out

    @torch.jit.export
    def tuple_list(self, n: int):
        out: List[Tuple[int, str]] = []
        for i in range(n):
            out.append((i, str(i)))
        total = 0
        for a, s in out:
            total += a + len(s)
        return out, total

    @torch.jit.export
    def list_attr_index(self, xs: List[int], i: int):
        if i >= 0:
            xs[i] = 100
        return xs[i] + xs[-1], xs

    @torch.jit.export
    def slice_loop(self, xs: List[int]):
        out: List[int] = []
        for i in range(0, len(xs), 2):
            out.extend(xs[i:i + 1])
        return out

    @torch.jit.export
    def reverse_loop(self, xs: List[int]):
        out: List[int] = []
        for i in range(len(xs) - 1, -1, -1):
            out.append(xs[i])
        return out

    @torch.jit.export
    def sieve(self, n: int):
        flags = [True] * n
        out: List[int] = []
        for i in range(2, n):
            if flags[i]:
                out.append(i)
                j = i * i
                while j < n:
                    flags[j] = False
                    j += i
        return out

    @torch.jit.export
    def clear_refill(self, n: int):
        out = [1, 2, 3]
        for i in range(n):
            if i == 2:
                out.clear()
            out.append(i)
        return out

    @torch.jit.export
    def matrix(self, n: int):
        m = [[0] * n for _ in range(n)]
        for i in range(n):
            m[i][i] = 1
            if i > 0:
                m[i][i - 1] = 5
        return m

    @torch.jit.export
    def enumerate_zip(self, xs: List[int], ys: List[float]):
        out: List[float] = []
        for i, (a, b) in enumerate(zip(xs, ys)):
            out.append(a * b + i)
        return out

    @torch.jit.export
    def two_results(self, n: int):
        small: List[int] = []
        large: List[int] = []
        for i in range(n):
            (small if i < 3 else large).append(i)
        return small, large

    @torch.jit.export
    def large_trip(self):
        out: List[int] = []
        for i in range(5000):
            if i % 1000 == 7:
                out.append(i)
        return out


class TensorLists(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def stack_loop(self, x, n: int):
        outs: List[torch.Tensor] = []
        h = x[0]
        for i in range(n):
            h = torch.tanh(h + x[i])
            outs.append(h)
        return torch.stack(outs)

    @torch.jit.export
    def cat_loop(self, x, n: int):
        outs = [x]
        for i in range(n):
            outs.append(x * i)
        return torch.cat(outs, dim=1)

    @torch.jit.export
    def cat_if(self, x, n: int):
        outs = [x]
        if n > 2:
            outs.append(x + 1)
        return torch.cat(outs)

    @torch.jit.export
    def comprehension(self, xs: List[torch.Tensor]):
        return [v * 2 for v in xs]

    @torch.jit.export
    def rows(self, x):
        return [r.sum() for r in x]

    @torch.jit.export
    def rows_stack(self, x):
        out = []
        for r in x:
            out.append(r.cumsum(0))
        return torch.stack(out, 1)

    @torch.jit.export
    def sum_list(self, xs: List[torch.Tensor]):
        total = torch.zeros_like(xs[0])
        for v in xs:
            total = total + v
        return total

    @torch.jit.export
    def cat_input(self, xs: List[torch.Tensor]):
        return torch.cat(xs, 0)

    @torch.jit.export
    def beam(self, x, n: int):
        best = [x[0]]
        scores = [0.0]
        for i in range(n):
            s = float(x[i].sum())
            if s > scores[-1]:
                best.append(x[i])
                scores.append(s)
        return best, scores

    @torch.jit.export
    def last_of(self, x, n: int):
        h = [x]
        for i in range(n):
            h.append(h[-1] * 0.5)
        return h[-1]

    @torch.jit.export
    def ranks(self, x, n: int):
        out: List[torch.Tensor] = []
        for i in range(n):
            if i % 2 == 0:
                out.append(x)
            else:
                out.append(x.sum())
        return out

    @torch.jit.export
    def replace(self, x, n: int):
        parts = [x, x + 1, x + 2]
        for i in range(n):
            parts[i % 3] = parts[(i + 1) % 3] * 2
        return parts

    @torch.jit.export
    def dict_of_tensors(self, x, n: int):
        d: Dict[str, torch.Tensor] = {}
        for i in range(n):
            d["k" + str(i)] = x * i
        total = torch.zeros_like(x)
        for k, v in d.items():
            total += v
        return d, total


class Dicts(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def counts(self, xs: List[str]):
        d: Dict[str, int] = {}
        for s in xs:
            if s in d:
                d[s] += 1
            else:
                d[s] = 1
        return d

    @torch.jit.export
    def insert_loop(self, n: int):
        d: Dict[int, float] = {}
        for i in range(n):
            d[i * i] = float(i)
        return d

    @torch.jit.export
    def insert_if(self, n: int):
        d = {"a": 1}
        if n > 1:
            d["b"] = n
        return d, len(d)

    @torch.jit.export
    def delete_if(self, n: int):
        d = {"a": 1, "b": 2}
        if n > 1:
            del d["a"]
        return d, "a" in d

    @torch.jit.export
    def comprehension(self, xs: List[int]):
        return {k: k * k for k in xs}

    @torch.jit.export
    def over_keys(self, d: Dict[str, int]):
        total = 0
        names: List[str] = []
        for k in d:
            names.append(k)
            total += d[k]
        return names, total

    @torch.jit.export
    def over_items(self, d: Dict[str, float]):
        out: Dict[str, float] = {}
        for k, v in d.items():
            out[k + "_x"] = v * 2
        return out

    @torch.jit.export
    def over_values(self, d: Dict[int, int]):
        t = 0
        for v in d.values():
            t += v
        return t

    @torch.jit.export
    def pop_loop(self, d: Dict[int, int], keys: List[int]):
        got: List[int] = []
        for k in keys:
            if k in d:
                got.append(d.pop(k))
        return got, d

    @torch.jit.export
    def groups(self, xs: List[int]):
        d: Dict[int, List[int]] = {}
        for v in xs:
            k = v % 3
            if k not in d:
                empty: List[int] = []
                d[k] = empty
            d[k].append(v)
        return d

    @torch.jit.export
    def memo(self, n: int):
        d: Dict[int, int] = {0: 0, 1: 1}
        for i in range(2, n):
            d[i] = d[i - 1] + d[i - 2]
        return d[n - 1]

    @torch.jit.export
    def choose(self, n: int):
        a = {"x": 1}
        b = {"y": 2, "z": 3}
        c = a if n > 0 else b
        return c

    @torch.jit.export
    def get_default(self, d: Dict[str, int], keys: List[str]):
        return [d.get(k, -1) for k in keys]

    @torch.jit.export
    def update_if(self, n: int):
        d = {1: 1.0}
        e = {2: 2.0, 3: 3.0}
        if n > 0:
            d.update(e)
        return d

    @torch.jit.export
    def setdefault_loop(self, xs: List[str]):
        d: Dict[str, int] = {}
        for i, s in enumerate(xs):
            d.setdefault(s, i)
        return d


class Strings(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def build(self, n: int):
        s = ""
        for i in range(n):
            s += str(i) + ","
        return s

    @torch.jit.export
    def choose(self, n: int):
        s = "small"
        if n > 5:
            s = "big"
        return s + "!"

    @torch.jit.export
    def letters(self, s: str):
        out = ""
        for c in s:
            if c != "a":
                out = c + out
        return out

    @torch.jit.export
    def join_loop(self, n: int):
        parts: List[str] = []
        for i in range(n):
            parts.append("p{}".format(i))
        return "-".join(parts)

    @torch.jit.export
    def fstring(self, n: int, f: float):
        s = f"n={n}"
        while len(s) < 12:
            s = f"<{s}>"
        return s

    @torch.jit.export
    def count_words(self, s: str):
        longest = ""
        n = 0
        for w in s.split(" "):
            n += 1
            if len(w) > len(longest):
                longest = w
        return n, longest

    @torch.jit.export
    def vowel(self, s: str):
        n = 0
        for c in s:
            if c in "aeiou":
                n += 1
        return n

    @torch.jit.export
    def key_by_data(self, n: int):
        d = {"even": 0, "odd": 0}
        for i in range(n):
            k = "even" if i % 2 == 0 else "odd"
            d[k] += i
        return d

    @torch.jit.export
    def early(self, s: str):
        for i in range(len(s)):
            if s[i] == "x":
                return s[:i]
        return s + "?"


def groups():
    yield "lists", Lists(), {
        "append_range": [(5,), (0,)],
        "append_if": [(3,), (1,)],
        "append_else": [(3,), (1,)],
        "filter_list": [([1, 2, 3, 4],), ([],)],
        "comprehension": [([1, 2, 3],), ([],)],
        "comprehension_range": [(3,), (0,)],
        "comprehension_str": [(["a", "bc"],)],
        "nested_lists": [(3, 2), (0, 2), (2, 0)],
        "inner_alias": [(3,), (0,)],
        "alias_append": [(4,), (0,)],
        "concat_loop": [(3,), (0,)],
        "iadd_loop": [(3,), (0,)],
        "pop_while": [([1, 2, 3],), ([],)],
        "stack_machine": [([2, 3, -1, 4, -2],), ([-1],)],
        "sort_inside": [(2,), (0,)],
        "insert_remove": [([7], 4), ([7], 0)],
        "fresh_lengths": [(1,), (0,)],
        "choose": [(1,), (0,)],
        "fib_list": [(10,), (1,)],
        "dedup": [(["a", "b", "a"],)],
        "tuple_list": [(3,), (0,)],
        "list_attr_index": [([1, 2, 3], 1), ([1, 2, 3], -1), ([1, 2, 3], 5)],
        "slice_loop": [([1, 2, 3, 4, 5],)],
        "reverse_loop": [([1, 2, 3],), ([],)],
        "sieve": [(30,), (2,)],
        "clear_refill": [(5,), (0,)],
        "matrix": [(3,), (0,)],
        "enumerate_zip": [([1, 2, 3], [0.5, 1.5])],
        "two_results": [(6,), (0,)],
        "large_trip": [()],
    }
    yield "tensor_lists", TensorLists(), {
        "stack_loop": [(X, 3), (X, 1)],
        "cat_loop": [(X, 3), (X, 0)],
        "cat_if": [(X, 3), (X, 0)],
        "comprehension": [([X, X + 1],), ([],)],
        "rows": [(X,)],
        "rows_stack": [(X,)],
        "sum_list": [([X, X + 1],)],
        "cat_input": [([X, X + 1],), ([X, X[:1], X],)],
        "beam": [(X, 3), (X, 0)],
        "last_of": [(X, 3), (X, 0)],
        "ranks": [(X, 3), (X, 0)],
        "replace": [(X, 4), (X, 0)],
        "dict_of_tensors": [(X, 3), (X, 0)],
    }
    yield "dicts", Dicts(), {
        "counts": [(["a", "b", "a"],), ([],)],
        "insert_loop": [(4,), (0,)],
        "insert_if": [(3,), (1,)],
        "delete_if": [(3,), (1,)],
        "comprehension": [([3, 1, 3],)],
        "over_keys": [({"a": 1, "b": 5},), ({},)],
        "over_items": [({"a": 1.0, "b": 5.0},)],
        "over_values": [({1: 2, 3: 4},)],
        "pop_loop": [({1: 2, 3: 4}, [3, 5, 3])],
        "groups": [([1, 2, 3, 4, 7],), ([],)],
        "memo": [(12,)],
        "choose": [(1,), (0,)],
        "get_default": [({"a": 1}, ["a", "b"])],
        "update_if": [(1,), (0,)],
        "setdefault_loop": [(["a", "b", "a"],)],
    }
    yield "strings", Strings(), {
        "build": [(4,), (0,)],
        "choose": [(6,), (1,)],
        "letters": [("banana",), ("",)],
        "join_loop": [(3,), (0,)],
        "fstring": [(5, 1.5)],
        "count_words": [("a bcd ef",)],
        "vowel": [("education",)],
        "key_by_data": [(5,), (0,)],
        "early": [("abxc",), ("abc",)],
    }
