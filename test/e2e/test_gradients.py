# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs with their backward graph, and the operators that autograd puts into such graphs.

  test_gradients.py [--match RE]

Joint programs are those of torch.export's experimental _export_forward_backward: the loss, then a gradient for each
parameter. The reference is the joint graph itself, run by PyTorch in f64. Operators are called from scripted programs
with dynamic sizes.
"""
import json
import sys
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.export.experimental import _export_forward_backward

import harness
import test_operators
from test_operators import integers, normal

warnings.simplefilter("ignore")

JOINT = {}


class Trained(nn.Module):
    def __init__(self, net, loss):
        super().__init__()
        self.net, self.loss = net, loss

    def forward(self, x, target):
        return self.loss(self.net(x), target)


class Function(nn.Module):
    """A function of a parameter [4, 6] and the input."""

    def __init__(self, function):
        super().__init__()
        self.weight, self.function = nn.Parameter(normal(4, 6)), function

    def forward(self, x, target):
        return F.mse_loss(self.function(self.weight, x), target.expand(self.function(self.weight, x).shape))


def joint(name, net, x, target, loss=nn.MSELoss()):
    JOINT[name] = (Trained(net, loss), (x, target))


def images(channels=3, size=8):
    return normal(2, channels, size, size)


class Embedded(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.last = nn.Embedding(10, 4, padding_idx=0), nn.Linear(4, 3)

    def forward(self, x):
        return self.last(self.table(x).mean(1))


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


class ScaledDotProduct(nn.Module):
    """Its gradient is not PyTorch's joint graph's, which takes the weights for their logsumexp: autograd's."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 24)

    def forward(self, x):
        q, k, v = self.linear(x).view(2, 5, 2, 12).transpose(1, 2).chunk(3, -1)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)


class Sequence(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.net = kind(4, 6, batch_first=True)

    def forward(self, x):
        return self.net(x)[0]


def programs():
    torch.manual_seed(0)
    classes = torch.tensor([0, 1, 2, 1, 0])
    joint("classifier", nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)), normal(5, 4), classes, nn.CrossEntropyLoss())
    joint("classifier_with_ignored_class", nn.Linear(4, 3), normal(5, 4), classes, nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5]), ignore_index=1))
    joint("activations", nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Hardswish(), nn.Tanh(), nn.SiLU(), nn.ELU(), nn.Mish(), nn.LeakyReLU(), nn.Softplus(), nn.Hardtanh()), normal(5, 4), normal(5, 8))
    joint("convolutions", nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2)), images(), normal(2, 6, 2, 2))
    joint("convolution_1d_dilated", nn.Sequential(nn.Conv1d(3, 4, 3, dilation=2, padding=1), nn.Tanh(), nn.Conv1d(4, 2, 2, stride=2)), normal(2, 3, 9), normal(2, 2, 3))
    joint("convolution_3d", nn.Sequential(nn.Conv3d(2, 3, 3, padding=1), nn.ReLU(), nn.Conv3d(3, 2, 2)), normal(1, 2, 4, 4, 4), normal(1, 2, 3, 3, 3))
    joint("transposed_convolutions", nn.Sequential(nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1), nn.Tanh(), nn.ConvTranspose2d(4, 4, 2, groups=2)), images(3, 4), normal(2, 4, 9, 9))
    joint("batch_norm_training", nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU()), images(), normal(2, 4, 6, 6))
    joint("batch_norm_eval", nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8)).eval(), normal(5, 4), normal(5, 8))
    joint("norms", nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.RMSNorm(8), nn.GroupNorm(2, 8)), normal(5, 4), normal(5, 8))
    joint("average_pools", nn.Sequential(nn.Conv2d(3, 4, 3), nn.AvgPool2d(3, 2, 1, count_include_pad=False), nn.AvgPool2d(2, ceil_mode=True)), images(), normal(2, 4, 2, 2))
    joint("adaptive_pools", nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(4), nn.AdaptiveMaxPool2d(3)), images(), normal(2, 4, 3, 3))
    joint("upsampling", nn.Sequential(nn.Conv2d(3, 2, 1), nn.Upsample(scale_factor=2, mode="bilinear"), nn.Upsample(scale_factor=1.5), nn.ReflectionPad2d(1), nn.ReplicationPad2d((1, 0, 2, 1))), images(3, 4), normal(2, 2, 17, 15))
    joint("embedding", Embedded(), integers(5, 6, high=10), classes, nn.CrossEntropyLoss())
    joint("attention", SelfAttention(), normal(2, 5, 8), normal(2, 5, 8))
    joint("scaled_dot_product", ScaledDotProduct(), normal(2, 5, 8), normal(2, 2, 5, 4))
    joint("lstm", Sequence(nn.LSTM), normal(2, 3, 4), normal(2, 3, 6))
    joint("gru", Sequence(nn.GRU), normal(2, 3, 4), normal(2, 3, 6))
    joint("encoder_with_dropout", nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, dropout=0.1), normal(2, 5, 8), normal(2, 5, 8))
    joint("dropout", nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5)), normal(5, 4), normal(5, 8))
    for name, function in {
        "views_of_a_parameter": lambda w, x: w[1:3, ::2].sum() * x + w.t().reshape(3, 8).sum(0)[0] + w.select(0, 1).sum() + w.diagonal().sum() + w.unfold(1, 2, 1).mul(2).sum() + w.flip(0)[0].sum() + w.split(2)[0].sum(),
        "indexed_parameter": lambda w, x: w[torch.tensor([0, 2, 0])].sum() * x + w.gather(1, torch.tensor([[0, 1], [2, 3]])).sum() + w.index_select(1, torch.tensor([1, 1])).sum() + torch.where(x > 0, w, x) + w.sort(1)[0] * x + w.amax(0),
        "products_of_a_parameter": lambda w, x: (w @ x.t()).sum() + torch.einsum("ij,kj->ik", w, x).sum() + torch.cdist(w, x).sum() + torch.stack([w, w]).sum() + F.normalize(w) + w.repeat(1, 2).sum() + F.pad(w, (1, 1)).sum(),
    }.items():
        JOINT[name] = (Function(function), (normal(4, 6), normal(1)))


