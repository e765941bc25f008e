# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operators against PyTorch: many in one scripted program, each program with several inputs.

  test_operators.py [--match RE]

Sizes are dynamic: one library serves all inputs of one rank, empty and non-contiguous ones among them.
"""
import argparse
import json
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor

import harness

PROGRAMS = []


def program(*inputs, seeded=False, traced=False):
    """Registers a function with its inputs: thunks that give the arguments. It is scripted, or traced with the first."""
    def register(function):
        PROGRAMS.append((function.__name__, function, inputs, seeded, traced))
        return function
    return register


def normal(*sizes, dtype=torch.float32, seed=0):
    g = torch.Generator().manual_seed(seed + sum(sizes))
    return torch.randn(*sizes, generator=g, dtype=dtype)


def positive(*sizes, dtype=torch.float32):
    return normal(*sizes, dtype=dtype).abs() + 0.1


def integers(*sizes, high=5, dtype=torch.int64):
    return torch.randint(0, high, sizes, generator=torch.Generator().manual_seed(sum(sizes)), dtype=dtype)


def definite(n, *batch, dtype=torch.float32):
    a = normal(*batch, n, n, dtype=dtype)
    return a @ a.mH + n * torch.eye(n, dtype=dtype)


@program(lambda: (normal(6, 3),), lambda: (normal(5, 4),), lambda: (normal(0, 2),), lambda: (normal(8, 5).t(),), lambda: (normal(9, 1),))
def parts_of_dynamic_sizes(x):
    return list(torch.chunk(x, 2, 0)) + list(torch.chunk(x, 3)[1:]) + list(torch.tensor_split(x, 4)) + list(x.tensor_split(3, 1)) + list(torch.tensor_split(x, [1, -1]))


@program(lambda: (normal(0),), lambda: (normal(1),), lambda: (normal(2),), lambda: (normal(7),))
def signal_windows(x):
    n = len(x)
    return [torch.hann_window(n), torch.hann_window(n, False), torch.hamming_window(n), torch.hamming_window(n, True, 0.6, 0.3),
            torch.blackman_window(n), torch.bartlett_window(n), torch.bartlett_window(n, False), torch.kaiser_window(n),
            torch.kaiser_window(n, False, 5.0, dtype=torch.float64)]


@program(lambda: (normal(0, 3),), lambda: (normal(4, 2),), lambda: (normal(3, 3),))
def triangles_of_dynamic_sizes(x):
    n, m = x.shape
    return [torch.tril_indices(n, m), torch.triu_indices(n, m, 1), torch.tril_indices(n, n, -1), torch.range(1, 4), torch.range(0.5, 2.0, 0.5)]


@program(lambda: (normal(3, 4),), lambda: (normal(1, 2),), lambda: (normal(5, 5).t(),))
def norms_by_older_names(x):
    return [torch.frobenius_norm(x, [0, 1]), torch.frobenius_norm(x, [1], True), torch.nuclear_norm(x), torch.nuclear_norm(x, [0, 1], True)]


@program(lambda: (normal(5, 2, 3), normal(3, 3, 4), normal(4)), lambda: (normal(3, 1, 2), normal(2, 2, 3), normal(3)))
def convolutions_of_times(x, w, b):
    return [torch.conv_tbc(x, w, b), torch.conv_tbc(x, w, b, 1)]


@program(lambda: (normal(3, 4),), lambda: (normal(1, 2),))
def squeezed_of_lists(x):
    xs: List[Tensor] = []
    for i in range(x.size(1)):
        xs.append(x[:, i].unsqueeze(1))
    return [torch.stack(xs, 1).squeeze(2), torch.cat(xs, 1).unsqueeze(-1).squeeze(-1)]


@program(lambda: (normal(2, 3, 1, 2),), lambda: (normal(1, 2, 3, 1),), lambda: (normal(0, 2, 1, 1),))
def repeats_of_many_dimensions(x):
    return [x.repeat(2, 1, 3, 1), x.repeat(2, 1, 1, 2, 1), x.repeat(1, 0, 1, 1), torch.tile(x, (2, 3)), x.expand(2, -1, -1, -1, -1)]


@program(lambda: (positive(7), ), lambda: (positive(3, 5), ), lambda: (positive(0, 2), ), lambda: (positive(4, 6).t(), ))
def special_functions(x):
    y = torch.rsub(x, 0.7)
    return [torch.erfinv(torch.tanh(y)), torch.special.erfcx(y), torch.special.ndtri(torch.sigmoid(y)), torch.special.log_ndtr(y),
            torch.special.airy_ai(y), torch.special.bessel_j0(x), torch.special.bessel_j1(x), torch.special.bessel_y0(x),
            torch.special.bessel_y1(x), torch.special.modified_bessel_k0(x), torch.special.modified_bessel_k1(x),
            torch.special.scaled_modified_bessel_k0(x), torch.special.scaled_modified_bessel_k1(x),
            torch.special.spherical_bessel_j0(x), torch.special.zeta(x + 1.5, x), torch.igamma(x, x + 1), torch.igammac(x, x * 2),
            torch.polygamma(1, x), torch.polygamma(3, x), torch.hypot(x, y), torch.mvlgamma(x + 3, 3),
            torch.special.entr(x), torch.special.i0e(y), torch.logcumsumexp(y, 0), torch.frexp(y)[0], torch.frexp(y)[1]]


@program(lambda: (normal(6), ), lambda: (normal(4, 3), ), lambda: (normal(3, 5).t(), ))
def orthogonal_polynomials(x):
    n = torch.full_like(x, 3.0)
    return [torch.special.chebyshev_polynomial_t(x, n), torch.special.chebyshev_polynomial_u(x, 7),
            torch.special.chebyshev_polynomial_v(x, n), torch.special.chebyshev_polynomial_w(x, n),
            torch.special.shifted_chebyshev_polynomial_t(x, n), torch.special.shifted_chebyshev_polynomial_u(x, n),
            torch.special.hermite_polynomial_h(x, n), torch.special.hermite_polynomial_he(x, n),
            torch.special.laguerre_polynomial_l(x, n), torch.special.legendre_polynomial_p(x, 4)]


@program(*[lambda n=n: (normal(3, n), ) for n in (1, 2, 8, 9, 30, 67, 101, 256)], lambda: (normal(6, 4).t(), ))
def fourier(x):
    f = torch.fft.fft(x)
    return [f, torch.fft.ifft(f), torch.fft.rfft(x), torch.fft.irfft(f, 6), torch.fft.hfft(f, 5), torch.fft.ihfft(x),
            torch.fft.fft(x, 5, norm="ortho"), torch.fft.fft(x, 130, norm="forward"), torch.fft.fft2(x, norm="ortho"),
            torch.fft.rfftn(x, dim=[1]), torch.fft.fftshift(f), torch.fft.ifftshift(x), torch.fft.fftfreq(7, 0.5)]


@program(lambda: (normal(200), torch.hann_window(16)), lambda: (normal(33), torch.hann_window(16)))
def short_time_fourier(x, window):
    return [torch.stft(x, 16, 4, 16, window, return_complex=True)]


@program(lambda: (definite(3), normal(3, 2)), lambda: (definite(5, 2), normal(2, 5, 4)), lambda: (definite(1, 3), normal(3, 1, 1)),
         lambda: (definite(4).t(), normal(6, 4).t()), lambda: (definite(40), normal(40, 3)))
def solvers(a, b):
    lu, pivots = torch.linalg.lu_factor(a)
    p, l, u = torch.lu_unpack(lu, pivots)
    factor = torch.linalg.cholesky(a)
    q, r = torch.linalg.qr(b)
    return [torch.linalg.solve(a, b), torch.linalg.inv(a), torch.linalg.det(a), torch.linalg.slogdet(a)[1], torch.logdet(a), lu, pivots,
            p @ l @ u, factor, torch.cholesky_solve(b, factor), torch.cholesky_inverse(factor),
            torch.linalg.solve_triangular(factor, b, upper=False), q @ r, torch.linalg.matrix_exp(a / 50), torch.linalg.lu_solve(lu, pivots, b),
            torch.linalg.solve(a, b.mT, left=False)]


@program(lambda: (normal(3, 3), ), lambda: (normal(2, 5, 3), ), lambda: (normal(2, 4), ), lambda: (normal(1, 6, 6), ),
         lambda: (normal(5, 3).t(), ))
def spectra(a):
    h = a @ a.mT
    values, vectors = torch.linalg.eigh(h)
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    return [values, vectors @ torch.diag_embed(values) @ vectors.mT, torch.linalg.svdvals(a), u @ torch.diag_embed(s) @ vh,
            torch.linalg.pinv(a), torch.linalg.matrix_rank(a), torch.linalg.eigvalsh(h), torch.linalg.cond(h + torch.eye(h.size(-1))),
            torch.linalg.matrix_norm(a, "nuc"), torch.linalg.matrix_norm(a, 2)]


@program(lambda: (definite(3, dtype=torch.complex64), normal(3, 2, dtype=torch.complex64)),
         lambda: (definite(4, 2, dtype=torch.complex64), normal(2, 4, 3, dtype=torch.complex64)))
def complex_matrices(a, b):
    values, vectors = torch.linalg.eigh(a)
    return [torch.linalg.solve(a, b), torch.linalg.inv(a), torch.linalg.det(a), torch.linalg.cholesky(a), values, torch.linalg.svdvals(b),
            torch.linalg.pinv(b), torch.fft.ifft(b), torch.linalg.matrix_exp(a / 10)]


@program(lambda: (normal(10), normal(7), integers(12)), lambda: (normal(1), normal(0), integers(0)), lambda: (normal(33), normal(2), integers(3)))
def searches(x, y, i):
    s = torch.sort(x)[0]
    u, inverse, counts = torch._unique2(i, return_inverse=True, return_counts=True)
    h, edges = torch.histogram(x, 4)
    return [torch.searchsorted(s, y), torch.searchsorted(s, y, right=True), torch.bucketize(y, s), u, inverse, counts,
            torch.unique_consecutive(i), torch.histc(x, 5, -1.0, 1.0), torch.histc(x, 6), h, edges, torch.bincount(i),
            torch.bincount(i, minlength=9), torch.nonzero_static(i, size=4), torch.nonzero(i), torch.combinations(y, 2),
            torch.cartesian_prod([y, x]), torch.linspace(-1, 2, 7), torch.logspace(0, 2, 5)]


@program(lambda: (normal(4, 5), ), lambda: (normal(1, 7), ), lambda: (normal(6, 3).t(), ), lambda: (torch.tensor([[1.0, float("nan"), 3.0], [2.0, 5.0, 1.0]]), ))
def statistics(x):
    q = torch.tensor([0.0, 0.3, 1.0])
    return [torch.quantile(x, 0.4), torch.quantile(x, q, dim=1), torch.nanquantile(x, q, dim=0, keepdim=True),
            torch.quantile(x, q, dim=0, interpolation="nearest"), torch.mode(torch.round(x), 1)[0], torch.mode(torch.round(x), 1)[1],
            torch.cov(x[0]), torch.renorm(x, 2.0, 0, 1.0), torch.nanmedian(x, 1)[0], torch.median(x),
            torch.trapezoid(x, dim=1), torch.cumulative_trapezoid(x, dim=1), torch.special.softmax(x, 1)]


@program(lambda: (normal(5, 4), integers(6, high=5), normal(6, 4)), lambda: (normal(5, 1), integers(0, high=5), normal(0, 1)),
         lambda: (normal(7, 3), integers(9, high=7), normal(3, 9).t()))
def index_reductions(x, index, source):
    wide = index.unsqueeze(1).expand_as(source)
    return [torch.index_reduce(x, 0, index, source, "amax", include_self=False), torch.index_reduce(x, 0, index, source, "mean"),
            torch.scatter_reduce(x, 0, wide, source, "sum", include_self=False), torch.scatter_reduce(x, 0, wide, source, "prod"),
            torch.scatter_reduce(x, 0, wide, source, "amin", include_self=False),
            torch.scatter_reduce(x, 0, wide, source, "mean", include_self=False), torch.index_add(x, 0, index, source),
            torch.index_fill(x, 0, index, 2.0), torch.masked_scatter(x, x > 0, x), torch.take_along_dim(x, wide, 0),
            torch.put(x, index, source[:, 0], accumulate=True)]


@program(lambda: (normal(1, 2, 6, 6), torch.tanh(normal(1, 5, 4, 2)) * 1.3), lambda: (normal(2, 3, 5, 7), normal(2, 3, 3, 2)))
def images(x, grid):
    pooled, places = torch.nn.functional.adaptive_max_pool2d_with_indices(x, [2, 3])
    columns = torch.nn.functional.unfold(x, [2, 2], padding=[1, 1])
    return [torch.grid_sampler(x, grid, 0, 0, False), torch.grid_sampler(x, grid, 0, 1, True), torch.grid_sampler(x, grid, 0, 2, False),
            torch.grid_sampler(x, grid, 1, 0, False), torch.grid_sampler(x, grid, 2, 0, False), torch.grid_sampler(x, grid, 2, 2, True), pooled,
            places, torch.nn.functional.max_unpool2d(pooled, places, [1, 1], [1, 1], [0, 0], [x.size(2), x.size(3)]), columns,
            torch.conv2d(x, x[:1, :, :3, :3], padding="valid")]


@program(lambda: (normal(6, 5), ), lambda: (normal(3, 7), ), lambda: (normal(0, 2), ), seeded=True)
def random_numbers_in_memory_order(x):
    t = x.t()
    return [torch.rand_like(t), torch.randn_like(t), torch.randint_like(t, 50), torch.dropout(t, 0.3, True), torch.native_dropout(t, 0.2, True)[0],
            torch.empty_like(t).uniform_(), torch.empty_like(t).normal_(1.0, 2.0), torch.cat([x, x])[::2].normal_(), torch.cat([x, x], 1)[:, ::2].uniform_(),
            torch.empty_like(t).exponential_(), torch.empty_like(t).random_(0, 90), torch.empty_like(t).bernoulli_(0.3), torch.empty_like(t).bernoulli_(torch.sigmoid(t)),
            torch.randn_like(x.unsqueeze(1).repeat(1, 1, 4).transpose(1, 2)), torch.full([2], torch.empty_permuted([2, 3, 4], [0, 2, 1]).stride(1)),
            torch.bernoulli(torch.sigmoid(t)), torch.stack([x, x]).permute(2, 0, 1).bernoulli_(0.6)]


@program(lambda: (normal(20), ), lambda: (normal(3, 5), ), lambda: (normal(0), ), lambda: (normal(4, 4), ), seeded=True)
def random_numbers(x):
    p = torch.sigmoid(x)
    return [torch.rand_like(x), torch.randn_like(x), torch.rand(3, 2), torch.randn(17), torch.randn(5), torch.randint(3, 900, [7]),
            torch.randint_like(x, 10), torch.randperm(11), torch.bernoulli(p), torch.empty_like(x).uniform_(-2.0, 3.0),
            torch.empty_like(x).normal_(1.0, 2.0), torch.empty_like(x).cauchy_(), torch.empty_like(x).log_normal_(),
            torch.empty_like(x).geometric_(0.3), torch.empty_like(x).random_(0, 100), torch.normal(x, 2.0),
            torch.multinomial(torch.ones(6), 4, True), torch.rand(2, 2, dtype=torch.float64), torch.randn(19, dtype=torch.float64),
            torch.randn(18, dtype=torch.float16)]


def points(*sizes):
    return torch.complex(normal(*sizes), normal(*sizes, seed=7))


@program(lambda: (points(3, 4),), lambda: (points(2, 0),), lambda: (points(5, 3).t() * 1e-3,), lambda: (points(4, 4) * 20,))
def functions_of_complex_numbers(z):
    return [torch.asin(z), torch.acos(z), torch.atan(z), torch.asinh(z), torch.acosh(z), torch.atanh(z), torch.log2(z),
            torch.log10(z), torch.log1p(z), torch.sinh(z / 8), torch.cosh(z / 8), torch.expm1(z / 8), torch.exp2(z / 8),
            torch.sigmoid(z), torch.logsumexp(z, 0), torch.logaddexp(z, z.flip(0)), torch.isclose(z, z.flip(1))]


@program(lambda: (integers(7, high=90) - 40, integers(7, high=30) - 12), lambda: (integers(3, 1, high=90), integers(4, high=9)),
         lambda: (integers(0), integers(0)), lambda: (integers(6, high=100, dtype=torch.int32), integers(6, high=9, dtype=torch.uint8)))
def divisors_and_integer_areas(x, y):
    return [torch.gcd(x, y), torch.lcm(x, y), torch.cumulative_trapezoid(x + y, dx=0.5), torch.cumulative_trapezoid(x + y, x + y)]


@program(lambda: (normal(2, 12, 16),), lambda: (normal(1, 6, 16),), lambda: (normal(0, 6, 16),), lambda: (normal(2, 13, 16),))
def columns_to_images(x):
    folded = torch.nn.functional.fold(x, (5, 6), (2, 3))
    dilated = torch.nn.functional.fold(x[:, :6], (7, 7), (2, 3), dilation=(2, 1), padding=(1, 0), stride=(2, 1))
    return [folded, torch.nn.functional.unfold(folded, (2, 3)), dilated]


@program(lambda: (normal(2, 3, 6, 7), normal(2, 2, 3)), lambda: (normal(1, 3, 5, 4), normal(1, 2, 3)),
         lambda: (normal(2, 3, 1, 1), normal(2, 2, 3)), lambda: (normal(2, 3, 6, 7), normal(3, 2, 3)))
def affine_images(x, theta):
    grid = torch.nn.functional.affine_grid(theta, x.shape, align_corners=False)
    other = torch.nn.functional.affine_grid(theta, x.shape, align_corners=True)
    return [grid, other, torch.nn.functional.grid_sample(x, grid * 0.5, align_corners=False)]


@program(lambda: (normal(1, 2, 9, 12),), lambda: (normal(2, 1, 30, 7),), lambda: (normal(1, 1, 3, 3),))
def antialiased_images(x):
    return [torch.nn.functional.interpolate(x, (5, 6), mode="bilinear", antialias=True),
            torch.nn.functional.interpolate(x, (4, 15), mode="bicubic", antialias=True, align_corners=True),
            torch.nn.functional.interpolate(x, scale_factor=0.5, mode="bilinear", antialias=True)]


@program(lambda: (normal(4, 3),), lambda: (normal(3, 5),), lambda: (normal(4, 1),), lambda: (normal(0, 3),))
def batch_norms_that_return_their_statistics(x):
    mean, var, weight = torch.zeros(x.size(1)), torch.ones(x.size(1)), torch.full([x.size(1)], 0.5)
    out = list(torch.ops.aten._native_batch_norm_legit_functional(x, weight, None, mean, var, True, 0.3, 1e-5))
    groups = torch.nn.functional.group_norm(torch.cat([x, x], 1), 2)
    return out + [groups] + list(torch.native_layer_norm(x, [x.size(1)], weight, None, 1e-5))


@program(lambda: (torch.arange(6, dtype=torch.uint8).reshape(2, 3),), lambda: (torch.arange(4, dtype=torch.uint8).reshape(1, 4),))
def views_of_bytes(x):
    return [x.t(), x[:, 1:], x.unsqueeze(0)]


@program(lambda: (normal(3, 4), integers(2, 4, high=3), normal(5, 6)), lambda: (normal(3, 4), integers(2, 5, high=3), normal(5, 6)),
         lambda: (normal(3, 4), integers(2, 4, high=3), normal(5, 3)), lambda: (normal(3, 4), integers(0, 9, high=3), normal(5, 3)))
def indices_no_larger_than_tensors(x, index, source):
    return [x.gather(0, index), x.scatter(0, index, source), x.scatter_add(0, index, source), x.scatter_reduce(0, index, source, "amax")]


@program(lambda: (normal(3, 4), integers(2, high=3), normal(2, 4)), lambda: (normal(3, 4), integers(2, high=3), normal(3, 4)),
         lambda: (normal(3, 4), integers(2, high=3), normal(2, 3)))
def slices_of_the_sizes_that_are_written(x, index, source):
    return [x.index_add(0, index, source), x.index_copy(0, index, source), x.index_reduce(0, index, source, "prod")]


@program(lambda: (normal(3, 4),), lambda: (normal(2, 3),), lambda: (normal(1, 4),))
def strided_views_inside_their_storage(x):
    return [x.as_strided([2, 3], [1, 1], 2), x.as_strided([0, 3], [1, 1], 40)]


@program(lambda: (normal(5, 3),), lambda: (normal(2, 3),), lambda: (normal(1, 3),))
def narrowed_from_both_ends(x):
    return [x.narrow(0, -2, 1), x.narrow(0, 1, 1), x.narrow(1, 3, 0)]


@program(lambda: (normal(3),), lambda: (torch.tensor(2.0),))
def narrowed_without_dimensions(x):
    return [x.narrow(0, 0, 1)]


@program(*[lambda n=n: (torch.tensor([n]),) for n in (1e-12, 3.1e-7, -1e-6, 1e-3, -26.0, 26.0, -0.3, 0.4)])
def functions_of_one_small_number(x):
    return [torch.log1p(x), torch.expm1(x), F.softplus(x), F.mish(x), F.logsigmoid(x), F.elu(x), torch.tanh(x), F.soft_margin_loss(x, -torch.sign(x))]


@program(lambda: (normal(6, 4),), lambda: (normal(5, 4),), lambda: (normal(0, 4),), lambda: (normal(5, 8).t()[:, 1:],))
def parts_that_are_unpacked(x):
    a, b, c, d = x.unbind(1)
    e, f = torch.split(x, 3, 1)
    g, h = torch.hsplit(x, 2)
    i, j = torch.chunk(x, 3, 1)
    return [a, b, c, d, e, f, g, h, i, j]


@program(lambda: (normal(6, 4), torch.tensor([1, -2])), lambda: (normal(2, 4), torch.tensor([1, 7])), lambda: (normal(3, 4), torch.tensor([2, 3, 4])))
def parts_by_a_tensor(x, y):
    a, b, c = torch.tensor_split(x, y)
    return [a, b, c]


@program(lambda: (normal(3, 4), torch.tensor([2, 0, 3])), lambda: (normal(1, 2), torch.tensor([0])), lambda: (normal(2, 3), torch.tensor([2])))
def repeated_as_often_as_a_tensor_says(x, y):
    return [torch.repeat_interleave(x, y, 0), torch.repeat_interleave(y), torch.diff(x, n=3), torch.diff(x[:, :0])]


@program(lambda: (normal(3), normal(4), normal(2)), lambda: (normal(1), normal(0), torch.tensor(2.0)))
def grids(x, y, z):
    return list(torch.meshgrid([x, y, z], indexing="xy")) + list(torch.meshgrid([x, y], indexing="xy")) + list(torch.meshgrid([x, y], indexing="ij"))


@program(lambda: (integers(3, 4, dtype=torch.uint8), integers(3, 4, high=9, dtype=torch.uint8)), lambda: (integers(3, 4), integers(3, 4) - 3))
def losses_of_integers(x, y):
    return [F.poisson_nll_loss(x, y), F.hinge_embedding_loss(x, y, margin=1.5, reduction="none"), F.pairwise_distance(x, y), F.margin_ranking_loss(x, y, x, margin=0.5),
            F.triplet_margin_loss(x, y, x), torch.einsum("ij->", x), x.sum_to_size(1, 4), torch.square(x > 1)]


@program(lambda: (normal(3, 4, dtype=torch.complex64), normal(3, 4, dtype=torch.complex64)), lambda: (normal(0, 2, dtype=torch.complex128), normal(0, 2, dtype=torch.complex128)))
def more_of_complex_numbers(x, y):
    return [torch.lerp(x, y, 0.3 + 0.6j), torch.lerp(x, y, x), F.silu(x), torch.ldexp(x, y), torch.dist(x, y), F.pairwise_distance(x, y),
            torch.log(torch.exp(x * 5)), torch.logsumexp(x[:, :1] * 4, 1)]


@program(lambda: (torch.tensor([0.0, -0.0, 1.0, -1.0, 65504.0, 6e-8, float("nan")]),))
def neighbours_of_numbers(x):
    h, b = x.half(), x.to(torch.bfloat16)
    zero, one = torch.zeros_like(x), torch.full_like(x, 3.0)
    return [torch.nextafter(x, one), torch.nextafter(x, zero), torch.nextafter(h, one.half()), torch.nextafter(h, zero.half()),
            torch.nextafter(b, one.to(torch.bfloat16)), torch.nextafter(b, -one.to(torch.bfloat16)), torch.nextafter(x.double(), zero.double())]


@program(lambda: (integers(2, 3, 9) - 2,), lambda: (integers(1, 1, 4),))
def averages_of_integers(x):
    return [F.avg_pool1d(x, 3), F.avg_pool1d(x, 3, 2, 1, True, False), torch.tril_indices(3, 4, -1), torch.triu_indices(3, 2, 1, dtype=torch.int32)]


@program(lambda: (definite(3),), lambda: (definite(2, 4),))
def negative_powers_of_matrices(x):
    return [torch.linalg.matrix_power(x, -3), torch.matrix_power(x, -1), torch.linalg.matrix_norm(x[..., :0], 2), torch.linalg.matrix_norm(x[..., :0], float("inf")), torch.linalg.matrix_norm(x, -1)]


@program(lambda: (normal(1, 1, 1), normal(2, 1, 2)), lambda: (normal(1, 1, 3), normal(4, 0, 2)))
def contracted_dimensions_of_one(x, y):
    return [torch.tensordot(x, y, dims=([0, 1], [2, 0]))]


@program(lambda: (normal(4, 5),), lambda: (normal(3, 2),), seeded=True)
def random_slopes(x):
    return [F.rrelu(x, training=True), F.rrelu(x.double(), 0.2, 0.7, training=True), F.rrelu(x)]


@program(lambda: (normal(2, 3), normal(2, 3)), lambda: (normal(2, 3), normal(1, 3)))
def losses_that_warn_of_other_sizes(x, y):
    return [F.mse_loss(x, y), F.l1_loss(x, y)]


@program(lambda: (normal(3, 4), torch.zeros(0)), lambda: (normal(3, 0), torch.zeros(0)), lambda: (normal(1, 2), torch.zeros(0)))
def of_nothing_and_of_other_ranks(x, y):
    a, b = torch.atleast_3d(x[0], x)
    return [torch.trapezoid(x, dim=1), torch.trapezoid(x, dx=0.5), torch.diff(x, n=0, prepend=x), torch.cat([y, x, y, x], 1), a, b,
            torch.vander(x[:, 0] if x.size(1) > 0 else y), torch.vander(y, 3, increasing=True), torch.where(x > 0)[1]]


def symmetric(*sizes, dtype=torch.float32):
    a = normal(*sizes, dtype=dtype)
    return a + a.mT


@program(lambda: (symmetric(5, 5), normal(5, 2)), lambda: (symmetric(3, 4, 4), normal(4, 1)), lambda: (symmetric(6, 6).fill_diagonal_(0.0), normal(6, 3)),
         lambda: (symmetric(4, 4, dtype=torch.complex64), normal(4, 2, dtype=torch.complex64)), lambda: (symmetric(0, 0), normal(0, 2)))
def symmetric_systems(x, y):
    ld, pivots = torch.linalg.ldl_factor(x)
    hermitian = x + x.mH
    ld2, pivots2, info = torch.linalg.ldl_factor_ex(hermitian, hermitian=True)
    return [torch.linalg.ldl_solve(ld, pivots, y), torch.linalg.ldl_solve(ld2, pivots2, y, hermitian=True), info]


@program(lambda: (normal(3, 4),), lambda: (integers(2, 3) - 2,), lambda: (normal(5, 2).half(),), lambda: (integers(3, 3) > 1,))
def hashes(x):
    return [torch.hash_tensor(x).to(torch.int64), torch.hash_tensor(x, dim=[1]).to(torch.int64), torch.hash_tensor(x, dim=[0], keepdim=True).to(torch.int64)]


@program(lambda: (normal(2, 3, 4), normal(5, 2, 6, 4)), lambda: (normal(1, 3, 4), normal(5, 2, 6, 4)))
def attention_of_other_ranks(x, y):
    return [F.scaled_dot_product_attention(x, y, y), F.scaled_dot_product_attention(y, x, x)]


@program(lambda: (normal(4), torch.zeros(2, 0, dtype=torch.int64)), lambda: (normal(3), torch.tensor(2)), lambda: (torch.tensor(1.5), torch.tensor([0, 0])))
def gathered_by_indices_of_other_ranks(x, y):
    return [torch.gather(x, 0, y), torch.linspace(1.7, 6.9, 4, dtype=torch.int64), torch.logspace(0.2, 2.9, 3, dtype=torch.int32)]


@program(lambda: (torch.complex(normal(2, 9, 7), normal(2, 9, 7, seed=3)), torch.hann_window(16) + 0.1), lambda: (torch.complex(normal(1, 9, 3), normal(1, 9, 3, seed=5)), torch.ones(16)),
         lambda: (torch.complex(normal(1, 9, 3), normal(1, 9, 3)), torch.zeros(16)))
def inverse_short_time_fourier(x, window):
    return [torch.istft(x, 16, 4, 16, window), torch.istft(x[0], 16, 4, 16, window, center=False, normalized=True),
            torch.istft(x, 16, 4, 16, window, length=20), torch.istft(x, 16, 4, 16, window, length=90),
            torch.istft(x, 17, 3, onesided=True), torch.istft(torch.cat([x, x[:, 2:].conj()], 1), 16, 4, onesided=False, return_complex=True)]


@program(lambda: (normal(9, 3, 5).log_softmax(2), integers(3, 4, high=4) + 1, torch.tensor([9, 6, 1])), lambda: (normal(5, 3, 5).log_softmax(2), integers(3, 2, high=4) + 1, torch.tensor([5, 1, 0])),
         lambda: (normal(4, 3, 5).log_softmax(2), integers(3, 2, high=4) + 1, torch.tensor([4, 5, 3])))
def temporal_classification(x, targets, lengths):
    counts = torch.tensor([2, 1, 0])
    return [F.ctc_loss(x, targets, lengths, counts, reduction="none"), F.ctc_loss(x, targets, lengths, counts, zero_infinity=True),
            F.ctc_loss(x, targets.flatten()[:3], lengths, counts, reduction="sum"), torch.ctc_loss(x, targets, [4, 2, 1], [1, 2, 0], 0, 1, True),
            F.ctc_loss(x[:, 0], targets[0], lengths[0], counts[0], zero_infinity=True)]


@program(lambda: (points(4, 5) * 9,), lambda: (points(0, 2),), lambda: (points(3, 3).to(torch.complex128) * 300,))
def sums_of_complex_exponents(z):
    return [torch.logcumsumexp(z, 0), torch.logcumsumexp(z, 1)]


@program(lambda: (normal(5, 3), normal(5, 2)), lambda: (normal(4, 4, dtype=torch.complex64), normal(4, 2, dtype=torch.complex64)), lambda: (normal(2, 4), normal(2, 1)))
def least_squares_by_values(x, y):
    a, b, c, d = torch.linalg.lstsq(x, y, driver="gelsd")
    return [a, c, d, torch.linalg.lstsq(x, y, driver="gelss")[3]]


@program(lambda: (normal(2, 3, 5),), lambda: (normal(1, 2, 7),), lambda: (normal(1, 1, 3),))
def circles_of_what_is_left(x):
    return [F.pad(x, [2, -1], "circular"), F.pad(x, [-1, 2], "circular"), F.pad(x, [-1, -1], "circular"), F.pad(x, [1, 2], "circular")]


@program(lambda: (torch.tensor(2.0), torch.tensor(-3.0)), lambda: (torch.tensor(0.0), torch.tensor(1.5)))
def similarity_of_numbers(x, y):
    return [F.cosine_similarity(x, y, dim=0), F.cosine_similarity(x, y, dim=-1)]


@program(*[lambda d=d: (normal(2, 3, 9).to(d), normal(4, 3, 3).to(d), normal(4).to(d)) for d in (torch.float16, torch.bfloat16)])
def half_convolutions(x, weight, bias):
    mean, var = bias, bias.abs() + 1
    return [F.conv1d(x, weight, bias), F.conv1d(x, weight, bias, padding="same"), F.conv_transpose1d(x, weight.transpose(0, 1), bias),
            F.batch_norm(x, mean[:3], var[:3], bias[:3], bias[1:], False), F.scaled_dot_product_attention(x, x, x)]


@program(lambda: (normal(1),))
def counted_without_fractions(x):
    i = torch.int64
    return [torch.arange(0.0, -8.000001, -4.0, dtype=i), torch.arange(3.1, dtype=i), torch.arange(-0.9, 2.1, 2.0, dtype=i), torch.arange(2.1, -2.9, -1.0, dtype=i),
            torch.arange(0.1, -7.9, -4.0, dtype=i), torch.arange(1.0, 5.5, 1.5, dtype=torch.int32), torch.arange(1.0, 5.5, 1.5)]


@program(lambda: (torch.tensor(-2.0), torch.tensor([0.3]), normal(0)), lambda: (torch.tensor(1.5), torch.tensor([0.1]), normal(0)), lambda: (torch.tensor(1.5), torch.tensor([0.1]), normal(2)))
def of_no_dimensions_or_channels(x, y, z):
    return [F.prelu(x, y), F.batch_norm(z, None, None, None, None, False)]


@program(lambda: (normal(3, 4),), lambda: (normal(2, 0),))
def copies_of_views_into_tensors(x):
    y = torch.zeros(x.size(1), x.size(0))
    torch.permute_copy(x, [1, 0], out=y)
    z = torch.transpose_copy(x, 0, 1, out=torch.zeros_like(y))
    return [y, z, torch.narrow_copy(x, 0, 1, 1, out=torch.zeros(1, x.size(1))), torch.unsqueeze_copy(x, 1, out=torch.empty(x.size(0), 1, x.size(1)))]


@program(lambda: (positive(4), normal(4).half()), lambda: (positive(3, 2), normal(3, 1)))
def in_place_with_arguments_of_their_own(x, y):
    return [x.clone().ldexp_(y), x.clone().polygamma_(2), torch.ldexp(x, y)]


@program(lambda: (integers(3, 4) + 1, integers(3, 4, high=3) + 1), lambda: (positive(2, 3), normal(2, 1)))
def in_place_by_tensors(x, y):
    a, b, c = x.clone(), x.clone(), x.clone()
    a.pow_(y)
    b.floor_divide_(y)
    c.pow_(2)
    return [a, b, c, x.clone().transpose_(0, 1), x.clone().resize_(2, 2), x.clone().resize_as_(y[:1, :1])]


def with_nans(*sizes):
    x = integers(*sizes, high=9).float()
    return torch.where(x == 4, torch.nan, x)


@program(lambda: (integers(70, 3, high=3),), lambda: (integers(3, 300, high=2) > 0,), lambda: (integers(2, 100, high=4).half(),), lambda: (with_nans(40, 30).t(),),
         lambda: (integers(1, 40000, high=5),), lambda: (integers(1, 40000, high=5, dtype=torch.uint8),))
def order_of_equal_elements(x):
    return [*torch.sort(x), *torch.sort(x, 0, descending=True), torch.argsort(x, 0), torch.argsort(x[0], descending=True), torch.sort(x, stable=True)[1], torch.sort(x[0])[1],
            torch.argsort(x, stable=True)]


@program(lambda: (integers(70, 3, high=3),), lambda: (integers(2, 100, high=4).half(),), lambda: (with_nans(40, 30).t(),), lambda: (integers(5, 20, high=2).double(),))
def medians_of_equal_elements(x):
    return [*torch.median(x, 0), *torch.median(x, 1, keepdim=True), *torch.nanmedian(x, 1), torch.median(x), torch.nanmedian(x)]


@program(lambda: (integers(2, 5, 4), torch.tensor(3, dtype=torch.int32)), lambda: (integers(1, 3, 2), torch.tensor(-1, dtype=torch.int32)), traced=True)
def numbers_of_traces(x, y):
    return x * 0.5, y + 3, F.local_response_norm(x, 2), x.half() + 0.25, torch.where(x > 2, 0.5, y)


@program(lambda: (integers(1, 600, high=9),), lambda: (integers(20, 3, high=3).float(),), lambda: (torch.cat([normal(2, 30), normal(2, 1) / 0 * 0], 1),))
def most_frequent_elements(x):
    return [*torch.mode(x), *torch.mode(x, 0, keepdim=True)]


def real(value):
    """Complex results as pairs, so that the comparison's bounds hold for both parts."""
    if isinstance(value, torch.Tensor) and value.is_complex():
        return torch.view_as_real(value.resolve_conj())
    return [real(v) for v in value] if isinstance(value, (list, tuple)) else value


