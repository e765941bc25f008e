# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scripted losses and functionals, modules and functions, with their reductions and options."""
from typing import List, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

X = torch.tensor([[0.2, -1.0, 0.5], [1.5, 0.1, -0.3]])
Y = torch.tensor([[0.1, 0.4, 0.5], [1.0, -0.9, 0.3]])
T = torch.tensor([2, 0])
P = torch.tensor([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]])


@program((X, Y))
def regression(x: Tensor, y: Tensor):
    return F.l1_loss(x, y), F.mse_loss(x, y), F.smooth_l1_loss(x, y), F.huber_loss(x, y, delta=0.5)


@program((X, Y))
def regression_sums(x: Tensor, y: Tensor):
    return F.l1_loss(x, y, reduction="sum"), F.mse_loss(x, y, reduction="none"), F.smooth_l1_loss(x, y, reduction="sum", beta=0.3), \
        F.huber_loss(x, y, reduction="none")


@program((X, Y))
class RegressionModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d = nn.L1Loss(), nn.MSELoss(reduction="sum"), nn.SmoothL1Loss(beta=0.5), nn.HuberLoss()

    def forward(self, x: Tensor, y: Tensor):
        return self.a(x, y), self.b(x, y), self.c(x, y), self.d(x, y)


@program((X, T))
def classification(x: Tensor, t: Tensor):
    return F.cross_entropy(x, t), F.nll_loss(F.log_softmax(x, 1), t), F.cross_entropy(x, t, label_smoothing=0.1), \
        F.cross_entropy(x, t, ignore_index=0, reduction="sum"), F.multi_margin_loss(x, t)


@program((X, T))
class ClassificationModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.ce = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5]))
        self.nll = nn.NLLLoss(reduction="none")

    def forward(self, x: Tensor, t: Tensor):
        return self.ce(x, t), self.nll(F.log_softmax(x, dim=1), t)


@program((X, Y))
def binary(x: Tensor, y: Tensor):
    p, q = torch.sigmoid(x), torch.sigmoid(y)
    return F.binary_cross_entropy(p, q), F.binary_cross_entropy_with_logits(x, q), F.binary_cross_entropy(p, q, reduction="none"), \
        F.binary_cross_entropy_with_logits(x, q, pos_weight=torch.ones(3) * 2)


@program((X, Y))
class BinaryModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.BCELoss()
        self.b = nn.BCEWithLogitsLoss(reduction="sum")

    def forward(self, x: Tensor, y: Tensor):
        return self.a(torch.sigmoid(x), torch.sigmoid(y)), self.b(x, torch.sigmoid(y))


@program((X, Y))
def divergences(x: Tensor, y: Tensor):
    return F.kl_div(F.log_softmax(x, 1), F.softmax(y, 1), reduction="batchmean"), F.kl_div(F.log_softmax(x, 1), F.log_softmax(y, 1), log_target=True), \
        F.poisson_nll_loss(x, y.abs())


@program((X, Y, P))
def margins(x: Tensor, y: Tensor, p: Tensor):
    return F.hinge_embedding_loss(x, p), F.soft_margin_loss(x, p), F.cosine_embedding_loss(x, y, p[:, 0]), F.margin_ranking_loss(x, y, p), \
        F.multilabel_soft_margin_loss(x, (p + 1) / 2)


@program((X, Y))
class MarginModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.t = nn.TripletMarginLoss()
        self.c = nn.CosineEmbeddingLoss()

    def forward(self, x: Tensor, y: Tensor):
        return self.t(x, y, x + y), self.c(x, y, torch.ones(2))


@program((X, torch.ones(3)))
def mismatched_sizes(x: Tensor, y: Tensor):
    return F.mse_loss(x, y), F.l1_loss(x, y)


@program((X,))
def activations(x: Tensor):
    return F.relu(x), F.relu6(x), F.elu(x), F.selu(x), F.celu(x), F.leaky_relu(x, 0.1), F.gelu(x), F.silu(x), F.mish(x), F.hardtanh(x), \
        F.softplus(x), F.softsign(x), F.tanhshrink(x), F.hardshrink(x), F.softshrink(x), F.logsigmoid(x), F.hardswish(x), F.hardsigmoid(x), F.threshold(x, 0.1, 5.0)