def joint_graph(program, inputs, dtype):
    """The results of the graph as PyTorch runs it."""
    for node in list(program.graph.nodes):  # it states the dtypes
        if node.target == torch.ops.aten._assert_tensor_metadata.default:
            program.graph.erase_node(node)
    program.graph_module.recompile()
    state, inputs = {**program.state_dict, **program.constants}, iter(inputs)
    arguments = [next(inputs) if spec.kind.name == "USER_INPUT" else state[spec.target] for spec in program.graph_signature.input_specs]
    convert = lambda v: v.detach().clone().to(dtype) if isinstance(v, torch.Tensor) and v.is_floating_point() else v
    torch.manual_seed(7)
    results = program.graph_module(*map(convert, arguments))
    return [r for r, spec in zip(results, program.graph_signature.output_specs) if "MUTATION" not in spec.kind.name]


def check_joint(name, folder):
    module, inputs = JOINT[name]
    program = _export_forward_backward(torch.export.export(module, inputs, strict=False))
    path = folder / f"{name}.pt2"
    torch.export.save(program, str(path))
    program = torch.export.load(str(path))
    so = harness.compile(path, folder / f"{name}.so")
    case = harness.write_case(folder / f"{name}case", inputs)
    case.write_text(json.dumps(dict(json.loads(case.read_text()), seed=7)))
    got, whole = harness.run(so, case, folder / f"{name}out")
    expected = joint_graph(program, inputs, torch.float32)
    if name == "scaled_dot_product":
        loss = module(*inputs)
        loss.backward()
        expected = [loss.detach()] + [p.grad for p in module.parameters()]
    try:
        reference = expected if name == "scaled_dot_product" else joint_graph(program, inputs, torch.float64)
    except RuntimeError:  # the graph makes tensors of f32
        reference = expected
    wanted = [spec.kind.name.lower() for spec in program.graph_signature.output_specs if spec.kind.name in ("LOSS_OUTPUT", "GRADIENT_TO_PARAMETER")]
    if [f.split(":")[0] for f in whole["outputs"].get("fields", [])] != wanted:
        return [f"results {whole['outputs'].get('fields')}, expected {wanted}"]
    return [d] if (d := harness.compare(got, expected, reference)) else []


