# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every module of torch.nn in eval mode (those with statistics in training mode too), scripted, traced and exported.

  test_modules.py [--match RE] [--each]

Modules of a family are one program of several results, so that a hundred modules are some dozens of compilations;
--each compiles every module on its own. Each library is called twice, with other sizes where the form keeps them open.
"""
import argparse
import copy
import importlib.util
import re
import sys
import tempfile
import warnings
from pathlib import Path

import torch
from torch import nn

import harness

warnings.filterwarnings("ignore")


def normal(*sizes, seed=0):
    return torch.randn(*sizes, generator=torch.Generator().manual_seed(seed + sum(sizes)))


def uniform(*sizes):
    return torch.rand(*sizes, generator=torch.Generator().manual_seed(sum(sizes)))


def integers(high, *sizes):
    return torch.randint(0, high, sizes, generator=torch.Generator().manual_seed(sum(sizes)))


def signs(*sizes):
    return integers(2, *sizes) * 2.0 - 1


FORMS = ("script", "trace", "export")


class Entry:
    """A module and the shapes of its inputs for two calls; an input is a shape of normal numbers or a thunk."""

    def __init__(self, make, *calls, training=False, forms=FORMS):
        self.make, self.calls, self.training, self.forms = make, calls, training, forms

    def module(self):
        torch.manual_seed(0)
        m = self.make()
        for k, p in enumerate(m.parameters()):  # norms and biases that start as ones and zeros too
            p.data = p.data + 0.1 * normal(*p.shape, seed=k) if p.is_floating_point() else p.data
        return m.train(self.training)

    def inputs(self, i):
        return [x() if callable(x) else normal(*x) for x in self.calls[min(i, len(self.calls) - 1)]]


def same(make, *shapes, **options):
    """One input; its shapes in the two calls."""
    return Entry(make, *[(s,) for s in shapes], **options)


IMAGE1, IMAGE2, IMAGE3 = ((2, 4, 12), (3, 4, 9)), ((2, 4, 9, 8), (1, 4, 11, 10)), ((2, 4, 6, 5, 7), (1, 4, 7, 6, 5))
VECTOR = ((3, 8), (5, 8))


def of_ranks(name, *arguments, **options):
    return {f"{name}{d}d": same(lambda c=getattr(nn, f"{name}{d}d"): c(*arguments, **options), *shapes)
            for d, shapes in ((1, IMAGE1), (2, IMAGE2), (3, IMAGE3)) if hasattr(nn, f"{name}{d}d")}


def activations(*names):
    return {n: same(getattr(nn, n), *VECTOR) for n in names}


def loss(make, *inputs, forms=FORMS):
    return Entry(make, tuple(inputs), forms=forms)


class UnpoolOf(nn.Module):
    def __init__(self, pool, unpool):
        super().__init__()
        self.pool, self.unpool = pool, unpool

    def forward(self, x):
        y, i = self.pool(x)
        return self.unpool(y, i)


class TransformerMasked(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x, mask):
        return self.m(x, x, x, key_padding_mask=mask, need_weights=True)[0]


SEQUENCE = ((5, 2, 8), (7, 3, 8))
TARGETS = (lambda: normal(4, 6), lambda: integers(6, 4))
PAIR = ((4, 6), (4, 6))

FAMILIES = {
    "linear": {
        "Identity": same(nn.Identity, *VECTOR), "Linear": same(lambda: nn.Linear(8, 3), *VECTOR),
        "Linear_plain": same(lambda: nn.Linear(8, 3, bias=False), *VECTOR),
        "Bilinear": Entry(lambda: nn.Bilinear(8, 5, 3), ((3, 8), (3, 5)), ((4, 8), (4, 5))),
        "Flatten": same(nn.Flatten, *IMAGE2), "Unflatten": same(lambda: nn.Unflatten(1, (2, 2)), *IMAGE1),
        "CosineSimilarity": Entry(nn.CosineSimilarity, ((3, 8), (3, 8))),
        "PairwiseDistance": Entry(nn.PairwiseDistance, ((3, 8), (3, 8))),
        "Sequential": same(lambda: nn.Sequential(nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 2)), *VECTOR),
    },
    "convolution": {
        **of_ranks("Conv", 4, 6, 3), **of_ranks("ConvTranspose", 4, 6, 3, stride=2, output_padding=1),
        "Conv2d_groups": same(lambda: nn.Conv2d(4, 8, 3, groups=2, stride=2, padding=1, dilation=2), *IMAGE2),
        "Conv2d_same": same(lambda: nn.Conv2d(4, 6, 3, padding="same"), *IMAGE2),
        "Conv2d_reflect": same(lambda: nn.Conv2d(4, 6, 3, padding=1, padding_mode="reflect"), *IMAGE2),
        "Conv1d_circular": same(lambda: nn.Conv1d(4, 6, 3, padding=1, padding_mode="circular"), *IMAGE1),
        "Conv3d_replicate": same(lambda: nn.Conv3d(4, 6, 3, padding=1, padding_mode="replicate"), *IMAGE3),
        "ConvTranspose2d_groups": same(lambda: nn.ConvTranspose2d(4, 6, 3, groups=2, padding=1, dilation=2), *IMAGE2),
        "Conv2d_unbatched": same(lambda: nn.Conv2d(4, 6, 3), (4, 9, 8), (4, 7, 10)),
        "Fold": same(lambda: nn.Fold((5, 6), (2, 3)), (2, 12, 16), (1, 12, 16)),
        "Fold_padded": same(lambda: nn.Fold((6, 6), 3, dilation=2, padding=2, stride=2), (2, 18, 9)),
        "Unfold": same(lambda: nn.Unfold((2, 3), padding=1, stride=2), *IMAGE2),
        "PixelShuffle": same(lambda: nn.PixelShuffle(2), *IMAGE2), "PixelUnshuffle": same(lambda: nn.PixelUnshuffle(2), (2, 3, 8, 6)),
        "ChannelShuffle": same(lambda: nn.ChannelShuffle(2), *IMAGE2),
    },
    "pooling": {
        **of_ranks("MaxPool", 3, stride=2, padding=1), **of_ranks("AvgPool", 3, stride=2, padding=1, count_include_pad=False),
        **of_ranks("AdaptiveAvgPool", 3), **of_ranks("AdaptiveMaxPool", 3), **of_ranks("LPPool", 2, 3),
        "MaxPool2d_ceil": same(lambda: nn.MaxPool2d(3, 2, ceil_mode=True, dilation=1), *IMAGE2),
        "MaxPool2d_dilated": same(lambda: nn.MaxPool2d(2, 1, dilation=3), *IMAGE2),
        "MaxPool2d_indices": same(lambda: nn.MaxPool2d(3, 2, return_indices=True), *IMAGE2),
        "AvgPool2d_ceil": same(lambda: nn.AvgPool2d(3, 2, ceil_mode=True, divisor_override=5), *IMAGE2),
        # PyTorch itself cannot run a saved script or trace of these.
        "MaxUnpool1d": same(lambda: UnpoolOf(nn.MaxPool1d(2, 2, return_indices=True), nn.MaxUnpool1d(2, 2)), (2, 4, 12), (3, 4, 8), forms=("export",)),
        "MaxUnpool2d": same(lambda: UnpoolOf(nn.MaxPool2d(2, 2, return_indices=True), nn.MaxUnpool2d(2, 2)), (2, 4, 8, 8), (1, 4, 6, 10), forms=("export",)),
        "MaxUnpool3d": same(lambda: UnpoolOf(nn.MaxPool3d(2, 2, return_indices=True), nn.MaxUnpool3d(2, 2)), (2, 4, 6, 4, 4), forms=("export",)),
    },
    "padding": {
        **of_ranks("ReflectionPad", 2), **of_ranks("ReplicationPad", 2), **of_ranks("ZeroPad", 1), **of_ranks("ConstantPad", 2, 1.5),
        **of_ranks("CircularPad", 2),
    },
    "resizing": {
        "Upsample_nearest": same(lambda: nn.Upsample(scale_factor=2), *IMAGE2),
        "Upsample_bilinear": same(lambda: nn.Upsample(scale_factor=1.5, mode="bilinear"), *IMAGE2),
        "Upsample_bicubic": same(lambda: nn.Upsample(size=(7, 12), mode="bicubic", align_corners=True), *IMAGE2),
        "Upsample_linear": same(lambda: nn.Upsample(scale_factor=2.0, mode="linear"), *IMAGE1),
        "Upsample_trilinear": same(lambda: nn.Upsample(scale_factor=2, mode="trilinear"), *IMAGE3),
        "UpsamplingBilinear2d": same(lambda: nn.UpsamplingBilinear2d(scale_factor=2), *IMAGE2),
        "UpsamplingNearest2d": same(lambda: nn.UpsamplingNearest2d(scale_factor=2), *IMAGE2),
    },
    "activation": {
        **activations("ELU", "Hardshrink", "Hardsigmoid", "Hardtanh", "Hardswish", "LeakyReLU", "LogSigmoid", "PReLU", "ReLU", "ReLU6",
                      "RReLU", "SELU", "CELU", "GELU", "Sigmoid", "SiLU", "Mish", "Softplus", "Softshrink", "Softsign", "Tanh",
                      "Tanhshrink", "GLU", "Dropout", "AlphaDropout", "FeatureAlphaDropout"),
        "GELU_tanh": same(lambda: nn.GELU("tanh"), *VECTOR), "Threshold": same(lambda: nn.Threshold(0.1, 20.0), *VECTOR),
        "PReLU_channels": same(lambda: nn.PReLU(4), *IMAGE2), "Softmin": same(lambda: nn.Softmin(1), *VECTOR),
        "Softmax": same(lambda: nn.Softmax(-1), *VECTOR), "LogSoftmax": same(lambda: nn.LogSoftmax(1), *VECTOR),
        "Softmax2d": same(nn.Softmax2d, *IMAGE2), "Dropout2d": same(nn.Dropout2d, *IMAGE2), "Dropout1d": same(nn.Dropout1d, *IMAGE1),
        "Dropout3d": same(nn.Dropout3d, *IMAGE3), "ReLU_inplace": same(lambda: nn.Sequential(nn.Linear(8, 4), nn.ReLU(True)), *VECTOR),
    },
    "normalization": {
        **of_ranks("BatchNorm", 4), **of_ranks("InstanceNorm", 4, affine=True),
        "InstanceNorm2d_stats": same(lambda: nn.InstanceNorm2d(4, track_running_stats=True), *IMAGE2),
        "InstanceNorm1d_plain": same(lambda: nn.InstanceNorm1d(4), *IMAGE1),
        "GroupNorm": same(lambda: nn.GroupNorm(2, 4), *IMAGE2), "LayerNorm": same(lambda: nn.LayerNorm(8), *VECTOR),
        "LayerNorm_two": same(lambda: nn.LayerNorm((4, 8)), (3, 4, 8), (2, 4, 8)), "RMSNorm": same(lambda: nn.RMSNorm(8), *VECTOR),
        "LocalResponseNorm": same(lambda: nn.LocalResponseNorm(2), *IMAGE2),
        "CrossMapLRN2d": same(lambda: nn.CrossMapLRN2d(2), *IMAGE2, forms=()),
        "BatchNorm2d_plain": same(lambda: nn.BatchNorm2d(4, affine=False, track_running_stats=False), *IMAGE2),
    },
    "training": {
        **{f"{n}_training": same(lambda c=getattr(nn, n): c(4), *s, training=True)
           for n, s in (("BatchNorm1d", IMAGE1), ("BatchNorm2d", IMAGE2), ("BatchNorm3d", IMAGE3))},
        "BatchNorm1d_vectors": same(lambda: nn.BatchNorm1d(8), *VECTOR, training=True),
        "BatchNorm2d_average": same(lambda: nn.BatchNorm2d(4, momentum=None), *IMAGE2, training=True, forms=("script", "trace")),
        "InstanceNorm2d_training": same(lambda: nn.InstanceNorm2d(4, affine=True, track_running_stats=True), *IMAGE2, training=True),
    },
    "embedding": {
        "Embedding": Entry(lambda: nn.Embedding(10, 4), (lambda: integers(10, 3, 5),), (lambda: integers(10, 2, 7),)),
        "Embedding_padding": Entry(lambda: nn.Embedding(10, 4, padding_idx=0), (lambda: integers(10, 3, 5),)),
        "Embedding_renorm": Entry(lambda: nn.Embedding(10, 4, max_norm=1.0), (lambda: integers(10, 3, 5),), forms=("script", "trace")),
        **{f"EmbeddingBag_{mode}": Entry(lambda mode=mode: nn.EmbeddingBag(10, 4, mode=mode), (lambda: integers(10, 3, 5),))
           for mode in ("sum", "mean", "max")},
        "EmbeddingBag_offsets": Entry(lambda: nn.EmbeddingBag(10, 4), (lambda: integers(10, 9), lambda: torch.tensor([0, 4, 4, 7])),
                                      (lambda: integers(10, 6), lambda: torch.tensor([0, 2]))),
    },
    "recurrent": {
        **{n: same(lambda c=getattr(nn, n): c(8, 6), *SEQUENCE) for n in ("RNN", "LSTM", "GRU")},
        **{f"{n}_stacked": same(lambda c=getattr(nn, n): c(8, 6, num_layers=2, bidirectional=True, batch_first=True), *SEQUENCE)
           for n in ("RNN", "LSTM", "GRU")},
        "RNN_relu": same(lambda: nn.RNN(8, 6, nonlinearity="relu", bias=False), *SEQUENCE),
        "LSTM_projected": same(lambda: nn.LSTM(8, 6, proj_size=3, num_layers=2), *SEQUENCE),
        **{f"{n}_unbatched": same(lambda c=getattr(nn, n): c(8, 6), (5, 8), (7, 8)) for n in ("RNN", "LSTM", "GRU")},
        **{n: same(lambda c=getattr(nn, n): c(8, 6), *VECTOR) for n in ("RNNCell", "LSTMCell", "GRUCell")},
        **{f"{n}_unbatched": same(lambda c=getattr(nn, n): c(8, 6), (8,)) for n in ("RNNCell", "LSTMCell", "GRUCell")},
    },
    "transformer": {
        "MultiheadAttention": Entry(lambda: nn.MultiheadAttention(8, 2), ((5, 2, 8),) * 3, ((4, 3, 8),) * 3),
        "MultiheadAttention_padded": Entry(TransformerMasked, ((2, 5, 8), lambda: integers(5, 2, 5) == 0)),
        "TransformerEncoderLayer": same(lambda: nn.TransformerEncoderLayer(8, 2, 16), *SEQUENCE),
        "TransformerEncoderLayer_first": same(lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True), *SEQUENCE),
        "TransformerEncoder": same(lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2), *SEQUENCE),
        "TransformerDecoderLayer": Entry(lambda: nn.TransformerDecoderLayer(8, 2, 16), ((5, 2, 8), (4, 2, 8))),
        "Transformer": Entry(lambda: nn.Transformer(8, 2, 1, 1, 16), ((5, 2, 8), (4, 2, 8))),
    },
    "loss": {
        "L1Loss": loss(nn.L1Loss, *PAIR, forms=("trace", "export")), "MSELoss": loss(nn.MSELoss, *PAIR, forms=("trace", "export")), "HuberLoss": loss(nn.HuberLoss, *PAIR, forms=("trace", "export")),
        "SmoothL1Loss": loss(nn.SmoothL1Loss, *PAIR, forms=("trace", "export")), "SoftMarginLoss": loss(nn.SoftMarginLoss, (4, 6), lambda: signs(4, 6)),
        "BCELoss": loss(nn.BCELoss, lambda: uniform(4, 6), lambda: uniform(6, 4).t()),
        "BCEWithLogitsLoss": loss(nn.BCEWithLogitsLoss, (4, 6), lambda: uniform(4, 6)),
        "CrossEntropyLoss": loss(nn.CrossEntropyLoss, *TARGETS), "NLLLoss": loss(nn.NLLLoss, *TARGETS),
        "CrossEntropyLoss_smooth": loss(lambda: nn.CrossEntropyLoss(label_smoothing=0.1, ignore_index=1), *TARGETS),
        "CrossEntropyLoss_soft": loss(nn.CrossEntropyLoss, (4, 6), lambda: uniform(4, 6)),
        "MultiMarginLoss": loss(nn.MultiMarginLoss, *TARGETS), "KLDivLoss": loss(lambda: nn.KLDivLoss(reduction="batchmean"), (4, 6), lambda: uniform(4, 6)),
        "MultiLabelMarginLoss": loss(nn.MultiLabelMarginLoss, (2, 4), lambda: torch.tensor([[3, 0, -1, 1], [1, 2, 3, -1]])),
        "MultiLabelSoftMarginLoss": loss(nn.MultiLabelSoftMarginLoss, (4, 6), lambda: integers(2, 4, 6).float()),
        "HingeEmbeddingLoss": loss(nn.HingeEmbeddingLoss, (4, 6), lambda: signs(4, 6)),
        "CosineEmbeddingLoss": loss(nn.CosineEmbeddingLoss, (4, 6), (4, 6), lambda: signs(4)),
        "MarginRankingLoss": loss(nn.MarginRankingLoss, (4, 6), (4, 6), lambda: signs(4, 6)),
        "TripletMarginLoss": loss(nn.TripletMarginLoss, (4, 6), (4, 6), (4, 6)),
        "TripletMarginWithDistanceLoss": loss(nn.TripletMarginWithDistanceLoss, (4, 6), (4, 6), (4, 6), forms=("trace", "export")),
        "PoissonNLLLoss": loss(nn.PoissonNLLLoss, (4, 6), lambda: uniform(4, 6)),
        "GaussianNLLLoss": loss(nn.GaussianNLLLoss, (4, 6), (4, 6), lambda: uniform(4, 6), forms=("trace",)),
        "NLLLoss2d": loss(nn.NLLLoss2d, (2, 4, 3, 5), lambda: integers(4, 2, 3, 5)),
    },
}

PROGRAM = '''from torch import nn
class Program(nn.Module):
    def __init__(self, modules):
        super().__init__()
{fields}
    def forward(self, {arguments}):
        return {results}
'''


def program(entries, folder, form):
    """One module that calls each on its own inputs; its source is a file, for scripting reads it."""
    fields, results, arguments = [], [], []
    for k, entry in enumerate(entries):
        own = [f"x{len(arguments) + i}" for i in range(len(entry.inputs(0)))]
        arguments += own
        fields.append(f"        self.m{k} = modules[{k}]")
        results.append(f"self.m{k}({', '.join(own)})")
    path = folder / f"program_{form}.py"
    path.write_text(PROGRAM.format(fields="\n".join(fields), arguments=", ".join(arguments), results=f"({', '.join(results)},)"))
    spec = importlib.util.spec_from_file_location(f"program_{folder.name}_{form}", path)
    source = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = source
    spec.loader.exec_module(source)
    # The constructor leaves the modules' own modes as they are.
    return source.Program([e.module() for e in entries])


def inputs_of(entries, i):
    return [x for e in entries for x in e.inputs(i)]


def save(module, args, form, path):
    if form == "export":
        exported = torch.export.export(module, tuple(args), strict=False)
        torch.export.save(exported, str(path))
        return exported.module()
    saved = torch.jit.script(module) if form == "script" else torch.jit.trace(module, tuple(args), check_trace=False)
    saved.save(str(path))
    return saved


def check(names, entries, form, folder):
    module = program(entries, folder, form)
    double = copy.deepcopy(module).double()
    args = inputs_of(entries, 0)
    path = folder / f"{form}.{'pt2' if form == 'export' else 'pt'}"
    try:
        oracle = save(module, args, form, path)
    except Exception as e:
        return f"PyTorch does not save it: {str(e).strip().splitlines()[-1]}"
    so = harness.compile(path, folder / f"{form}.so", harness.write_case(folder / f"types_{form}", args))
    # Sizes of a trace or an export are those of its example.
    for i in range(2 if form == "script" else 1):
        args = inputs_of(entries, i)
        expected = oracle(*[a.clone() for a in args])
        reference = double(*[harness.to_double(a) for a in args])
        case = harness.write_case(folder / f"case_{form}{i}", args)
        got, _ = harness.run(so, case, folder / f"out_{form}{i}")
        problems = [f"{n}: {p}" for n, g, e, r in zip(names, got, expected, reference) if (p := harness.compare(g, e, r))]
        if problems:
            return f"call {i}: " + "; ".join(problems)
    return None


def tests(each):
    for family, entries in FAMILIES.items():
        for form in FORMS:
            chosen = {n: e for n, e in entries.items() if form in e.forms}
            groups = {f"{family}.{n}": [n] for n in chosen} if each else {family: list(chosen)}
            for name, names in groups.items():
                yield f"{name} {form}", lambda folder, n=names, f=form, c=chosen: check(n, [c[k] for k in n], f, folder)


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    each = "--each" in sys.argv
    sys.argv = [a for a in sys.argv if a != "--each"]
    sys.exit(harness.main(tests(each)))
