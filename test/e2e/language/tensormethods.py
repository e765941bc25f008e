# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Methods and attributes of tensors in scripts: types, devices, factories, moves, in-place forms, views, comparison."""
import math
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
I = torch.tensor([3, 1, 2])


@program((X,))
def attributes(x: Tensor):
    return x.dtype, x.device, x.layout, x.ndim, x.shape, x.is_cuda, x.requires_grad, x.is_sparse, x.is_quantized, x.is_mkldnn, x.itemsize


@program((X,))
def transposes(x: Tensor):
    return x.T, x.mT, x.t(), x.H, x.mH, x.transpose(0, 1), x.swapaxes(0, 1), x.movedim(0, 1)


@program((torch.tensor([1 + 2j, 3 - 1j]),))
def complex_attributes(x: Tensor):
    return x.real, x.imag, x.is_complex(), x.angle(), x.abs()


@program((X,))
def kinds(x: Tensor):
    return x.is_floating_point(), x.is_complex(), x.is_signed(), x.is_contiguous(), x.numel(), x.dim(), x.element_size(), x.size(), x.stride(), x.storage_offset()


@program((X,))
def to_forms(x: Tensor):
    return x.to(torch.float64), x.to("cpu"), x.to(torch.device("cpu"), torch.int32), x.to(x.double()), x.to(dtype=torch.int64, copy=True), \
        x.to("cpu", torch.float16), x.to(torch.float32, non_blocking=True), x.to(device="cpu"), x.type_as(x.int())


@program((X,))
def casts(x: Tensor):
    return x.int(), x.long(), x.float(), x.double(), x.half(), x.byte(), x.char(), x.short(), x.cpu()


@program((X,))
def factories(x: Tensor):
    return x.new_zeros([2]), x.new_ones(2, 3), x.new_full([2], 5.0), x.new_empty([0]), x.new_tensor([1, 2]) if False else x, \
        torch.zeros_like(x), torch.ones_like(x, dtype=torch.int64), torch.full_like(x, 2.5)


@program((3,))
def made(n: int):
    return torch.zeros(n), torch.ones([n, 2]), torch.full([n], 7), torch.arange(n), torch.arange(1, n, 0.5), torch.linspace(0, 1, n), torch.eye(n), \
        torch.zeros(n, dtype=torch.bool), torch.tensor(n), torch.tensor([n, 2]), torch.scalar_tensor(n), torch.empty(0), torch.logspace(0, 2, n)


@program((X,))
def in_place(x: Tensor):
    y = x.clone()
    y.add_(1).mul_(2).sub_(0.5).div_(2).neg_().abs_().clamp_(0.5, 4.0)
    y.zero_() if False else y
    z = torch.empty(2, 3).fill_(3)
    z.copy_(x)
    z[0].zero_()
    w = x.clone().t_()
    return y, z, w, x.clone().unsqueeze_(0), x.clone().squeeze_(), x.clone().masked_fill_(x > 2, -1.0), x.clone().pow_(2), x.clone().fill_diagonal_(9)


@program((X,))
def views(x: Tensor):
    return x.view(3, 2), x.view(-1), x.view([6]), x.reshape(3, -1), x.flatten(), x.view(x.size(0), -1), x.expand(2, 2, 3), x.expand_as(torch.ones(4, 2, 3)), \
        x.unsqueeze(1), x.squeeze(0), x.narrow(1, 0, 2), x.select(1, 2), x.unflatten(1, [3, 1]), x.view_as(torch.ones(6)), x.permute(1, 0), x.ravel()


@program((X,))
def viewed_as_dtype(x: Tensor):
    return x.view(torch.int32)


@program((X,))
def splits(x: Tensor):
    a, b = x.split(1)
    c, d, e = x.chunk(3, 1)
    f, g = x.split([1, 2], dim=1)
    h, i = x.unbind(0)
    return a, b, c, d, e, f, g, h, i, torch.tensor_split(x, 2, 1), x.hsplit(3), torch.vsplit(x, [1])