@test_operators.program(lambda: (normal(4, 6), normal(4, 6, seed=1)), lambda: (normal(0, 3), normal(0, 3)), lambda: (normal(5, 3).t(), normal(3, 5)),
                        lambda: (normal(2, 4, dtype=torch.float64), normal(2, 4, dtype=torch.float64)))
def elementwise_gradients(g, x):
    ops = torch.ops.aten
    return [ops.sigmoid_backward(g, x.sigmoid()), ops.tanh_backward(g, x.tanh()), ops.threshold_backward(g, x, 0.2), ops.hardtanh_backward(g, x, -0.5, 0.7),
            ops.hardswish_backward(g, x * 3), ops.hardsigmoid_backward(g, x * 3), ops.leaky_relu_backward(g, x, 0.1, False), ops.elu_backward(g, 1.5, 0.9, 1.1, False, x),
            ops.elu_backward(g, 1.0, 1.0, 1.0, True, x), ops.gelu_backward(g, x), ops.gelu_backward(g, x, approximate="tanh"), ops.silu_backward(g, x), ops.mish_backward(g, x),
            ops.softplus_backward(g, x, 2.0, 1.5), ops.log_sigmoid_backward(g, x, x.abs().neg().exp()), ops.logit_backward(g, x.sigmoid(), None), ops.logit_backward(g, x, 0.1),
            ops.hardshrink_backward(g, x, 0.5), ops.softshrink_backward(g, x, 0.4), ops.rrelu_with_noise_backward(g, x, x, 0.1, 0.3, False, False)]


@test_operators.program(lambda: (normal(4, 6), normal(4, 6, seed=1)), lambda: (normal(2, 3, 4), normal(2, 3, 4)), lambda: (normal(4, 6).half(), normal(4, 6).half()))
def softmax_and_glu_gradients(g, x):
    ops = torch.ops.aten
    return [ops._softmax_backward_data(g, x.softmax(1), 1, x.dtype), ops._log_softmax_backward_data(g, x.log_softmax(-1), -1, x.dtype),
            ops.glu_backward(g.narrow(-1, 0, 2), x.narrow(-1, 0, 4), -1)]


@test_operators.program(lambda: (normal(4, 6), torch.rand(4, 6, generator=torch.Generator().manual_seed(1))), lambda: (normal(0, 3), normal(0, 3)))
def loss_gradients(x, t):
    ops = torch.ops.aten
    one, p = torch.ones([], dtype=x.dtype), torch.sigmoid(x)
    return [ops.mse_loss_backward(one, x, t, 1), ops.mse_loss_backward(t, x, t, 0), ops.smooth_l1_loss_backward(one, x, t, 2, 0.7), ops.huber_loss_backward(one, x, t, 1, 0.8),
            ops.binary_cross_entropy_backward(one, p, t, None, 1), ops.binary_cross_entropy_backward(t, p, t, t, 0), ops.soft_margin_loss_backward(one, x, t, 1)]


@test_operators.program(lambda: (normal(5, 4), integers(5, high=4)), lambda: (normal(3, 4, 2), integers(3, 2, high=4)))
def nll_gradients(x, target):
    one, weight = torch.ones([], dtype=x.dtype), torch.arange(4).to(x.dtype)
    total = torch.full([], 3.0, dtype=x.dtype)
    if x.dim() == 2:
        return [torch.ops.aten.nll_loss_backward(one, x, target, None, 1, 2, total), torch.ops.aten.nll_loss_backward(target.to(x.dtype), x, target, weight, 0, -100, total)]
    wide = x.unsqueeze(3)
    return [torch.ops.aten.nll_loss2d_backward(one, wide, target.unsqueeze(2), weight, 2, -100, total)]


