# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that mix the language's features, 6 of 6."""
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((X.clone(),))
def alias_becomes_wildcard(x: Tensor):
    a = x[0]
    l = [x, a]
    l[1].add_(1)
    b = l[0]
    b.mul_(2)
    return a, b.sum(), x


@program((X.clone(), True), (X.clone(), False))
def alias_in_branch(x: Tensor, c: bool):
    y = torch.zeros_like(x)
    if c:
        z = x
    else:
        z = y
    z.add_(1)
    return x, y, z


@program((X.clone(), 3), (X.clone(), 0))
def alias_in_loop(x: Tensor, n: int):
    a = x
    b = x.clone()
    for i in range(n):
        a, b = b, a
        a += i + 1
    return a, b, x


@program((X.clone(),))
def in_place_on_views(x: Tensor):
    v = x.view(-1)
    t = x.t()
    t[0] = 7.0
    v[1:3].fill_(-1)
    w = v.unfold(0, 2, 2)
    w.mul_(2)
    return v, t, w


@program((X.clone(), [1, 2]))
def alias_tuple_list(x: Tensor, l: List[int]):
    t = (x, l)
    t[0].zero_()
    t[1].append(3)
    a, b = t
    return a, b, x.sum(), l


@program((X.clone(),))
def dict_of_alias(x: Tensor):
    d = {"a": x, "b": x[1]}
    d["b"].add_(10)
    e = d["a"]
    d["a"] = torch.ones(1)
    e[0, 0] = 100.0
    return d, x, len(d)


class HoldsBuffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("b", torch.zeros(3))
        self.v = 0


@program((X.clone(),))
class BufferAliases(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("b", torch.zeros(3))
        self.h = HoldsBuffer()

    def forward(self, x):
        v = self.b
        v.add_(x[1])
        self.h.b.copy_(v * 2)
        self.h.v += 1
        y = self.h.b[1:]
        self.h.b += 1
        return y, self.b, self.h.v


@program((X.clone(),))
def out_variants(x: Tensor):
    o = torch.empty(2, 3)
    torch.add(x, x, out=o)
    r = torch.mul(o, 2, out=o)
    return o, r


@program((X, None), (X, 3))
def peephole_none_checks(x: Tensor, o: Optional[int]):
    a = 1
    if o is None:
        a = 2
    b: Optional[int] = 5
    if b is not None:
        a += b
    return a, x.is_floating_point(), x.dim(), x.size(0) == 2, x.is_complex()


@program((X,))
def peephole_noops(x: Tensor):
    y = x.expand(x.shape).t().t() * 1 + 0
    z = x.to(x.dtype).type_as(x).float()
    w = x.view(x.size()).reshape(x.shape)
    return y, z, w, x.expand_as(x).contiguous()


@program((X,))
def peephole_lists(x: Tensor):
    l = [1, 2, 3]
    m = l[0] + l[-1]
    n = len([x, x]) + len(x.shape)
    k = [1, 2] + [3]
    return m, n, k, l[1:], list(x.size())


@program((X.clone(),))
def append_then_cat(x: Tensor):
    l: List[Tensor] = []
    l.append(x)
    l.append(x + 1)
    l.insert(0, x * 2)
    y = torch.cat(l, 1)
    l[0] = y
    l.extend([x, y])
    z = torch.cat(l, dim=-1)
    return y, z, len(l)


@program((X.clone(), True), (X.clone(), False))
def list_append_in_if(x: Tensor, c: bool):
    l = [x]
    if c:
        l.append(x * 2)
    l.append(x + 3)
    return torch.stack(l).sum(0), len(l)


@program((torch.rand(3, 4), torch.rand(4, 3)))
def batch_mm(a: Tensor, b: Tensor):
    s = a.mm(b)
    for _ in range(3):
        s = s + torch.mm(a, b)
    return s + (a @ b) + a.matmul(b)


@program((torch.rand(4, 4), [torch.rand(4, 4), torch.rand(4, 4)]))
def batch_mm_side(a: Tensor, l: List[Tensor]):
    out: List[Tensor] = []
    for t in l:
        out.append(a.mm(t))
    out.append(a.mm(l[0]))
    return out


@program((torch.rand(3, 4), torch.rand(3, 4)))
def autodiff_like(a: Tensor, b: Tensor):
    c = a * b
    d = torch.sigmoid(c) + torch.tanh(a)
    e = torch.relu(d - 0.5)
    with torch.no_grad():
        f = e * 2
    g = (e + f).sum_to_size(1, 4)
    return g, torch.lerp(a, b, 0.3), torch.addcmul(a, b, c, value=0.5), d.detach()


@program((torch.rand(2, 3, 4), 2), (torch.rand(5, 3, 2), 1))
def shapes_math(x: Tensor, k: int):
    a, b, c = x.shape
    y = x.view(a * b, c)
    z = y.unsqueeze(k).expand(-1, -1, 3) if k == 2 else y.unsqueeze(k).expand(-1, 2, -1)
    return z, [a + k, b * k, c // k], x.flatten(1).size(1) == b * c


@program((torch.rand(2, 3), torch.rand(3)), (torch.rand(4, 1), torch.rand(5)))
def shapes_broadcast(a: Tensor, b: Tensor):
    c = a + b
    l = torch.broadcast_tensors(a, b)
    return c.size(), torch.cat([l[0], l[1]]).shape, torch.broadcast_to(b, c.shape)


@program((1,), (2.0,), ("s",), ([1, 2],), (X,), (None,))
def union_dispatch(v: Union[int, float, str, List[int], Tensor, None]):
    if v is None:
        return "none"
    elif isinstance(v, (int, float)):
        if isinstance(v, int):
            return "int" + str(v + 1)
        else:
            return "float" + str(v * 2)
    elif isinstance(v, str):
        return v + v
    elif isinstance(v, list):
        return str(sum(v))
    else:
        return str(v.dim())


@program((torch.rand(3, 4), torch.rand(4, 3)))
def autocast_cpu(a: Tensor, b: Tensor):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        c = torch.mm(a, b)
        d = c + 1
    e = torch.mm(a, b)
    return c.dtype, d.dtype, e.dtype, c


@program((torch.rand(3, 4), torch.rand(4, 3)))
def autocast_amp(a: Tensor, b: Tensor):
    with torch.cpu.amp.autocast():
        c = torch.mm(a, b)
        with torch.cpu.amp.autocast(enabled=False):
            d = torch.mm(a, b)
    return c.dtype, d.dtype


@torch.jit.script_if_tracing
def looped_if_tracing(x: Tensor, n: int) -> Tensor:
    for i in range(n):
        x = x + i
    return x


@program((X,), make=lambda f: torch.jit.trace(f, (X,)))
def script_if_traced(x: Tensor):
    return looped_if_tracing(x, 3) * 2


@torch.jit.script
def doubled_if_long(x: Tensor, flag: bool):
    if flag and x.size(0) > 2:
        return x * 2
    return x + 1


@program((X,), (torch.rand(4, 3),), make=lambda f: torch.jit.trace(f, (X,)))
def trace_calls_script(x: Tensor):
    return doubled_if_long(x, True) - doubled_if_long(x, False)


class DigitsNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 5)
        self.drop = nn.Dropout2d()
        self.fc = nn.Linear(4 * 12 * 12, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.drop(self.conv1(x)), 2))
        x = x.reshape(-1, 4 * 12 * 12)
        x = F.dropout(x, training=self.training)
        return F.log_softmax(self.fc(x), dim=1)