def widened(value):
    if isinstance(value, torch.Tensor) and value.is_complex():
        return value.to(torch.complex128)
    return harness.to_double(value)


def check(name, function, inputs, seeded, traced, folder):
    scripted = module_of(function, inputs[0]() if traced else None)
    path = folder / f"{name}.pt"
    scripted.save(str(path))
    if traced:  # what the file says, not what the trace did
        scripted = torch.jit.load(str(path))
    libraries, failures = {}, []
    for i, make in enumerate(inputs):
        args = make()
        torch.manual_seed(i)
        try:
            expected = real(scripted(*args))
        except Exception as e:
            expected = None
            reason = str(e).splitlines()[-1]
        case = harness.write_case(folder / f"{name}{i}", args)
        if seeded:
            case.write_text(json.dumps(dict(json.loads(case.read_text()), seed=i)))
        try:
            types = str([(a.dtype, a.dim()) for a in args])
            if types not in libraries:
                libraries[types] = harness.compile(path, folder / f"{name}{i}.so", case)
            got, _ = harness.run(libraries[types], case, folder / f"{name}out{i}")
        except harness.ProgramError as e:
            if expected is not None:
                failures.append(f"inputs {i}: raised {e}")
            continue
        except harness.ToolError as e:
            return [str(e)]
        if expected is None:
            failures.append(f"inputs {i}: PyTorch raises, the library does not: {reason}")
            continue
        # The reference of random numbers is what was drawn.
        reference = expected if seeded else reals_of(scripted, args, expected)
        for k, (a, b, c) in enumerate(zip(real(got), expected, reference)):
            if difference := harness.compare(a, b, c):
                failures.append(f"inputs {i}, result {k}: {difference}")
    return failures


