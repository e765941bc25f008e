# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small networks as scripts have them: recurrent decoders, generators, policies, autoencoders, transformers, super resolution."""
import math
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import program

IMAGE = torch.linspace(-1, 1, 64).reshape(1, 1, 8, 8)
TOKENS = torch.tensor([[1, 2, 3], [4, 0, 2]])


@program((IMAGE,))
class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.conv2 = nn.Conv2d(4, 4, 3)
        self.drop = nn.Dropout2d()
        self.fc1 = nn.Linear(4, 5)
        self.fc2 = nn.Linear(5, 3)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 1))
        x = x.view(-1, 4)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, training=self.training)
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)


@program((torch.linspace(0, 1, 12).reshape(2, 6),))
class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 4)
        self.mu = nn.Linear(4, 2)
        self.logvar = nn.Linear(4, 2)
        self.fc3 = nn.Linear(2, 4)
        self.fc4 = nn.Linear(4, 6)

    def encode(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        h = F.relu(self.fc1(x))
        return self.mu(h), self.logvar(h)

    def reparameterize(self, mu: Tensor, logvar: Tensor) -> Tensor:
        if self.training:
            std = torch.exp(0.5 * logvar)
            return torch.randn_like(std).mul(std).add_(mu)
        else:
            return mu

    def decode(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 6))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


@program((torch.linspace(0, 1, 8).reshape(2, 4),), (torch.linspace(0, 1, 8).reshape(2, 4), 3))
class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell1 = nn.LSTMCell(1, 5)
        self.cell2 = nn.LSTMCell(5, 5)
        self.linear = nn.Linear(5, 1)

    def forward(self, input: Tensor, future: int = 0):
        outputs = torch.empty((input.size(0), 0))
        h = torch.zeros((input.size(0), 5))
        c = torch.zeros((input.size(0), 5))
        h2 = torch.zeros((input.size(0), 5))
        c2 = torch.zeros((input.size(0), 5))
        output = torch.zeros([0, 5])
        for t in range(input.size(1)):
            h, c = self.cell1(input[:, t:t + 1], (h, c))
            h2, c2 = self.cell2(h, (h2, c2))
            output = self.linear(h2)
            outputs = torch.cat((outputs, output), 1)
        for _ in range(future):
            h, c = self.cell1(output, (h, c))
            h2, c2 = self.cell2(h, (h2, c2))
            output = self.linear(h2)
            outputs = torch.cat((outputs, output), 1)
        return outputs


@program((IMAGE,))
class SuperResolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 4, 5, 1, 2)
        self.conv2 = nn.Conv2d(4, 4, 3, 1, 1)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, x):
        return self.shuffle(self.conv2(self.relu(self.conv1(x))))


@program((torch.ones(1, 3, 1, 1),))
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(3, 4, 4, 1, 0, bias=False), nn.BatchNorm2d(4), nn.ReLU(True),
            nn.ConvTranspose2d(4, 1, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, x):
        return self.main(x)


@program((IMAGE,))
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(1, 4, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(4, 1, 4, 1, 0, bias=False), nn.Sigmoid())

    def forward(self, x):
        return self.main(x).view(-1, 1).squeeze(1)


@program((torch.linspace(-1, 1, 4),))
class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 8)
        self.affine2 = nn.Linear(8, 2)

    def forward(self, x):
        x = F.relu(self.affine1(x))
        scores = self.affine2(x)
        return F.softmax(scores, dim=0)


