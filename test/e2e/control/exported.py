# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Higher-order operators of exported programs: (name, module, arguments of the export, dynamic shapes, calls)."""
import torch
import torch.nn as nn
from torch._higher_order_ops import associative_scan, map as hop_map, scan, while_loop
from torch.export import Dim

torch.manual_seed(4)
X = torch.randn(4, 3)
R = torch.randn(3)
N = Dim("n", min=2, max=64)


class CondValue(nn.Module):
    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda x: x.sin() + 1, lambda x: x.cos() * 2, (x,))


class CondShape(nn.Module):
    def forward(self, x):
        return torch.cond(x.shape[0] > 5, lambda x: x * 2, lambda x: x - 1, (x,))


class CondTuple(nn.Module):
    def forward(self, x, y):
        a, b = torch.cond((x > y).any(), lambda x, y: (x + y, x.sum(0)), lambda x, y: (x * y, y.sum(0)), (x, y))
        return a, b * 2


class CondClosure(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)
        self.register_buffer("shift", torch.randn(3))

    def forward(self, x):
        k = x.mean()

        def yes(x):
            return self.linear(x) + k

        def no(x):
            return x - self.shift

        return torch.cond(k > 0, yes, no, (x,))


class CondNested(nn.Module):
    def forward(self, x):
        def inner(x):
            return torch.cond(x.max() > 2, lambda x: x / 2, lambda x: x * 3, (x,))

        return torch.cond(x.sum() > 0, inner, lambda x: x + 10, (x,))


class WhileCount(nn.Module):
    def forward(self, n, x):
        return while_loop(lambda n, x: n < 5, lambda n, x: (n + 1, x * 1.5), (n, x))


class WhileNorm(nn.Module):
    def forward(self, x):
        def go(i, x):
            return x.abs().max() > 0.5

        def step(i, x):
            return i + 1, x * 0.5

        i, y = while_loop(go, step, (torch.tensor(0), x))
        return y, i


class WhileClosure(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 3) * 0.3)

    def forward(self, x):
        def step(i, x):
            return i + 1, torch.tanh(x @ self.weight)

        return while_loop(lambda i, x: i < x.shape[0], step, (torch.tensor(0), x))[1]


class WhileNested(nn.Module):
    def forward(self, x):
        def step(i, x):
            def inner(j, x):
                return j + 1, x + j

            _, x = while_loop(lambda j, x: j < i, inner, (torch.zeros_like(i), x))
            return i + 1, x

        return while_loop(lambda i, x: i < 4, step, (torch.tensor(0), x))


class WhileCond(nn.Module):
    def forward(self, x):
        def step(i, x):
            x = torch.cond(i % 2 == 0, lambda x: x + 1, lambda x: x * 2, (x,))
            return i + 1, x

        return while_loop(lambda i, x: (i < 6) & (x.sum() < 1000), step, (torch.tensor(0), x))


class MapRows(nn.Module):
    def forward(self, xs, y):
        def f(x, y):
            return torch.sin(x) + y

        return hop_map(f, xs, y)


class MapCond(nn.Module):
    def forward(self, xs):
        def f(x):
            return torch.cond(x.sum() > 0, lambda x: x * 2, lambda x: -x, (x,))

        return hop_map(f, xs)


class ScanSum(nn.Module):
    def forward(self, init, xs):
        def f(c, x):
            c = c + x
            return c, (c * 2).clone()

        return scan(f, init, xs)


class ScanRnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.Linear(6, 3)

    def forward(self, h, xs):
        def f(h, x):
            h = torch.tanh(self.cell(torch.cat([h, x], -1)))
            return h, h.clone()

        return scan(f, h, xs)


class ScanReverse(nn.Module):
    def forward(self, init, xs):
        return scan(lambda c, x: (c * 0.5 + x, c + x), init, xs, reverse=True)


class ScanTwo(nn.Module):
    def forward(self, a, b, xs, ys):
        def f(carry, x):
            a, b = carry
            x, y = x
            return (a + x, b * y), (a * b, x - y)

        return scan(f, (a, b), (xs, ys))


class Associative(nn.Module):
    def forward(self, xs):
        return associative_scan(lambda a, b: a + b, xs, dim=0, combine_mode="generic")


@torch.compiler.nested_compile_region
def region(x, w):
    return torch.relu(x) * w


class Subgraph(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3))

    def forward(self, x):
        return region(region(x, self.weight), self.weight) + region(x, torch.ones(3))


def programs():
    yield "cond_value", CondValue(), (X,), None, [(X,), (-X.abs(),), (X.abs(),)]
    yield "cond_dynamic", CondValue(), (X,), ({0: N},), [(X,), (torch.randn(9, 3),), (-torch.ones(2, 3),)]
    yield "cond_shape", CondShape(), (X,), ({0: N},), [(X,), (torch.randn(9, 3),)]
    yield "cond_tuple", CondTuple(), (X, X + 1), None, [(X, X + 1), (X + 1, X)]
    yield "cond_closure", CondClosure(), (X,), None, [(X.abs(),), (-X.abs(),)]
    yield "cond_nested", CondNested(), (X,), None, [(X.abs() * 9,), (X.abs() * 0.1,), (-X.abs(),)]
    yield "while_count", WhileCount(), (torch.tensor(0), X), None, [(torch.tensor(0), X), (torch.tensor(9), X)]
    yield "while_norm", WhileNorm(), (X,), ({0: N},), [(X,), (X * 0,), (torch.randn(7, 3) * 30,)]
    yield "while_closure", WhileClosure(), (X,), None, [(X,)]
    yield "while_nested", WhileNested(), (X,), None, [(X,)]
    yield "while_cond", WhileCond(), (X,), None, [(X,), (X.abs() * 400,)]
    yield "map_rows", MapRows(), (X, R), None, [(X, R)]
    yield "map_dynamic", MapRows(), (X, R), ({0: N}, None), [(X, R), (torch.randn(9, 3), R)]
    yield "map_cond", MapCond(), (X,), None, [(X,)]
    yield "scan_sum", ScanSum(), (X[0], X), None, [(X[0], X)]
    yield "scan_dynamic", ScanSum(), (X[0], X), (None, {0: N}), [(X[0], X), (X[0], torch.randn(8, 3))]
    yield "scan_rnn", ScanRnn(), (X[:2], torch.randn(5, 2, 3)), None, [(X[:2], torch.randn(5, 2, 3))]
    yield "scan_reverse", ScanReverse(), (X[0], X), None, [(X[0], X)]
    yield "scan_two", ScanTwo(), (X[0], X[1], X, X + 1), None, [(X[0], X[1], X, X + 1)]
    yield "associative", Associative(), (X,), None, [(X,)]
    yield "subgraph", Subgraph(), (X,), None, [(X,)]