@test_operators.program(lambda: (normal(2, 4, 6), normal(2, 4, 6, seed=1)), lambda: (normal(1, 2, 3), normal(1, 2, 3)))
def norm_gradients(g, x):
    ops = torch.ops.aten
    mask = [True, True, True]
    weight = torch.arange(x.size(1)).to(x.dtype) + 1
    y, mean, inverse = torch.native_layer_norm(x, [x.size(2)], None, None, 1e-5)
    a = ops.native_layer_norm_backward(g, x, [x.size(2)], mean, inverse, None, None, [True, False, False])
    y, mean, inverse = torch.native_batch_norm(x, weight, None, None, None, True, 0.1, 1e-5)
    b = ops.native_batch_norm_backward(g, x, weight, None, None, mean, inverse, True, 1e-5, mask)
    c = ops.native_batch_norm_backward(g, x, weight, weight, weight, None, None, False, 1e-5, mask)
    y, mean, inverse = torch.native_group_norm(x, weight, None, x.size(0), x.size(1), x.size(2), 2, 1e-5)
    d = ops.native_group_norm_backward(g, x, mean, inverse, weight, x.size(0), x.size(1), x.size(2), 2, mask)
    return [a[0], b[0], b[1], b[2], c[0], c[1], c[2], d[0], d[1], d[2]]


@test_operators.program(lambda: (normal(2, 4, 9, 8), normal(6, 2, 3, 3)), lambda: (normal(1, 4, 5, 7), normal(6, 2, 3, 3)), lambda: (normal(1, 4, 6, 6), normal(4, 2, 2, 1)))
def convolution_gradients(x, w):
    mask = [True, True, True]
    y = torch.conv2d(x, w, None, [2, 2], [1, 1], [1, 2], 2)
    a = torch.ops.aten.convolution_backward(y, x, w, [w.size(0)], [2, 2], [1, 1], [1, 2], False, [0, 0], 2, mask)
    w = w.narrow(0, 0, 4)
    y = torch.conv_transpose2d(x, w, None, [2, 2], [1, 0], [1, 1], 2, [1, 1])
    b = torch.ops.aten.convolution_backward(y, x, w, [4], [2, 2], [1, 0], [1, 1], True, [1, 1], 2, mask)
    return [a[0], a[1], a[2], b[0], b[1], b[2]]


@test_operators.program(lambda: (normal(2, 3, 9, 8),), lambda: (normal(1, 1, 5, 7),), lambda: (normal(2, 2, 6, 6).transpose(2, 3),))
def pool_gradients(x):
    ops = torch.ops.aten
    y, i = ops.max_pool2d_with_indices(x, [3, 3], [2, 2], [1, 1], [1, 1], True)
    a, j = ops.adaptive_max_pool2d(x, [2, 3])
    z = ops.avg_pool2d(x, [3, 2], [2, 2], [1, 1], True, False)
    v = ops.avg_pool2d(x, [2, 2], [1, 1])
    return [ops.max_pool2d_with_indices_backward(y, x, [3, 3], [2, 2], [1, 1], [1, 1], True, i), ops.adaptive_max_pool2d_backward(a, x, j),
            ops.avg_pool2d_backward(z, x, [3, 2], [2, 2], [1, 1], True, False, None), ops.avg_pool2d_backward(z, x, [3, 2], [2, 2], [1, 1], True, True, None),
            ops.avg_pool2d_backward(v, x, [2, 2], [1, 1], [0, 0], False, True, 3), ops._adaptive_avg_pool2d_backward(a, x)]


@test_operators.program(lambda: (normal(2, 3, 4, 5),), lambda: (normal(1, 1, 3, 3),))
def resampling_gradients(x):
    ops = torch.ops.aten
    size, twice = x.size(), [x.size(2) * 2, x.size(3) + 3]
    g = torch.ones([x.size(0), x.size(1), twice[0], twice[1]], dtype=x.dtype).cumsum(2).cumsum(3)
    h = F.pad(x, [1, 2, 2, 1])
    return [ops.upsample_nearest2d_backward(g, twice, size), ops._upsample_nearest_exact2d_backward(g, twice, size), ops.upsample_bilinear2d_backward(g, twice, size, False),
            ops.upsample_bilinear2d_backward(g, twice, size, True), ops.upsample_bicubic2d_backward(g, twice, size, False),
            ops.upsample_linear1d_backward(g.select(3, 0), [twice[0]], [size[0], size[1], size[2]], False),
            ops.reflection_pad2d_backward(h, x, [1, 2, 2, 1]), ops.replication_pad2d_backward(h, x, [1, 2, 2, 1])]


