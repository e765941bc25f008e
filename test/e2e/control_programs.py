# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of test_control.py: modules of many methods, each with the arguments of its calls."""
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.randn(4, 3)
Y = torch.randn(4, 3)
V = torch.tensor([3.0, -1.0, 2.0, 5.0, -4.0])


class Branches(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def numbers(self, n: int, f: float, p: bool):
        if p:
            a, g, q = n + 1, f * 2.0, n > 3
        else:
            a, g, q = n - 1, f / 2.0, n < 3
        return a, g, q

    @torch.jit.export
    def early(self, x, n: int):
        if n > 3:
            return x.sum()
        y = x * 2
        if bool(y.sum() > 0):
            return y.sum()
        return y.mean()

    @torch.jit.export
    def tensors(self, x, y):
        if bool(x.sum() > y.sum()):
            z = torch.relu(x) + y
        else:
            z = torch.sigmoid(y) * x
        return z + 1

    @torch.jit.export
    def sizes(self, x, n: int):
        if n > 2:
            y = x[1:]
        else:
            y = torch.cat([x, x])
        return y * 2, y.size(0)

    @torch.jit.export
    def nested(self, x, n: int):
        y = x
        if n > 0:
            if n > 10:
                y = y + 1
            elif n > 5:
                y = y * 2
            else:
                y = y - n
            y = y + 100
        elif n == 0:
            y = -y
        return y

    @torch.jit.export
    def mutate(self, x, n: int):
        y = x.clone()
        if n > 2:
            y[0] = 7.0
        else:
            y.add_(n)
        return y

    @torch.jit.export
    def mutate_view(self, x, n: int):
        y = x.clone()
        row = y[1]
        if n > 2:
            row.mul_(10)
        elif n == 1:
            y[1:3].fill_(5)
        return y, row

    @torch.jit.export
    def mutate_input(self, x, n: int):
        if n > 2:
            x.mul_(2)
        return x.sum()

    @torch.jit.export
    def list_items(self, n: int):
        a = [1, 2, 3]
        b = a
        if n > 2:
            a[1] = n
        else:
            b[0] = n * 2
        return a[0] + b[1] * 10, a

    @torch.jit.export
    def dict_items(self, n: int):
        d = {"a": 1, "b": 2}
        if n > 2:
            d["a"] = n
        else:
            d["b"] += n
        return d["a"], d["b"]

    @torch.jit.export
    def tensor_list(self, x, n: int):
        parts = [x, x + 1]
        if n > 1:
            parts[0] = parts[1] * n
        return parts[0] + parts[1]

    @torch.jit.export
    def new_list(self, x, n: int):
        if n > 1:
            parts = [x, x * 2]
        else:
            parts = [x + 1, x]
        return torch.cat(parts)

    @torch.jit.export
    def raises(self, x, n: int):
        if n < 0:
            raise ValueError("n is negative")
        if n > 100:
            print("too big")
            raise RuntimeError("n is too big")
        if n == 50:
            y = x * 2
        else:
            assert n != 51, "not 51"
            y = x
        return y + n

    @torch.jit.export
    def raises_both(self, n: int):
        if n > 0:
            if n > 5:
                raise ValueError("big")
            else:
                raise RuntimeError("small")
        return n

    @torch.jit.export
    def prints(self, n: int):
        print("start")
        if n > 2:
            print("big")
            if n > 4:
                print("very")
        else:
            print("small")
        print("end")
        return n

    @torch.jit.export
    def print_after_raise(self, n: int):
        if n > 2:
            print("about to raise")
            raise ValueError("raised")
        else:
            print("fine")
        print("done")
        return n

    @torch.jit.export
    def integer_division(self, n: int, m: int):
        if m != 0:
            return n // m + n % m
        return -1

    @torch.jit.export
    def index_checked(self, x, i: int):
        if i < x.size(0):
            return x[i].sum()
        return torch.zeros(())

    @torch.jit.export
    def item_branch(self, x):
        s = x.sum().item()
        if s > 0:
            return s * 2
        return s - 1

    @torch.jit.export
    def choose_and_read(self, x, y, p: bool):
        z = x if p else y
        w = z * 2
        return w + x

    @torch.jit.export
    def short_circuit(self, x, n: int):
        if n < x.size(0) and bool(x[n].sum() > 0):
            return 1
        if n >= x.size(0) or bool(x[n].max() > 0.5):
            return 2
        return 3

    @torch.jit.export
    def any_zero(self, x):
        if torch.any(x > 1.0):
            x = x.clamp(max=1.0)
        if x.numel() > 6 and torch.isnan(x).any():
            x = torch.zeros_like(x)
        return x

    @torch.jit.export
    def scalar_state(self, x, n: int):
        scale, shift, on = 1.0, 0, False
        if n % 2 == 1:
            scale = 2.5
            on = True
        if on:
            shift = n
        return x * scale + shift


@torch.jit.script
class Counter:
    def __init__(self, n: int):
        self.count = n
        self.total = torch.zeros(3)

    def step(self, x):
        self.count += 1
        self.total = self.total + x


class Loops(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def collatz(self, n: int):
        steps = 0
        while n != 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = 3 * n + 1
            steps += 1
        return steps

    @torch.jit.export
    def power(self, x, n: int):
        y = x
        for i in range(n):
            y = y * 0.5 + float(i)
        return y

    @torch.jit.export
    def rows(self, x):
        acc = torch.zeros_like(x[0])
        for r in x:
            acc = acc + r
        return acc

    @torch.jit.export
    def newton(self, a: float):
        x = a
        while abs(x * x - a) > 1e-9:
            x = 0.5 * (x + a / x)
        return x

    @torch.jit.export
    def tensor_while(self, x):
        n = 0
        while bool(x.abs().max() > 0.1):
            x = x * 0.5
            n += 1
        return x, n

    @torch.jit.export
    def breaks(self, v, limit: float):
        total = 0.0
        where = -1
        for i in range(v.size(0)):
            if bool(v[i] < 0):
                continue
            total += float(v[i])
            if total > limit:
                where = i
                break
        return total, where

    @torch.jit.export
    def search(self, v, x: float):
        for i in range(v.size(0)):
            if bool(v[i] == x):
                return i
        return -1

    @torch.jit.export
    def fill(self, n: int, m: int):
        out = torch.zeros(n, m)
        for i in range(n):
            for j in range(m):
                out[i, j] = i * 10 + j
        return out

    @torch.jit.export
    def cumulative(self, x):
        out = torch.empty_like(x)
        s = torch.zeros_like(x[0])
        for i in range(x.size(0)):
            s = s + x[i]
            out[i] = s
        return out

    @torch.jit.export
    def in_place(self, x, n: int):
        y = x.clone()
        for i in range(n):
            y.mul_(2).sub_(1)
        return y

    @torch.jit.export
    def in_place_input(self, x, n: int):
        for i in range(n):
            x += 1
        return x.sum()

    @torch.jit.export
    def windows(self, x, k: int):
        best = x[0:k].sum()
        for i in range(1, x.size(0) - k + 1):
            s = x[i:i + k].sum()
            if bool(s > best):
                best = s
        return best

    @torch.jit.export
    def list_state(self, n: int):
        state = [0, 1]
        for i in range(n):
            state[0], state[1] = state[1], state[0] + state[1]
        return state

    @torch.jit.export
    def aliased_lists(self, n: int):
        a = [1, 2]
        b = a
        i = 0
        while i < n:
            a[0] += i
            b[1] += a[0]
            i += 1
        return a, b[0]

    @torch.jit.export
    def swap(self, x, y, n: int):
        for i in range(n):
            x, y = y, x + y
        return x, y

    @torch.jit.export
    def prints(self, n: int):
        i = 0
        while i < n:
            print("step")
            if i == 2:
                print("two")
            i += 1
        print("end")
        return i

    @torch.jit.export
    def raises(self, v):
        s = 0.0
        for i in range(v.size(0)):
            if bool(v[i] > 4):
                raise ValueError("too large")
            s += float(v[i])
        return s

    @torch.jit.export
    def assert_inside(self, n: int):
        x = 1
        for i in range(n):
            x = x * 2
            assert x < 100, "x is too large"
        return x

    @torch.jit.export
    def large(self, x):
        for i in range(200):
            x = x * 0.999 + 0.001
        return x

    @torch.jit.export
    def nested(self, n: int, m: int):
        total = 0
        for i in range(n):
            j = 0
            while j < m:
                if (i + j) % 3 == 0:
                    total += i * j
                elif j > i:
                    break
                j += 1
        return total

    @torch.jit.export
    def down(self, n: int):
        s = 0
        for i in range(n, 0, -2):
            s = s * 10 + i
        return s

    @torch.jit.export
    def gcd(self, a: int, b: int):
        while b != 0:
            a, b = b, a % b
        return a

    @torch.jit.export
    def object_state(self, x, n: int):
        c = Counter(5)
        for i in range(n):
            c.step(x)
            if i > 1:
                c.count += 10
        return c.count, c.total

    @torch.jit.export
    def flags(self, v):
        found = False
        first = True
        last = 0.0
        for i in range(v.size(0)):
            value = float(v[i])
            if first:
                first = False
            elif value > last:
                found = True
            last = value
        return found, last

    @torch.jit.export
    def while_true(self, n: int):
        i = 0
        while True:
            i += 3
            if i > n:
                break
        return i

    @torch.jit.export
    def grows(self, x, n: int):
        y = x
        for i in range(n):
            y = torch.cat([y, x])
        return y

    @torch.jit.export
    def shrinks(self, x):
        while x.size(0) > 1:
            x = x[1:] + x[:-1]
        return x

    @torch.jit.export
    def argmax(self, v):
        best, at = v[0], 0
        for i in range(1, v.size(0)):
            if bool(v[i] > best):
                best, at = v[i], i
        return best, at

    @torch.jit.export
    def bubble(self, v):
        v = v.clone()
        n = v.size(0)
        for i in range(n):
            for j in range(n - 1 - i):
                if bool(v[j] > v[j + 1]):
                    t = v[j].clone()
                    v[j] = v[j + 1]
                    v[j + 1] = t
        return v

    @torch.jit.export
    def lstm(self, x, h, w):
        outs = torch.zeros(x.size(0), h.size(0))
        for t in range(x.size(0)):
            h = torch.tanh(x[t] + w.mv(h))
            outs[t] = h
        return outs, h

    @torch.jit.export
    def primes(self, n: int):
        sieve = torch.ones(n, dtype=torch.bool)
        count = 0
        for i in range(2, n):
            if bool(sieve[i]):
                count += 1
                j = i * i
                while j < n:
                    sieve[j] = False
                    j += i
        return count


def groups():
    yield "branches", Branches(), {
        "numbers": [(5, 1.5, True), (5, 1.5, False), (2, -1.0, False)],
        "early": [(X, 5), (X, 1), (-X.abs(), 1)],
        "tensors": [(X, Y), (Y, X)],
        "sizes": [(X, 3), (X, 1)],
        "nested": [(X, 11), (X, 7), (X, 3), (X, 0), (X, -1)],
        "mutate": [(X, 3), (X, 1)],
        "mutate_view": [(X, 3), (X, 1), (X, 0)],
        "mutate_input": [(X, 3), (X, 1)],
        "list_items": [(3,), (1,)],
        "dict_items": [(3,), (1,)],
        "tensor_list": [(X, 3), (X, 1)],
        "new_list": [(X, 3), (X, 1)],
        "raises": [(X, -1), (X, 101), (X, 50), (X, 51), (X, 3)],
        "raises_both": [(6,), (3,), (0,)],
        "prints": [(1,), (3,), (5,)],
        "print_after_raise": [(1,), (3,)],
        "integer_division": [(7, 2), (-7, 2), (7, 0)],
        "index_checked": [(X, 2), (X, 4)],
        "item_branch": [(X.abs(),), (-X.abs(),)],
        "choose_and_read": [(X, Y, True), (X, Y, False)],
        "short_circuit": [(X.abs(), 1), (-X.abs(), 1), (X, 9)],
        "any_zero": [(X,), (X * 10,), (torch.full((4, 3), float("nan")),)],
        "scalar_state": [(X, 3), (X, 2)],
    }
    yield "loops", Loops(), {
        "collatz": [(27,), (1,)],
        "power": [(X, 0), (X, 5)],
        "rows": [(X,), (torch.randn(1, 3),)],
        "newton": [(2.0,), (81.0,)],
        "tensor_while": [(X,), (X * 0,)],
        "breaks": [(V, 4.0), (V, 100.0)],
        "search": [(V, 2.0), (V, 9.0)],
        "fill": [(3, 4), (0, 2)],
        "cumulative": [(X,)],
        "in_place": [(X, 3), (X, 0)],
        "in_place_input": [(X, 3), (X, 0)],
        "windows": [(V, 2), (V, 5)],
        "list_state": [(10,), (0,)],
        "aliased_lists": [(5,), (0,)],
        "swap": [(X, Y, 3), (X, Y, 0)],
        "prints": [(4,), (0,)],
        "raises": [(V,), (V[:3],)],
        "assert_inside": [(3,), (9,)],
        "large": [(X,)],
        "nested": [(5, 7), (0, 3)],
        "down": [(9,), (0,)],
        "gcd": [(48, 18), (7, 0)],
        "object_state": [(X[0], 4), (X[0], 0)],
        "flags": [(V,), (V[:1],)],
        "while_true": [(10,), (-1,)],
        "grows": [(X, 3), (X, 0)],
        "shrinks": [(X,), (X[:1],)],
        "argmax": [(V,), (-V,)],
        "bubble": [(V,)],
        "lstm": [(torch.randn(6, 3), torch.randn(3), torch.randn(3, 3))],
        "primes": [(50,)],
    }