def reals_of(scripted, args, expected):
    """The results in f64 where the program takes f64, else PyTorch's own."""
    try:
        wide = real(scripted(*[widened(a) for a in args]))
    except Exception:
        return expected
    return [w if isinstance(w, torch.Tensor) and w.shape == e.shape else e for w, e in zip(wide, expected)]


def module_of(function, example=None):
    """A module whose forward calls the function; scripting follows the call, tracing needs an example."""
    scripted = torch.jit.script(function) if example is None else function

    class One(torch.nn.Module):
        def forward(self, x):
            return scripted(x)

    class Two(torch.nn.Module):
        def forward(self, x, y):
            return scripted(x, y)

    class Three(torch.nn.Module):
        def forward(self, x, y, z):
            return scripted(x, y, z)
    module = [One, Two, Three][function.__code__.co_argcount - 1]()
    return torch.jit.script(module) if example is None else torch.jit.trace(module, example, check_trace=False)


def run_all(tests, document):
    """Runs tests, pairs of a name and a function of a folder that lists failures; the process's exit code."""
    parser = argparse.ArgumentParser(description=document, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--match", default="")
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, test in tests:
            if not re.search(options.match, name):
                continue
            begin = time.time()
            failures = test(Path(folder))
            passed, failed = passed + (not failures), failed + bool(failures)
            print(f"{'FAIL' if failures else 'ok'} {name} ({time.time() - begin:.1f} s)", *failures, sep="\n  ", flush=True)
    print(f"{passed} passed, {failed} failed")
    return bool(failed)


def main():
    torch.set_grad_enabled(False)
    return run_all([(p[0], lambda folder, p=p: check(*p, folder)) for p in PROGRAMS], __doc__)


if __name__ == "__main__":
    sys.exit(main())
