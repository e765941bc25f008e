# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operators whose windows, parts and lengths the program chooses when it runs, and the last of the small operators."""
import math
from typing import Optional

import torch
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
IMAGE = torch.rand(1, 2, 7, 7)
LARGER = torch.rand(2, 2, 8, 9)


@program((IMAGE, 2, 1), (LARGER, 1, 0), (IMAGE, 0, 0), (IMAGE, 1, -1))
def convolved_2d(x: Tensor, s: int, p: int):
    w = torch.ones(4, 2, 3, 3)
    return F.conv2d(x, w, None, s, p), F.conv2d(x, w[:, :1], torch.arange(4.0), [s, 1], [0, p], groups=2), F.conv2d(x[0], w, None, s)


@program((torch.rand(1, 2, 7), 2), (torch.rand(3, 2, 9), 1))
def convolved_1d(x: Tensor, s: int):
    return F.conv1d(x, torch.ones(3, 2, 3), None, s, 1, s), F.max_pool1d(x, s + 1, s), F.avg_pool1d(x, s + 1)


@program((torch.rand(1, 2, 5, 5, 5), 2))
def convolved_3d(x: Tensor, s: int):
    return F.conv3d(x, torch.ones(3, 2, 2, 3, 2), None, s, 1), F.avg_pool3d(x, s), F.max_pool3d(x, s)


@program((IMAGE, 2), (LARGER, 3), (IMAGE, 9))
def pooled(x: Tensor, k: int):
    return F.max_pool2d(x, k), F.avg_pool2d(x, k, 1), F.max_pool2d(x, [k, 2], 1), F.lp_pool2d(x, 2.0, k), F.adaptive_avg_pool2d(x, k)


@program((IMAGE, 2, 1), (LARGER, 3, 1), (IMAGE, 3, 2))
def pooled_padded(x: Tensor, k: int, p: int):
    return (F.max_pool2d(x, k, 2, p, ceil_mode=True), F.avg_pool2d(x, k, 2, p, ceil_mode=True), F.max_pool2d(x, 2, k, 0, p),
            F.avg_pool2d(x, k, 2, p, True, False), F.avg_pool2d(x[0], k, divisor_override=k))


@program((IMAGE, 2), (LARGER, 3))
def unfolded(x: Tensor, k: int):
    return F.unfold(x, k), F.unfold(x, [k, 1], padding=1, stride=k)


@program((4, 3), (3, 5), (0, 2), (-1, 2))
def triangles(n: int, m: int):
    return torch.triu_indices(n, m, 1), torch.tril_indices(n, m, -1), torch.triu_indices(n, 4), torch.tril_indices(3, 3, m)


@program((torch.arange(12.0).view(4, 3), 2), (torch.arange(18.0).view(6, 3), 4), (X, 5), (X, 0))
def sections(x: Tensor, n: int):
    return torch.tensor_split(x, n), torch.tensor_split(x, n, 1), torch.tensor_split(x, (1, n))


@program((4,), (7,), (1,), (0,))
def signal_windows(n: int):
    return (torch.hann_window(n), torch.hamming_window(n), torch.blackman_window(n, False), torch.bartlett_window(n), torch.kaiser_window(n),
            torch.hann_window(n, False), torch.hamming_window(n, True, 0.5, 0.4), torch.bartlett_window(n, False), torch.kaiser_window(n, False, 8.0),
            torch.hann_window(n, dtype=torch.float64), torch.hann_window(5))


@program((4, 0.5), (7, 2.0), (0, 3.5))
def closed_ranges(n: int, f: float):
    return torch.range(0, n), torch.range(1, n + 2, 2), torch.range(n, -1, -f), torch.range(0, f, 0.25)


@program((X,))
def shape_tensors(x: Tensor):
    return torch._shape_as_tensor(x), torch._reshape_from_tensor(x, torch.tensor([3, 2]))


@program((torch.rand(5, 2, 3),))
def time_first(x: Tensor):
    return torch.conv_tbc(x, torch.ones(3, 3, 4), torch.arange(4.0), 1), torch.conv_tbc(x, torch.ones(1, 3, 2), torch.zeros(2))


@program((X,))
def weight_norms(x: Tensor):
    return torch._weight_norm(x, torch.ones(2, 1), 0), torch._weight_norm(x, torch.ones(1, 3), 1), torch.norm_except_dim(x, 2, 0), torch.norm_except_dim(x, 1, -1)


@program((5.5, 3), (-5.5, 2), (0.5, -7), (3.0, 2))
def nearest_remainder(x: float, n: int):
    return math.remainder(x, n), math.remainder(x, 2.5), math.remainder(7, n), math.remainder(n, x)


@program((X,))
def two_names_one_none(x: Optional[Tensor]):
    y: Optional[Tensor] = None
    if x is not None and x.size(0) > 1:
        y = x
    z = y if y is not None else torch.ones(2)
    assert y is not None
    return y + z


@program((X, True), (X, False), refused="it writes a tensor that a list or dict of run-time length holds")
def written_through_one_name(x: Tensor, c: bool):
    y: Optional[Tensor] = None
    if c:
        y = x + 1
    z = y if y is not None else torch.ones(2, 3)
    z.add_(1)
    if y is not None:
        return y, z
    return z, z