@test_operators.program(lambda: (normal(3, 4), integers(3, 4, high=5)), lambda: (normal(2, 5), integers(2, 5, high=5)))
def indexing_gradients(g, i):
    ops = torch.ops.aten
    n = [g.size(0), g.size(1), 7]
    rows = torch.stack([g, g + 1], 2)
    return [ops.select_backward(g, n, 2, -2), ops.slice_backward(g.unsqueeze(2).expand(-1, -1, 3), n, 2, 1, 7, 2), ops.diagonal_backward(g, [g.size(0), g.size(1), g.size(1)], 0, 1, 2),
            ops.unfold_backward(torch.stack([rows, rows * 2, rows + 3], 2), n, 2, 2, 2), ops.value_selecting_reduction_backward(g, 2, i, n, False),
            ops.embedding_dense_backward(rows, i, 6, 2, False), ops.embedding_dense_backward(rows, i, 6, -1, True)]


@test_operators.program(lambda: (normal(2, 2, 5, 4), normal(2, 2, 5, 4, seed=1), normal(2, 2, 5, 4, seed=2)), lambda: (normal(1, 1, 3, 4), normal(1, 1, 3, 4), normal(1, 1, 3, 4)))
def attention_gradients(q, k, v):
    out, sums = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, True, attn_mask=None, scale=0.6)
    a = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward(out + 1, q, k, v, out, sums, 0.0, True, attn_mask=None, scale=0.6)
    return [out, sums, a[0], a[1], a[2]]


@test_operators.program(lambda: (normal(2, 2, 3, 4), torch.tensor([[0.0, -float("inf"), 0.5], [-float("inf")] * 3, [0.0, 1.0, 0.0]])))
def attention_gradients_of_rows_that_see_nothing(q, mask):
    ops = torch.ops.aten
    out, sums = ops._scaled_dot_product_flash_attention_for_cpu(q, q, q, 0.0, False, attn_mask=mask, scale=0.5)
    a = ops._scaled_dot_product_flash_attention_for_cpu_backward(out + 1, q, q, q, out, sums, 0.0, False, attn_mask=mask, scale=0.5)
    return [out, sums, a[0], a[1], a[2]]


@test_operators.program(lambda: (torch.tensor([[0.5, float("nan"), 3.0], [float("inf"), 1.0, -4.0]]),))
def gradients_of_infinities_and_nan(x):
    ops = torch.ops.aten
    one = torch.ones([], dtype=x.dtype)
    spread = ops.upsample_nearest1d_backward(x.unsqueeze(0), [3], [1, 2, 2])
    return [ops.smooth_l1_loss_backward(one, x, x * 0 + 1, 2, 0.7), ops.huber_loss_backward(one, x, x * 0 + 1, 2, 0.7), ops.logit_backward(x, x, -1.0).isnan(),
            spread.isnan(), spread.isinf()]


@test_operators.program(lambda: (normal(5, 4), normal(3, 4, seed=1)), lambda: (normal(2, 3), normal(2, 3)))
def distance_gradients(x, y):
    results = []
    for p in (0.5, 1.0, 1.5, 2.0, 3.0, float("inf")):
        d = torch.cdist(x, y, p)
        results.append(torch.ops.aten._cdist_backward(torch.ones_like(d), x, y, p, d))
    return results


def joint_test(name):
    def test(folder):
        with torch.enable_grad():
            try:
                return check_joint(name, folder)
            except (harness.ToolError, harness.ProgramError) as e:
                return [str(e)]
    return test


def main():
    programs()
    torch.set_grad_enabled(False)
    operators = [(p[0], lambda folder, p=p: test_operators.check(*p, folder)) for p in test_operators.PROGRAMS if p[1].__module__ == __name__]
    return test_operators.run_all([(name, joint_test(name)) for name in JOINT] + operators, __doc__)


if __name__ == "__main__":
    sys.exit(main())
