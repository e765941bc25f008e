# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operators whose dimensions, flags, amounts and floats are known at run time only; padding and initialising."""
from typing import List

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program((X,))
def init_functions(x: Tensor):
    w = torch.empty(2, 2)
    nn.init.constant_(w, 3.0)
    v = torch.zeros(2)
    nn.init.ones_(v)
    return w, v


@program(([X, X[:1]],))
def padded_sequences(xs: List[Tensor]):
    return pad_sequence(xs), pad_sequence(xs, batch_first=True, padding_value=-1.0)


@program((X, 1), (X, 0), (X, -1))
def dims_given(x: Tensor, d: int):
    return x.sum(d), x.mean(d, keepdim=True), x.softmax(d), torch.cat([x, x], d), x.unsqueeze(d), x.max(d)[0], x.size(d), x.select(d, 0), x.narrow(d, 0, 1), torch.stack([x, x], d), x.flip(d), x.cumsum(d), x.index_select(d, torch.tensor([0])), x.transpose(0, d), x.argmax(d), x.sort(d)[0], x.unbind(d)[0], x.split(1, d)[0], x.chunk(2, d)[0]


@program((X, [1, 1]), (X, [0, 2]))
def pads_given(x: Tensor, p: List[int]):
    return F.pad(x, p), F.pad(x, p, value=1.5)


@program((X, [0, 2, 1, 0]), (X, [1, 1, 1, 1]), (X, [-1, 0, 0, 2]))
def pads_of_two_given(x: Tensor, p: List[int]):
    return F.pad(x, p, value=0.5)


@program((X, 2, "reflect"), (X, 1, "replicate"), (X, 0, "circular"), (X, 3, "reflect"))
def pads_with_modes(x: Tensor, n: int, mode: str):
    if mode == "reflect":
        return F.pad(x[None], [n, 0], mode="reflect")
    elif mode == "replicate":
        return F.pad(x[None], [n, n], mode="replicate")
    return F.pad(x[None], [0, n], mode="circular")


@program((X, -1, 1), (X, 2, -2), (X, -2, -2))
def pads_that_cut(x: Tensor, a: int, b: int):
    return F.pad(x, [a, b]), F.pad(x, [0, 0, a + 1, 1], value=5.0)


@program((X, 2), (X, 0))
def pads_of_numbers(x: Tensor, n: int):
    return F.pad(x, [n, 1]), F.pad(x, [0, n, n, 0], value=-1.0), F.pad(x[None], (n, n), mode="replicate")


@program((X, True), (X, False))
def flags_given(x: Tensor, b: bool):
    return x.sum(1, keepdim=b), x.sort(1, descending=b)[0], x.std(unbiased=b), x.cumsum(1), F.dropout(x, 0.0, b), x.argsort(1, b), torch.max(x, 1, b)[0]


@program((X, 0.1), (X, 0.9))
def floats_given(x: Tensor, f: float):
    return F.leaky_relu(x, f), x.clamp(f, 2.0), x.pow(f), x.add(x, alpha=f), F.elu(x, f), torch.full([2], f), x.masked_fill(x > 1, f), torch.lerp(x, x + 1, f), F.threshold(x, f, 0.0), x.quantile(f), F.hardtanh(x, -f, f), F.softplus(x, f), x.norm(2.0), F.normalize(x, 2.0, eps=f)


@program((X, 2), (X, 1))
def ints_given(x: Tensor, n: int):
    return x.repeat(n, 1), x.expand(n, 2, 3), torch.eye(n), x[:, :n], x.topk(n, 1)[0], x.roll(n, 1), x.tril(n), F.one_hot(torch.arange(n), n + 1), torch.arange(0, 6, n), x.repeat_interleave(n, 1), torch.randn(n, n).size(), x.view(n, -1) if n == 2 else x, x.unfold(1, n, 1), torch.randperm(n).size(), x.tile((n, n)), x.kthvalue(n, 1)[0], F.interpolate(x[None], size=n), torch.linspace(0, n, 4)


@program((torch.tensor([0, 2, 1]), 3), (torch.tensor([0, 2, 1]), 5))
def one_hot_classes(x: Tensor, n: int):
    return F.one_hot(x, n), F.one_hot(x), F.one_hot(x, 4)


@program((0, 6, 2), (6, 0, -2), (0, 1, 3))
def arange_of_ints(a: int, b: int, s: int):
    return torch.arange(a, b, s), torch.arange(a, b, s, dtype=torch.float32)


@program((0.0, 1.0, 0.25), (1.0, 0.0, -0.5), (0.0, 1.0, 0.0), (0.0, 1.0, -1.0))
def arange_of_floats(a: float, b: float, s: float):
    return torch.arange(a, b, s)


@program((0.0, 1.0, 5), (2.0, -1.0, 1), (0.0, 1.0, 0), (0.0, 3.0, 4))
def linspace_of_numbers(a: float, b: float, n: int):
    return torch.linspace(a, b, n), torch.linspace(a, 2, n), torch.linspace(0, b, 3)


@program((X,))
def as_tensor_aliases(x: Tensor):
    y = torch.as_tensor(x)
    y.add_(1)
    z = torch.as_tensor(x, dtype=torch.float64)
    z.add_(1)
    return x, z