@program((torch.rand(2, 1, 28, 28),))
class Mnist(DigitsNet):
    pass


@program((torch.rand(2, 1, 28, 28),), make=lambda m: torch.jit.trace(m, (torch.rand(3, 1, 28, 28),)))
class MnistTraced(DigitsNet):
    pass


@program((torch.rand(2, 8), torch.rand(1, 2, 5), torch.rand(1, 2, 5)))
class RnnCells(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTMCell(8, 5)
        self.gru = nn.GRUCell(5, 5)
        self.rnn = nn.RNNCell(5, 5)

    def forward(self, x: Tensor, h: Tensor, c: Tensor):
        a, b = self.lstm(x, (h[0], c[0]))
        g = self.gru(a, b)
        return self.rnn(g), self.rnn(g, a), self.gru(a)


class GateCell(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.wx = nn.Parameter(torch.rand(4 * n, n))
        self.wh = nn.Parameter(torch.rand(4 * n, n))
        self.b = nn.Parameter(torch.zeros(4 * n))

    def forward(self, x: Tensor, s: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        h, c = s
        g = torch.mm(x, self.wx.t()) + torch.mm(h, self.wh.t()) + self.b
        i, f, z, o = g.chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * z.tanh()
        h = o.sigmoid() * c.tanh()
        return h, (h, c)


class UnrolledLayer(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.cell = GateCell(n)

    def forward(self, x: Tensor, s: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        xs = x.unbind(0)
        out: List[Tensor] = []
        for i in range(len(xs)):
            o, s = self.cell(xs[i], s)
            out += [o]
        return torch.stack(out), s


@program((torch.rand(5, 2, 3), [(torch.rand(2, 3), torch.rand(2, 3)), (torch.rand(2, 3), torch.rand(2, 3))]))
class StackedLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([UnrolledLayer(3), UnrolledLayer(3)])

    def forward(self, x: Tensor, states: List[Tuple[Tensor, Tensor]]) -> Tuple[Tensor, List[Tuple[Tensor, Tensor]]]:
        outs: List[Tuple[Tensor, Tensor]] = []
        i = 0
        for l in self.layers:
            x, s = l(x, states[i])
            outs += [s]
            i += 1
        return x, outs


@program((torch.rand(1, 3, 6, 6),))
class PixelNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.PixelShuffle(2)
        self.c = nn.Conv2d(3, 12, (3, 3), (1, 1), (1, 1))
        self.n = nn.InstanceNorm2d(3, affine=True)
        self.pad = nn.ReflectionPad2d(1)
        self.u = nn.Upsample(scale_factor=2, mode="nearest")

    def forward(self, x):
        return self.u(self.pad(self.n(self.up(self.c(x)))))


@program((torch.rand(2, 6),))
class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 4)
        self.m = nn.Linear(4, 2)
        self.s = nn.Linear(4, 2)
        self.d = nn.Linear(2, 6)

    def encode(self, x):
        h = F.relu(self.a(x))
        return self.m(h), self.s(h)

    def reparam(self, mu, logvar):
        if self.training:
            std = logvar.mul(0.5).exp_()
            eps = torch.randn_like(std)
            return eps.mul(std).add_(mu)
        return mu

    def forward(self, x):
        mu, s = self.encode(x)
        return torch.sigmoid(self.d(self.reparam(mu, s))), mu, s


@program((torch.rand(2, 4),), make=lambda m: torch.jit.script(m.train()))
class TrainBn(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm1d(4)

    def forward(self, x):
        y = self.bn(x)
        return y, self.bn.num_batches_tracked, self.bn.running_mean


@program((X, X))
def functional_block(a: Tensor, b: Tensor):
    x = a + 1
    y = x + b
    x.add_(2)
    z = y * x
    if bool(z.sum() > 0):
        z.zero_()
    return z, x, y


@program((torch.tensor(3), torch.tensor(4.5)))
def implicit_numbers(a: Tensor, b: Tensor):
    i = int(a)
    f = float(b)
    l = torch.zeros(i)
    return l, i + 1, f * 2, bool(a), a.item(), b.item(), [0] * i


@program((5,), (0,))
def scalar_loops(n: int):
    i = 0
    s = 0.0
    while True:
        if i >= n:
            break
        i += 1
        if i % 2 == 0:
            continue
        s += i / 2
    else_ran = s > 3
    return i, s, else_ran


def plus_and_times(x):
    return x + 1, x * 2


@program((X, 1), (X, 2))
def local_redefinition(x: Tensor, n: int):
    if n == 1:
        y = x
        z = 1.5
    else:
        y = x * 2
        z = 2.5
    x = y
    del y
    return x, z


class TypedFields(NamedTuple):
    t: Tensor
    n: int = 5
    l: List[int] = [1]


@program((TypedFields(X, 2, [1, 2]),))
def named_argument_two(p: TypedFields):
    p.l.append(9)
    t, n, l = p
    return p, t.sum() + n, l


@program((3, 2.0), (4, 0.5))
def any_values(n: int, f: float):
    l: List[Any] = [n, f, "s", [n], (1, 2)]
    a = l[0]
    s = 0
    if isinstance(a, int):
        s += a
    for v in l:
        if isinstance(v, str):
            s += 10
        elif isinstance(v, float):
            s += int(v)
    return s, len(l), l


@program((X,), (None,))
def optional_refine_all(x: Optional[Tensor]):
    y: Optional[Tensor] = None
    if x is not None and x.size(0) > 1:
        y = x
    if x is None or x.dim() == 0:
        return torch.zeros(1)
    z = y if y is not None else torch.ones(2)
    assert y is not None
    return y + z + x


@program((X,))
class StrAttrs(nn.Module):
    name: str
    opts: Dict[str, List[int]]
    maybe: Optional[Tensor]

    def __init__(self):
        super().__init__()
        self.name = "n"
        self.opts = {"a": [1]}
        self.maybe = None
        self.tup = (1, "x", 2.5)
        self.flag = True
        self.dt = torch.float64
        self.dev = torch.device("cpu")

    def forward(self, x):
        self.name += "!"
        self.opts["b"] = [2, 3]
        self.opts["a"].append(7)
        if self.maybe is None:
            self.maybe = x
        m = self.maybe
        assert m is not None
        self.flag = not self.flag
        return self.name, self.opts, m + 1, self.tup[2], self.flag, x.to(self.dt), self.dev


class MaybeChild(nn.Module):
    def __init__(self, child):
        super().__init__()
        self.child = child

    def forward(self, x):
        if self.child is not None:
            return self.child(x) + 1
        return x


@program((X,))
class NoneChild(nn.Module):
    def __init__(self):
        super().__init__()
        self.r = MaybeChild(MaybeChild(None))
        self.register_parameter("w", None)
        self.register_buffer("bb", None)

    def forward(self, x):
        if self.w is not None:
            x = x + self.w
        return self.r(x)


@program((X,))
class FnAttrs(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = F.relu
        self.act2 = torch.tanh
        self.fn = plus_and_times

    def forward(self, x):
        return self.act(x) + self.act2(x) + self.fn(x)[0]


@program((X,))
class Overloads(nn.Module):
    @torch.jit._overload_method  # noqa: F811
    def go(self, x: int) -> int:  # noqa: F811
        pass

    @torch.jit._overload_method  # noqa: F811
    def go(self, x: Tensor) -> Tensor:  # noqa: F811
        pass

    def go(self, x):  # noqa: F811
        return x + 1

    def forward(self, x):
        return self.go(x) + self.go(2)