@program((X,))
def reductions(x: Tensor):
    return x.sum(), x.sum(1), x.sum(dim=[0, 1]), x.mean(0, keepdim=True), x.max(), x.max(1), x.min(0)[0], x.argmax(), x.argmin(1), x.prod(), x.std(), x.var(1), \
        x.norm(), x.norm(2, 1), x.median(), x.median(0), x.all(), x.any(1), x.cumsum(1), x.cumprod(0), x.logsumexp(1), x.amax([0, 1]), x.aminmax()


@program((X,))
def named_results(x: Tensor):
    r = x.max(1)
    v, i = x.sort(1, descending=True)
    t = x.topk(2, 1)
    return r.values, r.indices, v, i, t.values, t[1], x.kthvalue(1, 1).values, x.mode(1).indices


@program((X, X + 1))
def comparisons(x: Tensor, y: Tensor):
    return x == y, x != y, x < y, x >= y, x.eq(1), x.ne(y), x.lt(3), x.ge(y), torch.equal(x, y), torch.allclose(x, y), x.equal(x), x.isclose(y), x.allclose(x), \
        (x < 3) & (y > 2), (x < 1) | (y > 5), ~(x < 3), (x < 3) ^ (y > 2), x is y, x is not y


@program((X, X.clone()), (X, -X))
def equality_decides(x: Tensor, y: Tensor):
    if torch.equal(x, y):
        return "equal"
    if torch.allclose(x, y.abs()):
        return "close"
    return "other"


@program((X, I))
def indexed(x: Tensor, i: Tensor):
    return x[:, i[1:] - 1], x[0], x[0, 1], x[..., 0], x[None], x[:, None], x[x > 2], x[-1, -1], x[1:, :2], x[:, ::2], x.index_select(1, i[1:] - 1), x.gather(1, torch.zeros(2, 1, dtype=torch.long)), \
        x.take(torch.tensor([0, 5])), x.masked_select(x < 2), torch.where(x > 1, x, -x), torch.nonzero(x > 3)


@program((X,))
def assigned(x: Tensor):
    y = x.clone()
    y[0] = 5
    y[:, 1] = torch.tensor([7.0, 8.0])
    y[1, 2] += 3
    y[y > 6] = 0
    y[..., 0] -= 1
    y[0:1, 1:] = x[1:, 1:]
    z = torch.zeros(4)
    z[torch.tensor([1, 3])] = torch.tensor([2.0, 3.0])
    return y, z


@program((X,))
def scatters(x: Tensor):
    i = torch.tensor([[0, 1, 0]])
    return x.scatter(0, i, x), x.scatter(0, i, 9.0), x.scatter_add(0, i, x), x.index_fill(1, torch.tensor([0]), -1.0), x.index_add(0, torch.tensor([1]), x[:1]), \
        x.index_copy(0, torch.tensor([0]), x[1:]), x.masked_scatter(x > 3, torch.ones(6)), x.index_put((torch.tensor([0]), torch.tensor([1])), torch.tensor(4.0))


@program((X,))
def arithmetic_with_scalars(x: Tensor):
    return x + 1, 1 - x, x * 2.5, 2 / (x + 1), x // 2, x % 2, x ** 2, 2 ** x, -x, abs(x), x.add(1, alpha=2), x.sub(x, alpha=0.5), torch.add(x, 1), x.rsub(3), 5 // (x + 1), x.remainder(2), x.fmod(2)


@program((I,))
def integer_arithmetic(x: Tensor):
    return x / 2, x // 2, x * 1.5, x + True, x ** 2, x & 1, x | 4, x ^ 1, x << 1, x >> 1, ~x, x % 2, -x, x.bitwise_and(3), x.float() / x


@program((X,))
def numbers_of(x: Tensor):
    return int(x[0, 1]), float(x[1, 1]), bool(x[0, 0]), x[0, 2].item(), x.sum().item(), len(x), x.size(0) * 2, x.tolist() if False else 1


