# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values that are there on some paths only, early returns, loops of every kind, tensors that differ by path."""
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn

torch.manual_seed(2)
X = torch.randn(4, 3)
Y = torch.randn(4, 3)
V = torch.tensor([3.0, -1.0, 2.0, 5.0, -4.0])


class Point(NamedTuple):
    x: int
    y: float


class Optionals(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def maybe_int(self, n: int) -> Optional[int]:
        if n > 0:
            return n
        return None

    @torch.jit.export
    def maybe_tensor(self, x, n: int) -> Optional[torch.Tensor]:
        if n > 0:
            return x * n
        return None

    @torch.jit.export
    def maybe_list(self, n: int) -> Optional[List[int]]:
        r: Optional[List[int]] = None
        if n > 0:
            r = [n, n]
        return r

    @torch.jit.export
    def maybe_str(self, n: int) -> Optional[str]:
        r: Optional[str] = None
        if n > 0:
            r = "yes"
        return r

    @torch.jit.export
    def maybe_tuple(self, n: int) -> Optional[Tuple[int, float]]:
        if n > 0:
            return (n, 0.5)
        return None

    @torch.jit.export
    def maybe_dict(self, n: int) -> Optional[Dict[str, int]]:
        if n > 0:
            return {"n": n}
        return None

    @torch.jit.export
    def use_maybe(self, x, n: int):
        y: Optional[torch.Tensor] = None
        if n > 0:
            y = x * n
        if y is not None:
            return y + 1
        return x

    @torch.jit.export
    def carried(self, v):
        best: Optional[float] = None
        for i in range(v.size(0)):
            f = float(v[i])
            if best is None or f > best:
                best = f
        return best

    @torch.jit.export
    def carried_tensor(self, x, n: int):
        prev: Optional[torch.Tensor] = None
        for i in range(n):
            if prev is None:
                prev = x[i]
            else:
                prev = prev * 2 + x[i]
        assert prev is not None
        return prev

    @torch.jit.export
    def carried_result(self, x, n: int):
        prev: Optional[torch.Tensor] = None
        for i in range(n):
            if i > 1:
                prev = x[i]
        return prev

    @torch.jit.export
    def default_none(self, x, s: Optional[float] = None):
        if s is None:
            s = 2.0
        return x * s

    @torch.jit.export
    def optional_tensor_arg(self, x, m: Optional[torch.Tensor]):
        if m is not None:
            x = x + m
        return x

    @torch.jit.export
    def both(self, a: Optional[int], b: Optional[int]):
        if a is not None and b is not None:
            return a + b
        elif a is not None:
            return a
        elif b is not None:
            return -b
        return 0

    @torch.jit.export
    def list_of_optional(self, n: int):
        out: List[Optional[int]] = []
        for i in range(n):
            out.append(i if i % 2 == 0 else None)
        k = 0
        for v in out:
            if v is not None:
                k += v
        return out, k

    @torch.jit.export
    def search_optional(self, xs: List[str], s: str) -> Optional[int]:
        for i, v in enumerate(xs):
            if v == s:
                return i
        return None

    @torch.jit.export
    def unwrap_error(self, n: int) -> int:
        r: Optional[int] = None
        if n > 0:
            r = n
        return torch.jit._unwrap_optional(r)

    @torch.jit.export
    def named(self, n: int):
        p = Point(n, 0.5)
        if n > 3:
            p = Point(p.x * 2, p.y + 1)
        return p

    @torch.jit.export
    def dict_get(self, d: Dict[str, int], k: str):
        v = d.get(k)
        if v is None:
            return -1
        return v * 2


class Returns(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def in_loop(self, xs: List[int], k: int):
        for i in range(len(xs)):
            for j in range(i):
                if xs[i] + xs[j] == k:
                    return i, j
        return -1, -1

    @torch.jit.export
    def in_while(self, n: int):
        while True:
            if n % 7 == 0:
                return n
            n += 1

    @torch.jit.export
    def many(self, n: int):
        if n < 0:
            return "neg"
        if n == 0:
            return "zero"
        if n < 10:
            for i in range(n):
                if i * i == n:
                    return "square"
            return "digit"
        return "big"

    @torch.jit.export
    def tensor_or_other(self, x, n: int):
        for i in range(n):
            x = x * 2
            if bool(x.abs().max() > 4):
                return x[:1]
        return x

    @torch.jit.export
    def negative_step(self, a: int, b: int, s: int):
        out: List[int] = []
        for i in range(a, b, s):
            out.append(i)
        return out

    @torch.jit.export
    def continue_nested(self, n: int):
        t = 0
        for i in range(n):
            if i % 3 == 0:
                continue
            for j in range(n):
                if j > i:
                    break
                if (i + j) % 2 == 0:
                    continue
                t += i * 10 + j
        return t

    @torch.jit.export
    def complex_condition(self, xs: List[int], k: int):
        i = 0
        while i < len(xs) and xs[i] != k and not (xs[i] < 0 or i > 10):
            i += 1
        return i

    @torch.jit.export
    def tuple_loop(self, n: int):
        t = 0
        for v in (1, 2, n):
            t = t * 10 + v
        return t

    @torch.jit.export
    def tuple_carried(self, n: int):
        p = (0, 1.0)
        for i in range(n):
            p = (p[0] + i, p[1] * 2)
        return p

    @torch.jit.export
    def zip_tensor(self, x, xs: List[float]):
        out = torch.zeros_like(x[0])
        for r, s in zip(x, xs):
            out = out + r * s
        return out

    @torch.jit.export
    def enumerate_tensor(self, x):
        t = 0.0
        for i, r in enumerate(x):
            t += float(r.sum()) * i
        return t

    @torch.jit.export
    def while_else_flag(self, xs: List[int]):
        found = False
        i = 0
        while i < len(xs):
            if xs[i] == 3:
                found = True
                break
            i += 1
        if not found:
            i = -1
        return i

    @torch.jit.export
    def binary_search(self, xs: List[int], k: int):
        lo, hi = 0, len(xs)
        while lo < hi:
            mid = (lo + hi) // 2
            if xs[mid] < k:
                lo = mid + 1
            else:
                hi = mid
        return lo

    @torch.jit.export
    def range_of_expression(self, n: int):
        t = 0
        for i in range(n, n * 3, 1 + n // 2):
            t += i
        return t

    @torch.jit.export
    def ternary_chain(self, n: int):
        return 1 if n > 10 else 2 if n > 5 else 3

    @torch.jit.export
    def bool_ops(self, a: bool, b: bool, n: int):
        c = a and b or n > 3
        d = not c and (a or n == 2)
        return c, d

    @torch.jit.export
    def ten_thousand(self, x):
        n = 0
        for i in range(10000):
            n = (n * 31 + i) % 1000003
        return x * n

    @torch.jit.export
    def ten_thousand_break(self, k: int):
        n = 0
        for i in range(10000):
            if i > k:
                break
            n += i
        return n

    @torch.jit.export
    def sqrt_newton(self, x):
        y = torch.ones_like(x)
        n = 0
        while bool((y * y - x).abs().max() > 1e-5) and n < 50:
            y = 0.5 * (y + x / y)
            n += 1
        return y, n

    @torch.jit.export
    def variable_after_loop(self, n: int):
        last = -1
        for i in range(n):
            last = i
        return last

    @torch.jit.export
    def float_loop(self, f: float):
        n = 0
        while f > 1.0:
            f /= 2
            n += 1
        return n, f

    @torch.jit.export
    def bool_carried(self, v):
        up = True
        for i in range(1, v.size(0)):
            up = up and bool(v[i] > v[i - 1])
        return up

    @torch.jit.export
    def complex_carried(self, n: int):
        z = 0j
        for i in range(n):
            z = z * z + (0.3 + 0.5j)
        return z


class Kinds(nn.Module):
    """Tensors whose dtype or rank depends on the path."""

    def forward(self, x):
        return x

    @torch.jit.export
    def dtype_result(self, x, n: int):
        if n > 0:
            return x
        return x.long()

    @torch.jit.export
    def rank_result(self, x, n: int):
        if n > 0:
            return x
        return x.sum()

    @torch.jit.export
    def rank_variable(self, x, n: int):
        y = x
        if n > 0:
            y = x.sum(0)
        return y, n

    @torch.jit.export
    def rank_used(self, x, n: int):
        y = x
        if n > 0:
            y = x.sum(0)
        return y * 2 + 1

    @torch.jit.export
    def dtype_used(self, x, n: int):
        y = x
        if n > 0:
            y = x.to(torch.float64)
        z = y + 1
        return z.sum()

    @torch.jit.export
    def dim_asked(self, x, n: int):
        y = x.unsqueeze(0) if n > 0 else x
        return y.dim(), y.size(-1), y.numel()

    @torch.jit.export
    def squeeze_loop(self, x):
        while x.dim() > 1:
            x = x.sum(0)
        return x

    @torch.jit.export
    def unsqueeze_loop(self, x, n: int):
        for i in range(n):
            x = x.unsqueeze(0)
        return x

    @torch.jit.export
    def list_mixed(self, x, n: int):
        out = [x, x]
        if n > 0:
            out[1] = x.sum()
        return out

    @torch.jit.export
    def view_by_data(self, x, n: int):
        if n > 0:
            s = [2, 6]
        else:
            s = [3, 2, 2]
        return x.view(s)


class Aliases(nn.Module):
    """Writes to a tensor that may be one of several."""

    def forward(self, x):
        return x

    @torch.jit.export
    def write_one_of(self, x, n: int):
        a = x.clone()
        b = x + 1
        y = a if n > 0 else b
        y.add_(100)
        return a, b, y

    @torch.jit.export
    def write_argument(self, x, z, n: int):
        y = x if n > 0 else z
        y.mul_(2)
        return y

    @torch.jit.export
    def maybe_clone(self, x, n: int):
        y = x
        if n > 0:
            y = x.clone()
        y.add_(1)
        return y

    @torch.jit.export
    def write_view_of(self, x, n: int):
        a = x.clone()
        row = a[0] if n > 0 else a[1]
        row.fill_(7)
        return a

    @torch.jit.export
    def row_loop(self, x, n: int):
        a = x.clone()
        for i in range(n):
            r = a[i]
            r.mul_(float(i))
        return a

    @torch.jit.export
    def write_before_append(self, x, n: int):
        out: List[torch.Tensor] = []
        for i in range(n):
            y = x.clone()
            y.add_(i)
            out.append(y)
        return out

    @torch.jit.export
    def write_after_append(self, x, n: int):
        out: List[torch.Tensor] = []
        y = x.clone()
        for i in range(n):
            y.add_(1)
            out.append(y)
        return out

    @torch.jit.export
    def swap_write(self, x, n: int):
        a, b = x.clone(), x + 1
        for i in range(n):
            a, b = b, a
            a.add_(i)
        return a, b

    @torch.jit.export
    def index_put_loop(self, x, n: int):
        y = torch.zeros(n, 3)
        for i in range(n):
            if i % 2 == 0:
                y[i] = x[i]
            else:
                y[i, 1] = 5.0
        return y


def groups():
    yield "optionals", Optionals(), {
        "maybe_int": [(1,), (0,)],
        "maybe_tensor": [(X, 1), (X, 0)],
        "maybe_list": [(1,), (0,)],
        "maybe_str": [(1,), (0,)],
        "maybe_tuple": [(1,), (0,)],
        "maybe_dict": [(1,), (0,)],
        "use_maybe": [(X, 1), (X, 0)],
        "carried": [(V,), (V[:0],)],
        "carried_tensor": [(X, 3), (X, 1), (X, 0)],
        "carried_result": [(X, 3), (X, 1)],
        "default_none": [(X, 3.0), (X, None)],
        "optional_tensor_arg": [(X, Y), (X, None)],
        "both": [(1, 2), (None, 2), (1, None), (None, None)],
        "list_of_optional": [(4,), (0,)],
        "search_optional": [(["a", "b"], "b"), (["a"], "z")],
        "unwrap_error": [(1,), (0,)],
        "named": [(5,), (1,)],
        "dict_get": [({"a": 1}, "a"), ({"a": 1}, "b")],
    }
    yield "returns", Returns(), {
        "in_loop": [([1, 5, 3, 7], 8), ([1], 8)],
        "in_while": [(15,), (14,)],
        "many": [(-1,), (0,), (4,), (5,), (50,)],
        "tensor_or_other": [(X, 5), (X, 0)],
        "negative_step": [(5, 0, -2), (0, 5, 3), (5, 0, 1), (0, 3, 0)],
        "continue_nested": [(6,), (0,)],
        "complex_condition": [([1, 2, 3], 3), ([1, -2, 3], 3), ([], 1)],
        "tuple_loop": [(7,)],
        "tuple_carried": [(3,), (0,)],
        "zip_tensor": [(X, [1.0, 2.0])],
        "enumerate_tensor": [(X,)],
        "while_else_flag": [([1, 3],), ([1],)],
        "binary_search": [([1, 3, 5, 9], 5), ([], 1)],
        "range_of_expression": [(4,), (0,)],
        "ternary_chain": [(11,), (6,), (1,)],
        "bool_ops": [(True, False, 4), (False, False, 2), (True, True, 0)],
        "ten_thousand": [(X,)],
        "ten_thousand_break": [(77,), (-1,), (20000,)],
        "sqrt_newton": [(X.abs() + 1,)],
        "variable_after_loop": [(3,), (0,)],
        "float_loop": [(100.0,), (0.5,)],
        "bool_carried": [(V,), (torch.arange(4.0),)],
        "complex_carried": [(3,), (0,)],
    }
    yield "kinds", Kinds(), {
        "dtype_result": [(X, 1), (X, 0)],
        "rank_result": [(X, 1), (X, 0)],
        "rank_variable": [(X, 1), (X, 0)],
        "rank_used": [(X, 1), (X, 0)],
        "dtype_used": [(X, 1), (X, 0)],
        "dim_asked": [(X, 1), (X, 0)],
        "squeeze_loop": [(X,)],
        "unsqueeze_loop": [(X, 2), (X, 0)],
        "list_mixed": [(X, 1), (X, 0)],
        "view_by_data": [(X, 1), (X, 0)],
    }
    yield "aliases", Aliases(), {
        "write_one_of": [(X, 1), (X, 0)],
        "write_argument": [(X, Y, 1), (X, Y, 0)],
        "maybe_clone": [(X, 1), (X, 0)],
        "write_view_of": [(X, 1), (X, 0)],
        "row_loop": [(X, 3), (X, 0)],
        "write_before_append": [(X, 3), (X, 0)],
        "write_after_append": [(X, 3), (X, 0)],
        "swap_write": [(X, 3), (X, 0)],
        "index_put_loop": [(X, 3), (X, 0)],
    }