@program((torch.tensor([[1, 2], [3, 4], [0, 1]]), torch.tensor([[1, 1], [2, 0], [3, 4]])))
class Entailment(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(6, 4)
        self.projection = nn.Linear(4, 3)
        self.encoder = nn.LSTM(3, 3, num_layers=2, bidirectional=True)
        self.out = nn.Sequential(nn.Linear(12, 6), nn.ReLU(), nn.Dropout(0.2), nn.Linear(6, 3))

    def encode(self, x: Tensor) -> Tensor:
        batch = x.size(1)
        h0 = torch.zeros([4, batch, 3])
        y, (h, c) = self.encoder(x, (h0, h0))
        return h[-2:].transpose(0, 1).contiguous().view(batch, -1)

    def forward(self, premise, hypothesis):
        p = F.relu(self.projection(self.embed(premise)))
        q = F.relu(self.projection(self.embed(hypothesis)))
        return self.out(torch.cat([self.encode(p), self.encode(q)], 1))


class Block(nn.Module):
    def __init__(self, planes: int, downsample: bool):
        super().__init__()
        self.conv1 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = nn.Sequential(nn.Conv2d(planes, planes, 1), nn.BatchNorm2d(planes)) if downsample else None

    def forward(self, x):
        residual = x
        out = self.relu(self.bn1(self.conv1(x)))
        if self.downsample is not None:
            residual = self.downsample(x)
        out += residual
        return self.relu(out)


@program((IMAGE,))
class Residuals(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, stride=2)
        self.layers = nn.Sequential(Block(2, False), Block(2, True))
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(2, 3)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.constant_(m.weight, 0.1)

    def forward(self, x):
        x = self.pool(self.layers(self.conv(x)))
        return self.fc(torch.flatten(x, 1))


@program((TOKENS,))
class PositionalTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(6, 4)
        position = torch.arange(10).unsqueeze(1)
        div = torch.exp(torch.arange(0, 4, 2) * (-math.log(10000.0) / 4))
        pe = torch.zeros(10, 4)
        pe[:, 0::2] = torch.sin(position * div)
        pe[:, 1::2] = torch.cos(position * div)
        self.register_buffer("pe", pe)
        self.att = nn.MultiheadAttention(4, 2, batch_first=True)
        self.norm = nn.LayerNorm(4)
        self.scale: float = math.sqrt(4)

    def mask(self, n: int) -> Tensor:
        return torch.full((n, n), float("-inf")).triu(1)

    def forward(self, t: Tensor):
        x = self.embed(t) * self.scale + self.pe[:t.size(1)]
        y, w = self.att(x, x, x, attn_mask=self.mask(t.size(1)))
        return self.norm(x + y), w


@program((TOKENS, 3), (TOKENS, 1))
class GreedyDecoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(6, 4)
        self.gru = nn.GRUCell(4, 4)
        self.out = nn.Linear(4, 6)

    def forward(self, prompt: Tensor, steps: int):
        h = torch.zeros(prompt.size(0), 4)
        for i in range(prompt.size(1)):
            h = self.gru(self.embed(prompt[:, i]), h)
        tokens: List[Tensor] = []
        scores: List[Tensor] = []
        t = prompt[:, -1]
        for i in range(steps):
            h = self.gru(self.embed(t), h)
            p = F.log_softmax(self.out(h), 1)
            best, t = p.max(1)
            tokens.append(t)
            scores.append(best)
            if bool((t == 0).all()):
                break
        return torch.stack(tokens, 1), scores


class State(NamedTuple):
    hidden: Tensor
    cell: Tensor


@program((torch.linspace(0, 1, 12).reshape(3, 2, 2),))
class HandWrittenLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.w_ih = nn.Parameter(torch.linspace(-1, 1, 24).reshape(12, 2))
        self.w_hh = nn.Parameter(torch.linspace(-1, 1, 36).reshape(12, 3))
        self.b = nn.Parameter(torch.zeros(12))

    def step(self, x: Tensor, s: State) -> Tuple[Tensor, State]:
        gates = torch.mm(x, self.w_ih.t()) + torch.mm(s.hidden, self.w_hh.t()) + self.b
        i, f, g, o = gates.chunk(4, 1)
        c = torch.sigmoid(f) * s.cell + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, State(h, c)

    def forward(self, xs: Tensor) -> Tuple[Tensor, State]:
        s = State(torch.zeros(xs.size(1), 3), torch.zeros(xs.size(1), 3))
        outs: List[Tensor] = []
        for x in xs.unbind(0):
            y, s = self.step(x, s)
            outs += [y]
        return torch.stack(outs), s


@program((torch.linspace(0, 1, 16).reshape(4, 4),))
def power_iteration(m: Tensor):
    v = torch.ones(m.size(1))
    value = torch.tensor(0.0)
    for i in range(30):
        w = torch.mv(m, v)
        n = w.norm()
        if torch.allclose(n, value, atol=1e-6):
            break
        value = n
        v = w / n
    return value, v


@program((torch.tensor([[0.0, 0.0], [0.2, 0.1], [4.0, 4.1], [4.2, 3.9]]), 2))
def k_means(x: Tensor, k: int):
    centers = x[:k].clone()
    centers[1] = x[-1]
    label = torch.zeros(x.size(0), dtype=torch.long)
    for i in range(5):
        label = torch.cdist(x, centers).argmin(1)
        for j in range(k):
            members = x[label == j]
            if members.size(0) > 0:
                centers[j] = members.mean(0)
    return centers, label


@program((torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.1, 0.1, 2.0, 2.0], [5.0, 5.0, 6.0, 6.0]]), torch.tensor([0.9, 0.8, 0.7]), 0.5))
def suppress(boxes: Tensor, scores: Tensor, threshold: float):
    order = scores.argsort(descending=True)
    keep: List[int] = []
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    while order.numel() > 0:
        i = int(order[0])
        keep.append(i)
        rest = order[1:]
        lt = torch.max(boxes[i, :2], boxes[rest, :2])
        rb = torch.min(boxes[i, 2:], boxes[rest, 2:])
        wh = (rb - lt).clamp(min=0)
        inter = wh[:, 0] * wh[:, 1]
        iou = inter / (area[i] + area[rest] - inter)
        order = rest[iou <= threshold]
    return keep, boxes[torch.tensor(keep)]