@program((X,))
def in_place_activations(x: Tensor):
    y = x.clone()
    F.relu_(y)
    z = F.leaky_relu(x.clone(), 0.2, inplace=True)
    w = F.elu(x.clone(), inplace=True)
    return y, z, w, F.hardtanh(x.clone(), -0.5, 0.5, True)


@program((X,))
def normalisations(x: Tensor):
    return F.normalize(x), F.normalize(x, p=1.0, dim=0), F.layer_norm(x, [3]), F.softmin(x, dim=1), F.softmax(x, dim=-1, dtype=torch.float64)


@program((torch.arange(16.0).reshape(1, 1, 4, 4),))
def poolings(x: Tensor):
    y, i = F.max_pool2d(x, 2, return_indices=True)
    return F.max_pool2d(x, 2), y, i, F.avg_pool2d(x, [2, 2], [1, 1]), F.adaptive_avg_pool2d(x, [1, 1]), F.adaptive_max_pool2d(x, (2, 2)), \
        F.lp_pool2d(x, 2.0, 2), F.max_unpool2d(y, i, 2)


@program((torch.arange(16.0).reshape(1, 1, 4, 4),))
def interpolations(x: Tensor):
    return F.interpolate(x, size=[2, 2]), F.interpolate(x, scale_factor=2.0), F.interpolate(x, scale_factor=[2.0, 1.0], mode="bilinear", align_corners=False), \
        F.interpolate(x, size=[3, 3], mode="bicubic", align_corners=True), F.upsample(x, scale_factor=2.0)


@program((torch.arange(16.0).reshape(1, 1, 4, 4),))
def pads(x: Tensor):
    return F.pad(x, [1, 1]), F.pad(x, [1, 2, 0, 1], value=2.0), F.pad(x, [1, 1, 1, 1], mode="reflect"), F.pad(x, [1, 1, 1, 1], "replicate"), \
        F.pad(x, (1, 0, 0, 1), mode="circular")


@program((torch.arange(8.0).reshape(1, 8, 1, 1),))
def rearrangements(x: Tensor):
    return F.pixel_shuffle(x, 2), F.channel_shuffle(x, 2), F.fold(x.reshape(1, 8, 1), [2, 2], [2, 2]), F.unfold(F.pixel_shuffle(x, 2), [2, 2])


@program((X, Y))
def distances(x: Tensor, y: Tensor):
    return F.cosine_similarity(x, y), F.pairwise_distance(x, y), F.pdist(x), torch.cdist(x, y)


@program((torch.tensor([[0, 1], [2, 1]]),))
def embeddings(i: Tensor):
    w = torch.arange(9.0).reshape(3, 3)
    return F.embedding(i, w), F.one_hot(i, 3), F.embedding_bag(i, w), F.embedding(i, w, padding_idx=1), F.embedding_bag(i, w, mode="sum")


@program((torch.ones(1, 3, 5),))
def convolutions(x: Tensor):
    w = torch.ones(2, 3, 3)
    return F.conv1d(x, w), F.conv1d(x, w, padding=1, stride=2), F.conv_transpose1d(x, torch.ones(3, 2, 2)), F.conv1d(x, w, padding="same"), F.conv1d(x, w, torch.ones(2), dilation=2)


@program((X,))
def dropped(x: Tensor):
    return F.dropout(x, training=False), F.dropout(x, 0.0), F.alpha_dropout(x, 0.5, False), F.feature_dropout(x, 0.3, False) if False else x


@program((X,))
def linear_functions(x: Tensor):
    w = torch.ones(2, 3)
    return F.linear(x, w), F.linear(x, w, torch.ones(2)), F.bilinear(x, x, torch.ones(2, 3, 3)), F.prelu(x, torch.tensor([0.1])), F.glu(torch.cat([x, x], 1))


@program((torch.arange(12.0).reshape(1, 2, 6),))
class NormModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.GroupNorm(2, 2)
        self.b = nn.InstanceNorm1d(2, affine=True)
        self.c = nn.LocalResponseNorm(2)
        self.d = nn.BatchNorm1d(2)

    def forward(self, x: Tensor):
        return self.a(x), self.b(x), self.c(x), self.d(x)