@program((X,))
def repeats(x: Tensor):
    return x.repeat(2, 1), x.repeat([1, 2]), x.repeat_interleave(2, 1), x.tile([2]), x.roll(1, 1), x.flip([0]), x.rot90(), torch.cat([x, x]), torch.stack([x, x], -1), torch.hstack([x, x]), torch.block_diag(x, x) if False else x


@program((X,))
def chained_methods(x: Tensor):
    return x.transpose(0, 1).contiguous().view(-1).unsqueeze(0).expand(2, -1).sum(dim=1, keepdim=False).float().add(1.0).clamp(max=10).exp().log()


@program((X,))
def no_gradients(x: Tensor):
    with torch.no_grad():
        y = x * 2
    with torch.no_grad():
        z = y + 1
    return y, z, torch.is_grad_enabled()


@program((X, X + 1))
def out_arguments(x: Tensor, y: Tensor):
    out = torch.empty(2, 3)
    torch.add(x, y, out=out)
    z = torch.zeros(2)
    torch.sum(x, 1, out=z)
    return out, z


@program((torch.tensor([[2.0, 1.0], [1.0, 3.0]]),))
def linear_algebra(x: Tensor):
    return x.matmul(x), x @ x, x.mm(x), torch.bmm(x[None], x[None]), x.inverse(), x.det(), torch.trace(x), x.tril(), x.triu(1), torch.diag(x), x.diagonal(), torch.dot(x[0], x[1]), \
        torch.outer(x[0], x[1]), torch.cross(torch.ones(3), torch.arange(3.0), dim=0), torch.einsum("ij,jk->ik", [x, x]), torch.addmm(x, x, x, beta=0.5), torch.mv(x, x[0]), torch.kron(x, x)


@program((X,))
def type_strings(x: Tensor):
    return str(x.dtype), str(x.device), str(x.shape), x.device.type, x.dtype == torch.float32, x.device == torch.device("cpu"), x.device.index


@program((X,))
def meshes(x: Tensor):
    a, b = torch.meshgrid([torch.arange(2), torch.arange(3)], indexing="ij")
    return a, b, torch.cartesian_prod(torch.arange(2), torch.arange(2)), torch.combinations(torch.arange(3)), torch.broadcast_tensors(x, torch.ones(3))


@program((X,))
def searches(x: Tensor):
    y = x.flatten()
    return torch.unique(y % 3), torch.bincount(y.long()), torch.histc(y, 3), torch.searchsorted(y, torch.tensor([1.5, 3.0])), torch.bucketize(y, torch.tensor([1.0, 4.0])), torch.isin(y, torch.tensor([1.0, 2.0])), \
        torch.unique(y % 3, return_inverse=True, return_counts=True), torch.msort(x), torch.argsort(x, 1, True)


@program((X,))
def promoted(x: Tensor):
    i = torch.arange(3)
    return x + i, i + 1.5, i * True, torch.result_type(x, i), torch.promote_types(torch.int32, torch.float16), torch.can_cast(torch.float32, torch.int32), torch.tensor(1) + torch.tensor([1.5])


@program((X,))
def facts(x: Tensor):
    return torch.is_floating_point(x), torch.numel(x), torch.isnan(x).any(), torch.isfinite(x).all(), torch.isinf(x / 0).sum()


@program((X,))
def set_data(x: Tensor):
    y = x.data
    y.add_(1)
    return x, y.data


@program((X, "mean"), (X, "sum"), (X, "none"))
def reduced_by_name(x: Tensor, how: str):
    if how == "mean":
        return x.mean()
    elif how == "sum":
        return x.sum()
    return x


@program((torch.tensor(3), torch.tensor(2.5)))
def scalar_tensors(a: Tensor, b: Tensor):
    return a + b, int(a) + 1, float(b) * 2, a.item() * 2, b.item() - 1, range(int(a))[2] if False else 0, [i for i in range(int(a))], a > b, max(a, b), min(int(a), 2), math.sqrt(b)