@program((torch.tensor([[0.1, 0.9, 0.2], [0.8, 0.1, 0.3], [0.2, 0.3, 0.9]]), 2))
def beams(p: Tensor, width: int):
    start: List[int] = []
    best = [(0.0, start)]
    for t in range(p.size(0)):
        scores: List[float] = []
        paths: List[List[int]] = []
        for s, path in best:
            for k in range(p.size(1)):
                scores.append(s + math.log(float(p[t, k])))
                paths.append(path + [k])
        order = sorted(scores)[::-1]
        next: List[Tuple[float, List[int]]] = []
        for s in order[:width]:
            next.append((s, paths[scores.index(s)]))
        best = next
    return best


@program(("hello world hello",))
def tokenise(text: str):
    counts: Dict[str, int] = {}
    for w in text.split():
        counts[w] = counts.get(w, 0) + 1
    vocab: Dict[str, int] = {}
    for w in sorted(counts.keys()):
        vocab[w] = len(vocab)
    ids = [vocab[w] for w in text.split(" ")]
    return torch.tensor(ids), vocab, counts


@program((torch.tensor([3, 1, 2]), torch.arange(12.0).reshape(3, 2, 2)))
def pad_by_lengths(lengths: Tensor, x: Tensor):
    out = torch.zeros(3, int(lengths.max()), 2)
    mask = torch.zeros(3, int(lengths.max()), dtype=torch.bool)
    for i in range(3):
        n = min(int(lengths[i]), x.size(1))
        out[i, :n] = x[i, :n]
        mask[i, :n] = True
    return out, mask, torch.arange(4)[None] < lengths[:, None]


@program((torch.arange(6.0).reshape(2, 3), 2), (torch.arange(6.0).reshape(2, 3), 0))
def grown_from_nothing(x: Tensor, n: int):
    columns = torch.empty((x.size(0), 0))
    rows = torch.zeros([0, 3])
    last = torch.zeros([2, 0])
    for i in range(x.size(1)):
        last = x[:, i:i + 1] * 2
        columns = torch.cat((columns, last), 1)
    for i in range(n):
        columns = torch.cat((columns, last), 1)
        rows = torch.cat([x, rows])
    return columns, rows, last
